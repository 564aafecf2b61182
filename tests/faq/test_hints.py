"""Hints while one writes, and claims without a source (F4)."""

import pytest

from faq.claims import Written, claims
from faq.hints.all import hints_for
from faq.hints.blocks import Reader, sentences
from faq.hints.syllables import grade, syllables
from faq.models import Article


def found(body: str, **fields: str) -> list[str]:
    return [hint.found.lower() for hint in hints_for(title="", body=f"<p>{body}</p>", **fields).hints]


def said(body: str) -> str:
    return " ".join(str(hint.say) for hint in hints_for(title="", body=body).hints)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("She is an addict.", "addict"),
        ("Recovering addicts meet here.", "recovering addicts"),
        ("He is an alcoholic now.", "alcoholic"),
        ("A junkie once sat there.", "junkie"),
        ("Drug abuse hurts.", "drug abuse"),
        ("They saw the abuser.", "abuser"),
        ("You must stay clean.", "stay clean"),
        ("She is clean now.", "she is clean"),
        ("A dirty urine sample ends it.", "dirty urine"),
        ("She is in denial about it.", "in denial"),
        ("He fell off the wagon.", "fell off the wagon"),
        ("He committed suicide.", "committed suicide"),
        ("She was non-compliant.", "non-compliant"),
        ("He suffers from depression.", "suffers from"),
        ("She is bipolar.", "is bipolar"),
        ("Drug users are welcome.", "drug users"),
        ("Hit rock bottom first.", "rock bottom"),
        ("An ADDICT, they said.", "addict"),
    ],
)
def test_f4_words_that_hurt_are_named_with_others_instead(text, word):
    hint = hints_for(title="", body=f"<p>{text}</p>").hints[0]
    assert (hint.kind, hint.found.lower(), hint.sentence) == ("words", word, text)
    assert str(hint.say).startswith("Say ")
    assert str(hint.why)


@pytest.mark.parametrize(
    "text",
    [
        "Alcoholics Anonymous meets on Monday.",
        "No alcoholic drinks in the house.",
        "A clean towel is on your bed.",
        "We clean up together.",
        "Your room is clean when you come.",
        "You get clean towels on Monday.",
        "The garden is lush in May.",
        "A person with addiction is a person first.",
        "The law names abuse of a child.",
        "Somebody addicted to crosswords.",
        "Use your own words.",
    ],
)
def test_f4_words_that_hurt_nobody_are_left_alone(text):
    assert found(text) == []


def test_f4_long_words_and_sentences_get_shorter_ones():
    assert found("We utilize it.") == ["utilize"]
    assert "“use”" in said("<p>We were utilizing it.</p>")
    assert found("This facilitated it prior to lunch.") == ["facilitated", "prior to"]
    long = "Word " * 25
    assert said(f"<p>{long}.</p>") == ""
    assert said(f"<p>{long} more.</p>") == "Make two sentences of it, or more."
    assert found("Our confidentiality is kept.") == ["confidentiality"]
    assert "Begin with who does it." in said("<p>The plan is written by your team.</p>")


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("<h3>Small</h3><p>x</p>", "Put a big heading"),
        ("<h2>Big</h2><h3>Small</h3><p>x</p>", ""),
        ("<h2></h2><p>x</p>", "Write the heading, or take it out."),
        ("<p>x</p><h2>Last</h2>", "Write something under this heading."),
        ('<p><a href="/help/">Click here</a></p>', "Let the link say where it leads."),
        ('<p><a href="/help/">Read <em>more</em></a></p>', "Let the link say where it leads."),
        ('<p><a href="https://a.example/b">https://a.example/b</a></p>', "Write what is there"),
        ('<p><a href="/help/">our help page</a></p>', ""),
        (f"<p>{'Some short words. ' * 120}</p>", "a few headings"),
    ],
)
def test_f4_headings_and_links_are_looked_at(body, hint):
    assert hint in said(body)
    assert hint or not said(body)


@pytest.mark.parametrize(
    ("word", "count"),
    {
        "cat": 1, "made": 1, "walked": 1, "wanted": 2, "houses": 2, "table": 2, "people": 2, "recovery": 4,
        "science": 2, "quiet": 2, "being": 2, "idea": 3, "medicine": 3, "useful": 2, "beautiful": 3,
        "animal": 3,        "addiction": 3, "confidentiality": 7, "opportunity": 5, "a": 1, "café": 1,
    }.items(),
)  # fmt: skip
def test_f4_syllables_are_counted_right_or_nearly(word, count):
    assert abs(syllables(word) - count) <= 1


def test_f4_the_grade_is_that_of_flesch_and_kincaid():
    easy = ["The cat sat on the mat."] * 6  # 6 words, 6 syllables: 0.39 * 6 + 11.8 - 15.59
    assert grade(easy) == round(0.39 * 6 + 11.8 - 15.59, 1)
    hard = ["Organizational accountability necessitates institutional confidentiality arrangements."] * 8
    assert (grade(hard) or 0) > 20
    assert grade(["Too short to tell."]) is None


