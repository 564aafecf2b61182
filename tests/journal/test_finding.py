"""Search over one's own pages (J5)."""

import re
import uuid
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import vault
from journal import finding
from journal.finding import Words, excerpts, find, marked, parts
from journal.folding import Folded, fold
from journal.models import Entry, Page

SEARCH = "/journal/search/"


def shown(parts):
    """The parts as a reader sees them, what was found in brackets."""
    return "".join(f"[{text}]" if hit else text for text, hit in parts)


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("One Chair closer", "chair", "One [Chair] closer"),
        ("Straße", "STRASSE", "[Straße]"),
        ("Straße", "ss", "Stra[ß]e"),
        ("İstanbul, ISPARTA", "istanbul", "[İstanbul], ISPARTA"),
        ("\N{LATIN SMALL LETTER DOTLESS I}sparta", "ISPARTA", "[\N{LATIN SMALL LETTER DOTLESS I}sparta]"),
        ("a cafe\u0301 here", "CAFÉ", "a [cafe\u0301] here"),
        ("un café ici", "cafe", "un [café] ici"),
        ("ΟΔΟΣ και οδός", "οδος", "[ΟΔΟΣ] και [οδός]"),
        ("مُحَمَّد هنا", "محمد", "[مُحَمَّد] هنا"),
        ("أحمد", "احمد", "[أحمد]"),
        ("我今天很好", "今天", "我[今天]很好"),
        ("かがみ", "か", "[か]がみ"),
        ("가각", "가", "[가]각"),
        ("\u1112\u1161\u11ab국", "한국", "[\u1112\u1161\u11ab국]"),  # in pieces, as some keyboards send it
        ("한국", "\u1112\u1161\u11ab국", "[한국]"),
        ("가 \u1100\u1161\u11a8", "가", "[가] \u1100\u1161\u11a8"),
        ("か\u3099 か", "が", "[か\u3099] か"),
        ("か\u3099 か", "か", "か\u3099 [か]"),
        ("ｶﾞ", "ガ", "[ｶﾞ]"),
        ("न\u093c", "\u0929", "[न\u093c]"),
        ("ﬁnd the ｆｕｌｌ moon", "find full", "[ﬁnd] the [ｆｕｌｌ] moon"),
        ("don’t", "don't", "[don’t]"),
        ("so\u00adft", "soft", "[so\u00adft]"),
        ("ß é ß one", "one", "ß é ß [one]"),
        ("👩🏽‍🦱 window", "window", "👩🏽‍🦱 [window]"),
        ("the steady\n room, the room", '"steady room"', "the [steady\n room], the room"),
        ("a+b (c", "a+b (c", "[a+b] [(c]"),
    ],
)
def test_j5_words_are_found_without_case_and_accents_where_they_were_written(text, words, found):
    words = Words(words)
    assert words.are_in(Page("", text))
    assert shown(marked(text, words)) == found


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("heron water", True),
        ("heron stone", False),
        ('"by the water"', True),
        ('"the by water"', False),
        ("“by the” heron", True),
        ('"evening a heron"', False),  # the title ends, and the text begins
        ('heron "', True),
        ("a heron " * 12 + "stone", False),  # no word is left out, however many there are
        ("h e r o n s t d b y w a stone", False),
    ],
)
def test_j5_every_word_has_to_be_there_and_quoted_ones_together(words, there):
    assert Words(words).are_in(Page("Evening", "A heron stood by the water.")) is there


def test_folding_twice_is_folding_once_and_each_character_for_itself():
    every = [chr(code) for code in range(0x3400) if not 0xD800 <= code < 0xE000]
    assert [char for char in every if fold(fold(char)) != fold(char)] == []
    assert fold("".join(every)) == "".join(map(fold, every))


def test_the_way_back_ends_on_whole_characters():
    text = "ßxİ\u0301ﷺb ﬁ½e\u00ad각"
    letters = [(index, letter) for index, char in enumerate(text) for letter in fold(char)]
    for at, (index, letter) in enumerate(letters):
        spans = list(Folded(text).spans(re.compile(re.escape(letter))))
        assert any(start <= index < end for start, end in spans), at


