"""Pictures of articles: what comes in, what is kept of it, and who gets it."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import ExifTags, Image

from faq.models import Picture, Release
from faq.pictures import MOST_BYTES, encode
from faq.sanitiser import clean_html
from tests.library import put_out


def drawn(width=1600, height=800, form="JPEG", **options) -> bytes:
    file = BytesIO()
    mode = "RGBA" if form in ("PNG", "WEBP") else "RGB"
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(file, form, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.fixture
def picture(eli):
    def add(content=None, alt="Six chairs in a circle") -> Picture:
        content = content or drawn()
        encoded = encode(BytesIO(content), len(content))
        return Picture.objects.add(encoded, alt=alt, credit="", by=eli, now=timezone.now())[0]

    return add


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


def sent(content: bytes, **fields):
    return {"file": SimpleUploadedFile("x.svg", content), "alt": "Six chairs", "credit": ""} | fields


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_is_written_anew_in_two_widths(form):
    content = drawn(form=form)
    encoded = encode(BytesIO(content), len(content))
    large, small = opened(encoded.large), opened(encoded.small)
    assert (large.format, large.size, small.format, small.size) == ("WEBP", (1200, 600), "WEBP", (720, 360))
    assert (encoded.width, encoded.height) == (1200, 600)


def test_a_small_picture_is_not_blown_up():
    content = drawn(320, 200)
    encoded = encode(BytesIO(content), len(content))
    assert (opened(encoded.large).size, opened(encoded.small).size) == ((320, 200), (320, 200))


def test_where_and_by_whom_it_was_taken_is_left_out_and_up_stays_up():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Artist] = "Sam Canary"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 3.0, 1.0)
    content = drawn(800, 400, exif=exif, comment=b"Sam Canary", icc_profile=b"Canary" * 40)
    assert content.count(b"Canary") == 42
    encoded = encode(BytesIO(content), len(content))
    assert b"Canary" not in encoded.large + encoded.small
    assert not opened(encoded.large).getexif()
    assert (encoded.width, encoded.height) == (400, 800)


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 100,000 by 100,000 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot read"),
        (b"GIF89a" + b"<script>alert(1)</script>", "cannot read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "cannot read"),
        (b"%PDF-1.7", "cannot read"),
        (drawn()[:2000], "cannot read"),
        (drawn(form="TIFF"), "cannot read"),
        (bomb(), "40 million"),
        (drawn(9000, 5000, "PNG"), "40 million"),
    ],
    ids=["empty", "polyglot", "svg", "pdf", "cut off", "tiff", "bomb", "large"],
)
def test_what_is_no_picture_is_refused_in_words(content, said):
    with pytest.raises(ValidationError, match=said):
        encode(BytesIO(content), len(content))


def test_a_heavy_file_is_refused_unread():
    with pytest.raises(ValidationError, match="8 MB"):
        encode(BytesIO(), MOST_BYTES + 1)


def test_f1_a_picture_without_words_is_refused_and_the_words_of_another_field_stay(desk):
    page = desk.post("/library/pictures/", sent(drawn(), alt=" ", credit="Ruth"))
    assert page.status_code == 422
    assert "Say what the picture shows." in page.text
    assert 'value="Ruth"' in page.text
    assert not Picture.objects.exists()


def test_no_picture_without_words_can_be_in_the_table(picture):
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.filter(pk=picture().pk).update(alt="")


def test_the_same_file_twice_is_one_picture(desk):
    places = [desk.post("/library/pictures/", sent(drawn())).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert Picture.objects.count() == 1


def test_its_words_can_be_changed(desk, picture):
    one = picture()
    assert desk.post(f"/library/pictures/{one.pk}/", {"alt": ""}).status_code == 422
    desk.post(f"/library/pictures/{one.pk}/", {"alt": "Five chairs", "credit": "Ruth"})
    one.refresh_from_db()
    assert (one.alt, one.credit, bool(one.large)) == ("Five chairs", "Ruth", True)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_pictures_reads_no_file(desk, picture, django_assert_num_queries, rows):
    for number in range(rows):
        picture(drawn(20 + number, 20), alt=f"Number {number}")
    with django_assert_num_queries(3) as queries:
        assert desk.get("/library/pictures/").text.count("Number ") == rows
    assert '"large"' not in queries[-1]["sql"].partition("WHERE")[0]
    assert desk.get("/library/pictures/choice/").text.count("data-picture") == min(rows, 12)


def holding(picture: Picture) -> str:
    return f'<figure><img src="{picture.get_absolute_url()}" alt="Chairs"></figure><p>Words.</p>'


def test_f1_a_picture_is_public_while_a_public_text_holds_it(article, picture, client, client_of, eli, sam):
    one = picture()
    now = timezone.now()
    piece = article(draft=True, body=holding(one))
    addresses = (one.get_absolute_url(), one.small_url)
    for address in addresses:
        assert [browser.get(address).status_code for browser in (client, client_of(sam), client_of(eli))] == [
            404,
            404,
            200,
        ]
        assert client_of(eli).get(address).headers["Cache-Control"] == "no-store, private"
    put_out(piece, eli, now)
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Cache-Control"].startswith("public, max-age=86400, s-maxage=")
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    piece.take_back(by=eli, now=timezone.now())
    for address in addresses:
        assert client.get(address).status_code == 404


def test_f1_a_picture_of_a_change_that_is_not_out_is_not_public(article, picture, client, eli):
    piece = article()
    one = picture()
    piece.body = holding(one)
    piece.write(by=eli, now=timezone.now(), seen=1)
    assert client.get(one.get_absolute_url()).status_code == 404
    put_out(piece, eli, timezone.now())
    assert client.get(one.get_absolute_url()).status_code == 200
    assert list(Release.objects.public(timezone.now()).get().pictures.all()) == [one]


def test_a_kept_text_gives_each_picture_its_size_and_stays_the_same_when_cleaned(article, picture):
    one, little = picture(), picture(drawn(300, 100))
    body = article(draft=True, body=holding(one) + holding(little)).body
    assert (
        f'<img src="/pictures/{one.pk}.webp" alt="Chairs" width="1200" height="600" '
        f'srcset="/pictures/{one.pk}-small.webp 720w, /pictures/{one.pk}.webp 1200w" sizes="'
    ) in body
    assert (
        f'<img src="/pictures/{little.pk}.webp" alt="Chairs" width="300" height="100" loading="lazy"' in body
    )
    assert body.count('loading="lazy"') == 2
    assert clean_html(body) == body


OWN = "/pictures/7d0d4b52-32c1-4a70-9d0e-8e2f6cfa0d5b.webp"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f'<figure><img src="{OWN}" alt=" "></figure>', ""),
        (f'<figure><img src="{OWN}"><figcaption>Words</figcaption></figure>', "<p>Words</p>"),
        ('<img src="https://evil.example/x.webp" alt="x">', ""),
        ('<img src="//evil.example/x.webp" alt="x">', ""),
        ('<img src="/me/" alt="x">', ""),
        (f'<img src="{OWN}?x" alt="x">', ""),
        ('<img src="data:image/svg+xml,<svg onload=alert(1)>" alt="x">', ""),
        (
            f'<img src="{OWN}" alt="x" onerror=alert(1) srcset="https://evil.example/a 1x">',
            f'<p><img src="{OWN}" alt="x"></p>',
        ),
        (
            f'<img src="{OWN}" alt="&quot;><script>alert(1)</script>">',
            f'<p><img src="{OWN}" alt="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"></p>',
        ),
        ("<figcaption>Loose</figcaption>", "<p>Loose</p>"),
        ("<figure><figure>x</figure></figure>", "<p>x</p>"),
    ],
)
def test_only_our_own_pictures_with_words_stay_in_a_text(text, kept):
    assert clean_html(text) == kept
    assert clean_html(clean_html(text)) == clean_html(text)


@pytest.mark.django_db
def test_a_picture_that_is_not_here_is_left_out(article):
    assert (
        article(draft=True, body=f'<p>Words.</p><figure><img src="{OWN}" alt="x"></figure>').body
        == "<p>Words.</p>"
    )


def test_f1_the_form_refuses_a_picture_without_words(desk, typed, picture):
    body = f'<p>Words.</p><figure><img src="{picture().get_absolute_url()}" alt=""></figure>'
    page = desk.post("/library/articles/new/", typed(body=body))
    assert page.status_code == 422
    assert "A picture in the text says nothing to those who cannot see it." in page.text
