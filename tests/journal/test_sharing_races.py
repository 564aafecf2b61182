"""J2 and J6 where two requests meet: a page is shared while it changes, two clinicians take questions out."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from journal.models import Kind, Page, Prompt, Share, SharedCopy
from journal.models.prompt import ALWAYS_SOME
from journal.models.sharing import ChangedMeanwhile
from tests.cast import person
from tests.journal.test_keeping_races import ROUNDS, at_once, page

pytestmark = pytest.mark.django_db(transaction=True)


def refused(*reasons):
    """The work with the named refusals as its result, not as an error of the thread."""

    def around(work):
        def tried():
            try:
                return work()
            except reasons as reason:
                return reason

        return tried

    return around


def test_j2_a_page_shared_while_it_is_changed_opens_the_words_of_the_preview_or_none(sam, ana):
    now = timezone.now()
    for _round in range(ROUNDS):
        entry = page(sam)
        share, edited = at_once(
            refused(ChangedMeanwhile)(
                lambda entry=entry: entry.share(with_=ana, by=sam, revision=1, now=now)
            ),
            lambda entry=entry: entry.edit(
                by=sam, revision=1, page=Page("", "Changed"), on=now.date(), now=now
            ),
        )
        assert edited is True
        copies = SharedCopy.objects.filter(share__entry=entry)
        if isinstance(share, ChangedMeanwhile):
            assert not copies.exists()
        else:
            assert Share.objects.get(entry=entry).entry_revision == 1
            assert copies.get().opened(by=sam).text == "Words"


def test_j2_a_share_taken_back_while_the_page_is_shared_again_is_one_or_none(sam, ana):
    """Never an open row without its copy, and never a copy that nobody may read."""
    now = timezone.now()
    later = now + timedelta(seconds=1)
    for _round in range(ROUNDS):
        entry = page(sam)
        first = entry.share(with_=ana, by=sam, revision=1, now=now)
        entry.edit(by=sam, revision=1, page=Page("", "Changed"), on=now.date(), now=now)
        back, again = at_once(
            lambda first=first: first.take_back(by=sam, now=later),
            lambda entry=entry: entry.share(with_=ana, by=sam, revision=2, now=later),
        )
        assert back is True
        standing = Share.objects.filter(entry=entry, ended_at=None)
        assert standing.count() == (again.pk != first.pk)  # shared anew after it, or taken back last
        copies = SharedCopy.objects.filter(share__entry=entry)
        assert list(copies.values_list("share", flat=True)) == list(standing.values_list("pk", flat=True))


def test_j6_two_clinicians_who_take_out_questions_at_once_leave_enough(sam, ana):
    luis, now = person("luis", "clinician", "Luis Mora", ""), timezone.now()
    fewest = ALWAYS_SOME[Kind.GROUNDING]
    for _round in range(ROUNDS):
        Prompt.objects.filter(kind=Kind.GROUNDING).delete()
        row = {"kind": Kind.GROUNDING, "created_at": now, "changed_at": now}
        one, other, *_more = [Prompt.objects.create(text=f"Question {n}?", **row) for n in range(fewest + 1)]
        results = at_once(
            refused(ValidationError)(lambda one=one: one.retire(by=ana, now=now)),
            refused(ValidationError)(lambda other=other: other.retire(by=luis, now=now)),
        )
        assert sorted(isinstance(result, ValidationError) for result in results) == [False, True]
        assert Prompt.objects.offered().filter(kind=Kind.GROUNDING).count() == fewest
