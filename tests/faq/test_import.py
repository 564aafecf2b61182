"""Articles from files, as drafts."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from faq.models import Article, Release
from faq.sanitiser import clean_html

WHOLE = """---
title: A first evening
topic: connection
summary: What happens on it.
byline: By the team
reviewer: Ruth
reviewed: 2026-11-02
families: true
sources:
  - Herman, J. (1992). Trauma and recovery.
  - A page. https://a.example/b
---
# Who meets you

Somebody, at the **door**.

#### What then

- Tea
- A [room](https://a.example/)

![A cat](https://evil.example/cat.png)
"""

# A few lines of YAML, and a thousand million words when they are written out.
LAUGHS = f"[&a1 [ha], {', '.join(f'&a{n} [{", ".join([f"*a{n - 1}"] * 10)}]' for n in range(2, 11))}]"


@pytest.fixture
def bring(tmp_path, topic, eli, capsys):
    def run(*, topic_name: str = "Connection", by: str = "eli", **files: str | bytes) -> list[str]:
        for name, content in files.items():
            stem, _, kind = name.rpartition("_")
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / f"{stem}.{kind}").write_bytes(data)
        options = {"topic": topic_name} if topic_name else {}
        try:
            call_command("import_articles", str(tmp_path), by=by, **options)
        finally:
            run.lines = capsys.readouterr().out.splitlines()
        return run.lines

    return run


def test_a_file_becomes_a_draft_with_what_it_says_about_itself(bring):
    assert bring(a_md=WHOLE, topic_name="") == ["a.md: made as a draft: A first evening; 1 picture left out"]
    piece = Article.objects.get()
    assert piece.state == "draft"
    assert (piece.title, piece.summary, piece.byline, piece.reviewer) == (
        "A first evening",
        "What happens on it.",
        "By the team",
        "Ruth",
    )
    assert (piece.topic.name, piece.reviewed_on, piece.for_families) == (
        "Connection",
        date(2026, 11, 2),
        True,
    )
    assert piece.sources == "Herman, J. (1992). Trauma and recovery.\nA page. https://a.example/b"
    assert piece.body.startswith("<h2>Who meets you</h2>\n<p>Somebody, at the <strong>door</strong>.</p>")
    assert "<h3>What then</h3>" in piece.body
    assert "<li>Tea</li>" in piece.body
    assert "evil.example" not in piece.body
    assert not Release.objects.exists()


def test_a_plain_text_has_its_title_on_its_first_line(bring):
    bring(a_txt="\ufeffA title\r\n\r\nOne < two.\r\n\r\nThree *not bold*.", b_md="# Headed\n\nText.")
    assert sorted(Article.objects.values_list("title", "body")) == [
        ("A title", "<p>One &lt; two.</p>\n<p>Three *not bold*.</p>"),
        ("Headed", "<p>Text.</p>"),
    ]


def test_the_same_file_again_adds_nothing(bring):
    bring(a_md=WHOLE)
    assert bring(a_md=WHOLE) == ["a.md: is there already: A first evening"]
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a_md", "---\ntitle: [\n---\nx", "are no YAML"),
        ("a_md", "---\ntitle: x\ntopic: Nowhere\n---\ny", "there is no topic 'Nowhere'"),
        ("a_md", "---\ntitle: x\nreviewed: soon\n---\ny", "like 2026-11-24"),
        ("a_md", f"# {'x' * 151}\n\ny", "more than 150 characters"),
        ("a_md", "---\ntitle: ' '\n---\ny", "no title"),
        ("a_md", "# x\n\n<script>alert(1)</script>", "made as a draft"),
        ("a_md", "", "no title"),
        ("a_md", "# x\n", "nothing in it to read"),
        ("a_txt", b"Gr\xfc\xdfe\n\nText", "not UTF-8"),
        ("a_txt", "x\n\n" + "word " * 25_000, "longer than 100000"),
        ("a_txt", "x" * 1_000_001, "larger than 1 MB"),
        ("a_exe", "x", "neither Markdown nor plain text"),
        ("a_md", "---\na: !!python/object/apply:os.system ['x']\n---\ny", "are no YAML"),
        ("a_md", f"---\ntitle: {LAUGHS}\n---\ny", "its title is a list"),
        ("a_md", f"---\ntitle: x\ntopic: {LAUGHS}\n---\ny", "its topic is a list"),
        ("a_md", f"---\ntitle: x\nsources: {LAUGHS}\n---\ny", "its source is a list"),
        ("a_md", "---\ntitle: x\nsources: {a: b}\n---\ny", "its sources as a list"),
        ("a_md", f"---\ntitle: {'[' * 9_000}\n---\ny", "are no YAML"),
    ],
)
def test_what_cannot_be_an_article_is_left_out_and_the_others_come_in(bring, name, content, said):
    files = {name: content, "good_md": "# Good\n\nText."}
    if "made" in said:
        bring(**files)
    else:
        with pytest.raises(CommandError, match="1 of 2 files were left out"):
            bring(**files)
    assert said in bring.lines[0]
    assert bring.lines[1] == "good.md: made as a draft: Good"
    for body in Article.objects.values_list("body", flat=True):
        assert "<script" not in body
        assert clean_html(body) == body


def test_no_file_from_outside_the_folder_is_read(bring, tmp_path, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.md"
    secret.write_text("# Secret\n\nCanary.")
    (tmp_path / "link.md").symlink_to(secret)
    with pytest.raises(CommandError):
        bring()
    assert bring.lines == ["link.md: left out: it leads out of the folder"]
    assert not Article.objects.exists()


def test_a_link_that_leads_nowhere_is_left_out(bring, tmp_path):
    (tmp_path / "a.md").symlink_to(tmp_path / "gone.md")
    with pytest.raises(CommandError, match="1 of 2 files were left out"):
        bring(b_md="# Good\n\nText.")
    assert bring.lines[0] == "a.md: left out: no file, or a link that leads nowhere"
    assert bring.lines[1].endswith("made as a draft: Good")


@pytest.mark.parametrize("by", ["nobody", "sam"])
def test_who_does_not_write_imports_nothing(bring, sam, by):
    with pytest.raises(CommandError, match="writes articles here"):
        bring(a_md=WHOLE, by=by)
    assert not Article.objects.exists()
