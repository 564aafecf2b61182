import re

import pytest

from tests.checkins.conftest import SENTINEL, body


def history(browser, query=""):
    return browser.get(f"/check-in/history/{query}")


def test_the_history_draws_days_and_leaves_gaps(sams, sam, said):
    for days_ago, mood in [(0, 5), (1, 4), (4, 1)]:
        said(sam, days_ago=days_ago, mood=mood)
    response = history(sams)
    assert len(response.context["picture"].runs) == 2
    assert len(response.context["picture"].dots) == 3
    html = body(response)
    assert "Hard days count too." in html
    assert "Tue 24 Nov" in html
    assert "You and Ana Ruiz can see this." in html
    assert "style=" not in html


def test_the_history_names_no_streak_score_or_share(sams, sam, said):
    for number in range(14):
        said(sam, days_ago=number, note=SENTINEL)
    words = re.sub(r"<[^>]+>", " ", body(history(sams))).lower()
    assert SENTINEL in words
    assert not re.search(r"streak|score|average|in a row|missed|%", words)


def test_the_history_pages_back_by_weeks(sams, sam, said):
    said(sam, days_ago=40, note=SENTINEL)
    said(sam)
    first = history(sams)
    assert SENTINEL not in body(first)
    earlier = re.search(r'href="(\?until=[\d-]+)"\s+rel="prev"', body(first))[1]
    second = history(sams, earlier)
    assert SENTINEL in body(second)
    assert 'rel="prev"' not in body(second)
    assert 'rel="next"' in body(second)


def test_an_empty_history_says_so(sams):
    assert "Nothing in these four weeks." in body(history(sams))


@pytest.mark.parametrize(
    "until",
    ["1800-01-01", "99999-01-01", "9999-12-31", "tomorrow", "2026-11-25", "2026-13-01", "🌧"],
)
def test_a_day_that_cannot_be_is_not_found(sams, until):
    assert history(sams, f"?until={until}").status_code == 404


@pytest.mark.parametrize("number", [1, 28])
def test_the_history_costs_the_same_for_one_day_and_for_all(
    sams, sam, said, number, django_assert_num_queries
):
    for days_ago in range(number):
        said(sam, days_ago=days_ago)
    # Session, person, check-ins, key, earlier ones, care team.
    with django_assert_num_queries(6):
        history(sams)
