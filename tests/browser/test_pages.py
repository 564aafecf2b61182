"""Every page that a role can reach by its links answers, fits a phone, and gives axe nothing to find.

More states and more ways of looking are in sweep.py, which takes too long to run each time.
"""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SignIn
from tests.browser.soundness import DESK, PHONE, answered, looked_at, reachable


@pytest.mark.parametrize("who", ["", "sam", "ana", "eli", "mara"])
def test_every_page_is_sound(page: Page, base_url: str, who: str, sign_in: SignIn) -> None:
    """The page stays open at a desk's width, for its links."""
    if who:
        sign_in(page, who)
    wrong: list[str] = []
    for path in reachable(page, base_url, who):
        missing = list(answered(page, path))
        wrong += missing or looked_at(page, (PHONE, DESK))
    assert not wrong, "\n".join(wrong)
