import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import vault
from accounts.models import DataKey, OutreachTask
from checkins.answers import Answers, Need
from checkins.models import CheckIn
from tests.checkins.conftest import SENTINEL, body

PAGE = "/check-in/"
HELP = 'href="tel:988"'


def visible_help(html):
    """Whether help lines stand on the page without anything being chosen first."""
    return "help-first" in html


def asks_what_is_needed(html):
    """Whether the needs stand openly on the page, each as a button."""
    return 'id="need-now"' in html


def test_two_taps_are_enough(sams, sam):
    response = sams.post(PAGE, {"mood": "2"})
    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert CheckIn.objects.get().opened(by=sam) == Answers(mood=2)
    assert "Thank you for telling us." in body(sams.get(PAGE))


def test_all_answers_are_kept_and_shown_again(sams, sam):
    sent = {"mood": 4, "need": "quiet", "closeness": 0, "urge": 1, "sleep": 5, "note": SENTINEL}
    sams.post(PAGE, sent)
    assert CheckIn.objects.get().opened(by=sam) == Answers(**sent)
    html = body(sams.get(PAGE))
    assert SENTINEL in html
    assert re.search(r'name="closeness"\s+value="0"[^>]*\schecked', html)


def test_the_page_names_who_will_read_it(sams):
    html = body(sams.get(PAGE))
    assert "You and Ana Ruiz can see this. It is no emergency line." in html


def test_without_any_answer_the_form_comes_back_kindly(sams):
    response = sams.post(PAGE, {"note": "   "})
    assert response.status_code == 422
    assert "Choose a face, or answer any one question." in body(response)
    assert CheckIn.objects.count() == 0


def test_not_today_is_one_tap(sams):
    response = sams.post(reverse("checkins:not_today"))
    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert CheckIn.objects.get().not_today
    assert "Not today is fine." in body(sams.get(PAGE))


def test_k1_the_page_of_the_next_day_is_empty_again(client_of, sam, said, frozen):
    said(sam, note=SENTINEL)
    frozen.shift(timedelta(days=1))
    html = body(client_of(sam).get(PAGE))
    assert SENTINEL not in html
    assert "Wednesday, 25 November" in html
    assert "Thank you" not in html


def test_k1_a_page_open_past_the_end_of_its_day_copies_nothing_into_the_next(
    client_of, sam, said, time_machine
):
    time_machine.move_to(datetime(2026, 11, 24, 2, 50, tzinfo=sam.zone), tick=False)
    said(sam, mood=1, need="talk", note="Yesterday.")
    page = client_of(sam).get(PAGE)
    sent = {"mood": 1, "need": "talk", "note": SENTINEL, "day": page.context["form"]["day"].value()}
    time_machine.move_to(datetime(2026, 11, 24, 3, 5, tzinfo=sam.zone), tick=False)
    sams = client_of(sam)
    over = sams.post(PAGE, sent)
    assert (over.status_code, CheckIn.objects.count(), OutreachTask.objects.count()) == (422, 1, 1)
    assert SENTINEL in body(over)
    assert "Send it if it is for today, Tuesday, 24 November." in body(over)
    assert re.search(r'name="day"\s+value="2026-11-24"', body(over))
    assert sams.post(PAGE, sent | {"day": "2026-11-24"}).status_code == 303
    assert CheckIn.objects.get(day=date(2026, 11, 24)).opened(by=sam).note == SENTINEL


def test_k2_asking_for_someone_shows_help_lines_first_and_who_was_asked(sams, ana):
    html = body(sams.post(PAGE, {"mood": 2, "need": "talk"}, follow=True))
    assert visible_help(html)
    assert HELP in html
    assert "At 10 a.m. we asked Ana Ruiz. Nobody has said yet that they will come." in html
    assert html.index(HELP) < html.index("Someone to talk to</h2>") < html.index("Thank you for telling us.")
    assert OutreachTask.objects.open().visible_to(ana).count() == 1


