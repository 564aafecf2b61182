"""How people outside reach the house, where a manager has said so."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from recovery_site.home import known_lines
from recovery_site.home.models import House

pytestmark = pytest.mark.django_db
PHONE = '<a href="tel:+15550100142">+1 (555) 010-0142</a>'
SAID = {
    "phone": "+1 (555) 010-0142",
    "hours": "Every day, 9 to 5",
    "email": "hello@house.example",
    "address": "4 <Orchard> Lane\nMilltown",
}
OPEN = ["home:front", "home:about", "home:families"]


@pytest.fixture
def said(client_of, mara):
    answer = client_of(mara).post(reverse("home:house"), SAID)
    assert (answer.status_code, answer.url) == (303, reverse("home:help_line_list"))


@pytest.mark.parametrize("name", OPEN)
def test_everybody_reads_how_to_reach_the_house_as_soon_as_it_is_said(client_of, mara, name):
    assert "Talk with us" not in Client().get(reverse(name)).text
    client_of(mara).post(reverse("home:house"), SAID)
    page = Client().get(reverse(name)).text
    assert page.count(PHONE) == 2  # and in the footer
    assert '<a href="mailto:hello@house.example">' in page
    assert "<p>4 &lt;Orchard&gt; Lane<br>Milltown</p>" in page


def test_what_is_empty_is_not_shown(client_of, mara, said):
    client_of(mara).post(reverse("home:house"), {"email": "hello@house.example"})
    page = Client().get(reverse("home:about")).text
    assert "tel:+1555" not in page
    assert "Every day" not in page
    assert "hello@house.example" in page


def test_pages_ask_for_it_once_a_minute(said, django_assert_num_queries):
    known_lines.clear()
    with django_assert_num_queries(2):
        Client().get(reverse("home:about"))
    with django_assert_num_queries(0):
        assert PHONE in Client().get(reverse("home:about")).text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"phone": "ask for Jo"}, "Use digits"),
        ({"email": "javascript:alert(1)"}, "e-mail"),
        ({"address": "a\0b"}, "cannot be kept"),
        ({"hours": "x" * 61}, "room for 60"),
    ],
)
def test_a_mistake_is_told_and_the_rest_stays(client_of, mara, said, wrong, message):
    answer = client_of(mara).post(reverse("home:house"), SAID | {"hours": "Evenings"} | wrong)
    assert answer.status_code == 422
    assert message in answer.text
    assert wrong.keys() == {"hours"} or "Evenings" in answer.text
    assert House.objects.get().hours == "Every day, 9 to 5"


def test_there_is_one_house(said):
    with pytest.raises(IntegrityError), transaction.atomic():
        House.objects.create(id=2)


def test_the_page_of_an_error_comes_without_the_database(monkeypatch):
    from django.db import OperationalError

    def down():
        raise OperationalError

    monkeypatch.setattr(known_lines, "current", down)
    assert not known_lines.house()
