"""A parameter or field sent twice where one value is meant is refused (W40)."""

import pytest

from tests.integration.web.browser import Browser
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import Dealership

pytestmark = SQLITE_ONLY


@pytest.mark.parametrize(
    "path", ["/inbox?view=mine&view=done", "/inbox?q=a&q=a", "/cases?state=all&state=open", "/sign-in?next=/a&next=/b",
             "/inbox?nobody-reads=1&nobody-reads=2"],
)  # fmt: skip
def test_w40_parameters_of_an_address(browser: Browser, path: str) -> None:
    browser.sign_in("cr_advisor")
    answer = browser.get(path)
    assert answer.status_code == 400
    assert "was sent more than once" in answer.text


def test_w40_fields_of_a_form(browser: Browser) -> None:
    browser.sign_in("cr_advisor")
    answer = browser.post("/preferences", {"theme": ["dark", "light"]})
    assert answer.status_code == 400
    assert "“theme” was sent more than once" in answer.text
    assert 'data-theme="' not in browser.get("/password").text
    assert browser.post("/preferences", {"theme": "dark"}).status_code == 302


def test_w40_form_token(browser: Browser) -> None:
    browser.sign_in("cr_advisor")
    answer = browser.request(
        "POST", "/preferences", data={"theme": "dark", "csrf_token": [browser.token, browser.token]}, with_token=False
    )
    assert answer.status_code == 400


def test_w40_view_named_in_the_address_and_in_the_form(browser: Browser, dealership: Dealership) -> None:
    browser.sign_in("cr_advisor")
    path = f"/user-tasks/{dealership.user_task_id}/claim?view=mine"
    assert browser.post(path, {"view": "done"}).status_code == 400
