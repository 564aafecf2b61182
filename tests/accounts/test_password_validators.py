import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User

KIRA = User(username="river-7", chosen_name="Kira Anders", email="k.anders@people.example")


@pytest.mark.parametrize(
    "password",
    [
        "Stillwater-2026",
        "stillwater recovery",
        "RecoveryProgram1",
        "My-Stillwater-Program",
        "kira-anders-1994",
        "anders.kira.anders",
        "river7river7river7",
    ],
)
def test_words_that_everybody_here_knows_are_no_password(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, KIRA)
    assert any("easy to guess here" in message for message in refused.value.messages)


@pytest.mark.parametrize(
    "password",
    [
        "maple kettle harbor seven",
        "my recovery began with the weir",
        "kira likes loud kettles",
        "ß汉字 väg über ёлка",
    ],
)
def test_such_a_word_may_stand_among_others(password):
    validate_password(password, KIRA)


def test_without_a_person_the_words_of_the_house_still_count():
    with pytest.raises(ValidationError):
        validate_password("stillwaterprogram")
