"""The lists of people: which of them, how they are found, and what many of them cost."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.listing import A_PAGE, folded
from accounts.models import CareTeamMember, Invitation, Stay, User
from accounts.roles import Role
from tests.home.conftest import NOW, TODAY, squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
LIST = "/people/"


def address(user: User) -> str:
    return reverse("home:person", args=[user.pk])


@pytest.fixture
def client_named(db):
    def make(name: str, **fields) -> User:
        username = fields.pop("username", f"u{uuid.uuid4().hex[:10]}")
        return User.objects.create(username=username, chosen_name=name, role=Role.CLIENT, **fields)

    return make


@pytest.fixture
def tom(client_named) -> User:
    tom = client_named("Tom Before", username="tom", away_since=date(2026, 10, 20))
    Stay.objects.create(
        client=tom, admitted_on=date(2026, 9, 1), discharged_on=date(2026, 10, 20), bed="Oak 9"
    )
    return tom


@pytest.fixture
def sky(client_named) -> User:
    return client_named("Sky", username="sky")


@pytest.fixture
def left(db) -> User:
    return User.objects.create(username="gail", chosen_name="Gail", role=Role.EDITOR, is_active=False)


def shown(response, people: dict[str, User]) -> set[str]:
    assert response.status_code == 200
    page = response.content.decode()
    return {name for name, user in people.items() if address(user) in page}


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("", {"sam", "noor"}),
        ("here", {"sam", "noor"}),
        ("former", {"tom"}),
        ("waiting", {"sky"}),
        ("staff", {"ana", "dev", "eli", "mara"}),
        ("clinicians", {"ana", "dev"}),
        ("editors", {"eli"}),
        ("managers", {"mara"}),
        ("left", {"gail"}),
        ("all", {"sam", "noor", "tom", "sky", "ana", "dev", "eli", "mara", "gail"}),
        ("nonsense", {"sam", "noor"}),
    ],
)
def test_a_manager_reads_one_part_of_the_people(show, names, cast, tom, sky, left, client_of):
    people = cast | {"tom": tom, "sky": sky, "gail": left}
    assert shown(client_of(cast["mara"]).get(LIST, {"show": show}), people) == names


def test_a_row_tells_stay_bed_and_primary_clinician(cast, tom, client_of):
    browser = client_of(cast["mara"])
    page = squeezed(browser.get(LIST).content.decode())
    assert '<td data-label="Stay">since 7 November</td><td data-label="Bed">Elm 2</td>' in page
    assert '<td data-label="Primary clinician">Ana Ruiz</td>' in page
    former = squeezed(browser.get(LIST, {"show": "former"}).content.decode())
    assert "1 September 2026 to 20 October 2026" in former
    assert "Oak 9" not in former  # somebody else sleeps there


def test_whoever_was_invited_and_has_not_come_is_on_the_list(cast, sky, client_of):
    Invitation.objects.issue(role=Role.CLIENT, by=cast["mara"], now=NOW, label="Robin from Monday")
    Invitation.objects.issue(role=Role.EDITOR, by=cast["mara"], now=NOW, label="A new editor")
    page = squeezed(client_of(cast["mara"]).get(LIST, {"show": "waiting"}).content.decode())
    assert "Robin from Monday" in page
    assert "A new editor" not in page
    assert address(sky) in page


def test_an_erased_person_is_on_no_list(cast, tom, client_of):
    User.objects.filter(pk=tom.pk).update(erased_at=NOW, is_active=False, closed_at=NOW)
    browser = client_of(cast["mara"])
    for show in ("former", "all"):
        assert address(tom) not in browser.get(LIST, {"show": show}).content.decode()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("sam", {"sam"}),
        ("SAM", {"sam"}),
        ("ruiz ana", {"ana"}),
        ("tom", {"tom"}),
        ("dev@people", {"dev"}),
        ("mara", {"mara"}),
        ("nobody like this", set()),
        ("%", set()),
        ("_", set()),
    ],
)
def test_a_manager_finds_by_name_sign_in_name_and_mail_among_everybody(words, names, cast, tom, client_of):
    assert shown(client_of(cast["mara"]).post(LIST, {"q": words}), cast | {"tom": tom}) == names


def test_words_and_a_filter_go_together(cast, tom, client_of):
    found = client_of(cast["mara"]).post(LIST, {"q": "o", "show": "former"})
    assert shown(found, cast | {"tom": tom}) == {"tom"}


def test_a_name_in_an_address_is_not_read(cast, tom, client_of):
    page = client_of(cast["mara"]).get(LIST, {"q": "tom"}).content.decode()
    assert address(tom) not in page
    assert 'value="tom"' not in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Tomás", "tomas"),
        ("Tomas", "TOMÁS"),
        ("Ágnes Őry", "agnes ory"),
        ("Søren Łukasz", "soren lukasz"),
        ("Δημήτρης", "ΔΗΜΗΤΡΗΣ"),
        ("Йосиф", "йосиф"),
        ("İpek", "ipek"),
        ("Weiß", "WEISS"),
    ],
)
def test_case_and_accents_do_not_matter_in_any_script(name, words, cast, client_named, client_of):
    """Alike on both databases: SQLite folds ASCII alone, PostgreSQL by its locale."""
    person = client_named(name)
    assert address(person) in client_of(cast["mara"]).post(LIST, {"q": words}).content.decode()


def test_folding_leaves_plain_letters():
    assert folded("ZOË Ångström-Łoś") == "zoe angstrom-los"


def test_a_clinician_finds_by_chosen_name_alone_and_only_in_the_house(cast, tom, client_of):
    browser = client_of(cast["ana"])
    for words in ("noor@people.example", "tom", "before", "dev"):
        page = squeezed(browser.post(LIST, {"q": words}).content.decode())
        assert "<bdi>Noor</bdi>" not in page
        assert "Tom Before" not in page
        assert "0 people found" in page
    User.objects.filter(pk=cast["noor"].pk).update(username="zebra")
    assert "<bdi>Noor</bdi>" not in browser.post(LIST, {"q": "zebra"}).content.decode()
    assert "<bdi>Noor</bdi>" in browser.post(LIST, {"q": "NOO"}).content.decode()


def test_while_typing_only_the_list_comes(cast, client_of):
    page = client_of(cast["mara"]).post(LIST, {"q": "sa"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'id="people"' in page
    assert address(cast["sam"]) in page


@pytest.mark.parametrize("words", ["x" * 81, "a\0b"])
def test_words_that_cannot_be_sought_get_words_back(words, cast, client_of):
    response = client_of(cast["mara"]).post(LIST, {"q": words})
    assert response.status_code == 422
    assert 'id="id_q_error"' in response.content.decode()


@pytest.fixture
def many(cast, client_named) -> list[User]:
    """A name thrice, so that the key must decide; all of them here, every second in Ana's care."""
    names = [f"Person {number // 3:03}" for number in range(A_PAGE + 25)]
    people = [client_named(name) for name in names]
    Stay.objects.bulk_create(Stay(client=each, admitted_on=TODAY) for each in people)
    CareTeamMember.objects.bulk_create(
        CareTeamMember(client=each, clinician=cast["ana"], is_primary=True) for each in people[::2]
    )
    return people


