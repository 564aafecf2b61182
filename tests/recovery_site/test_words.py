import pytest
from django import forms


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (forms.CharField(), "", "Please fill this in."),
        (
            forms.CharField(max_length=3),
            "four",
            "This is too long. There is room for 3 characters, and you wrote 4.",
        ),
        (
            forms.CharField(),
            "a\0b",
            "There is a character in here that cannot be kept. Please type this again by hand.",
        ),
        (forms.DateField(), "soon", "Write the day like this: 11/24/2026."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Choose one of the list."),
    ],
)
def test_the_frameworks_sentences_are_in_plain_words(field, value, words):
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(value)
    assert refusal.value.messages == [words]


def test_a_wrong_password_is_told_in_plain_words(client, sam):
    response = client.post("/accounts/login/", {"login": "sam", "password": "not the one"})
    assert "That name and password do not match." in response.content.decode()
