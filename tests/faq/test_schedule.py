"""Public from a chosen minute on, and until a last day (F1, F2, T3)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from faq.models import Article, EndsTooEarly, Release, Remark
from tests.faq.test_races import at_once
from tests.library import put_out, second_reader

pytestmark = [pytest.mark.django_db]
FROZEN = pytest.mark.usefixtures("frozen")  # Tuesday 2026-11-24, 10:00 in New York
DECEMBER_FIRST = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)  # 9:00 in New York
CHOSEN = {"when": "later", "day": "2026-12-01", "time": "09:00"}


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


@pytest.fixture
def ready(article) -> Article:
    piece = article("A first evening", draft=True, body="<p>First words.</p>")
    piece.approve(by=second_reader(), now=timezone.now(), seen=1)
    return piece


def at(piece, rest: str = "publication/") -> str:
    return f"/library/{piece.shelf}/{piece.pk}/{rest}"


def statuses(client) -> tuple[int, bool]:
    listed = "A first evening" in client.get("/articles/").text
    return client.get("/articles/a-first-evening/").status_code, listed


@FROZEN
def test_f2_the_button_says_what_it_will_do_and_does_it(desk, client, ready, frozen):
    page = desk.get(at(ready), CHOSEN).text
    assert "Days and times are those of New York." in page
    button = "Publish on Tuesday, 1 December 2026 at 9:00 a.m., New York time"
    assert button in " ".join(page.split())
    assert not Release.objects.exists()
    form = page[page.index('id="plan"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    hidden.pop("csrfmiddlewaretoken", None)
    answer = desk.post(at(ready), hidden)
    assert answer.status_code == 303
    release = Release.objects.get()
    assert (release.public_from, release.public_until) == (DECEMBER_FIRST, None)
    assert "It will be public from Tuesday, 1 December 2026, 9:00 a.m. on" in " ".join(
        desk.get(at(ready, "preview/")).text.split()
    )
    frozen.move_to(DECEMBER_FIRST - timedelta(seconds=1))
    assert statuses(client) == (404, False)
    frozen.move_to(DECEMBER_FIRST)
    assert statuses(client) == (200, True)


@FROZEN
def test_f2_now_is_now_and_the_button_says_so(desk, client, ready):
    page = desk.get(at(ready), {"when": "now"}).text
    assert "Publish now" in page
    desk.post(at(ready), {"seen": 1, "when": "now", "last_day": ""})
    assert statuses(client) == (200, True)


@FROZEN
def test_f1_the_last_day_is_public_until_it_is_over_where_the_program_is(desk, client, ready, frozen):
    fields = {"when": "now", "last_day": "2026-11-26", "seen": 1}
    assert "Its last day is Thursday, 26 November 2026." in " ".join(desk.get(at(ready), fields).text.split())
    desk.post(at(ready), fields)
    assert Release.objects.get().public_until == datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
    frozen.move_to(datetime(2026, 11, 27, 4, 59, 59, tzinfo=UTC))
    assert statuses(client) == (200, True)
    frozen.move_to(datetime(2026, 11, 27, 5, 0, tzinfo=UTC))
    assert statuses(client) == (404, False)


@FROZEN
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day": ""}, "Choose a day."),
        ({"time": ""}, "Choose a time."),
        ({"time": "9"}, "Write the time like 19:00."),
        ({"time": "09:00:30"}, "Write the time like 19:00."),
        ({"day": "01.12.2026"}, "Write a day like 2026-11-24."),
        ({"day": "2026-11-23"}, "Choose a day from today on, within two years."),
        ({"day": "2029-01-01"}, "Choose a day from today on, within two years."),
        ({"day": "9999-12-31"}, "Choose a day from today on, within two years."),
        ({"day": "2026-11-24", "time": "10:00"}, "This moment has passed."),
        ({"last_day": "2026-11-30"}, "Choose a last day that is not before the first."),
        ({"last_day": "9999-12-31"}, "Choose a day within ten years, or leave it empty."),
        ({"when": "soon"}, "Choose one of the two."),
    ],
)
def test_what_cannot_be_is_said_before_and_done_never(desk, ready, changes, words):
    for answer in (
        desk.get(at(ready), CHOSEN | changes),
        desk.post(at(ready), CHOSEN | changes | {"seen": 1}),
    ):
        assert answer.status_code == 422
        assert words in answer.text
    assert not Release.objects.exists()


@FROZEN
def test_f1_a_text_that_nobody_else_has_read_has_no_day_to_choose(desk, article):
    piece = article("Not yet", draft=True)
    assert "A second person reads this text" in desk.get(at(piece)).text
    desk.post(at(piece), CHOSEN | {"seen": 1})
    assert not Release.objects.exists()


@FROZEN
def test_f1_a_text_that_changed_after_one_looked_is_not_published(desk, ready, eli):
    ready.write(by=eli, now=timezone.now(), seen=1)
    ready.approve(by=second_reader(), now=timezone.now(), seen=2)
    answer = desk.post(at(ready), CHOSEN | {"seen": 1}, follow=True)
    assert "It was changed after you looked." in answer.text
    assert not Release.objects.exists()


@FROZEN
def test_a_day_that_was_typed_is_meant_though_later_was_not_chosen(desk, ready):
    page = desk.get(at(ready), CHOSEN | {"when": ""}).text
    assert "Publish on Tuesday, 1 December 2026 at 9:00 a.m., New York time" in " ".join(page.split())


@FROZEN
def test_t3_an_hour_that_the_clocks_skip_is_told_and_is_the_one_after(desk, ready):
    skipped = {"when": "later", "day": "2027-03-14", "time": "02:30"}
    page = " ".join(desk.get(at(ready), skipped).text.split())
    assert "The clocks skip this hour on that day. It is public from 3:30 a.m. on." in page
    assert "Publish on Sunday, 14 March 2027 at 3:30 a.m., New York time" in page
    desk.post(at(ready), skipped | {"seen": 1})
    assert Release.objects.get().public_from == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


@FROZEN
def test_t3_an_hour_that_comes_twice_is_told_and_is_the_first(client_of, eli, ready, frozen):
    frozen.move_to(datetime(2026, 10, 31, 15, 0, tzinfo=UTC))
    desk = client_of(eli)
    twice = {"when": "later", "day": "2026-11-01", "time": "01:30"}
    assert "This hour comes twice that night." in desk.get(at(ready), twice).text
    desk.post(at(ready), twice | {"seen": 1})
    assert Release.objects.get().public_from == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@FROZEN
def test_f2_what_readers_see_stays_until_the_new_text_comes(desk, client, ready, eli, frozen):
    ready.publish(by=eli, now=timezone.now() - timedelta(days=1), seen=1)
    ready.body = "<p>Second words.</p>"
    ready.write(by=eli, now=timezone.now(), seen=1)
    ready.approve(by=second_reader(), now=timezone.now(), seen=2)
    page = desk.get(at(ready), CHOSEN).text
    assert "Until then readers see the text that is public now." in page
    desk.post(at(ready), CHOSEN | {"seen": 2})
    assert "First words." in client.get("/articles/a-first-evening/").text
    frozen.move_to(DECEMBER_FIRST)
    assert "Second words." in client.get("/articles/a-first-evening/").text


@FROZEN
def test_what_was_planned_is_dropped_and_what_is_public_stays(client_of, client, ready, eli, frozen):
    desk = client_of(eli)
    ready.publish(by=eli, now=timezone.now() - timedelta(days=1), seen=1)
    desk.post(at(ready), CHOSEN | {"seen": 1})
    assert "What was planned before is dropped." in desk.get(at(ready), CHOSEN | {"time": "10:00"}).text
    answer = desk.post(at(ready, "publication/cancellation/"), follow=True)
    assert "Readers go on reading the text of now. It has no last day." in answer.text
    assert Release.objects.get().public_until is None
    frozen.move_to(DECEMBER_FIRST)
    assert statuses(client) == (200, True)
    answer = client_of(eli).post(at(ready, "withdrawal/"), follow=True)
    assert "Now only editors see it." in answer.text
    assert statuses(client) == (404, False)


@FROZEN
def test_a_text_that_stays_public_without_its_plan_counts_as_published(ready, eli):
    ready.publish(by=eli, now=timezone.now(), seen=1)
    ready.publish(by=eli, now=timezone.now(), seen=1, at=DECEMBER_FIRST)
    ready.unschedule(by=eli, now=timezone.now())
    assert ready.state == "published"
    ready.take_back(by=eli, now=timezone.now() + timedelta(minutes=1))
    assert ready.state == "approved"


@FROZEN
def test_a_form_that_is_sent_twice_plans_once(desk, ready):
    for _ in range(2):
        desk.post(at(ready), CHOSEN | {"seen": 1})
    assert Release.objects.count() == 1
    assert list(Remark.objects.values_list("act", flat=True).order_by("pk")) == ["approved", "scheduled"]


@FROZEN
def test_the_last_day_of_a_public_text_is_set_and_taken_away(desk, ready, eli):
    ready.publish(by=eli, now=timezone.now(), seen=1)
    assert desk.post(at(ready, "ending/"), {"last_day": "2026-11-30"}).status_code == 303
    assert Release.objects.get().public_until == datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
    assert 'value="2026-11-30"' in desk.get(at(ready)).text
    assert "Its last day is Monday, 30 November 2026." in " ".join(
        desk.get(at(ready, "preview/")).text.split()
    )
    for wrong in ("2026-11-23", "x", "9999-12-31"):
        assert desk.post(at(ready, "ending/"), {"last_day": wrong}).status_code == 422
    desk.post(at(ready, "ending/"), {"last_day": ""})
    assert Release.objects.get().public_until is None


@FROZEN
def test_a_text_never_ends_before_it_begins(desk, ready, eli):
    now = timezone.now()
    with pytest.raises(EndsTooEarly):
        ready.publish(by=eli, now=now, seen=1, at=DECEMBER_FIRST, until=DECEMBER_FIRST)
    ready.publish(by=eli, now=now, seen=1, at=DECEMBER_FIRST)
    assert desk.post(at(ready, "ending/"), {"last_day": "2026-11-30"}).status_code == 422
    for until in (now, DECEMBER_FIRST):
        with pytest.raises(EndsTooEarly):
            ready.end(by=eli, now=now, until=until)
    assert Release.objects.get().public_until is None


@FROZEN
def test_a_text_that_is_out_as_it_stands_has_nothing_to_plan(desk, ready, eli):
    ready.publish(by=eli, now=timezone.now(), seen=1)
    page = desk.get(at(ready)).text
    assert "Readers have this text." in page
    assert "Keep this last day" in page
    assert 'name="when"' not in page


@FROZEN
def test_a_part_of_the_page_comes_while_one_chooses(desk, ready):
    part = desk.get(at(ready), CHOSEN, headers={"HX-Request": "true"}).text
    assert "Publish on Tuesday" in part
    assert "<html" not in part
    wrong = desk.get(at(ready), CHOSEN | {"time": ""}, headers={"HX-Request": "true"})
    assert (wrong.status_code, "Choose a time." in wrong.text) == (422, True)


@pytest.mark.parametrize("name", ["sam", "ana", "dev"])
def test_f1_others_find_nothing_to_publish(cast, client_of, ready, name):
    browser = client_of(cast[name])
    assert browser.get(at(ready)).status_code == 404
    for rest in ("publication/", "publication/cancellation/", "ending/", "withdrawal/"):
        assert browser.post(at(ready, rest), {"seen": 1}).status_code == 404
    assert not Release.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_f1_many_who_publish_plan_and_take_back_at_once_leave_one_text(ready, eli):
    now = timezone.now()

    def work(number: int) -> None:
        mine = Article.objects.get()
        if number % 4 == 3:
            mine.take_back(by=eli, now=now)
        elif number % 4 == 2:
            mine.unschedule(by=eli, now=now)
        else:
            mine.publish(by=eli, now=now, seen=1, at=now + timedelta(days=number % 4))

    at_once(work)
    for days in (0, 1, 30):
        assert Release.objects.public(now + timedelta(days=days)).count() <= 1
    ready.refresh_from_db()
    out = Release.objects.unended(now).exists()
    assert (ready.state == "published") == out


@pytest.mark.django_db(transaction=True)
def test_f1_what_is_written_while_it_is_published_is_not_out(ready, eli):
    def work(number: int) -> str | None:
        mine = Article.objects.get()
        if number == 4:
            mine.body = "<p>Unread words.</p>"
            mine.write(by=eli, now=timezone.now(), seen=1)
            return "written"
        mine.publish(by=eli, now=timezone.now(), seen=1)
        return None

    assert "written" in at_once(work)
    assert set(Release.objects.values_list("body", flat=True)) <= {"<p>First words.</p>"}
    assert Article.objects.get().state == "draft"


@FROZEN
def test_the_page_asks_as_often_with_and_without_a_plan(desk, ready, eli, django_assert_num_queries):
    with django_assert_num_queries(4):  # session, person, text, what is out
        desk.get(at(ready))
    put_out(ready, eli, timezone.now(), at=DECEMBER_FIRST)
    with django_assert_num_queries(4):
        desk.get(at(ready), CHOSEN)