def test_an_excerpt_is_short_and_there_are_few():
    text = "window " + "and then nothing happened for a while " * 20
    text += "a heron came " + "and we waited " * 40 + "heron " + "until it rained " * 40 + "heron, heron"
    found = excerpts(text, Words("heron window"))
    assert len(found) == 3
    assert all(len("".join(part for part, _hit in one)) <= 164 for one in found)
    assert [shown(one).count("[") for one in found] == [1, 1, 1]
    assert "[window]" in shown(found[0])
    assert all(shown(one).startswith("… ") for one in found[1:])


def test_j5_a_place_that_is_longer_than_an_excerpt_is_marked_as_far_as_it_goes():
    [one] = excerpts("ha" * 300, Words("ha"))
    assert [hit for _text, hit in one] == [True, False]
    assert one[0][0] in "ha" * 300
    assert shown(parts("ab" * 5, [(0, 3), (5, 10)], 2, 7)) == "… [a]ba[ba] …"


def test_a_page_found_by_its_title_shows_how_it_begins():
    assert shown(excerpts("It rained. " * 100, Words("sun"))[0]).startswith("It rained. It")


def search_of(sam, **asked):
    entries = Entry.objects.visible_to(sam).standing().newest_first()
    asked = {"words": Words("heron"), "resting": False} | asked
    return find(entries, by=sam, key=vault.key_for(sam.pk), **asked)


def test_j5_what_rests_is_counted_and_left_out_and_what_is_closed_is_told(sam, write):
    write(sam, "A heron.", on=date(2026, 11, 1))
    quiet, broken = write(sam, "The heron again.", on=date(2026, 11, 2)), write(sam, "heron")
    quiet.rest(by=sam, now=timezone.now())
    Entry.objects.filter(pk=broken.pk).update(text_sealed=b"nonsense")
    found = search_of(sam)
    assert (found.number, found.resting, found.closed) == (1, 1, 1)
    found = search_of(sam, resting=True)
    assert found.matches[0].row.pk == quiet.pk
    assert (found.number, found.resting) == (2, 0)


def test_j5_so_many_pages_are_searched_and_it_says_so(sam, write, monkeypatch):
    monkeypatch.setattr(finding, "SEARCHED", 2)
    for day in (1, 2, 3):
        write(sam, "A heron.", on=date(2026, 11, day))
    found = search_of(sam)
    assert (found.number, found.is_cut) == (2, True)
    assert [match.row.written_on.day for match in found.matches] == [3, 2]


def test_j5_nobody_else_opens_pages_by_searching(sam, noor, ana, write):
    write(sam, "A heron.")
    entries = Entry.objects.all()
    for other in (noor, ana):
        with pytest.raises(PermissionDenied):
            find(entries, Words("heron"), by=other, key=vault.key_for(sam.pk), resting=True)
        assert Entry.objects.visible_to(other).count() == 0


def test_j5_search_takes_words_by_post_and_shows_where_they_stand(sam, noor, client_of, write):
    write(sam, "A heron stood <b>there</b>.", title="By the Héron")
    write(noor, "My heron.", title="Hers")
    browser = client_of(sam)
    assert 'method="post"' in browser.get(SEARCH).text
    page = browser.post(SEARCH, {"q": "heron"})
    assert page.status_code == 200
    assert "<mark>Héron</mark>" in page.text
    assert "A <mark>heron</mark> stood &lt;b&gt;there&lt;/b&gt;." in page.text
    assert "Hers" not in page.text
    assert "?q=" not in page.text


def test_j5_words_in_an_address_are_not_looked_for(sam, client_of, write):
    write(sam, "A heron.")
    assert "<mark>" not in client_of(sam).get(SEARCH, {"q": "heron"}).text


def test_j5_the_list_swaps_in_what_was_found(sam, client_of, write):
    write(sam, "A heron.")
    browser = client_of(sam)
    assert 'hx-post="/journal/search/"' in browser.get("/journal/").text
    fragment = browser.post(SEARCH, {"q": "heron"}, headers={"HX-Request": "true"}).text
    assert fragment.strip().startswith('<div id="found"')
    assert "<html" not in fragment