def test_sentences_end_where_they_end():
    text = "Dr. Lee came. “Is it late?” she asked. We use e.g. tea. It was 3.5 miles. J. Herman wrote it."
    assert sentences(text) == [
        "Dr. Lee came.",
        "“Is it late?” she asked.",
        "We use e.g. tea.",
        "It was 3.5 miles.",
        "J. Herman wrote it.",
    ]
    reader = Reader("<ul><li><p>One.</p></li></ul><h2>Two</h2><blockquote><p>Three<br>four</p></blockquote>")
    assert [(block.tag, block.text) for block in reader.blocks] == [
        ("p", "One."),
        ("h2", "Two"),
        ("p", "Three four"),
    ]


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("Research shows that groups help.", True),
        ("Studies have found less pain.", True),
        ("About 40 % of people with addiction drink again.", True),
        ("One in three women with trauma sleeps badly.", True),
        ("Walking lowers anxiety.", True),
        ("Alcohol raises the risk of cancer.", True),
        ("This medicine is effective.", True),
        ("Meditation cures depression.", True),
        ("Does walking lower anxiety?", False),
        ("Lower your voice at night.", False),
        ("We open the door at nine.", False),
        ("Bring 3 shirts.", False),
        ("Please treat each other well.", False),
        ("You can talk with us about health.", False),
    ],
)
def test_f4_a_claim_about_health_is_found(sentence, claim):
    body = f"<h2>Research shows</h2><p>We are here. {sentence}</p>"
    assert claims(Written(body)) == ([sentence] if claim else [])


def test_f4_a_source_or_our_view_settles_it():
    body = "<p>Research shows that groups help.</p>"
    assert claims(Written(body))
    assert claims(Written(body, sources=" \n"))
    assert claims(Written(body, sources="A book.")) == []
    assert claims(Written(f"{body}<p><strong>Our view:</strong> it helps.</p>")) == []
    assert claims(Written("<p>x</p>", summary="Research shows it.")) == ["Research shows it."]


def test_f4_hints_stay_quick_in_a_long_text():
    body = "<p>" + "The addict was utilizing " * 3_000 + "</p>" + "<p>(((“”’ a.b. </p>" * 2_000
    reading = hints_for(title="x" * 150, body=body)
    assert len(reading.hints) <= 20


@pytest.fixture
def desk(client_of, eli):
    return client_of(eli)


def test_f4_hints_and_the_look_come_while_one_writes_and_nothing_is_kept(desk, typed):
    body = "<h2>First</h2><p>An addict &lt;b&gt; here.</p><script>alert(1)</script>"
    answer = desk.post("/library/articles/beside/", typed(body=body, title="<i>Odd</i>", topic="nonsense"))
    assert answer.status_code == 200
    for part in (
        "<mark>addict</mark>",
        "a person with addiction",
        "<h2>First</h2>",
        "&lt;i&gt;Odd&lt;/i&gt;",
    ):
        assert part in answer.text
    assert "alert(1)" not in answer.text
    assert not Article.objects.exists()
    for empty in ({}, {"body": "\0", "reviewed_on": "x", "topic": "\0"}):
        assert desk.post("/library/questions/beside/", empty).status_code == 200


def test_f4_a_text_with_hints_is_kept_and_the_page_shows_them_without_scripts(desk, typed):
    kept = desk.post("/library/articles/new/", typed(body="<p>An addict.</p>"))
    assert kept.status_code == 303
    for page in (kept.headers["Location"], f"/library/articles/{Article.objects.get().pk}/"):
        assert "<mark>addict</mark>" in desk.get(page).text


def test_f4_claims_without_a_source_are_listed_public_ones_first(desk, article, question):
    claim = "<p>Research shows it.</p>"
    article("Hidden canary", draft=True, body=claim)
    question("Public canary?", body=claim)
    article("Sourced", body=claim, sources="A book.")
    changed = article("Public once", body=claim)
    changed.body = "<p>Another. Research shows it all.</p>"
    changed.write(by=changed.created_by, now=changed.updated_at, seen=1)
    page = desk.get("/library/claims/").text
    order = [page.index(title) for title in ("Public canary?", "Public once", "Hidden canary")]
    assert order == sorted(order)
    assert "Sourced" not in page
    assert page.count("Public once") == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_claims_asks_the_database_as_often_for_many_rows(
    desk, article, question, django_assert_num_queries, rows
):
    for number in range(rows):
        article(f"A {number}", body="<p>Research shows it.</p>")
        question(f"Q {number}", draft=True, body="<p>Research shows it.</p>")
    with django_assert_num_queries(5):  # session, person, releases, articles, questions
        page = desk.get("/library/claims/").text
    assert page.count("Research shows it.") == 2 * rows
