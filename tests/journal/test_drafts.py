"""J4: what is typed is saved while it is typed, and no save overwrites another unasked."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from journal.models import Draft, Entry, Page
from tests.journal.test_entries import in_threads

DAY = date(2026, 11, 24)


@pytest.fixture
def keep(frozen):
    """Saves what stands in a form, as the writing page would."""

    def save(person, token, text="Half a thought", seen=0, title="", **more):
        form = {"by": person, "client_token": token, "seen": seen, "on": DAY, "now": timezone.now()}
        return Draft.objects.keep(page=Page(title, text, "Who was kind?"), **form | more)

    return save


def words(person):
    return sorted(draft.opened(by=person).text for draft in Draft.objects.filter(owner=person))


def test_j4_a_draft_is_saved_again_and_again_as_one(sam, keep, frozen):
    token = uuid4()
    first = keep(sam, token)
    frozen.shift(timedelta(seconds=9))
    second = keep(sam, token, "Half a thought, and more", seen=first.revision, title="One")
    assert (first.pk, first.revision, second.revision) == (second.pk, 1, 2)
    draft = Draft.objects.get()
    assert draft.opened(by=sam) == Page("One", "Half a thought, and more", "Who was kind?")
    assert (draft.client_token, draft.written_on, draft.saved_at) == (token, DAY, timezone.now())
    assert b"thought" not in bytes(draft.text_sealed)


def test_j4_a_save_that_did_not_see_the_last_one_gets_a_draft_of_its_own(sam, keep):
    token = uuid4()
    keep(sam, token, "The first tab")
    keep(sam, token, "The first tab changed", seen=1)
    other = keep(sam, token, "The second tab", seen=1)
    assert other.client_token != token
    assert words(sam) == ["The first tab changed", "The second tab"]
    assert keep(sam, other.client_token, "The second tab goes on", seen=other.revision).pk == other.pk
    assert words(sam) == ["The first tab changed", "The second tab goes on"]


def test_j4_a_save_whose_answer_got_lost_is_no_other_tab(sam, keep):
    token = uuid4()
    keep(sam, token, "Half a thought")
    assert keep(sam, token, "Half a thought and the rest", seen=0).revision == 2
    assert words(sam) == ["Half a thought and the rest"]


@pytest.mark.parametrize(("title", "text"), [("", ""), (" ", "\n\t\u2003")])
def test_j4_an_empty_form_makes_no_draft_and_ends_none(sam, keep, title, text):
    token = uuid4()
    assert keep(sam, token, text, title=title) is None
    assert Draft.objects.count() == 0
    keep(sam, token, "Something")
    keep(sam, token, text, title=title, seen=1)
    assert words(sam) == ["Something"]


def test_j4_an_empty_tab_empties_no_other(sam, keep):
    token = uuid4()
    keep(sam, token, "Something")
    keep(sam, token, "", seen=0)
    assert words(sam) == ["Something"]


@pytest.mark.parametrize("text", ["Sat by the", "Sat by the window."])
def test_j4_a_save_that_comes_after_its_form_was_kept_leaves_no_ghost(sam, keep, write, text):
    token = uuid4()
    write(sam, client_token=token)
    assert keep(sam, token, text) is None
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("text", ["Sat by the", "Sat by the window."])
def test_j4_a_save_that_comes_after_its_change_was_kept_leaves_no_ghost(sam, keep, write, text):
    entry = write(sam, "Before")
    change = {"by": sam, "revision": 1, "page": Page("", "Sat by the window."), "on": DAY}
    entry.edit(now=timezone.now(), **change)
    assert keep(sam, uuid4(), text, entry=entry, entry_revision=1) is None
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("text", ["Something else", "Sat on the widow", "Sat by the window. And on."])
@pytest.mark.parametrize("seconds", [0, 60])
def test_j4_who_types_on_after_the_form_was_kept_is_heard_at_once(sam, keep, write, frozen, seconds, text):
    """After Back, or in another tab."""
    token = uuid4()
    entry = write(sam, client_token=token)
    frozen.shift(timedelta(seconds=seconds))
    assert keep(sam, token, text).opened(by=sam).text == text
    change = {"by": sam, "page": Page("", "Sat by the window. Then stood up."), "on": DAY}
    entry.edit(revision=1, now=timezone.now(), **change)
    assert keep(sam, uuid4(), text, entry=entry, entry_revision=1).opened(by=sam).text == text


def test_j4_keeping_a_page_ends_the_draft_of_its_form_and_no_other(sam, noor, keep, write):
    token = uuid4()
    keep(sam, token, "Sat on the", title="A title that went")
    keep(sam, uuid4(), "Another form")
    keep(noor, token, "Hers")
    write(sam, client_token=token, seen=1)
    assert (words(sam), words(noor)) == (["Another form"], ["Hers"])


def test_j4_keeping_a_page_leaves_what_another_tab_put_into_the_draft(sam, keep, write):
    token = uuid4()
    keep(sam, token, "The one tab")
    keep(sam, token, "The other tab", seen=1)
    write(sam, "The one tab.", client_token=token, seen=1)
    assert words(sam) == ["The other tab"]
    keep(sam, token, "The other tab goes on", seen=2)
    assert words(sam) == ["The other tab goes on"]


def test_j4_keeping_a_change_ends_its_draft(sam, keep, write):
    entry, token = write(sam), uuid4()
    draft = keep(sam, token, "Changed", entry=entry, entry_revision=1)
    assert (draft.entry, draft.entry_revision) == (entry, 1)
    change = {"by": sam, "page": Page("", "Changed again"), "on": DAY, "now": timezone.now()}
    assert not entry.edit(revision=7, client_token=token, seen=1, **change)
    assert words(sam) == ["Changed"]
    assert entry.edit(revision=1, client_token=token, seen=1, **change)
    assert words(sam) == []


def test_j4_a_page_as_it_stands_makes_no_draft(sam, keep, write):
    entry, token = write(sam, "One line.\nAnd another."), uuid4()
    assert keep(sam, token, "One line.\nAnd another.", entry=entry, entry_revision=1) is None
    assert keep(sam, token, "One line.", entry=entry, entry_revision=1)  # a line taken out is a change
    assert keep(sam, token, "One line.\nAnd another.", seen=1, entry=entry, entry_revision=1) is None
    assert Draft.objects.count() == 0


def test_j4_words_for_a_page_that_was_deleted_begin_a_new_one(sam, keep, write):
    entry, token = write(sam), uuid4()
    keep(sam, token, "Changed", entry=entry, entry_revision=1)
    entry.discard(by=sam, now=timezone.now())
    assert Draft.objects.count() == 0
    assert keep(sam, uuid4(), "Sat by", entry=entry, entry_revision=1) is None  # on its way before
    draft = keep(sam, token, "Changed, and typed on", seen=1, entry=entry, entry_revision=1)
    assert (draft.entry, draft.entry_revision) == (None, None)
    assert words(sam) == ["Changed, and typed on"]


def test_j4_a_draft_holds_a_hundred_thousand_characters_and_a_day_that_is_none(sam, keep):
    draft = keep(sam, uuid4(), "🫶" * 100_000, on=None)
    assert draft.written_on is None
    assert words(sam) == ["🫶" * 100_000]


@pytest.mark.parametrize("other", ["noor", "ana", "dev", "eli", "mara"])
def test_j4_nobody_else_sees_opens_or_deletes_a_draft(cast, keep, write, other):
    draft, entry, other = keep(cast["sam"], uuid4()), write(cast["sam"]), cast[other]
    assert list(Draft.objects.visible_to(other)) == []
    for act in (draft.opened, draft.opened_title, draft.let_go):
        with pytest.raises(PermissionDenied):
            act(by=other)
    with pytest.raises(PermissionDenied):
        keep(other, uuid4(), entry=entry, entry_revision=1)
    assert words(cast["sam"]) == ["Half a thought"]


def test_j4_who_left_the_house_saves_no_draft_and_still_reads_theirs(luz, keep):
    with pytest.raises(PermissionDenied):
        keep(luz, uuid4())


def test_j4_of_many_tabs_that_save_at_once_none_is_lost(transactional_db):
    writer, token = User.objects.create(username="sam", role="client", chosen_name="Sam"), uuid4()
    now = timezone.now()
    form = {"by": writer, "client_token": token, "on": DAY, "now": now}
    Draft.objects.keep(page=Page("", "begun"), seen=0, **form)
    drafts = in_threads(8, lambda n: Draft.objects.keep(page=Page("", f"tab {n}"), seen=1, **form))
    assert len({draft.client_token for draft in drafts}) == 8
    assert words(writer) == [f"tab {n}" for n in range(8)]


def test_j4_a_save_and_the_keeping_of_its_form_at_once_leave_one_page_and_no_ghost(transactional_db):
    writer = User.objects.create(username="sam", role="client", chosen_name="Sam")
    now = timezone.now()
    for _round in range(5):
        form = {"by": writer, "client_token": uuid4(), "page": Page("", "Kept"), "on": DAY, "now": now}
        acts = (lambda: Entry.objects.write(**form), lambda: Draft.objects.keep(seen=0, **form))  # noqa: B023
        in_threads(2, lambda n: acts[n]())  # noqa: B023
    assert (Entry.objects.count(), Draft.objects.count()) == (5, 0)
