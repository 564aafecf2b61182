"""Where clinicians keep the questions that begin a page (J6)."""

from html import unescape

import pytest
from django.utils import timezone

from journal import prompts
from journal.models import Entry, Kind, Prompt

LIST, NEW = "/journal/prompts/", "/journal/prompts/new/"
pytestmark = pytest.mark.usefixtures("frozen")


def row(text: str) -> Prompt:
    return Prompt.objects.get(text=text)


def test_j6_a_clinician_writes_changes_takes_out_and_brings_back_a_question(ana, client_of):
    browser = client_of(ana)
    answer = browser.post(NEW, {"kind": "grounding", "text": "  Which cup \r\n is yours? "})
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    cup = row("Which cup is yours?")
    assert "Which cup is yours?" in browser.get(LIST).text
    assert prompts.way_of(cup) in prompts.of(Kind.GROUNDING)
    answer = browser.post(f"{LIST}{cup.pk}/edit/", {"text": "Which mug is yours?"})
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    mug = row("Which mug is yours?")
    assert browser.post(f"{LIST}{mug.pk}/retirement/").status_code == 303
    assert {"Which cup is yours?", "Which mug is yours?"}.isdisjoint(
        way.text for way in prompts.of(Kind.GROUNDING)
    )
    page = browser.get(LIST).text
    assert page.count("Bring it back") == 2
    assert "Ana Ruiz," in page
    assert browser.post(f"{LIST}{cup.pk}/return/").status_code == 303
    assert prompts.way_of(cup) in prompts.of(Kind.GROUNDING)


REFUSED = {
    "no words": ({"kind": "grounding", "text": " \r\n "}, "Write the question first."),
    "no set": ({"text": "Where?"}, "Choose one of the sets."),
    "a set of nobody": ({"kind": "anger", "text": "Where?"}, "Choose one of the sets."),
    "too long": ({"kind": "grounding", "text": "x" * 161}, "Up to 160 letters fit."),
    "a megabyte": ({"kind": "grounding", "text": "x" * 1_000_000}, "Up to 160 letters fit."),
    "offered": ({"kind": "small_acts", "text": "what made you smile"}, "This question is offered already."),
    "elsewhere": ({"kind": "grounding", "text": "What made you smile?"}, "This question is in another set"),
    "NUL": ({"kind": "grounding", "text": "\0"}, ""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_j6_what_cannot_be_asked_is_told_beside_it_and_what_was_typed_stays(ana, client_of, case):
    fields, message = REFUSED[case]
    answer = client_of(ana).post(NEW, fields)
    assert answer.status_code == 422
    assert message in unescape(answer.text)
    assert fields["text"].strip().strip("\0") in answer.text
    assert Prompt.objects.count() == 30


def test_j6_a_refusal_to_take_one_out_is_told_on_the_list(ana, client_of):
    rows = list(Prompt.objects.offered().filter(kind="kindness"))
    for prompt in rows[2:]:
        prompt.retire(by=ana, now=timezone.now())
    answer = client_of(ana).post(f"{LIST}{rows[0].pk}/retirement/")
    assert answer.status_code == 422
    assert "At least two questions stay in this set." in answer.text
    assert Prompt.objects.offered().filter(kind="kindness").count() == 2


def test_j6_two_who_change_one_question_lose_no_words(ana, client_of):
    smile = row("What made you smile?")
    smile.reword("What made you laugh?", by=ana, now=timezone.now())
    answer = client_of(ana).post(f"{LIST}{smile.pk}/edit/", {"text": "What made you grin?"})
    assert answer.status_code == 422
    assert "Somebody changed this question" in answer.text
    assert "What made you grin?" in answer.text


def test_j6_a_page_keeps_the_words_that_its_writer_was_asked(sam, ana, client_of, sheet):
    kind = row("Who was kind today, and how?")
    kind.reword("Who was good to you today?", by=ana, now=timezone.now())
    browser = client_of(sam)
    browser.post("/journal/new/", sheet(prompt=kind.pk))
    entry = Entry.objects.get()
    assert entry.opened(by=sam).prompt == "Who was kind today, and how?"
    assert "Who was kind today, and how?" in browser.get(f"/journal/{entry.pk}/").text


def test_j6_markup_in_a_question_is_text(ana, sam, client_of):
    Prompt.objects.exclude(kind="kindness").delete()
    for number in range(3):  # two of them are the questions of yesterday and of tomorrow
        Prompt.objects.write(by=ana, kind="grounding", text=f"<script>x{number}</script>", now=timezone.now())
    for browser, path in ((client_of(ana), LIST), (client_of(sam), "/journal/new/")):
        page = browser.get(path).text
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_questions_takes_the_same_queries_however_long(
    ana, client_of, django_assert_num_queries, number
):
    for count in range(number):
        prompt = Prompt.objects.write(by=ana, kind="connection", text=f"Who, {count}?", now=timezone.now())
        if count % 2:
            prompt.retire(by=ana, now=timezone.now())
    browser = client_of(ana)
    with django_assert_num_queries(4):  # session, person, those offered, those that were
        browser.get(LIST)
