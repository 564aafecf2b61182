"""K9: who reads check-ins, how often, and what they are not, comes before the first one."""

import hashlib

import pytest

from accounts.models import OutreachTask
from checkins import explanation, first_use
from checkins.answers import Answers
from checkins.models import Acceptance, CheckIn, acceptance
from tests.checkins.conftest import SENTINEL, body

PAGE, ACCEPT = "/check-in/", "/check-in/acceptance/"
HEADING = "How check-ins are read"


@pytest.fixture
def news(sams, sam):
    """Sam as somebody new: nothing is accepted yet."""
    Acceptance.objects.all().delete()
    return sams


def text_digest() -> str:
    return hashlib.sha256("\n".join(map(str, explanation.SENTENCES)).encode()).hexdigest()[:16]


def test_k9_a_changed_text_is_a_new_version():
    """Whoever changes a sentence writes the new version and the new digest here."""
    assert (explanation.VERSION, text_digest()) == (1, "122090eb5b3c54c2")


def test_k9_the_page_begins_with_who_reads_and_how_often_and_help_is_beside_it(news):
    page = body(news.get(PAGE))
    assert HEADING in page
    assert "Ana Ruiz" in page
    assert "no emergency service" in page
    assert "each working day" in page
    assert 'href="tel:988"' in page
    assert 'name="mood"' not in page


def test_k9_accepting_is_kept_once_and_opens_the_page(news, sam):
    for _turn in range(2):
        response = news.post(ACCEPT, {"version": explanation.VERSION})
        assert (response.status_code, response["Location"]) == (303, PAGE)
    kept = Acceptance.objects.get()
    assert (kept.client, kept.version) == (sam, explanation.VERSION)
    page = body(news.get(PAGE))
    assert (HEADING in page, 'name="mood"' in page) == (False, True)


def test_k9_a_changed_version_asks_again_and_keeps_the_earlier_act(sams, sam, monkeypatch):
    for module in (explanation, first_use, acceptance):
        monkeypatch.setattr(module, "VERSION", 2)
    assert HEADING in body(sams.get(PAGE))
    sams.post(ACCEPT, {"version": 1})
    assert HEADING in body(sams.get(PAGE))
    sams.post(ACCEPT, {"version": 2})
    assert HEADING not in body(sams.get(PAGE))
    assert sorted(Acceptance.objects.values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 40, "1.0", "\x00", "one"])
def test_k9_a_made_up_version_accepts_nothing(news, version):
    assert news.post(ACCEPT, {"version": version}).status_code == 303
    assert not Acceptance.objects.exists()


def test_k9_answers_that_were_sent_before_reading_wait_and_are_kept_then(news, sam):
    sent = {"mood": "2", "note": SENTINEL, "need": "quiet"}
    response = news.post(PAGE, sent)
    assert response.status_code == 422
    assert not CheckIn.objects.exists()
    assert body(response).count(SENTINEL) == 1
    response = news.post(ACCEPT, sent | {"version": explanation.VERSION})
    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert CheckIn.objects.get().opened(by=sam) == Answers(mood=2, need="quiet", note=SENTINEL)


def test_k9_with_htmx_the_explanation_takes_the_place_of_the_form(news):
    response = news.post(PAGE, {"mood": "2"}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert body(response).lstrip().startswith('<div id="check-in"')
    assert HEADING in body(response)


def test_k9_asking_for_someone_waits_for_nothing(news, sam):
    assert news.post("/check-in/wish/").status_code == 303
    assert OutreachTask.objects.get().client == sam
    assert "Ana Ruiz" in body(news.get(PAGE))


def test_k9_asking_for_someone_within_the_form_waits_for_nothing_and_is_asked_once(news, sam):
    sent = {"need": "talk"}
    assert "we asked Ana Ruiz" in body(news.post(PAGE, sent))
    news.post(ACCEPT, sent | {"version": explanation.VERSION})
    assert OutreachTask.objects.count() == 1
    assert CheckIn.objects.get().opened(by=sam) == Answers(need="talk")


def test_k9_not_today_asks_for_nothing(news):
    assert news.post("/check-in/not-today/").status_code == 303
    assert CheckIn.objects.get().not_today


def test_k9_it_is_ones_own_act_alone(news, sam, noor, ana, client_of):
    Acceptance.objects.accept(by=noor, version=explanation.VERSION, now="2026-11-24T15:00Z")
    assert not Acceptance.objects.visible_to(sam).exists()
    assert HEADING in body(news.get(PAGE))
    assert client_of(ana).post(ACCEPT, {"version": 1}).status_code == 404
