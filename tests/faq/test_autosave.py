"""What an editor types is not lost, and nobody types over anybody unseen."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import unsent
from faq import tasks
from faq.models import Article, Autosave

TOKEN = uuid.UUID("7d0d4b52-32c1-4a70-9d0e-8e2f6cfa0d5b")
NEW = f"/library/articles/{TOKEN}/autosave/"


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


def saving(piece: Article) -> str:
    return f"/library/articles/{piece.client_token}/autosave/"


def writing(piece: Article) -> str:
    return f"/library/articles/{piece.pk}/"


def test_j4_what_was_typed_stands_in_the_form_again(desk, article, typed, question):
    piece, asked = article("Being heard", draft=True), question("Must I speak?")
    changed = typed(title="Typed title", body="<p>Typed words.</p>", seen=1, questions=[asked.pk])
    answer = desk.post(saving(piece), changed | {"reviewed_on": "no day", "slug": "x y"})
    assert answer.json()["warning"] == ""
    assert answer.json()["saved"].startswith("Saved at ")
    page = desk.get(writing(piece))
    for part in ("&lt;p&gt;Typed words.&lt;/p&gt;", 'value="Typed title"', "not kept yet", 'value="no day"'):
        assert part in page.text
    assert page.context["form"]["questions"].value() == [str(asked.pk)]
    piece.refresh_from_db()
    assert (piece.title, piece.revision) == ("Being heard", 1)


def test_j4_leaving_it_shows_what_is_kept(desk, article, typed):
    piece = article("Being heard", draft=True)
    desk.post(saving(piece), typed(title="Typed title", seen=1))
    gone = desk.post(f"{saving(piece)}ending/")
    assert (gone.status_code, gone.headers["Location"]) == (303, writing(piece))
    page = desk.get(writing(piece)).text
    assert "Typed title" not in page
    assert 'value="Being heard"' in page


def test_j4_it_goes_when_it_is_kept(desk, typed):
    desk.post(NEW, typed())
    assert Autosave.objects.count() == 1
    assert desk.post("/library/articles/new/", typed()).status_code == 303
    assert not Autosave.objects.exists()
    desk.post(NEW, typed(seen=1) | {"slug": "a-first-evening"})  # on its way when the text was kept
    assert not Autosave.objects.exists()


def test_j4_a_new_text_is_offered_again(desk, client_of, mara, typed):
    desk.post(NEW, typed(title="Begun once"))
    way = f"/library/articles/new/{TOKEN}/"
    page = desk.get("/library/articles/new/").text
    assert "Begun once" in page
    assert way in page
    assert 'value="Begun once"' in desk.get(way).text
    hers = client_of(mara)
    assert "Begun once" not in hers.get("/library/articles/new/").text
    assert 'value="Begun once"' not in hers.get(way).text
    desk.post(way, typed(title="Begun once"))
    assert desk.get(way).headers["Location"] == writing(Article.objects.get())
    assert way not in desk.get("/library/articles/new/").text


def test_nothing_typed_leaves_no_row(desk, article):
    piece = article("Being heard", draft=True)
    form = desk.get(writing(piece)).context["form"]
    fields = {field.name: field.value() or "" for field in form}
    assert desk.post(saving(piece), fields).json() == {"saved": "", "warning": ""}
    assert not Autosave.objects.exists()
    desk.post(NEW, {"seen": 0, "title": "", "body": "<p></p>"})
    assert not Autosave.objects.exists()


def test_who_types_is_warned_when_somebody_else_has_kept_another_text(desk, client_of, mara, article, typed):
    piece = article("Being heard", draft=True)
    client_of(mara).post(writing(piece), typed(title="Hers", seen=1))
    answer = desk.post(saving(piece), typed(title="His", seen=1)).json()
    assert answer["warning"].startswith("Mara Lind kept another text at ")
    page = desk.get(writing(piece)).text
    assert 'value="His"' in page
    assert "Mara Lind has kept another text since." in " ".join(page.split())
    assert 'name="seen" value="1"' in page
    conflict = desk.post(writing(piece), typed(title="His", seen=1))
    assert conflict.status_code == 409
    assert Autosave.objects.count() == 1


def test_two_editors_see_that_they_write_at_the_same_time(
    desk, client_of, eli, mara, article, typed, time_machine
):
    piece = article("Being heard", draft=True)
    client_of(mara).post(saving(piece), typed(title="Hers", seen=1))
    page = desk.get(writing(piece)).text
    assert "Mara Lind is writing here too" in page
    assert "Hers" not in page
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    assert "is writing here too" not in client_of(eli).get(writing(piece)).text


def test_j4_what_is_typed_while_signed_out_waits_in_the_form(desk, eli, article, typed):
    piece = article("Being heard", draft=True)
    token = unsent.token_of(eli, "faq:piece_edit", "faq:autosave")
    fields = typed(title="Typed outside", seen=1, token=piece.client_token, writer=token)
    answer = Client().post(saving(piece), fields, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/accounts/login/")
    assert 'value="Typed outside"' in desk.get(writing(piece)).text
    Client().post(saving(piece), fields | {"writer": "forged", "title": "Forged"})
    assert 'value="Typed outside"' in desk.get(writing(piece)).text


@pytest.mark.parametrize("name", ["sam", "ana"])
def test_j4_who_may_not_write_saves_nothing(cast, client_of, typed, name):
    assert client_of(cast[name]).post(NEW, typed()).status_code == 404
    token = unsent.token_of(cast[name], "faq:autosave")
    Client().post(NEW, typed(writer=token), headers={"HX-Request": "true"})
    assert not Autosave.objects.exists()


@pytest.mark.django_db
def test_odd_input_is_saved_as_it_is_or_told(desk, typed):
    for seen in ("", "x", "-1", "9" * 400):
        assert desk.post(NEW, typed(seen=seen)).status_code == 422
    odd = {
        "topic": "nonsense",
        "questions": ["x", "\0"],
        "review_by": "\0 \ufffd",
        "body": "a\0b" + "x" * 99_999,
    }
    for name, value in odd.items():
        assert desk.post(NEW, typed() | {name: value}).status_code in (200, 400)
        assert desk.get(f"/library/articles/new/{TOKEN}/").status_code == 200


def test_what_nobody_kept_for_a_month_is_forgotten(desk, typed, time_machine):
    desk.post(NEW, typed())
    now = timezone.now()
    for days, left in ((29, 1), (31, 0)):
        time_machine.move_to(now + timedelta(days=days))
        tasks.forget()
        assert Autosave.objects.count() == left


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_leave_one_row(eli, client_of, typed):
    def save(number: int) -> int:
        try:
            return client_of(eli).post(NEW, typed(title=f"Tab {number}")).status_code
        finally:
            connection.close()

    typed()
    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(save, range(6))) == {200}
    assert Autosave.objects.get().fields["title"].startswith("Tab ")


def test_a4_saving_counts_as_writing_and_nobody_there_does_not(frozen, desk, typed):
    fields = typed()
    for _turn in range(4):
        assert desk.post(NEW, fields).status_code == 200
        frozen.shift(timedelta(minutes=8))
    headers = {"X-Background": "1", "HX-Request": "true"}
    assert desk.post(NEW, fields, headers=headers).status_code == 200
    frozen.shift(timedelta(minutes=3))
    assert "HX-Redirect" in desk.post(NEW, fields, headers=headers).headers
