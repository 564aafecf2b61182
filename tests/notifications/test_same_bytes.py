"""K5: every message is the same bytes for every kind, cause and person, apart from its opaque link."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from notifications import kinds
from notifications.channels.mail import message
from notifications.models import Notification, Preference
from tests.notifications.conftest import TODAY

NAMES = ["Sam", "Zoë <b>bold</b>", "Ana\r\nBcc: all@x.example", "🌊 Ebbe", "=?utf-8?q?x?=", "x" * 60]
# What would tell a stranger, who looks over a shoulder, what this is about.
TELLING = (
    r"stillwater|recover|treat|rehab|addict|sober|drink|drug|clinic|care|therap|group|session|journal|check"
    r"|remind|counsel|program|house|mood|urge|patient|client|crisis|help|today|missed|password|invit|sam\b|ana\b"
)
LINK = re.compile(r"http://testserver(/\S*)")


@pytest.fixture
def people(db):
    return [
        User.objects.create(
            username=f"guest-{n}", role=Role.CLIENT, chosen_name=name, email=f"guest-{n}@x.example"
        )
        for n, name in enumerate(NAMES)
    ]


def plain_kinds():
    """Kinds whose mail leads to the notice; the few with a link of their own are asserted by their words."""
    return [name for name in kinds.names() if kinds.get(name).mail_link is kinds.notice_link]


def rows_for(person, names):
    for name in names:
        yield Notification(recipient=person, kind=name, about=uuid.uuid4(), due_on=TODAY)


def raw(row, address):
    """The mail as it leaves, without what is opaque: the key in the link and in the name, the address, the
    second at which it was written."""
    text = message(row).message().as_bytes().decode()
    for opaque in (str(row.pk), address):
        assert opaque in text
        text = text.replace(opaque, "-")
    return re.sub(r"(?m)^Date: .*$", "Date: -", text)


def test_k5_the_same_bytes_for_every_kind_and_person(people):
    found = {
        raw(row, person.email)
        for person in people
        for row in rows_for(person, [name for name in plain_kinds() if kinds.get(name).notice])
    }
    assert len(plain_kinds()) > 25
    assert len(found) == 1


def test_k5_the_few_with_a_link_of_their_own_differ_in_nothing_else(sam, frozen, monkeypatch):
    own = [name for name in kinds.names() if name not in plain_kinds()]
    assert own
    plain = Notification(recipient=sam, kind="checkins.reminder", about=uuid.uuid4(), due_on=TODAY)
    said = message(plain)
    for name in own:
        kind = kinds.get(name)
        row = Notification(
            recipient=sam, kind=name, about=sam.pk, due_on=TODAY, not_before=timezone.now(), address=""
        )
        if name == "accounts.invitation":
            continue  # its invitation has to stand: tests/accounts/test_inviting_by_mail.py
        mail = message(row)
        assert kind.mail_link(row).startswith("http://testserver/")
        assert (mail.subject, mail.from_email) == (said.subject, said.from_email)
        assert LINK.sub("-", mail.body) == LINK.sub("-", said.body)


def test_k5_no_word_tells_in_subject_body_headers_sender_or_host(people):
    texts = [raw(row, person.email) for person in people for row in rows_for(person, plain_kinds())]
    assert {word for text in texts for word in re.findall(TELLING, text, re.I)} == set()
    assert {word for text in texts for word in re.findall("bold|Bcc|Ebbe|Zo", text)} == set()


def test_k5_the_link_is_opaque_and_shows_nothing_before_signing_in(sam, client):
    row = Notification.objects.create(
        recipient=sam, kind="checkins.reminder", about=uuid.uuid4(), due_on=TODAY, not_before=timezone.now()
    )
    [path] = LINK.findall(message(row).body)
    assert path == reverse("notifications:notice", args=[row.pk])
    other = reverse("notifications:notice", args=[uuid.uuid4()])
    pages = [client.get(found) for found in (path, other)]
    assert [page.status_code for page in pages] == [302, 302]
    assert pages[0].url.replace(path, "-") == pages[1].url.replace(other, "-")


@pytest.fixture
def tells_more(sam):
    Preference.objects.create(person=sam, tells_more=True)
    return User.objects.select_related("reach").get(pk=sam.pk)


def test_k5_who_opted_in_reads_the_sentence_and_the_subject_stays(tells_more):
    row = Notification(recipient=tells_more, kind="checkins.reminder", about=uuid.uuid4(), due_on=TODAY)
    mail = message(row)
    assert mail.subject == "You have a message"
    assert mail.body == (
        f"Your check-in is open, if you like.\n\nRead it here:\nhttp://testserver/notices/{row.pk}/\n"
    )


@pytest.mark.parametrize(
    "kind", ["accounts.password_changed", "accounts.new_device", "accounts.outreach", "journal.shared"]
)
def test_k5_security_mail_and_what_is_about_others_never_tells_more(tells_more, noor, kind):
    mails = [
        raw(Notification(recipient=person, kind=kind, about=uuid.uuid4(), due_on=TODAY), person.email)
        for person in (tells_more, noor)
    ]
    assert mails[0] == mails[1]


def test_k5_the_time_of_the_mail_is_that_of_sending_and_no_other(sam, frozen):
    row = Notification(recipient=sam, kind="checkins.reminder", about=uuid.uuid4(), due_on=TODAY)
    first = message(row).message()["Date"]
    frozen.shift(timedelta(hours=1))
    assert message(row).message()["Date"] != first
