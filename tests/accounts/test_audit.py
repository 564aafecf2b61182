"""The manager's page of administrative acts: what stands there, who reads it, and how it is narrowed."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from accounts import record
from accounts.models import AuditEvent, User
from accounts.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
AUDIT = "/people/audit/"
Act = AuditEvent.Act


def note(act, by=None, about=None, detail="", **ago) -> None:
    AuditEvent.objects.record(act, by=by, about=about, detail=detail, now=NOW - timedelta(**ago))


def page_of(client, **query) -> str:
    response = client.get(AUDIT, query)
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def acts(client, **query) -> list[tuple[str, str, str, str]]:
    found = client.get(AUDIT, query).context["acts"]
    return [(act.actor, act.act, act.subject, act.detail) for act in found]


def test_an_act_is_told_in_plain_words(sam, ana, mara, client_of):
    note(Act.ROLE, by=mara, about=ana, detail="clinician", minutes=3)
    note(Act.SIGNED_IN, by=mara, about=mara, detail="password, code", minutes=2)
    note(Act.CLOSED, about=sam, minutes=1)
    note(Act.CARE_TEAM, by=mara, about=sam, detail="Dev Patel, added")
    assert acts(client_of(mara)) == [
        ("Mara Lind", "changed a care team", "Sam", "Dev Patel, joined"),
        ("The program", "closed an account", "Sam", ""),
        ("Mara Lind", "signed in", "", "password, code"),
        ("Mara Lind", "changed a role", "Ana Ruiz", "Clinician"),
    ]
    page = page_of(client_of(mara))
    assert "Mara Lind changed a care team · Sam · Dev Patel, joined" in page
    assert "The program: closed an account · Sam" in page
    assert "The managers can see this." in page or "Only you can see this." in page


def test_every_act_has_words():
    assert all(act.label and act.label != act.value for act in Act)


def test_who_was_erased_or_is_gone_has_no_name_any_more(sam, ana, mara, client_of):
    note(Act.ADMITTED, by=mara, about=sam)
    AuditEvent.objects.create(act=Act.ROLE, actor_id=uuid.uuid4(), subject_id=ana.pk, at=NOW)
    User.objects.filter(pk=sam.pk).update(erased_at=NOW, is_active=False)
    assert [act[0::2] for act in acts(client_of(mara))] == [
        ("someone who was here", "Ana Ruiz"),
        ("Mara Lind", "someone who was here"),
    ]


def test_it_is_narrowed_by_act_person_and_days(sam, noor, ana, mara, client_of):
    note(Act.ADMITTED, by=mara, about=sam, days=3)
    note(Act.ADMITTED, by=mara, about=noor, days=2)
    note(Act.CARE_TEAM, by=mara, about=sam, days=1)
    note(Act.SIGNED_IN, by=sam, about=sam)
    client = client_of(mara)
    assert len(acts(client)) == 4
    assert [act[2] for act in acts(client, act="admitted")] == ["Noor", "Sam"]
    assert [act[1] for act in acts(client, person=sam.pk)] == [
        "signed in",
        "changed a care team",
        "began a stay",
    ]
    assert len(acts(client, person=mara.pk)) == 3
    assert [act[1] for act in acts(client, person=sam.pk, act="care_team")] == ["changed a care team"]
    assert [act[2] for act in acts(client, first="2026-11-22", last="2026-11-22")] == ["Noor"]
    assert len(acts(client, first="2026-11-22")) == 3
    assert len(acts(client, last="2026-11-22")) == 2
    assert "Only what concerns Sam" in page_of(client, person=sam.pk)


def test_the_day_is_that_of_the_programs_clock(mara, client_of):
    late = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # 23:30 on the 22nd in New York
    AuditEvent.objects.record(Act.PASSWORD, by=mara, now=late)
    assert len(acts(client_of(mara), first="2026-11-22", last="2026-11-22")) == 1
    assert acts(client_of(mara), first="2026-11-23") == []


@pytest.mark.parametrize(
    "query",
    [
        {"person": "Sam"},
        {"act": "anything"},
        {"first": "yesterday"},
        {"last": "99999-12-31"},
        {"first": "9999-12-31", "last": "9999-12-31"},
        {"first": "0001-01-01", "last": "0001-01-01"},
        {"after": "x"},
        {"after": "9" * 18},
        {"after": "9" * 40},
        {"after": "²"},
    ],
)
def test_a_query_that_makes_no_sense_is_no_error(query, mara, client_of):
    note(Act.PASSWORD, by=mara)
    assert client_of(mara).get(AUDIT, query).status_code == 200


def test_each_act_comes_once_over_the_pages(sam, mara, client_of, monkeypatch):
    monkeypatch.setattr(record, "A_PAGE", 7)
    for number in range(40):
        note(
            Act.CARE_TEAM, by=mara, about=sam, detail=str(number), minutes=number // 4
        )  # several at one time
    note(Act.ADMITTED, by=mara, about=sam)
    client, found, more = client_of(mara), [], f"?act=care_team&person={sam.pk}"
    while more:
        response = client.get(AUDIT + more)
        found += [act.detail for act in response.context["acts"]]
        more = response.context["more"]
        assert "Sam" not in (more or "")
    assert sorted(map(int, found)) == list(range(40))


def test_it_costs_the_same_with_one_row_and_with_thirty(mara, client_of, django_assert_num_queries):
    client = client_of(mara)
    for rows in (1, 29):
        for number in range(rows):
            other = User.objects.create(username=f"o{rows}{number}", chosen_name="O", role=Role.EDITOR)
            note(Act.ROLE, by=other, about=mara)
        with django_assert_num_queries(5):  # session, user, acts, names, managers
            client.get(AUDIT)
    last = AuditEvent.objects.latest("pk").pk
    with django_assert_num_queries(6):  # and the act that the page goes on from
        client.get(AUDIT, {"after": last})


def test_a_name_is_shown_as_text(mara, client_of):
    odd = User.objects.create(username="odd", role=Role.EDITOR, chosen_name="<b>Odd</b>")
    note(Act.PASSWORD, by=odd, about=odd)
    page = client_of(mara).get(AUDIT).content.decode()
    assert "<b>Odd" not in page
    assert "&lt;b&gt;Odd" in page


def test_a_persons_page_and_the_list_lead_here(sam, ana, mara, client_of):
    client = client_of(mara)
    assert f"{AUDIT}?person={sam.pk}" in client.get(f"/people/{sam.pk}/").content.decode()
    assert AUDIT in client.get("/people/").content.decode()
    assert AUDIT not in client_of(ana).get("/people/").content.decode()


def test_a10_the_managers_today_tells_of_emergencies_and_no_reason(sam, ana, dev, mara, client_of):
    client = client_of(mara)
    assert "in an emergency" not in page_of_today(client)
    note(Act.EMERGENCY, by=dev, about=sam, days=1)
    assert "One page was opened in an emergency in the last seven days." in page_of_today(client)
    note(Act.EMERGENCY, by=dev, about=ana, days=8)
    assert "One page" in page_of_today(client)
    assert acts(client, act="emergency")[0] == ("Dev Patel", "opened a page in an emergency", "Sam", "")


def page_of_today(client) -> str:
    return " ".join(client.get("/today/").content.decode().split())