def test_k2_after_a_talk_a_button_asks_again(sams, ana, frozen):
    again = 'action="/check-in/wish/"'
    assert again not in body(sams.post(PAGE, {"mood": 2, "need": "talk"}, follow=True))
    OutreachTask.objects.get().close(by=ana, now=timezone.now())
    assert again in body(sams.get(PAGE))
    frozen.shift(60)
    answer = sams.post("/check-in/wish/")
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert OutreachTask.objects.open().visible_to(ana).count() == 1
    assert again not in body(sams.get(PAGE))


def test_k2_a_face_alone_leaves_asking_for_a_person_one_tap_away(sams, sam, ana, mo):
    html = body(sams.post(PAGE, {"mood": 1}, follow=True))
    thanks = html.split("<details", 1)[0]
    assert "What do you need right now?" in thanks
    assert "Ask Ana Ruiz or Mo Lindqvist to come" in thanks
    assert re.findall(r'<button[^>]*name="need"\s+value="(\w+)"', thanks) == list(Need)
    day = re.search(r'name="day"\s+value="([^"]*)"', thanks)[1]
    html = body(sams.post(PAGE, {"need": "talk", "day": day}, follow=True))
    assert "At 10 a.m. we asked Ana Ruiz and Mo Lindqvist." in html
    assert CheckIn.objects.get().opened(by=sam) == Answers(mood=1, need="talk")
    assert not asks_what_is_needed(html)


@pytest.mark.parametrize("sent", [{"mood": 1, "need": "quiet"}, {"note": "Rain.", "need": "nothing"}])
def test_k2_whoever_said_what_they_need_is_not_asked_again(sams, sent):
    assert not asks_what_is_needed(body(sams.post(PAGE, sent, follow=True)))


def test_k2_whoever_has_nobody_on_the_care_team_is_promised_nobody(client_of, noor, said, frozen):
    said(noor, mood=1)
    html = body(client_of(noor).get(PAGE))
    assert asks_what_is_needed(html)
    assert re.search(r'value="talk"\s*>\s*Someone to talk to', html)


def test_k2_once_somebody_has_answered_there_is_nothing_left_to_look_up(sams, ana):
    look = "See if somebody has answered"
    assert look in body(sams.post(PAGE, {"need": "talk"}, follow=True))
    OutreachTask.objects.get().take(by=ana, now=timezone.now())
    html = body(sams.get(PAGE))
    assert "Ana Ruiz has seen it at 10 a.m. and will come to you." in html
    assert look not in html


@pytest.mark.parametrize(
    ("sent", "stands"),
    [({"mood": 1}, True), ({"urge": 4}, True), ({"urge": 5}, True), ({"mood": 2, "urge": 3}, False)],
)
def test_k2_help_lines_stand_beside_what_is_heavy(sams, sent, stands):
    assert visible_help(body(sams.post(PAGE, sent, follow=True))) is stands


