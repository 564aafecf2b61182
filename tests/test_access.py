"""Who gets what, for each address of the product: the whole table, asked cell by cell.

302 for nobody is the way to sign in; 404 is the answer to whatever one may not know. Sam is the client whose
rows are asked for, Noor another client, Luz a client who went home ten days ago. Ana is on Sam's care team
and leads the session, Dev is neither.
"""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.doors import ARGUMENTS, ROWS, WHO


@pytest.fixture
def world(shared_world, db):
    return shared_world


def answer(method: str, path: str, user) -> int:
    """The status for this person, leaving the database as it was."""
    client = Client()
    with transaction.atomic():
        if user is not None:
            client.force_login(user)
        status = getattr(client, method.lower())(path).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("who", WHO)
def test_each_person_gets_what_the_table_says(world, who):
    person, column = getattr(world, who, None), WHO.index(who)
    paths = {(method, name): reverse(name, args=arguments(name, world)) for method, name, _row in ROWS}
    found = {door: answer(door[0], path, person) for door, path in paths.items()}
    assert found == {(method, name): int(row[column]) for method, name, row in ROWS}


def arguments(name: str, world) -> list[object]:
    return ARGUMENTS.get(name, lambda _world: [])(world)


def url_names(resolver: URLResolver, namespace: str = "") -> set[str]:
    names: set[str] = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            names.add(f"{namespace}{pattern.name}")
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names |= url_names(pattern, inner)
    return names


def test_every_address_of_ours_stands_in_the_table():
    assert url_names(get_resolver()) == {name for _method, name, _expected in ROWS}


@pytest.mark.parametrize(
    "name", ["journal:entry_detail", "groups:session_detail", "home:person", "home:emergency"]
)
def test_a_forged_id_and_a_forbidden_row_look_the_same(world, frozen, client_of, name):
    """Whoever may not see a row cannot tell it from one that does not exist."""
    visitor = client_of(world.eli if name == "groups:session_detail" else world.noor)
    hidden = visitor.get(reverse(name, args=ARGUMENTS[name](world)))
    forged = visitor.get(reverse(name, args=["00000000-0000-4000-8000-000000000000"]))
    assert (hidden.status_code, forged.status_code) == (404, 404)
    assert without_token(hidden) == without_token(forged)


def without_token(response) -> str:
    """The page, without what the asker sent along: the token of the forms, and the address itself."""
    page = response.content.decode().replace(response.request["PATH_INFO"], "")
    return re.sub(r'name="csrfmiddlewaretoken"\s+value="\w+"', "", page)
