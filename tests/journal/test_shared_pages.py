"""What a clinician meets: the reading list, a shared page, the answer, and Today (J3)."""

import re
import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, CareTeamMember
from journal.models import Reply, Share, SharedCopy
from notifications.models import Notification
from tests.cast import TUESDAY
from tests.journal.conftest import shared

pytestmark = pytest.mark.django_db

LIST = "/journal/shared/"
TITLE, WORDS, QUESTION = "By the pond", "The heron <b>stood</b> in the reeds.", "What did you see?"
ANSWER = "I am glad that you showed me this."


@pytest.fixture
def share(write, sam, ana):
    return shared(write(sam, WORDS, title=TITLE, prompt=QUESTION, on=date(2026, 11, 22)), ana)


@pytest.fixture
def reader(ana, client_of):
    return client_of(ana)


def page(share) -> str:
    return reverse("journal:shared_page", args=[share.pk])


def answer(browser, share, text=ANSWER, **more):
    address = reverse("journal:answer", args=[share.pk])
    return browser.post(address, {"text": text, "client_token": uuid.uuid4()} | more)


def main(response) -> str:
    text = " ".join(response.content.decode().split())
    return text[text.index("<main") :]


def test_j3_the_list_names_people_and_days_and_no_word_of_a_page(share, reader):
    text = main(reader.get(LIST))
    assert "<bdi>Sam</bdi>" in text
    assert "A page about Sunday, 22 November" in text
    assert not any(word in text for word in (TITLE, "heron", QUESTION))
    assert not AccessRecord.objects.filter(what="share").exists()
    assert Share.objects.get().read_at is None


def test_j3_unread_pages_come_first_then_the_newest(share, write, sam, ana, reader):
    share.opened(by=ana, now=TUESDAY)
    for hours in (3, 1, 2):
        with time_machine.travel(TUESDAY - timedelta(hours=hours), tick=False):
            shared(write(sam, on=date(2026, 11, hours)), ana)
    text = main(reader.get(LIST))
    days = ["1 November", "2 November", "3 November", "22 November"]
    assert sorted(days, key=lambda day: text.index(f", {day}<")) == days


def test_j3_the_list_marks_what_is_new_what_waits_and_what_was_answered(share, write, sam, ana, reader):
    assert ">New</span>" in main(reader.get(LIST))
    Share.objects.update(shared_at=TUESDAY - timedelta(days=4))
    assert ">Waits for you</span>" in main(reader.get(LIST))
    answer(reader, share)
    reader.get(page(share))
    text = main(reader.get(LIST))
    assert ">You answered</span>" in text
    assert "Waits for you" not in text


def test_j3_an_empty_list_says_so(dev, share, client_of):
    text = main(client_of(dev).get(LIST))
    assert "No page is shared with you just now." in text
    assert "Sam" not in text


def test_j3_the_list_of_one_person(share, write, noor, ana, reader):
    CareTeamMember.objects.create(client=noor, clinician=ana, started_at=share.shared_at)
    shared(write(noor), ana)
    assert "Noor" in main(reader.get(LIST))
    text = main(reader.get(f"{LIST}?client={share.client_id}"))
    assert "Sam" in text
    assert "Noor" not in text
    for made_up in ("nonsense", uuid.uuid4()):
        assert "Noor" in main(reader.get(f"{LIST}?client={made_up}&after={made_up}"))


def many(write, sam, ana, rows):
    for number in range(rows):
        made = shared(write(sam, on=date(2026, 1, 1) + timedelta(days=number)), ana)
        read_at = TUESDAY if number % 2 else None
        Share.objects.filter(pk=made.pk).update(read_at=read_at)


@pytest.mark.parametrize("rows", [1, 30])
def test_j3_the_list_costs_the_same_for_many(rows, write, sam, ana, reader, django_assert_num_queries):
    many(write, sam, ana, rows)
    with django_assert_num_queries(5):
        reader.get(LIST)


def test_j3_show_more_goes_on_by_key_and_misses_none(write, sam, ana, reader):
    many(write, sam, ana, 65)
    address, found = LIST, []
    while address:
        response = reader.get(address)
        found += [share.pk for share in response.context["shares"]]
        address = response.context["more"] and LIST + response.context["more"]
    assert len(found) == 65
    assert set(found) == set(Share.objects.values_list("pk", flat=True))


def test_j3_the_page_shows_what_was_shared_and_who_reads_it(share, sam, reader):
    text = main(reader.get(page(share)))
    assert "The heron &lt;b&gt;stood&lt;/b&gt; in the reeds." in text
    assert all(word in text for word in (TITLE, QUESTION, "Sunday, 22 November 2026", "A page from"))
    assert "You and Sam can see this. Sam sees when you opened it." in text
    assert Share.objects.get().read_at == TUESDAY
    assert AccessRecord.objects.filter(subject_id=sam.pk, what="share").count() == 1


def test_j2_an_edited_page_shows_as_it_was_shared(share, sam, reader):
    entry = share.entry
    changed = entry.opened(by=sam).__class__("Later", "Other words now.")
    entry.edit(by=sam, revision=1, page=changed, on=entry.written_on, now=timezone.now())
    text = main(reader.get(page(share)))
    assert TITLE in text
    assert "Other words" not in text


