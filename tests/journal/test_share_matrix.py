"""Who gets a shared page, and each part of it: its writer, and its reader while the share stands (J2).

Everybody else gets what a made-up number gets, byte for byte: that there is such a page is not told.
"""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import CareTeamMember, User
from accounts.roles import Role
from journal.models import Entry, Page, Reply, Share, SharedCopy
from recovery_site import actions
from tests.cast import person
from tests.home.test_export import export_of

TITLE, WORDS, QUESTION, ANSWER = "heron title", "heron words", "heron question", "heron answer"
SECRETS = (TITLE, WORDS, QUESTION, ANSWER)
# Each address of the reader's side and of the writer's, as a method and what it is asked about.
READING = (("get", "shared_page"), ("post", "answer"))
WRITING = (
    ("get", "entry_detail"),
    ("get", "entry_edit"),
    ("post", "entry_edit"),
    ("get", "share"),
    ("post", "share"),
    ("get", "entry_delete"),
    ("post", "entry_rest"),
)
NEVER = ("dev", "ben", "noor", "luz", "mara", "eli")
EVERYBODY = ("ana", "sam", *NEVER)


@pytest.fixture
def people(sam, noor, luz, ana, dev, eli, mara):
    """Ben is on Sam's care team too, and Sam shared nothing with him."""
    ben = person("ben", Role.CLINICIAN, "Ben Okafor", "he, him")
    CareTeamMember.objects.create(client=sam, clinician=ben)
    everybody = (sam, noor, luz, ana, dev, eli, mara, ben)
    return {user.username: user for user in everybody}


@pytest.fixture
def share(frozen, people):
    sam, now = people["sam"], timezone.now()
    entry, _new = Entry.objects.write(
        by=sam, client_token=uuid.uuid4(), page=Page(TITLE, WORDS, QUESTION), on=date(2026, 11, 24), now=now
    )
    made = entry.share(with_=people["ana"], by=sam, revision=1, ends_on=date(2026, 11, 30), now=now)
    made.answer(ANSWER, by=people["ana"], client_token=uuid.uuid4(), now=now)
    return made


def taken_back(share, frozen):
    share.take_back(by=share.client, now=timezone.now())


def expired(share, frozen):
    frozen.shift(timedelta(days=8))


def off_the_team(share, frozen):
    CareTeamMember.objects.filter(clinician=share.clinician).update(ended_at=timezone.now())


def deleted(share, frozen):
    share.entry.discard(by=share.client, now=timezone.now())


def another_role(share, frozen):
    User.objects.filter(pk=share.clinician_id).update(role=Role.MANAGER)


ENDS = (taken_back, expired, off_the_team, deleted, another_role)


def asked(client, method, name, pk, **headers):
    """The answer to one address, without what differs from one request to the next."""
    data = {"text": "My own words", "client_token": uuid.UUID(int=7)} if method == "post" else {}
    given = getattr(client, method)(reverse(f"journal:{name}", args=[pk]), data, headers=headers)
    body = re.sub(
        r'name="(csrfmiddlewaretoken|client_token|writer)" value="[^"]+"|nonce="[^"]+"', "", given.text
    )
    return given.status_code, body.replace(str(pk), "")


def assert_unknown(client, doors, pk):
    for method, name in doors:
        for headers in ({}, {"HX-Request": "true"}):
            known = asked(client, method, name, pk, **headers)
            assert known[0] == 404, name
            assert known == asked(client, method, name, uuid.uuid4(), **headers), name
            assert not any(secret in known[1] for secret in SECRETS)


def test_j2_its_reader_reads_and_answers_while_the_share_stands(share, people, client_of):
    browser = client_of(people["ana"])
    status, page = asked(browser, "get", "shared_page", share.pk)
    assert (status, [secret in page for secret in SECRETS]) == (200, [True] * 4)
    assert asked(browser, "post", "answer", share.pk)[0] == 303
    assert Reply.objects.count() == 2


def test_j2_its_writer_reads_the_page_and_the_answer_on_their_own_side(share, people, client_of):
    browser = client_of(people["sam"])
    status, page = asked(browser, "get", "entry_detail", share.entry_id)
    assert (status, [secret in page for secret in SECRETS]) == (200, [True] * 4)
    assert_unknown(browser, READING, share.pk)


@pytest.mark.parametrize("name", NEVER)
def test_j2_nobody_else_finds_the_share(share, people, client_of, name):
    browser = client_of(people[name])
    assert_unknown(browser, READING, share.pk)
    assert_unknown(browser, [("post", "share_withdrawal")], share.pk)
    assert Share.objects.get().ended_at is None
    assert Reply.objects.count() == 1


@pytest.mark.parametrize("name", [*NEVER, "ana"])
def test_j1_nobody_but_its_writer_finds_the_entry_itself(share, people, client_of, name):
    assert_unknown(client_of(people[name]), WRITING, share.entry_id)


@pytest.mark.parametrize("end", ENDS)
def test_j2_its_reader_finds_nothing_once_it_is_over(share, people, client_of, frozen, end):
    browser = client_of(people["ana"])  # signed in, with the page open
    assert asked(browser, "get", "shared_page", share.pk)[0] == 200
    end(share, frozen)
    browser = client_of(User.objects.get(pk=share.clinician_id))
    assert_unknown(browser, READING, share.pk)
    lists = browser.get(reverse("journal:shared_list"))
    assert str(share.pk) not in lists.text
    assert Reply.objects.count() == 1
    assert not SharedCopy.objects.visible_to(User.objects.get(pk=share.clinician_id)).exists()


@pytest.mark.parametrize("name", EVERYBODY)
def test_j2_an_export_tells_of_it_to_its_writer_alone(share, people, name, frozen):
    user = people[name]
    if user.role != Role.CLIENT:
        with pytest.raises(PermissionDenied):
            b"".join(actions.export(client=people["sam"], by=user, now=timezone.now()))
        return
    told = "".join(export_of(user).values())
    assert [secret in told for secret in SECRETS] == [name == "sam"] * 4


def test_j2_a_search_and_a_selection_of_others_hold_no_word_of_it(share, people, client_of):
    for name in ("noor", "luz"):
        browser = client_of(people[name])
        found = browser.post(reverse("journal:entry_search"), {"q": "heron"})
        assert not any(secret in found.text for secret in SECRETS)
        listed = browser.get(reverse("journal:entry_list"))
        assert not any(secret in listed.text for secret in SECRETS)
