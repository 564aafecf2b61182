"""A8 where something is broken: nobody's deletion hangs on it."""

import errno

import pytest
from django.test import Client
from django.utils import timezone

from accounts.erasure import destroy_key
from accounts.models import DataKey, User
from recovery_site import actions
from recovery_site.actions import erasure
from recovery_site.backup import erased


def test_a8_a_cookie_of_somebody_else_does_not_stop_the_deletion(sam, client_of, again):
    browser = again(client_of(sam), sam)
    header = "; ".join(f"{name}={cookie.value}" for name, cookie in browser.cookies.items())
    sent = {"username": sam.username}
    response = Client().post("/me/delete/", sent, headers={"cookie": f"{header}; a[b]=1"})
    assert (response.status_code, response["Location"]) == (303, "/gone/")
    assert response.cookies["sessionid"]["max-age"] == 0
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    sam.refresh_from_db()
    assert sam.erased_at is not None


def test_a8_one_that_fails_holds_up_neither_the_others_nor_the_keys(sam, noor, monkeypatch, caplog):
    for person in (sam, noor):
        destroy_key(person, by=person, now=timezone.now())
    swept, take_away = [], erasure.take_away

    def broken_for_sam(client, now):
        if client == sam:
            raise RuntimeError(sam.chosen_name)
        take_away(client, now)

    monkeypatch.setattr(erasure, "take_away", broken_for_sam)
    monkeypatch.setattr(DataKey, "sweep", lambda: swept.append(True))
    erasure.finish_erasures(now=timezone.now())
    assert User.objects.get(pk=noor.pk).closed_at is not None
    assert User.objects.get(pk=sam.pk).closed_at is None
    assert swept == [True]
    assert caplog.messages == [f"erasure of {sam.pk} is not finished: RuntimeError"]


def test_a8_whom_the_list_misses_since_no_line_could_be_written_stands_on_it_the_next_night(
    sam, noor, settings, tmp_path, monkeypatch
):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(DataKey, "sweep", lambda: None)
    actions.erase(client=noor, by=noor, now=timezone.now())
    with monkeypatch.context() as full:
        full.setattr(erased, "note", disk_is_full)
        with pytest.raises(OSError, match="No space"):
            actions.erase(client=sam, by=sam, now=timezone.now())
    assert set(erased.read([erased.path()])) == {noor.pk}
    for _night in range(2):
        actions.finish_erasures(now=timezone.now())
    assert sorted(erased.path().read_text().splitlines()) == sorted(
        f"{person.erased_at:%Y-%m-%d} {person.pk}" for person in User.objects.filter(pk__in=[sam.pk, noor.pk])
    )


def disk_is_full(person_id, now):
    raise OSError(errno.ENOSPC, "No space left on device")
