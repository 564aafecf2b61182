"""What the vault promises: no other person, place or byte opens a text."""

import base64
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from accounts import vault
from accounts.models import DataKey, User
from accounts.vault import PersonKey, Unreadable, key_for, keys_for

OWNER, ROW = UUID(int=1), UUID(int=2)
ABOUT = ("journal.entry", ROW, "text", 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=2000)


def person_key(owner: UUID = OWNER, secret: bytes = b"k" * 32) -> PersonKey:
    return PersonKey(owner, lambda: secret)


def key_named(name: str) -> str:
    return f"{name}:{base64.b64encode(os.urandom(32)).decode()}"


@runs(deadline=None)
@given(TEXTS)
def test_a_sealed_text_opens_as_it_was(text):
    assert person_key().unseal(person_key().seal(text, *ABOUT), *ABOUT) == text


@pytest.mark.parametrize(
    "text", ["", "\0", "\x80", "a\0\0", "\u0080\0", "🫶🏽", "שלום", "x" * 255, "x" * 256]
)
def test_padding_takes_nothing_away(text):
    assert person_key().unseal(person_key().seal(text, *ABOUT), *ABOUT) == text


@pytest.mark.parametrize(
    "about",
    [
        ("checkins.check_in", ROW, "text", 1),
        ("journal.entry", UUID(int=9), "text", 1),
        ("journal.entry", ROW, "title", 1),
        ("journal.entry", ROW, "text", 2),
        ("journal.entry", ROW, "text"),
        (),
    ],
    ids=["table", "row", "field", "revision", "less", "nothing"],
)
def test_a_text_opens_in_its_own_place_only(about):
    sealed = person_key().seal("mine", *ABOUT)
    with pytest.raises(Unreadable):
        person_key().unseal(sealed, *about)


def test_a_text_opens_for_its_owner_only():
    sealed = person_key().seal("mine", *ABOUT)
    with pytest.raises(Unreadable):
        person_key(owner=UUID(int=3)).unseal(sealed, *ABOUT)
    with pytest.raises(Unreadable):
        person_key(secret=b"K" * 32).unseal(sealed, *ABOUT)


def test_no_part_of_a_place_may_hold_the_separator():
    with pytest.raises(ValueError, match="separator"):
        person_key().seal("mine", "journal.entry", "1|text")


@runs(deadline=None)
@given(TEXTS, st.data())
def test_no_flipped_bit_goes_unseen(text, data):
    sealed = bytearray(person_key().seal(text, *ABOUT))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Unreadable):
        person_key().unseal(bytes(sealed), *ABOUT)


@pytest.mark.parametrize("length", [0, 1, 5, 12, 13, 28, 29, 100, 284])
def test_no_cut_goes_unseen(length):
    sealed = person_key().seal("mine", *ABOUT)
    assert len(sealed) == 285
    with pytest.raises(Unreadable):
        person_key().unseal(sealed[:length], *ABOUT)


@runs(deadline=None)
@given(st.binary(max_size=400))
def test_bytes_that_were_never_sealed_do_not_open(noise):
    with pytest.raises(Unreadable):
        person_key().unseal(noise, *ABOUT)


def test_lengths_are_told_in_steps_only():
    lengths = [len(person_key().seal("x" * n, *ABOUT)) for n in range(700)]
    assert sorted(set(lengths)) == [285, 541, 797]
    assert lengths == sorted(lengths)


def test_the_same_text_never_looks_the_same_twice():
    assert len({person_key().seal("mine", *ABOUT) for _ in range(200)}) == 200


def test_a_key_shows_nothing_of_itself():
    key = person_key(secret=b"secret-secret-secret-secret-3210")
    key.seal("mine", *ABOUT)
    assert "secret" not in repr(key)


def test_a_first_key_is_made_once(sam):
    sealed = key_for(sam.pk).seal("mine", *ABOUT)
    assert key_for(sam.pk).unseal(sealed, *ABOUT) == "mine"
    assert DataKey.objects.count() == 1


def test_the_database_holds_no_key_that_opens_anything(sam):
    sealed = key_for(sam.pk).seal("mine", *ABOUT)
    stored = bytes(sam.data_key.wrapped)
    for start in range(len(stored) - 31):
        with pytest.raises(Unreadable):
            person_key(sam.pk, stored[start : start + 32]).unseal(sealed, *ABOUT)


@pytest.mark.parametrize("people", [1, 30])
def test_keys_of_many_people_take_one_query(db, django_assert_num_queries, people):
    users = User.objects.bulk_create(User(username=f"p{n}", role="client") for n in range(people))
    owners = [user.pk for user in users]
    keys_for(owners)
    with django_assert_num_queries(1):
        assert keys_for(owners).keys() == set(owners)


def test_another_persons_wrapped_key_does_not_unwrap(sam, noor):
    sealed = key_for(sam.pk).seal("mine", *ABOUT)
    key_for(noor.pk)
    DataKey.objects.filter(owner=noor).update(wrapped=sam.data_key.wrapped)
    with pytest.raises(Unreadable, match="altered"):
        key_for(noor.pk).unseal(sealed, *ABOUT)


