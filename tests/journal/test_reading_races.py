"""Reading and answering while something else happens to the page (J2, J3)."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AccessRecord
from journal import notices
from journal.models import Reply, Share, SharedCopy
from journal.models.reading import Opened
from notifications.models import Notification
from tests.cast import TUESDAY
from tests.home.test_leaving_races import at_once
from tests.journal.conftest import shared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def share(write, sam, ana):
    return shared(write(sam), ana)


def test_j3_one_form_sent_twice_at_once_is_one_answer(share, ana):
    token = uuid4()

    def send():
        return share.answer("One answer.", by=ana, client_token=token, now=TUESDAY)[1]

    assert sorted(at_once(send, send, send)) == [False, False, True]
    assert Reply.objects.count() == 1
    assert Notification.objects.filter(kind=notices.ANSWERED).count() == 1


def test_j2_opened_and_taken_back_at_once_is_a_noted_look_or_none(share, sam, ana):
    _back, found = at_once(
        lambda: Share.objects.get().take_back(by=sam, now=TUESDAY),
        lambda: Share.objects.get().opened(by=ana, now=TUESDAY),
    )
    assert isinstance(found, Opened | PermissionDenied)
    assert AccessRecord.objects.filter(what="share").count() == isinstance(found, Opened)
    assert not SharedCopy.objects.exists()


def test_j3_answered_and_taken_back_at_once_is_kept_or_refused(share, sam, ana):
    _back, found = at_once(
        lambda: Share.objects.get().take_back(by=sam, now=TUESDAY),
        lambda: Share.objects.get().answer("Words.", by=ana, client_token=uuid4(), now=TUESDAY),
    )
    assert isinstance(found, tuple | PermissionDenied)
    assert Reply.objects.count() == isinstance(found, tuple)
    assert Share.objects.get().ended_at == TUESDAY
