"""The journal's pages as a person meets them."""

from datetime import date, timedelta
from html import escape, unescape
from uuid import UUID, uuid4

import pytest

from journal import prompts
from journal.models import Entry
from recovery_site.demo.journal import question

NEW = "/journal/new/"
KIND = question("kind")
LONGEST = 100_000


def test_a_page_is_written_read_changed_and_deleted(sam, client_of, sheet, edit_sheet, frozen):
    browser = client_of(sam)
    answer = browser.post(NEW, sheet(title="After the circle", text="One chair closer.\n\nNobody minded."))
    entry = Entry.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/journal/{entry.pk}/")
    page = browser.get(answer["Location"]).text
    assert "<p>One chair closer.</p>" in page
    assert "<bdi>After the circle</bdi>" in page
    assert "Tuesday, 24 November 2026" in page
    answer = browser.post(f"/journal/{entry.pk}/edit/", edit_sheet(entry, text="Two chairs closer."))
    assert (answer.status_code, answer["Location"]) == (303, f"/journal/{entry.pk}/")
    page = browser.get(answer["Location"]).text
    assert "Two chairs closer." in page
    assert "One chair" not in page
    assert "Last changed" in page
    question = browser.get(f"/journal/{entry.pk}/deletion/")
    assert "Delete this page?" in question.text
    assert Entry.objects.count() == 1
    answer = browser.post(f"/journal/{entry.pk}/deletion/")
    assert (answer.status_code, answer["Location"]) == (303, "/journal/")
    assert Entry.objects.standing().count() == 0
    browser.post(f"/journal/{entry.pk}/erasure/")
    assert Entry.objects.count() == 0
    assert browser.get(f"/journal/{entry.pk}/").status_code == 404


def test_the_writing_page_asks_the_days_question_and_says_who_reads(sam, client_of, frozen):
    page = client_of(sam).get(NEW).text
    asked = escape(str(prompts.prompt_for(sam, date(2026, 11, 24)).text))
    assert f'<label for="id_text">{asked}</label>' in page
    assert "Only you can see this." in page
    assert "No person and no program looks through your pages for worrying words." in page
    assert "/help/" in page
    assert 'value="2026-11-24"' in page
    assert "Saved" not in page


def test_the_question_that_was_answered_is_shown_with_the_page_and_lies_sealed(sam, client_of, sheet, frozen):
    browser = client_of(sam)
    browser.post(NEW, sheet(prompt=KIND))
    entry = Entry.objects.get()
    assert entry.opened(by=sam).prompt == "Who was kind today, and how?"
    assert b"kind today" not in bytes(entry.prompt_sealed)
    for path in ("", "edit/"):
        assert "Who was kind today, and how?" in browser.get(f"/journal/{entry.pk}/{path}").text


def test_another_question_keeps_what_was_typed_and_writes_nothing(sam, client_of, sheet, frozen):
    typed = sheet(
        title="Half", text="Half a thought", written_on="2026-11-20", begin=KIND, prompt=question("safe")
    )
    answer = client_of(sam).post(NEW, typed)
    assert answer.status_code == 200
    assert '<label for="id_text">Who was kind today, and how?</label>' in answer.text
    for value in ("Half a thought", 'value="Half"', 'value="2026-11-20"', f'value="{typed["client_token"]}"'):
        assert value in answer.text
    assert f'name="prompt" value="{KIND}"' in answer.text
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("prompt", ["nonsense", "<script>", "x" * 500])
def test_a_question_that_is_not_ours_falls_back_to_the_days(sam, client_of, sheet, frozen, prompt):
    client_of(sam).post(NEW, sheet(prompt=prompt))
    assert Entry.objects.get().opened(by=sam).prompt == str(prompts.prompt_for(sam, date(2026, 11, 24)).text)


@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        ("2026-11-24T15:00:00+00:00", "", "2026-11-24"),
        (
            "2026-11-24T07:30:00+00:00",
            "",
            "2026-11-23",
        ),  # 2:30 in New York: the night still belongs to Monday
        ("2026-11-24T15:00:00+00:00", "Asia/Tokyo", "2026-11-24"),
        ("2026-11-24T19:00:00+00:00", "Asia/Tokyo", "2026-11-25"),
    ],
)
def test_the_day_is_the_writers_own(sam, client_of, time_machine, now, zone, day):
    time_machine.move_to(now, tick=False)
    sam.time_zone = zone
    sam.save()
    assert f'name="written_on" value="{day}"' in client_of(sam).get(NEW).text


def test_an_entry_may_be_about_another_day(sam, client_of, sheet, frozen):
    client_of(sam).post(NEW, sheet(written_on="1999-12-31"))
    assert Entry.objects.get().written_on == date(1999, 12, 31)