@pytest.mark.parametrize("wrapped", [b"", b"short", b"x" * 60])
def test_a_broken_key_spoils_its_own_persons_texts_only(sam, noor, wrapped):
    theirs, hers = key_for(sam.pk).seal("mine", *ABOUT), key_for(noor.pk).seal("mine too", *ABOUT)
    DataKey.objects.filter(owner=sam).update(wrapped=wrapped)
    keys = keys_for([sam.pk, noor.pk])
    assert keys[noor.pk].unseal(hers, *ABOUT) == "mine too"
    with pytest.raises(Unreadable, match="altered"):
        keys[sam.pk].unseal(theirs, *ABOUT)
    with pytest.raises(Unreadable, match="altered"):
        keys[sam.pk].seal("more", *ABOUT)


def test_a_destroyed_key_leaves_nothing_to_read(sam):
    sealed = key_for(sam.pk).seal("mine", *ABOUT)
    sam.data_key.delete()
    with pytest.raises(Unreadable):
        key_for(sam.pk).unseal(sealed, *ABOUT)


def test_keys_wrapped_with_an_older_key_open_and_new_ones_take_the_newest(settings, sam, noor):
    older = settings.VAULT_KEYS
    sealed = key_for(sam.pk).seal("mine", *ABOUT)
    settings.VAULT_KEYS = f"{key_named('newer')},{older}"
    assert key_for(sam.pk).unseal(sealed, *ABOUT) == "mine"
    key_for(noor.pk)
    assert dict(DataKey.objects.values_list("owner__username", "key_name")) == {
        "sam": "test",
        "noor": "newer",
    }


def test_a_missing_key_encryption_key_is_named(settings, sam):
    sealed = key_for(sam.pk).seal("mine", *ABOUT)
    settings.VAULT_KEYS = key_named("other")
    with pytest.raises(Unreadable, match="no key named test"):
        key_for(sam.pk).unseal(sealed, *ABOUT)


def test_another_key_under_the_same_name_opens_nothing(settings, sam):
    sealed = key_for(sam.pk).seal("mine", *ABOUT)
    settings.VAULT_KEYS = key_named("test")
    with pytest.raises(Unreadable, match="altered"):
        key_for(sam.pk).unseal(sealed, *ABOUT)


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "nothing",
        "a:not base64",
        "a:c2hvcnQ=",
        ":" + key_named("x")[2:],
        key_named("a") + ",",
        f"{key_named('a')},{key_named('a')}",
        key_named("n" * 41),
    ],
    ids=["empty", "no colon", "no base64", "short", "no name", "comma", "same name", "long name"],
)
def test_malformed_keys_are_refused(settings, keys):
    settings.VAULT_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        vault.encryption_keys()


@pytest.mark.django_db(transaction=True)
def test_requests_that_make_a_first_key_at_once_get_the_same_one():
    owner = User.objects.create(username="sam", role="client", chosen_name="Sam").pk
    start = Barrier(12)

    def seal(number: int) -> bytes:
        start.wait()
        try:
            return key_for(owner).seal(f"text {number}", *ABOUT)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as threads:
        sealed = list(threads.map(seal, range(12)))
    assert [key_for(owner).unseal(value, *ABOUT) for value in sealed] == [f"text {n}" for n in range(12)]
    assert DataKey.objects.count() == 1


def test_a_sealed_secret_opens_only_with_its_key_and_for_its_purpose(settings):
    sealed = vault.seal_own("SECRET", "mfa")
    assert vault.unseal_own(sealed, "mfa") == "SECRET"
    old, new = settings.VAULT_KEYS, "new:" + "AAAA" * 10 + "AAA="
    settings.VAULT_KEYS = f"{new},{old}"
    assert vault.unseal_own(sealed, "mfa") == "SECRET"
    assert vault.seal_own("SECRET", "mfa").startswith("new:")
    for wrong, purpose in ((sealed, "other"), ("SECRET", "mfa"), (sealed[:-8] + "AAAAAAA=", "mfa"), ("", "")):
        with pytest.raises(vault.Unreadable):
            vault.unseal_own(wrong, purpose)
    settings.VAULT_KEYS = new
    with pytest.raises(vault.Unreadable):
        vault.unseal_own(sealed, "mfa")


def test_each_purpose_has_keys_of_its_own_the_newest_first(settings):
    settings.VAULT_KEYS = "k2:" + "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI=" + "," + settings.VAULT_KEYS
    first, second = vault.keys_of_purpose("invitation")
    settings.VAULT_KEYS = settings.VAULT_KEYS.split(",")[1]
    assert vault.keys_of_purpose("invitation") == [second]
    assert len({first, second, *vault.keys_of_purpose("data-key")}) == 3


def test_a_key_that_is_gone_opens_nothing_and_says_so():
    with pytest.raises(Unreadable, match="destroyed"):
        vault.unwrap(None)


def test_a8_for_a_closed_account_no_key_is_made(sam):
    User.objects.filter(pk=sam.pk).update(is_active=False)
    for key in (vault.key_for(sam.pk), vault.key_to_seal(sam.pk)):
        with pytest.raises(Unreadable, match="closed"):
            key.seal("mine", *ABOUT)
    assert not DataKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a8_sweeping_the_files_keeps_every_key_that_stands(sam, noor):
    """What is gone from the files is looked for in them by tests/faults/test_rotation.py."""
    sealed = key_for(sam.pk).seal("mine", *ABOUT)
    key_for(noor.pk).seal("hers", *ABOUT)
    noor.data_key.delete()
    DataKey.sweep()
    assert key_for(sam.pk).unseal(sealed, *ABOUT) == "mine"
    assert list(DataKey.objects.values_list("owner", flat=True)) == [sam.pk]
