"""A character that no database takes is refused with words, wherever it stands in a request."""

import pytest

from tests.integration.web.browser import Browser


@pytest.mark.parametrize("path", ["/inbox?q=a%00", "/cases?q=%00", "/cases/%00", "/inbox?%00=1", "/sign-in?next=%00"])
def test_in_an_address(browser: Browser, path: str) -> None:
    browser.sign_in("cr_advisor")
    answer = browser.get(path)
    assert answer.status_code == 400
    assert "a character that no text has" in answer.text


def test_in_a_form(browser: Browser) -> None:
    assert browser.sign_in("cr_advisor\0").status_code == 400
    browser.sign_in("cr_advisor")
    assert browser.post("/preferences", {"theme": "dark\0"}).status_code == 400
