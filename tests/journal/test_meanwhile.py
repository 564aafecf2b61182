"""What somebody types while their account goes is theirs: it is shown again, and never kept."""

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from journal.forms import PageForm
from journal.models import Entry, Page
from recovery_site import actions


@pytest.mark.parametrize("meanwhile", ["deleted", "discharged"])
@pytest.mark.parametrize("page", ["new", "standing"])
def test_a6_words_typed_while_the_account_went_are_shown_and_not_kept(
    page, meanwhile, sam, mara, client_of, monkeypatch
):
    """In another tab, or by a manager: after the form was sent, before it was kept."""
    now = timezone.now()
    entry, _made = Entry.objects.write(
        by=sam, client_token=uuid4(), page=Page("", "Before"), on=timezone.localdate(now), now=now
    )
    valid = PageForm.is_valid

    def and_then(form):
        found, person = valid(form), User.objects.get(pk=sam.pk)
        if meanwhile == "deleted":
            actions.erase(client=person, by=person, now=now)
        else:
            actions.discharge(client=person, on=timezone.localdate(now), by=mara, now=now)
        return found

    browser = client_of(sam)
    monkeypatch.setattr(PageForm, "is_valid", and_then)
    path = "/journal/new/" if page == "new" else f"{entry.get_absolute_url()}edit/"
    words = {
        "written_on": timezone.localdate(now).isoformat(),
        "title": "",
        "text": "By the mill pond",
        "revision": 1,
    }
    response = browser.post(path, words)
    text = response.content.decode()
    assert response.status_code == 503
    assert "By the mill pond" in text
    assert "Your words are still here." in text
    kept = list(Entry.objects.filter(owner=sam).values_list("revision", flat=True))
    assert kept == ([] if meanwhile == "deleted" else [1])