def test_htmx_gets_the_fragment_and_no_second_page(sams):
    response = sams.post(PAGE, {"mood": 5}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    html = body(response)
    assert html.strip().startswith('<div id="check-in"')
    assert "<main" not in html
    assert "Thank you for telling us." in html


def test_htmx_gets_a_wrong_form_back_with_422(sams):
    response = sams.post(PAGE, {}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert body(response).strip().startswith('<div id="check-in"')


BAD = [
    ({"mood": "6"}, "Choose one of these."),
    ({"mood": "two"}, "Choose one of these."),
    ({"mood": "\0"}, "Choose one of these."),
    ({"mood": "9" * 5000}, "Choose one of these."),
    ({"need": "money"}, "Choose one of these."),
    ({"urge": "-1"}, "Choose one of these."),
    ({"mood": "3", "day": "x"}, "A new day has begun since you opened this page."),
    ({"mood": "3", "note": "a" * 5001}, "This is over 5000 characters. Please make it shorter."),
    ({"mood": "3", "note": "a" * 1_000_000}, "This is over 5000 characters. Please make it shorter."),
    ({"mood": "3", "note": f"{SENTINEL}\0"}, "It holds a hidden character. Please type it again."),
]


@pytest.mark.parametrize(("sent", "message"), BAD)
def test_bad_input_is_told_and_kept(sams, sent, message):
    response = sams.post(PAGE, sent)
    assert response.status_code == 422
    assert message in body(response)
    assert sent.get("note", "")[:5001].strip("\0") in body(response)
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize(
    "note", ["🌧️ then ☀️", "\u202eback to front\u202c", "<script>alert(1)</script>", "{{ form }}"]
)
def test_odd_text_is_kept_as_it_is(sams, sam, note):
    sams.post(PAGE, {"note": note})
    assert CheckIn.objects.get().opened(by=sam).note == note
    assert "<script>alert" not in body(sams.get(PAGE))


def test_line_breaks_count_as_one_character_as_in_the_browser(sams, sam):
    note = "a\n" * 2500
    sams.post(PAGE, {"note": note.strip().replace("\n", "\r\n")})
    assert CheckIn.objects.get().opened(by=sam).note == note.strip()


def test_text_that_cannot_be_opened_is_never_shown_raw(sams, sam, said):
    said(sam, note=SENTINEL)
    CheckIn.objects.update(answers_sealed=b"\x01" + b"x" * 300)
    html = body(sams.get(PAGE))
    assert "What you wrote cannot be opened." in html
    assert "xxx" not in html


@pytest.mark.parametrize(("headers", "status"), [({}, 503), ({"HX-Request": "true"}, 422)])
def test_k2_asking_for_someone_works_where_the_key_does_not_open(sams, sam, ana, headers, status):
    vault.key_for(sam.pk)
    DataKey.objects.filter(owner=sam).update(wrapped=b"\0" * 60)
    sent = {"mood": "1", "need": "talk", "note": SENTINEL}
    for _twice in range(2):
        response = sams.post(PAGE, sent, headers=headers)
    assert response.status_code == status
    assert "Your answers could not be kept just now. They are still here." in body(response)
    assert SENTINEL in body(response)
    assert "At 10 a.m. we asked Ana Ruiz." in body(response)
    assert "See if somebody has answered" not in body(response)  # following it would lose the words
    assert OutreachTask.objects.open().visible_to(ana).count() == 1
    assert ana.notices.count() == 1


def test_where_the_key_does_not_open_nobody_is_asked_unasked(sams, sam, ana):
    vault.key_for(sam.pk)
    DataKey.objects.filter(owner=sam).update(wrapped=b"\0" * 60)
    assert sams.post(PAGE, {"mood": "1"}).status_code == 503
    assert (OutreachTask.objects.count(), CheckIn.objects.count()) == (0, 0)


@pytest.mark.parametrize("path", [PAGE, "/check-in/history/", "/me/reminders/"])
@pytest.mark.parametrize("name", ["ana", "dev", "eli", "mara"])
def test_these_pages_are_for_clients(cast, client_of, frozen, path, name):
    assert client_of(cast[name]).get(path).status_code == 404


def test_staff_cannot_check_in(cast, client_of, frozen):
    for name in ("ana", "dev", "eli", "mara"):
        assert client_of(cast[name]).post(PAGE, {"mood": 3}).status_code == 404
        assert client_of(cast[name]).post("/check-in/not-today/").status_code == 404
    assert CheckIn.objects.count() == 0


def test_other_clients_see_nothing_of_it(client_of, sam, noor, said, frozen):
    said(sam, note=SENTINEL)
    noors = client_of(noor)
    for path in (PAGE, "/check-in/history/"):
        assert SENTINEL not in body(noors.get(path))


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(sams, method):
    assert getattr(sams, method)(PAGE).status_code == 405


def test_not_today_needs_a_post(sams):
    assert sams.get("/check-in/not-today/").status_code == 405


def test_the_check_in_page_is_five_queries(sams, sam, said, django_assert_num_queries):
    with django_assert_num_queries(5):  # session, person, explanation, check-in, care team
        sams.get(PAGE)
    said(sam)
    with django_assert_num_queries(7):  # and the key, and what was asked for
        sams.get(PAGE)


def test_the_words_are_in_no_log_and_no_session(sams, sam, caplog):
    caplog.set_level("DEBUG")
    sams.post(PAGE, {"note": SENTINEL})
    sams.post(PAGE, {"note": SENTINEL + "\0"})
    sams.get(PAGE)
    assert SENTINEL not in caplog.text
    assert SENTINEL not in str(dict(sams.session))
