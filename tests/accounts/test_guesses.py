"""A2: guessing is slow for one person, whoever guesses, and the rest of the house notices nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.roles import Role

PASSWORD = "maple kettle harbor seven"
WRONG = "a wrong password"
NAMES = ("sam", "SAM", "sam@people.example", "Sam@People.Example")
REFUSED = "That name and password do not match."
LIMITED = "There were many tries in a short time. Wait five minutes, then try again."


@pytest.fixture
def tried(settings, monkeypatch) -> list[str]:
    """The passwords that were really compared. With a quick hash: only their number counts here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    seen: list[str] = []
    verify = MD5PasswordHasher.verify

    def watched(self, password: str, encoded: str) -> bool:
        seen.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(MD5PasswordHasher, "verify", watched)
    return seen


@pytest.fixture
def house(tried, sam, noor) -> list[User]:
    for user in (sam, noor):
        user.password = make_password(PASSWORD)
        user.save()
    return [sam, noor]


def sign_in(login: str, password: str = PASSWORD, address: str = "10.0.0.1") -> str:
    """What comes of it: "in", or the words on the page."""
    answer = Client(REMOTE_ADDR=address).post(
        reverse("account_login"), {"login": login, "password": password}
    )
    if answer.status_code == 302:
        return "in"
    page = answer.content.decode()
    return next((words for words in (REFUSED, LIMITED) if words in page), page)


def test_two_hundred_wrong_passwords_in_a_minute(house, tried, frozen):
    for number in range(200):
        login, address = NAMES[number % 4], f"10.0.0.{1 + number % 3}"
        assert sign_in(login, WRONG, address) in (REFUSED, LIMITED)
        frozen.shift(0.3)
    assert tried.count(WRONG) == 5
    assert sign_in("sam", address="10.9.9.9") == LIMITED
    # The same address, another person.
    assert sign_in("noor") == "in"
    frozen.shift(timedelta(minutes=5))
    assert sign_in("sam") == "in"


def test_the_name_and_the_mail_are_counted_together_and_nobody_can_tell(house, tried, frozen):
    for login in ("sam", "sam", "sam", "sam@people.example", "sam@people.example"):
        assert sign_in(login, WRONG) == REFUSED
    # Used up, but a name nobody has would still be answered so, and after as much work.
    assert sign_in("sam@people.example") == REFUSED
    assert tried.count(WRONG) == 5
    assert len(tried) == 6
    assert PASSWORD not in tried


@pytest.mark.parametrize("login", ["sam", "zed", "zed@people.example"])
def test_the_limit_shows_alike_for_a_name_that_nobody_has(house, frozen, login):
    assert [sign_in(login, WRONG) for _turn in range(7)] == [REFUSED] * 5 + [LIMITED] * 2


def test_the_right_password_uses_nothing_up(house, frozen):
    assert [sign_in(NAMES[number % 4]) for number in range(12)] == ["in"] * 12


def test_many_names_tried_from_the_house_lock_nobody_else_out(house, frozen):
    for number in range(60):
        assert sign_in(f"name-{number}", WRONG) == REFUSED
    assert sign_in("sam") == "in"


def test_the_house_waits_as_long_as_the_page_says(house, frozen, settings):
    rates = settings.ACCOUNT_RATE_LIMITS["login_failed"].split(",")
    assert {rate.split("/")[1] for rate in rates} == {"5m"}
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "5/5m/key,10/5m/ip"}
    for number in range(10):
        sign_in(f"name-{number}", WRONG)
    assert sign_in("sam") == LIMITED
    frozen.shift(timedelta(minutes=5))
    assert sign_in("sam") == "in"


def again(browser: Client, password: str) -> int:
    return browser.post(reverse("account_reauthenticate"), {"password": password}).status_code


def test_a_stranger_who_guesses_stops_nobody_who_is_in(house, client_of, sam, frozen):
    browser = client_of(User.objects.get(pk=sam.pk))
    for _turn in range(6):
        sign_in("sam", WRONG, "198.51.100.7")
    assert sign_in("sam") == LIMITED
    assert again(browser, PASSWORD) == 302