TOO_LONG = "This is 1 character too long. Up to 100,000 fit here; nothing was cut off."
BAD = {
    "empty": ({"text": ""}, "Write a few words first."),
    "blank": ({"text": " \r\n\t\u2003"}, "Write a few words first."),
    "one too many": ({"text": "x" * (LONGEST + 1)}, TOO_LONG),
    "a megabyte": ({"text": "x" * 1_000_000}, "This is 900,000 characters too long."),
    "NUL": ({"text": "before\0after"}, "A character in here could not be kept."),
    "NUL in title": ({"title": "before\0after"}, "A character in here could not be kept."),
    "long title": ({"title": "x" * 201}, "This is 1 character too long. Up to 200 fit here"),
    "no day": ({"written_on": ""}, "Choose the day that this page is about."),
    "1800": ({"written_on": "1800-01-01"}, "Choose a day in 1900 or later."),
    "99999": ({"written_on": "99999-01-01"}, "This day could not be read."),
    "no such day": ({"written_on": "2026-02-30"}, "This day could not be read."),
    "words": ({"written_on": "<b>yesterday"}, "This day could not be read."),
    "tomorrow": ({"written_on": "2026-11-25"}, "That day has not come yet."),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("sent_from", ["new", "edit"])
def test_what_cannot_be_kept_gets_a_clear_message_and_stays_in_the_form(
    sam, client_of, sheet, edit_sheet, write, case, sent_from
):
    entry = write(sam, "As it stood.")
    change, message = BAD[case]
    change = {"title": "My title", "text": "My words"} | change
    path, fields = (NEW, sheet()) if sent_from == "new" else (f"/journal/{entry.pk}/edit/", edit_sheet(entry))
    answer = client_of(sam).post(path, fields | change)
    assert answer.status_code == 422
    assert message in unescape(answer.text)
    assert escape(change["title"].replace("\0", "")) in answer.text
    assert escape(change["text"].replace("\0", "")) in answer.text
    assert "\0" not in answer.text
    assert Entry.objects.get().opened(by=sam).text == "As it stood."


def test_a_hundred_thousand_characters_fit_however_the_browser_ends_lines(sam, client_of, sheet, frozen):
    text = "é\r\n" * (LONGEST // 2)
    assert client_of(sam).post(NEW, sheet(text=text)).status_code == 303
    assert Entry.objects.get().opened(by=sam).text == "é\n" * (LONGEST // 2)


def test_a_hundred_thousand_emoji_fit_into_one_request(sam, client_of, sheet, frozen):
    assert client_of(sam).post(NEW, sheet(text="🫶" * LONGEST)).status_code == 303


@pytest.mark.parametrize("token", ["", "nonsense", "1" * 5000, None])
def test_nobodys_words_hang_on_a_broken_token(sam, client_of, sheet, frozen, token):
    fields = {name: value for name, value in sheet(client_token=token).items() if value is not None}
    assert client_of(sam).post(NEW, fields).status_code == 303
    assert Entry.objects.get().opened(by=sam).text == "Sat by the window."


def test_a_form_sent_twice_leads_to_the_one_entry(sam, client_of, sheet, frozen):
    browser, fields = client_of(sam), sheet()
    first, second = browser.post(NEW, fields), browser.post(NEW, fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert Entry.objects.count() == 1


def test_a_form_sent_again_with_more_words_loses_neither(sam, client_of, sheet, edit_sheet, frozen):
    browser, fields = client_of(sam), sheet(text="The beginning.")
    browser.post(NEW, fields)
    answer = browser.post(NEW, fields | {"text": "The beginning, and the end."})
    entry = Entry.objects.get()
    assert answer.status_code == 409
    assert "<p>The beginning.</p>" in answer.text
    assert "The beginning, and the end.</textarea>" in answer.text
    assert f'action="/journal/{entry.pk}/edit/"' in answer.text


def test_two_tabs_never_overwrite_each_other_unasked(sam, client_of, write, edit_sheet):
    entry, browser = write(sam), client_of(sam)
    path = f"/journal/{entry.pk}/edit/"
    assert browser.post(path, edit_sheet(entry, text="The first tab.")).status_code == 303
    answer = browser.post(path, edit_sheet(entry, title="Mine", text="The second tab."))
    assert answer.status_code == 409
    assert "<p>The first tab.</p>" in answer.text
    assert "The second tab.</textarea>" in answer.text
    assert 'value="Mine"' in answer.text
    assert 'name="revision" value="2"' in answer.text
    assert Entry.objects.get().opened(by=sam).text == "The first tab."
    answer = browser.post(path, edit_sheet(entry, title="Mine", text="The second tab.", revision=2))
    assert answer.status_code == 303
    assert Entry.objects.get().opened(by=sam).text == "The second tab."


def test_the_same_change_sent_twice_is_no_conflict(sam, client_of, write, edit_sheet):
    entry, browser = write(sam), client_of(sam)
    answers = [browser.post(f"/journal/{entry.pk}/edit/", edit_sheet(entry)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Entry.objects.get().revision == 2


@pytest.mark.parametrize("revision", ["", "nonsense", "-1", "0", "9" * 30, "2147483647"])
def test_a_forged_revision_overwrites_nothing(sam, client_of, write, edit_sheet, revision):
    entry = write(sam)
    answer = client_of(sam).post(f"/journal/{entry.pk}/edit/", edit_sheet(entry, revision=revision))
    assert answer.status_code == 409
    assert "New.</textarea>" in answer.text
    assert Entry.objects.get().opened(by=sam).text == "Sat by the window."


def test_words_for_an_entry_that_was_deleted_can_be_kept_as_a_new_one(sam, client_of, write, edit_sheet):
    entry, browser = write(sam), client_of(sam)
    browser.post(f"/journal/{entry.pk}/deletion/")
    answer = browser.post(f"/journal/{entry.pk}/edit/", edit_sheet(entry, title="Kept", text="Still here."))
    assert answer.status_code == 404
    assert "Still here.</textarea>" in answer.text
    assert 'value="Kept"' in answer.text
    assert f'action="{NEW}"' in answer.text


@pytest.mark.parametrize("path", ["", "edit/", "deletion/"])
@pytest.mark.parametrize("viewer", ["noor", "ana", "dev", "eli", "mara"])
def test_somebody_elses_entry_answers_like_one_that_never_was(
    cast, client_of, write, edit_sheet, viewer, path
):
    entry, browser = write(cast["sam"], "sentinel-words", title="sentinel-title"), client_of(cast[viewer])
    for method in (browser.get, lambda url: browser.post(url, edit_sheet(entry))):
        theirs = method(f"/journal/{entry.pk}/{path}")
        nobodys = method(f"/journal/{uuid4()}/{path}")
        assert theirs.status_code == nobodys.status_code
        assert theirs.status_code in ((404, 405) if path == "" else (404,))
        assert "sentinel" not in theirs.text
    assert Entry.objects.get().opened(by=cast["sam"]).text == "sentinel-words"


@pytest.mark.parametrize("viewer", ["ana", "dev", "eli", "mara"])
def test_staff_have_no_journal(cast, client_of, viewer):
    browser = client_of(cast[viewer])
    assert [browser.get(path).status_code for path in ("/journal/", NEW)] == [404, 404]


@pytest.mark.parametrize("path", ["/journal/not-a-uuid/", "/journal/1/edit/", f"/journal/{'9' * 36}/"])
def test_a_forged_address_is_404(sam, client_of, path):
    assert client_of(sam).get(path).status_code == 404


@pytest.mark.parametrize("number", [0, 1, 30])
def test_the_list_takes_five_queries_however_long(sam, client_of, write, django_assert_num_queries, number):
    for day in range(number):
        write(sam, title=f"Title {day}", on=date(2026, 11, 24) - timedelta(days=day))
    browser = client_of(sam)
    with django_assert_num_queries(4 if number else 3):  # session, person, entries, key
        page = browser.get("/journal/").text
    assert page.count("<bdi>Title ") == min(number, 20)


@pytest.mark.parametrize("number", [1, 30])
def test_the_writing_page_takes_four_queries(sam, client_of, write, django_assert_num_queries, number):
    for day in range(number):
        write(sam, on=date(2026, 11, 24) - timedelta(days=day))
    browser = client_of(sam)
    with django_assert_num_queries(4):
        browser.get(NEW)


def test_show_more_goes_on_where_the_list_ended(sam, noor, client_of, write):
    for day in range(30):
        write(sam, title=f"Title {day}.", on=date(2026, 11, 24) - timedelta(days=day))
    write(noor, title="Hers")
    browser = client_of(sam)
    first = browser.get("/journal/").text
    last = Entry.objects.newest_first().filter(owner=sam)[19]
    assert f'href="?after={last.pk}"' in first
    second = browser.get("/journal/", {"after": last.pk}).text
    shown = [f"Title {day}." for day in range(30) if f"<bdi>Title {day}.</bdi>" in second]
    assert shown == [f"Title {day}." for day in range(20, 30)]
    assert "?after=" not in second
    assert "Hers" not in first + second


@pytest.mark.parametrize("after", ["nonsense", "", "x" * 4000, f"{UUID(int=1)}"])
def test_going_on_after_nothing_shows_the_newest(sam, client_of, write, after):
    write(sam, title="Newest")
    assert "<bdi>Newest</bdi>" in client_of(sam).get("/journal/", {"after": after}).text


def test_going_on_after_somebody_elses_entry_tells_nothing(sam, noor, client_of, write):
    write(noor, title="Newest")
    theirs = write(sam, on=date(2026, 11, 1))
    assert "<bdi>Newest</bdi>" in client_of(noor).get("/journal/", {"after": theirs.pk}).text