def test_j5_what_is_deleted_is_not_found(sam, client_of, write):
    write(sam, "A heron.").discard(by=sam, now=timezone.now())
    assert "Nothing found" in client_of(sam).post(SEARCH, {"q": "heron"}).text


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({"since": "2026-11-05"}, [9, 5]),
        ({"until": "2026-11-05"}, [5, 1]),
        ({"since": "2026-11-02", "until": "2026-11-08"}, [5]),
        ({"q": "heron", "since": "2026-11-02"}, [9]),
    ],
)
def test_j5_search_narrows_by_day(sam, client_of, write, asked, days):
    for day, text in ((1, "A heron."), (5, "Rain."), (9, "heron")):
        write(sam, text, on=date(2026, 11, day))
    page = client_of(sam).post(SEARCH, asked).text
    assert [int(day) for day in re.findall(r'<time datetime="2026-11-(\d\d)"', page)] == days


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, "Write a word to look for."),
        ({"q": "“”"}, "Write a word to look for."),
        ({"q": "\u00ad"}, "Write a word to look for."),
        ({"q": "x" * 201}, "Use fewer words: up to 200 characters."),
        ({"since": "2026-11-09", "until": "2026-11-08"}, "This day is before the first one."),
        ({"since": "tomorrow"}, "This day could not be read. Write it like 2026-11-24."),
    ],
)
def test_j5_what_cannot_be_looked_for_says_so_and_stays_typed(sam, client_of, write, asked, says):
    page = client_of(sam).post(SEARCH, asked)
    assert page.status_code == 422
    assert says in unescape(page.text)
    assert all(f'value="{value}"' in page.text for value in asked.values())
    fragment = client_of(sam).post(SEARCH, asked, headers={"HX-Request": "true"})
    assert fragment.status_code == 422
    assert (says in unescape(fragment.text)) is ("since" not in asked)  # the list asks for words alone


@pytest.mark.parametrize("number", [1, 30])
def test_search_takes_four_queries_however_many_pages(
    sam, client_of, write, django_assert_num_queries, number
):
    for day in range(number):
        write(sam, "A heron.", on=date(2026, 11, 24) - timedelta(days=day))
    browser = client_of(sam)
    with django_assert_num_queries(4):  # session, person, what there is, entries
        page = browser.post(SEARCH, {"q": "heron"}).text
    assert page.count("<mark>heron</mark>") == number


def test_j5_show_more_goes_on_by_post(sam, client_of, write, monkeypatch):
    monkeypatch.setattr(finding, "SHOWN", 2)
    for day in (1, 2, 3):
        write(sam, "A heron.", on=date(2026, 11, day))
    browser = client_of(sam)
    first = browser.post(SEARCH, {"q": "heron", "since": "2026-11-01"}).text
    assert re.findall(r'<time datetime="2026-11-(\d\d)"', first) == ["03", "02"]
    assert '<input type="hidden" name="since" value="2026-11-01">' in first
    after = re.search(r'name="after" value="([^"]+)"', first.replace("\n", " "))[1]
    second = browser.post(SEARCH, {"q": "heron", "after": after}).text
    assert re.findall(r'<time datetime="2026-11-(\d\d)"', second) == ["01"]
    assert browser.post(SEARCH, {"q": "heron", "after": uuid.uuid4()}).text.count("<mark>heron") == 2


@pytest.mark.parametrize("viewer", ["ana", "dev", "eli", "mara"])
def test_j5_staff_search_no_journal(cast, client_of, write, viewer):
    write(cast["sam"], "A heron.")
    assert client_of(cast[viewer]).post(SEARCH, {"q": "heron"}).status_code == 404


@pytest.mark.parametrize(("asked", "days"), [("shared", [4, 2]), ("answered", [3, 2])])
def test_j5_search_narrows_to_what_is_shared_now_or_answered(sam, ana, client_of, write, asked, days):
    now, shares = timezone.now(), {}
    for day in (1, 2, 3, 4):
        entry = write(sam, "A heron.", on=date(2026, 11, day))
        if day > 1:
            shares[day] = entry.share(with_=ana, by=sam, revision=1, now=now)
    for day in (2, 3):
        shares[day].answer("Thank you.", by=ana, client_token=uuid.uuid4(), now=now)
    shares[3].take_back(by=sam, now=now)
    found = client_of(sam).post(SEARCH, {asked: "on"}).text
    assert [int(day) for day in re.findall(r'<time datetime="2026-11-(\d\d)"', found)] == days