def test_wrong_passwords_of_one_session_stop_that_session_alone(house, client_of, sam, tried, frozen):
    here, elsewhere = (client_of(User.objects.get(pk=sam.pk)) for _turn in range(2))
    for _turn in range(7):
        assert again(here, WRONG) == 422
    assert tried.count(WRONG) == 5
    assert again(here, PASSWORD) == 422
    assert AuditEvent.objects.filter(act=AuditEvent.Act.TRIES, subject_id=sam.pk).count() == 1
    assert again(elsewhere, PASSWORD) == 302
    assert sign_in("sam") == "in"
    frozen.shift(timedelta(minutes=5))
    assert again(here, PASSWORD) == 302


def test_managers_see_that_somebody_is_kept_out(house, frozen, sam):
    for _turn in range(20):
        sign_in("sam", WRONG)
        sign_in("zed", WRONG)
        frozen.shift(timedelta(minutes=1))
    event = AuditEvent.objects.get()
    assert (event.act, event.subject_id, event.actor_id) == (AuditEvent.Act.TRIES, sam.pk, None)


def test_a_house_behind_one_address_signs_in_at_eight(tried, frozen, db):
    encoded = make_password(PASSWORD)
    names = [f"client{number}" for number in range(40)]
    User.objects.bulk_create(
        User(username=name, chosen_name=name, role=Role.CLIENT, password=encoded) for name in names
    )
    assert {sign_in(name) for name in names} == {"in"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("logins", [["sam"], ["sam", "sam@people.example"]])
def test_of_sixty_guesses_at_once_five_are_tried(house, tried, logins):
    def guess(number: int) -> str:
        try:
            return sign_in(logins[number % len(logins)], WRONG, f"10.0.1.{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(60) as pool:
        answers = set(pool.map(guess, range(60)))
    assert answers <= {REFUSED, LIMITED}
    assert 1 <= tried.count(WRONG) <= 5


@pytest.mark.parametrize("password", [WRONG, PASSWORD])
def test_known_unknown_and_closed_cost_the_same(house, tried, ana, noor, work, password):
    """Equal work, so equal time; what the time really is, `make bench` prints."""
    User.objects.filter(pk=noor.pk).update(is_active=False)
    User.objects.filter(pk=ana.pk).update(password=noor.password)
    sign_in("somebody", WRONG)  # the address is counted from now on
    known = work(lambda: sign_in("sam", WRONG))
    assert known == work(lambda: sign_in("ana@people.example", WRONG))
    assert known == work(lambda: sign_in("zed", WRONG))
    assert known == work(lambda: sign_in("zed@people.example", WRONG))
    if password == WRONG:
        assert known == work(lambda: sign_in("noor", WRONG))
    assert sign_in("noor", password) == REFUSED


def test_a_forgotten_password_costs_the_same_for_everybody(house, work, noor):
    User.objects.filter(pk=noor.pk).update(is_active=False)
    address = reverse("account_reset_password")

    def ask(email: str) -> Callable[[], object]:
        return lambda: Client().post(address, {"email": email})

    ask("somebody@people.example")()  # the address is counted from now on
    known = work(ask("sam@people.example"))
    assert known == work(ask("zed@people.example")) == work(ask("noor@people.example"))


@pytest.fixture
def work(monkeypatch, django_assert_max_num_queries):
    """Counts the hashes and the queries of a call, and the kinds of those queries."""
    hashes: list[str] = []
    encode = MD5PasswordHasher.encode

    def watched(self, password: str, salt: str) -> str:
        hashes.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", watched)

    def measure(call: Callable[[], object]) -> tuple[int, list[str]]:
        hashes.clear()
        with django_assert_max_num_queries(100) as queries:
            call()
        kinds = [query["sql"].split()[0] for query in queries.captured_queries]
        return len(hashes), [kind for kind in kinds if kind in ("SELECT", "INSERT", "UPDATE", "DELETE")]

    return measure