def test_j3_an_answer_is_kept_shown_and_told(share, sam, reader):
    response = answer(reader, share)
    assert (response.status_code, response["Location"]) == (303, page(share))
    text = main(reader.get(page(share)))
    assert ANSWER in text
    assert "Sent. They can read it now." in text
    assert ANSWER not in str(list(reader.session.items()))
    assert Notification.objects.get(kind="journal.answered").recipient == sam


def test_j3_an_answer_sent_twice_is_one_and_another_is_another(share, reader, frozen):
    token = uuid.uuid4()
    for _again in range(2):
        assert answer(reader, share, client_token=token).status_code == 303
    assert Reply.objects.count() == 1
    frozen.shift(timedelta(minutes=1))
    answer(reader, share, "Something else.")
    text = main(reader.get(page(share)))
    assert text.index(ANSWER) < text.index("Something else.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  \n", "Write a few words first."),
        ("x" * 10_001, "1 character too long"),
        ("a\0b", "could not be kept"),
    ],
)
def test_j3_what_cannot_be_kept_is_said_and_what_was_typed_stays(text, said, share, reader):
    response = answer(reader, share, text)
    assert response.status_code == 422
    assert said in main(response)
    assert text.replace("\0", "").strip() in main(response)
    assert TITLE in main(response)
    assert not Reply.objects.exists()


def test_j3_an_answer_to_what_was_taken_back_gives_back_ones_own_words_alone(share, reader):
    share.take_back(by=share.client, now=TUESDAY)
    response = answer(reader, share)
    assert response.status_code == 404
    text = main(response)
    assert ANSWER in text
    assert not any(word in text for word in (TITLE, "heron", QUESTION, "Sam"))
    assert not Reply.objects.exists()


def test_j3_what_was_taken_back_and_what_never_was_read_alike(share, reader, client_of, dev):
    share.take_back(by=share.client, now=TUESDAY)
    made_up = Share(pk=uuid.uuid4())

    def nothing_of(response, one):
        assert response.status_code == 404
        text = main(response).replace(str(one.pk), "")  # the page to come back to after a pause
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    for htmx in ({}, {"HTTP_HX_REQUEST": "true"}):
        pages = [nothing_of(reader.get(page(one), **htmx), one) for one in (share, made_up)]
        assert pages[0] == pages[1]
        sent = {"text": ANSWER}
        answers = [
            nothing_of(reader.post(reverse("journal:answer", args=[one.pk]), sent, **htmx), one)
            for one in (share, made_up)
        ]
        assert answers[0] == answers[1]
        assert ANSWER in answers[0]


def test_j3_taken_back_while_the_answer_is_on_its_way(share, reader, monkeypatch):
    """Between the first look at the share and the verb."""
    from journal.views import shared as views

    valid = views.AnswerForm.is_valid

    def is_valid(form):
        Share.objects.get().take_back(by=share.client, now=TUESDAY)
        return valid(form)

    monkeypatch.setattr(views.AnswerForm, "is_valid", is_valid)
    for text in (ANSWER, ""):
        response = answer(reader, share, text)
        assert response.status_code == 404
        assert TITLE not in main(response)


def test_j1_a_copy_that_does_not_open_says_so_for_that_page_alone(share, write, sam, ana, reader, caplog):
    other = shared(write(sam, "Another."), ana)
    copy = SharedCopy.objects.get(pk=share.pk)
    SharedCopy.objects.filter(pk=other.pk).update(text_sealed=copy.text_sealed)
    response = reader.get(page(other))
    assert response.status_code == 503
    assert "cannot be opened right now" in main(response)
    assert "heron" not in main(response) + caplog.text
    assert reader.get(page(share)).status_code == 200
    assert reader.get(LIST).status_code == 200


def today(browser) -> str:
    return main(browser.get("/today/"))


def test_j3_today_counts_pages_and_says_what_waits_too_long(share, ana, reader):
    text = today(reader)
    assert "One page is new." in text
    assert "Nobody is waiting for you." in text
    Share.objects.update(shared_at=TUESDAY - timedelta(days=4))
    text = today(reader)
    assert "<h1>A page that somebody shared waits for you.</h1>" in text
    assert "One has waited for 2 working days or longer." in text
    share.opened(by=ana, now=TUESDAY)
    text = today(reader)
    assert "Nobody is waiting for you." in text
    assert "One page. You have read it." in text
    assert "Sam" not in text


def test_j3_today_of_others_says_nothing_of_it(share, dev, client_of):
    assert "Pages shared with you" not in today(client_of(dev))
    Share.objects.update(ended_at=TUESDAY)
    assert "Pages shared with you" not in today(client_of(share.clinician))


def test_j3_the_page_of_a_person_leads_to_what_they_shared(share, sam, reader):
    text = main(reader.get(reverse("home:person", args=[sam.pk])))
    assert f"{LIST}?client={sam.pk}" in text
