"""A second reader's yes or not yet (F1), and texts that are looked at again (F4)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from faq.models import Act, Article, NotReady, OwnText, Remark, Stale, Unheard
from tests.faq.test_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def his(client_of, eli):
    return client_of(eli)


@pytest.fixture
def hers(client_of, mara):
    return client_of(mara)


@pytest.fixture
def draft(article) -> Article:
    return article("A first evening", draft=True)


def at(piece, rest: str) -> str:
    return f"/library/{piece.shelf}/{piece.pk}/{rest}"


def heard(piece) -> dict[str, int]:
    """What the page of the text had on it."""
    return {"seen": piece.revision, "heard": piece.newest_remark()}


def test_f1_a_text_goes_to_a_second_reader_and_comes_back_and_goes_out(his, hers, client, draft, eli, mara):
    sent = his.post(at(draft, "review/"), {"text": "Is the second part kind?", "seen": 1})
    assert (sent.status_code, sent.headers["Location"]) == (303, at(draft, "preview/"))
    page = hers.get(at(draft, "preview/")).text
    assert "asks you to read it" in page
    assert "Is the second part kind?" in page
    hers.post(at(draft, "review/return/"), {"text": "Say who opens the door.", **heard(draft)})
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert "Say who opens the door." in his.get(at(draft, "preview/")).text
    draft.body = "<p>Ana opens the door.</p>"
    draft.write(by=eli, now=timezone.now(), seen=1)
    his.post(at(draft, "review/"), {"seen": 2})
    hers.post(at(draft, "review/approval/"), heard(draft) | {"seen": 2})
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == ("approved", mara)
    his.post(at(draft, "publication/"), {"seen": 2})
    assert "Ana opens the door." in client.get("/articles/a-first-evening/").text
    acts = list(Remark.objects.of(draft).order_by("pk").values_list("act", "by__username"))
    assert [act for act, _by in acts] == ["sent", "returned", "sent", "approved", "published"]
    assert [by for _act, by in acts] == ["eli", "mara", "eli", "mara", "eli"]


def test_f1_nobody_is_the_second_reader_of_their_own_text(his, draft, eli):
    page = his.get(at(draft, "preview/")).text
    assert "I have read it and agree" not in page
    assert "somebody else agrees to it" in page
    answer = his.post(at(draft, "review/approval/"), heard(draft), follow=True)
    assert "Somebody else is its second reader." in answer.text
    with pytest.raises(OwnText):
        draft.approve(by=eli, now=timezone.now(), seen=1)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_f1_what_was_agreed_to_and_changed_since_is_read_again(his, draft, eli, mara):
    draft.approve(by=mara, now=timezone.now(), seen=1)
    draft.write(by=eli, now=timezone.now(), seen=1)
    with pytest.raises(NotReady):
        draft.publish(by=eli, now=timezone.now(), seen=2)
    assert draft.state == "draft"
    assert "Publish for everybody" not in his.get(at(draft, "preview/")).text


def test_f1_a_text_is_given_back_with_a_word_only(hers, draft, eli):
    draft.send_to_review(by=eli, now=timezone.now(), seen=1)
    answer = hers.post(at(draft, "review/return/"), heard(draft) | {"text": "  "})
    assert answer.status_code == 422
    assert "Say what it still needs" in answer.text
    draft.refresh_from_db()
    assert draft.state == "review"
    assert hers.post(at(draft, "remarks/"), heard(draft)).status_code == 422


def test_what_is_said_is_shown_as_it_was_typed_and_harms_nobody(his, hers, draft):
    hers.post(at(draft, "remarks/"), heard(draft) | {"text": "<script>x</script>\nsecond line"})
    page = his.get(at(draft, "preview/")).text
    assert "&lt;script&gt;x&lt;/script&gt;<br>second line" in page
    assert Remark.objects.get().act == Act.SAID


def test_a_word_that_is_too_long_stays_on_the_page(his, draft):
    answer = his.post(at(draft, "remarks/"), heard(draft) | {"text": "w" * 2001})
    assert answer.status_code == 422
    assert "w" * 2001 in answer.text


@pytest.mark.parametrize("verb", ["review/", "review/return/", "review/approval/"])
def test_a_word_to_another_version_stays_on_the_page(hers, draft, eli, verb):
    draft.write(by=eli, now=timezone.now(), seen=1)
    answer = hers.post(at(draft, verb), {"text": "Well said.", "seen": 1, "heard": 0})
    assert answer.status_code == 409
    assert "Read it again first." in answer.text
    assert "Well said." in answer.text
    assert 'name="seen" value="2"' in answer.text
    assert not Remark.objects.exists()
    assert hers.post(at(draft, verb), {"text": "Well said.", "seen": 2, "heard": 0}).status_code == 303


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40])
def test_what_is_no_version_does_nothing(hers, draft, seen):
    for verb in ("review/", "review/approval/"):
        assert hers.post(at(draft, verb), {"seen": seen}).status_code == 303
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_f1_agreeing_waits_until_what_was_said_meanwhile_is_read(hers, draft, eli, mara):
    draft.send_to_review(by=eli, now=timezone.now(), seen=1)
    on_screen = heard(draft)
    draft.say("Wait, the second part is wrong.", by=eli, now=timezone.now())
    with pytest.raises(Unheard):
        draft.approve(by=mara, now=timezone.now(), **on_screen)
    answer = hers.post(at(draft, "review/approval/"), on_screen, follow=True)
    assert "Read it again first." in answer.text
    assert "Wait, the second part is wrong." in answer.text
    hers.post(at(draft, "review/approval/"), heard(draft))
    draft.refresh_from_db()
    assert draft.state == "approved"


def test_doing_it_twice_leaves_one_line_in_the_trail(hers, his, draft, eli):
    for _ in range(2):
        his.post(at(draft, "review/"), {"seen": 1})
    known = heard(draft)
    hers.post(at(draft, "review/approval/"), known)
    hers.post(at(draft, "review/approval/"), known)
    assert Remark.objects.count() == 2


@pytest.mark.parametrize("name", ["sam", "ana", "dev"])
@pytest.mark.parametrize("verb", ["remarks/", "review/", "review/return/", "review/approval/", "check/"])
def test_f1_the_way_to_the_public_does_not_exist_for_others(cast, client_of, draft, name, verb):
    answer = client_of(cast[name]).post(at(draft, verb), {"text": "x", "seen": 1})
    assert answer.status_code == 404
    draft.refresh_from_db()
    assert (draft.state, Remark.objects.count()) == ("draft", 0)


@pytest.mark.parametrize("rows", [1, 60])
def test_the_page_of_a_text_asks_as_often_whatever_was_said(
    his, draft, cast, rows, django_assert_num_queries
):
    for number in range(rows):
        draft.say(f"Line {number}", by=cast["mara" if number % 2 else "eli"], now=timezone.now())
    # Session, person, text, what is public and ahead, what stands beside it, the trail.
    with django_assert_num_queries(6):
        his.get(at(draft, "preview/"))


@pytest.mark.django_db(transaction=True)
def test_f1_a_text_that_changes_while_others_agree_is_agreed_to_by_nobody(draft, eli, mara):
    """Whoever is first: what was agreed to is what was read."""

    def work(number: int) -> str | None:
        mine = Article.objects.get()
        if number == 3:
            mine.title = "Changed"
            mine.write(by=eli, now=timezone.now(), seen=1)
            return "written"
        mine.approve(by=mara, now=timezone.now(), seen=1)
        return None

    assert "written" in at_once(work)
    stored = Article.objects.get()
    assert (stored.title, stored.state, stored.revision) == ("Changed", "draft", 2)
    assert Remark.objects.filter(act=Act.APPROVED).count() <= 1


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_and_give_back_at_once_leave_a_trail_that_is_true(draft, eli, mara):
    draft.send_to_review(by=eli, now=timezone.now(), seen=1)
    known = heard(draft)

    def work(number: int) -> str | None:
        mine = Article.objects.get()
        try:
            if number % 2:
                mine.approve(by=mara, now=timezone.now(), **known)
                return "approved"
            mine.give_back(by=mara, now=timezone.now(), seen=1, text="Not yet.")
        except Unheard:
            return None
        return "returned"

    at_once(work)
    last = Remark.objects.order_by("pk").last()
    assert {"returned": "draft", "approved": "approved"}[last.act] == Article.objects.get().state
    assert Article.objects.get().state == "draft"  # nobody agrees over a word that was not read


@pytest.mark.usefixtures("frozen")
def test_f4_a_text_that_is_still_right_is_looked_at_again_in_a_year(his, article, eli):
    piece = article("Being heard", review_by=date(2026, 11, 1))
    assert 'value="2027-11-24"' in his.get(at(piece, "preview/")).text
    his.post(at(piece, "check/"), {"again_by": "2027-11-24"})
    piece.refresh_from_db()
    assert (piece.review_by, piece.revision, piece.state) == (date(2027, 11, 24), 1, "published")
    assert Remark.objects.newest()[0].act == Act.CHECKED
    before = Remark.objects.count()
    his.post(at(piece, "check/"), {"again_by": "2027-11-24"})
    assert Remark.objects.count() == before


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize("day", ["", "tomorrow", "2026-11-24", "2020-01-01", "2099-01-01", "9999-12-31"])
def test_f4_the_next_day_of_checking_is_a_day_to_come(his, article, day):
    piece = article("Being heard")
    answer = his.post(at(piece, "check/"), {"again_by": day})
    assert answer.status_code == 422
    assert Article.objects.get().review_by is None


def test_stale_is_what_it_is_called(draft, eli):
    draft.write(by=eli, now=timezone.now() + timedelta(seconds=1), seen=1)
    with pytest.raises(Stale):
        draft.send_to_review(by=eli, now=timezone.now(), seen=1)
