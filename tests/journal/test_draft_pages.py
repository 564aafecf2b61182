"""J4: drafts as their writer meets them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from journal.models import Draft, Entry, Page

NEW, SAVE = "/journal/new/", "/journal/draft/"


@pytest.fixture
def save(sheet, client_of):
    """What the script of the writing page sends."""

    def send(person, **more):
        return client_of(person).post(SAVE, sheet(**more)).json()

    return send


def test_j4_a_save_answers_with_what_the_form_goes_on_with(sam, save, frozen):
    token = uuid4()
    answer = save(sam, client_token=token, text="Half\r\na thought\0")
    assert answer == {"token": str(token), "revision": 1, "saved": "Saved at 10:00"}
    assert Draft.objects.get().opened(by=sam).text == "Half\na thought"
    frozen.shift(timedelta(minutes=2))
    answer = save(sam, client_token=token, text="Half a thought", seen=1)
    assert (answer["revision"], answer["saved"]) == (2, "Saved at 10:02")
    other = save(sam, client_token=token, text="Another tab", seen=1)
    assert (other["revision"], Draft.objects.count()) == (1, 2)
    assert other["token"] != str(token)


def test_j4_the_hour_is_the_writers_own(sam, save, frozen):
    sam.time_zone = "Asia/Tokyo"
    sam.save()
    assert save(sam)["saved"] == "Saved at 12:00"


def test_j4_an_empty_form_is_not_saved(sam, save, frozen):
    token = uuid4()
    answer = save(sam, client_token=token, text=" ", title="")
    assert answer == {"token": str(token), "revision": 0, "saved": ""}


@pytest.mark.parametrize("day", ["", "2026-02-30", "never"])
def test_j4_a_day_that_is_none_costs_no_word(sam, save, frozen, day):
    save(sam, written_on=day)
    assert Draft.objects.get().written_on is None


def test_j4_a_hundred_thousand_characters_pass_through_draft_and_keep(sam, client_of, save, sheet, frozen):
    token, text = uuid4(), "🫶" * 99_999 + "."
    assert save(sam, client_token=token, text=text)["saved"]
    page = client_of(sam).get(NEW).text
    assert f"{text}</textarea>" in page
    assert client_of(sam).post(NEW, sheet(client_token=token, text=text, seen=1)).status_code == 303
    assert (Draft.objects.count(), Entry.objects.get().opened(by=sam).text) == (0, text)


def test_j4_the_writing_page_goes_on_where_it_was_left(sam, client_of, save, frozen):
    token = uuid4()
    save(sam, client_token=token, title="Half", text="Half a <thought>", written_on="2026-11-20")
    frozen.shift(timedelta(days=1))
    page = client_of(sam).get(NEW).text
    for words in (
        "Half a &lt;thought&gt;</textarea>",
        'value="Half"',
        'value="2026-11-20"',
        f'value="{token}"',
        'name="seen" value="1"',
        "You began this page yesterday at 10:00 a.m. and did not keep it yet.",
        "Saved at 10:00",
        f'href="{NEW}?fresh=1"',
    ):
        assert words in page
    fresh = client_of(sam).get(NEW, {"fresh": "1"}).text
    assert "thought" not in fresh
    assert str(token) not in fresh


def test_j4_a_certain_draft_is_shown_and_a_made_up_one_is_none(sam, noor, client_of, save, frozen):
    for text in ("The first", "The second"):
        save(sam, client_token=uuid4(), text=text)
        frozen.shift(timedelta(minutes=1))
    save(noor, text="Hers")
    first = next(draft for draft in Draft.objects.all() if draft.opened(by=draft.owner).text == "The first")
    hers = Draft.objects.get(owner=noor)
    browser = client_of(sam)
    assert "The first</textarea>" in browser.get(first.get_absolute_url()).text
    for wanted in (hers.pk, uuid4(), "nonsense"):
        page = browser.get(NEW, {"draft": wanted}).text
        assert "The second</textarea>" in page
        assert "Hers" not in page


def test_j4_the_question_stays_with_the_draft_also_when_it_is_ours_no_more(sam, client_of, sheet, frozen):
    token, now = uuid4(), timezone.now()
    form = {"by": sam, "client_token": token, "seen": 0, "on": date(2026, 11, 24), "now": now}
    Draft.objects.keep(page=Page("", "An answer", "A question of yesterday?"), **form)
    browser = client_of(sam)
    assert '<label for="id_text">A question of yesterday?</label>' in browser.get(NEW).text
    browser.post(SAVE, sheet(client_token=token, text="An answer, longer", prompt="", seen=1))
    browser.post(NEW, sheet(client_token=token, text="An answer, longer.", prompt="", seen=2))
    assert Entry.objects.get().opened(by=sam).prompt == "A question of yesterday?"


def test_j4_a_change_that_was_begun_is_shown_on_its_page_and_can_be_let_go(
    sam, client_of, write, save, frozen
):
    entry, browser = write(sam, "As it stood."), client_of(sam)
    save(sam, text="As it stood, and more.", entry=entry.pk, revision=1)
    draft = Draft.objects.get()
    assert draft.entry == entry
    page = browser.get(f"/journal/{entry.pk}/edit/").text
    assert "As it stood, and more.</textarea>" in page
    assert "You began to change this page today at 10:00 a.m. and did not keep it." in page
    assert "As it stood, and more." not in browser.get(NEW).text
    answer = browser.post(f"/journal/drafts/{draft.pk}/deletion/")
    assert (answer.status_code, answer["Location"]) == (303, f"/journal/{entry.pk}/")
    assert "As it stood.</textarea>" in browser.get(f"/journal/{entry.pk}/edit/").text
    assert Draft.objects.count() == 0


def test_j4_a_change_begun_before_another_was_kept_shows_both(
    sam, client_of, write, save, edit_sheet, frozen
):
    entry, browser, token = write(sam, "As it stood."), client_of(sam), uuid4()
    save(sam, text="Mine.", entry=entry.pk, revision=1, client_token=token)
    browser.post(f"/journal/{entry.pk}/edit/", edit_sheet(entry, text="The other."))
    assert 'name="revision" value="1"' in browser.get(f"/journal/{entry.pk}/edit/").text
    mine = edit_sheet(entry, text="Mine.", client_token=token, seen=1)
    answer = browser.post(f"/journal/{entry.pk}/edit/", mine)
    assert answer.status_code == 409
    assert "<p>The other.</p>" in answer.text
    assert "Mine.</textarea>" in answer.text
    assert browser.post(f"/journal/{entry.pk}/edit/", mine | {"revision": 2}).status_code == 303
    assert (Draft.objects.count(), Entry.objects.get().opened(by=sam).text) == (0, "Mine.")


def test_j4_the_list_names_what_was_begun_and_lets_it_go(sam, noor, client_of, save, frozen):
    save(sam, title="A half page")
    save(noor, title="Hers")
    draft, browser = Draft.objects.get(owner=sam), client_of(sam)
    page = browser.get("/journal/").text
    assert f'href="{draft.get_absolute_url()}"' in page
    assert "<bdi>A half page</bdi>" in page
    assert "Hers" not in page
    assert client_of(noor).post(f"/journal/drafts/{draft.pk}/deletion/").status_code == 404
    assert browser.post(f"/journal/drafts/{draft.pk}/deletion/")["Location"] == "/journal/"
    assert "A half page" not in browser.get("/journal/").text


def test_a6_who_left_the_house_still_reads_and_lets_go_what_was_not_kept(luz, client_of, frozen):
    draft = Draft(owner=luz, saved_at=timezone.now())
    for column, value in draft.sealed(Page("", "The last words"), revision=1).items():
        setattr(draft, column, value)
    draft.save()
    browser = client_of(luz)
    assert "<p>The last words</p>" in browser.get("/journal/").text
    assert browser.post(SAVE, {"text": "More"}).status_code == 404
    assert browser.post(f"/journal/drafts/{draft.pk}/deletion/").status_code == 303


@pytest.mark.parametrize(("then", "ends"), [("share", "share/"), ("session", "session/"), ("x", "")])
def test_j4_a_page_is_kept_before_it_is_shared_or_brought(sam, client_of, sheet, frozen, then, ends):
    answer = client_of(sam).post(NEW, sheet(then=then))
    assert answer["Location"] == f"/journal/{Entry.objects.get().pk}/{ends}"


@pytest.mark.parametrize("number", [1, 30])
def test_j4_the_pages_ask_as_often_for_thirty_drafts_as_for_one(
    sam, client_of, save, frozen, number, django_assert_num_queries
):
    for _number in range(number):
        save(sam, client_token=uuid4())
    browser = client_of(sam)
    with django_assert_num_queries(5):  # session, person, glance, drafts, pages beside
        browser.get(NEW)
    with django_assert_num_queries(4):
        browser.get("/journal/")


def test_j4_a_draft_that_does_not_open_spoils_no_page(sam, client_of, save, frozen, caplog):
    for text in ("Harmed", "Whole"):
        save(sam, client_token=uuid4(), text=text)
        frozen.shift(timedelta(minutes=-1))
    harmed = Draft.objects.newest_first()[0]
    Draft.objects.filter(pk=harmed.pk).update(text_sealed=bytes(harmed.text_sealed)[:-20])
    browser = client_of(sam)
    assert "Whole</textarea>" in browser.get(NEW).text
    assert "These words cannot be opened right now." in browser.get("/journal/").text
    assert f"draft {harmed.pk} does not open" in caplog.text
    assert "Harmed" not in caplog.text


def test_j4_an_emptied_form_ends_no_draft_and_letting_go_does(sam, save, frozen):
    token = str(uuid4())
    save(sam, client_token=token, text="All of it.")
    save(sam, client_token=token, text="", seen=1)
    assert Draft.objects.get().opened(by=sam).text == "All of it."
    save(sam, client_token=token, text="", seen=1, let_go="on")
    assert not Draft.objects.exists()


def test_j4_the_same_words_kept_in_another_tab_leave_no_draft(sam, client_of, write, save, edit_sheet):
    entry, token = write(sam), str(uuid4())
    words = {"text": "Sat longer.", "client_token": token}
    save(sam, **words, entry=str(entry.pk), revision=1)
    browser = client_of(sam)
    browser.post(f"/journal/{entry.pk}/edit/", edit_sheet(entry, text="Sat longer."))
    assert browser.post(f"/journal/{entry.pk}/edit/", edit_sheet(entry, seen=1, **words)).status_code == 303
    assert not Draft.objects.exists()
