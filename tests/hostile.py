"""What somebody might put into a text so that it runs in a reader's browser, and a program full of it."""

import json
import uuid
from html import escape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from faq.importing import bring_in
from faq.models import Article, Feedback, Picture, Question, Topic
from faq.pictures import encode
from tests.faq.test_sanitiser import HOSTILE
from tests.library import put_out

A_PICTURE = "/pictures/00000000-0000-4000-8000-000000000000.webp"
VECTORS = [
    *HOSTILE,
    # One thing to the cleaner and another to the browser.
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<noscript><style></noscript><img src=x onerror=alert(1)></style>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<SCRIPT>alert(1);//<</SCRIPT>",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    "</title></textarea></style><script>alert(1)</script>",
    "<!--[if gte IE 4]><script>alert(1);</script><![endif]-->",
    '<?xml version="1.0"?><html:script xmlns:html="http://www.w3.org/1999/xhtml">alert(1)</html:script>',
    "<table><td><svg><desc><td><style><a title='</style><img src onerror=alert(1)>'>",
    "<option><style></option></select><img src=x onerror=alert(1)></style>",
    # Addresses that are none.
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="feed:javascript:alert(1)">x</a>',
    '<a href="blob:https://evil.example/x">x</a>',
    '<a href="https://a.example/" ping="https://evil.example/" rel=opener target=_blank>x</a>',
    "<img src=javascript:alert(String.fromCharCode(88,83,83)) alt=x>",
    '<input type=image src="javascript:alert(1)">',
    '<table background="javascript:alert(1)"><td>x',
    # Attributes that run, now and lately.
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<select autofocus onfocus=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<button popovertarget=x onbeforetoggle=alert(1)>x</button><p popover id=x onbeforetoggle=alert(1)>y</p>",
    '<p style="content-visibility:auto" oncontentvisibilityautostatechange=alert(1)>x</p>',
    '<div style="width: expression(alert(1))">x</div>',
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)' autofocus onfocus='alert(1)",
    '" onerror="alert(1)" x="',
    # Names that stand in the way of a page's own scripts.
    "<a id=document></a><a id=document name=body>x</a>",
    "<form id=htmx><input name=config></form>",
    "<img name=getElementById><p id=results>x</p>",
    # What our own script library would follow, and our templates.
    '<div hx-on:load="alert(1)" hx-vals="js:{x:alert(1)}" hx-get="/" hx-trigger=load>x</div>',
    '<p data-hx-get="/leave/" data-hx-trigger="load" data-hx-on-click="alert(1)">x</p>',
    '{{ 7|add:"7" }}{% debug %}${alert(1)}',
    # Pictures and their words.
    f'<figure><img src="{A_PICTURE}" alt="x" onerror=alert(1)><figcaption><script>alert(1)</script></figure>',
    '<img src="/pictures/../../evil.example/x.webp" alt=x>',
    '<img srcset="https://evil.example/x.png 1x" src="https://evil.example/y.png" alt=x>',
    f'<img src="{A_PICTURE}" alt=\'" onerror=alert(1) x="\'>',
    # Without letters that a filter knows.
    "\u2028<script>alert(1)</script>\u2029",
    "＜script＞alert(1)＜/script＞",
    '<a href="\u3000javascript:alert(1)">x</a>',
]


@transaction.atomic
def fill() -> list[str]:
    """A public article, a question and a comment for each vector, by the form that editors have; in all
    fields what fits. Returns the addresses of those that the form took.
    """
    eli, desk = User.objects.get(username="eli"), Client(headers={"host": "localhost"})
    desk.force_login(eli)
    picture = own_picture(eli)
    addresses = []
    for number, vector in enumerate(VECTORS):
        name = vector[:60].replace("\0", "")  # no form lets it through, and PostgreSQL has no room for it
        topic = Topic.objects.filter(name__iexact=name).first() or Topic(name=name, order=50 + number)
        topic.keep()
        for kind in (Article, Question):
            token = uuid.uuid4()
            desk.post(reverse("faq:piece_create", args=[kind.shelf]), form(vector, topic, picture, token))
            if piece := kind.objects.filter(client_token=token).first():
                desk.post(reverse("faq:remarks", args=[piece.shelf, piece.pk]), {"text": vector})
                put_out(piece, eli, timezone.now())
                addresses.append(piece.get_absolute_url())
    hear(Article.objects.first())
    return addresses + [piece.get_absolute_url() for piece in brought_in(eli)]


def hear(piece: Article) -> None:
    """Every vector in the words of a reader."""
    for start in range(0, len(VECTORS), 4):
        words = " ".join(VECTORS[start : start + 4])[:500].replace("\0", "")
        Feedback.objects.create(article=piece, helpful=False, reason="other", words=words, day="2026-11-23")


def brought_in(eli: User) -> list[Article]:
    """All vectors again, from files: as Markdown, as plain text, and as what a file says about itself."""
    texts = "\n\n".join(f"{vector}\n\n[a link]({vector})\n\n![a picture]({vector})" for vector in VECTORS)
    own = {"title": VECTORS[0], "summary": VECTORS[1], "byline": VECTORS[2], "sources": VECTORS[:20]}
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.md").write_text(f"# Markdown\n\n{texts}")
        (folder / "b.txt").write_text(f"Plain\n\n{texts}")
        (folder / "c.md").write_text(f"---\n{json.dumps(own)}\n---\nWords.\n\n{texts}")
        lines = list(bring_in(folder, by=eli, now=timezone.now(), topic=Topic.objects.first()))
    assert [line.is_in for line in lines] == [True] * 3, lines
    pieces = list(Article.objects.order_by("-created_at")[:3])
    for piece in pieces:
        put_out(piece, eli, timezone.now())
    return pieces


def form(vector: str, topic: Topic, picture: Picture, token: uuid.UUID) -> dict[str, object]:
    figure = (
        f'<figure><img src="/pictures/{picture.pk}.webp" alt="{escape(vector)}">'
        f"<figcaption>{vector}</figcaption></figure>"
    )
    return {
        "title": f"{len(vector)} {vector}"[:150],
        "topic": topic.pk,
        "summary": vector[:400],
        "byline": vector[:120],
        "reviewer": vector[:120],
        "sources": f"A page, {vector}. https://a.example/?{quote(vector)}",
        "body": f"<p>Before.</p>{vector}<p>After.</p>{figure}",
        "token": str(token),
        "seen": 0,
    }


def own_picture(eli: User) -> Picture:
    file = BytesIO()
    Image.new("RGB", (700, 400), "teal").save(file, "PNG")
    encoded = encode(file, file.tell())
    return Picture.objects.add(encoded, alt=VECTORS[0], credit=VECTORS[1], by=eli, now=timezone.now())[0]