@pytest.mark.parametrize("words", ["", "person"])
@pytest.mark.parametrize("name", ["ana", "mara"])
def test_show_more_goes_on_and_shows_each_once(name, words, cast, many, client_of):
    browser, pages, after = client_of(cast[name]), [], ""
    for _page in range(5):
        data = {"after": after, "show": "here"}
        answer = browser.post(LIST, data | {"q": words}) if words else browser.get(LIST, data)
        pages.append(answer.content.decode())
        after = answer.context["after"]
        if after is None:
            break
    assert len(pages) == 2
    own = many[::2] if name == "ana" else many
    everything = "".join(pages)
    assert [everything.count(f'"{address(person)}"') for person in own] == [1] * len(own)
    if name == "ana":
        assert [everything.count(f"<bdi>Person {number:03}</bdi>") for number in range(25)] == [3] * 25


def test_after_somebody_who_is_gone_the_list_begins_again(cast, client_of):
    page = client_of(cast["mara"]).get(LIST, {"after": uuid.uuid4()}).content.decode()
    assert address(cast["sam"]) in page


def test_a_hidden_person_gives_a_clinician_no_place_in_the_order(cast, tom, client_of):
    browser = client_of(cast["dev"])
    assert "<bdi>Noor</bdi>" in browser.get(LIST, {"after": tom.pk}).content.decode()


COSTS = [
    ("ana", {}, 3),
    ("mara", {}, 3),
    ("mara", {"show": "former"}, 3),
    ("mara", {"show": "waiting"}, 4),
    ("mara", {"show": "staff"}, 3),
    ("mara", {"q": "c"}, 4),
    ("ana", {"q": "c"}, 4),
]


@pytest.mark.parametrize("rows", [1, 30, 3000])
def test_t4_the_lists_cost_the_same_for_any_number(rows, cast, client_of, django_assert_num_queries):
    clients = [
        User(username=f"c{number}", chosen_name=f"C {number}", role=Role.CLIENT) for number in range(rows)
    ]
    User.objects.bulk_create(clients)
    ended = TODAY - timedelta(days=1)
    Stay.objects.bulk_create(
        Stay(client=each, admitted_on=ended, discharged_on=ended) for each in clients[::3]
    )
    Stay.objects.bulk_create(Stay(client=each, admitted_on=TODAY) for each in clients[::2])
    CareTeamMember.objects.bulk_create(
        CareTeamMember(client=each, clinician=cast["ana"], is_primary=True) for each in clients[::2]
    )
    for name, data, queries in COSTS:
        browser = client_of(cast[name])
        with django_assert_num_queries(queries):
            answer = browser.post(LIST, data) if "q" in data else browser.get(LIST, data)
        assert answer.status_code == 200
