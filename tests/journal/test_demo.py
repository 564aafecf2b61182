from django.utils import timezone

from accounts.models import User
from journal.models import Entry, Prompt, Reply, Share
from journal.prompts import ANYTHING
from recovery_site.demo import journal, shared_pages


def test_the_demo_journals_open_for_their_writers_and_are_sown_once(db, frozen):
    names = {page[0] for page in journal.PAGES}
    people = {name: User.objects.create(username=name, role="client", chosen_name=name) for name in names}
    for _run in range(2):
        journal.seed(people, timezone.now())
    opened = {(entry.owner.username, entry.opened(by=entry.owner).text) for entry in Entry.objects.all()}
    assert opened == {(name, text) for name, _days, _prompt, _title, text in journal.PAGES}
    assert Entry.objects.count() == len(journal.PAGES)
    assert sum(name == "sam" for name, *_rest in journal.PAGES) == 12


def test_the_demo_answers_questions_that_exist(db):
    known = set(Prompt.objects.offered().values_list("pk", flat=True))
    assert {journal.question(page[2]) for page in journal.PAGES} <= {*known, journal.question(ANYTHING.name)}


def test_j3_the_demo_shares_two_pages_and_one_was_answered(sam, ana, frozen):
    for _run in range(2):
        journal.seed({"sam": sam, "ana": ana}, timezone.now())
    unread, read = Share.objects.visible_to(ana).unread_first()
    assert (unread.read_at, read.read_at is None) == (None, False)
    assert [answer.text for answer in Reply.objects.all().opened(by=sam)] == [shared_pages.ANSWER]
    assert read.opened(by=ana, now=timezone.now()).page.title == "Chairs"
