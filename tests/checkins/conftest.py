from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import CareTeamMember, User
from accounts.roles import Role
from checkins.answers import Answers
from checkins.models import CheckIn

SENTINEL = "heron-over-the-mill-pond"


def body(response):
    return response.content.decode()


@pytest.fixture
def sams(client_of, sam, ana, frozen):
    return client_of(sam)


@pytest.fixture
def said():
    """Says something as this person, days ago."""

    def say(person: User, days_ago: int = 0, **answers) -> CheckIn:
        now = timezone.now() - timedelta(days=days_ago)
        return CheckIn.objects.answer(Answers(**(answers or {"mood": 3})), by=person, now=now)

    return say


@pytest.fixture
def mo(sam, ana) -> User:
    """A second clinician on Sam's care team."""
    mo = User.objects.create(
        username="mo", role=Role.CLINICIAN, chosen_name="Mo Lindqvist", email="mo@people.example"
    )
    CareTeamMember.objects.create(client=sam, clinician=mo)
    return mo
