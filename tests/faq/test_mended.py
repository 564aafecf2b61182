"""Faults that a second look found, each with what happened before it was mended."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from faq.figures import without_words
from faq.importing import bring_in
from faq.links import note, to_mend
from faq.models import Autosave, Link, Release, Remark
from faq.pictures import encode
from faq.sanitiser import clean_html, plain_text
from tests.library import put_out

DAY = timedelta(days=1)
OWN = "/pictures/5f0d3a0e-3b1c-4a53-9b62-4f0b7c0f6f55.webp"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


@pytest.mark.parametrize("planned", [5, 10])
def test_f1_a_plan_that_is_put_off_or_dropped_leaves_the_last_day_of_now(article, eli, now, planned):
    piece = article()
    piece.end(by=eli, now=now, until=now + 10 * DAY)
    piece.publish(by=eli, now=now, seen=1, at=now + planned * DAY)
    piece.publish(by=eli, now=now, seen=1, at=now + 20 * DAY)
    assert not Release.objects.of(piece).public(now + 15 * DAY).exists()
    piece.unschedule(by=eli, now=now)
    assert Release.objects.of(piece).public(now + 9 * DAY).exists()
    assert not Release.objects.of(piece).public(now + 30 * DAY).exists()


def test_f1_a_text_without_a_last_day_goes_on_when_a_plan_is_dropped(article, eli, now):
    piece = article()
    piece.publish(by=eli, now=now, seen=1, at=now + 5 * DAY, until=now + 6 * DAY)
    piece.unschedule(by=eli, now=now)
    assert Release.objects.of(piece).get().public_until is None


def test_no_word_to_a_colleague_is_lost_when_the_text_has_gone_on(client_of, article, eli, mara, now):
    published, sent = article("Out", draft=True), article("Sent", draft=True)
    put_out(published, eli, now)
    sent.send_to_review(by=eli, now=now, seen=1, text="First.")
    hers = client_of(mara)
    for piece, act in ((published, "review/return/"), (sent, "review/")):
        answer = hers.post(f"/library/articles/{piece.pk}/{act}", {"text": "The dose is wrong.", "seen": 1})
        assert answer.status_code == 409
        assert "The dose is wrong." in answer.text
    assert not Remark.objects.filter(text="The dose is wrong.").exists()


def test_no_words_are_lost_with_a_figure_that_is_none():
    quoted = "<figure><blockquote><p>Wise words</p></blockquote><figcaption>Ana</figcaption></figure>"
    assert plain_text(clean_html(quoted)) == "Wise words Ana"
    beside = clean_html(f'<figure><img src="{OWN}" alt="A"><p>Beside</p></figure>')
    assert beside == f'<figure><img src="{OWN}" alt="A"></figure><p>Beside</p>'


def test_words_with_a_sign_in_them_are_words():
    assert not without_words(f'<figure><img src="{OWN}" alt="Sleep: 8 > 6 hours"></figure>')
    assert without_words(f'<figure><img alt="" src="{OWN}"></figure>')


def test_an_impossible_day_leaves_out_one_file_and_not_the_others(tmp_path, eli, topic, now):
    (tmp_path / "a.md").write_text("---\ntitle: A\nreviewed: 2026-02-30\n---\nText\n")
    (tmp_path / "b.md").write_text("---\ntitle: B\n---\nText\n")
    lines = bring_in(tmp_path, by=eli, now=now, topic=topic)
    assert [line.is_in for line in lines] == [False, True]


@pytest.mark.parametrize("path", ["/articles/feed/", "/sitemap.xml"])
def test_f1_no_date_says_that_nothing_has_changed_when_a_text_has_gone(client, article, eli, now, path):
    article("Newest")
    gone = article("Gone", public_from=-2 * DAY)
    assert "Last-Modified" not in client.get(path).headers
    gone.take_back(by=eli, now=now)
    answer = client.get(path, headers={"If-Modified-Since": "Mon, 01 Jan 2035 00:00:00 GMT"})
    assert answer.status_code == 200
    assert "gone" not in answer.text


def test_what_was_kept_a_moment_ago_is_not_called_unkept(desk, typed):
    fields = typed(slug="", sources="", byline="", reviewer="", reviewed_on="", review_by="")
    assert desk.post("/library/articles/new/", fields).status_code == 303
    desk.post(f"/library/articles/{fields['token']}/autosave/", fields)
    assert not Autosave.objects.exists()


def test_a_new_text_whose_address_is_taken_has_no_page_of_its_own_yet(desk, typed, article):
    article("Being heard")
    answer = desk.post("/library/articles/new/", typed(slug="being-heard"))
    assert answer.status_code == 422
    assert f"/library/articles/{answer.context['form'].instance.pk}/" not in answer.text


def test_the_words_of_a_picture_that_was_sent_again_are_those_typed_last(desk):
    file = BytesIO()
    Image.new("RGB", (40, 40), "red").save(file, "PNG")
    for words in ("Old words", "Much better words"):
        sent = {"file": SimpleUploadedFile("a.png", file.getvalue()), "alt": words}
        answer = desk.post("/library/pictures/", sent, follow=True)
    assert "Much better words" in answer.text


def test_sixteen_bits_of_grey_stay_grey():
    file = BytesIO()
    Image.new("I;16", (40, 40), 20_000).save(file, "PNG")
    file.seek(0)
    encoded = encode(file, len(file.getvalue()))
    assert 60 < Image.open(BytesIO(encoded.large)).convert("L").getpixel((5, 5)) < 100


def test_a_broken_link_names_its_text_also_with_a_quote_in_it_and_where_only_readers_see_it(
    article, eli, now
):
    quoted = article("Quoted", draft=True, body='<p><a href="https://a.example/it\'s">x</a></p>')
    public = article("Public", body='<p><a href="https://a.example/b">x</a></p>')
    public.body = "<p>No link.</p>"
    public.write(by=eli, now=now, seen=1)
    note(now)
    Link.objects.update(state="broken")
    assert {held.link.url: held.pieces for held in to_mend()} == {
        "https://a.example/it's": [quoted],
        "https://a.example/b": [public],
    }
