"""Where `next` may lead (W35)."""

import pytest

from app.web.redirects import LONGEST, safe_next

LEADS_AWAY = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "///evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "/%2f/evil.example",
    "/%5cevil.example",
    "%2f%2fevil.example",
    " //evil.example",
    "\x00//evil.example",
    "https:/evil.example",
    "//evil.example@bpm.example",
    "https://bpm.example@evil.example",
    "\u2044\u2044evil.example",
    "//\u3002evil",
    "/%09/evil.example",
    "data:text/html,x",
    "/%252f/evil.example",
    "/%0a/evil.example",
    "/x\r\nSet-Cookie: a=b",
    "",
    None,
    "/" * LONGEST + "/x",
    "sign-in",
    "?next=/x",
    "/\x7f/x",
    "/%2F%2Fevil.example",
]
STAYS_HERE = [
    "/user-tasks/1?x=1",
    "/sign-in?next=//evil.example#",
    "/.evil.example",
    "/%2e%2e//evil.example",
    "/",
    "/inbox?q=a%20b",
    "/cases/01a2/history?type=user_task_completed",
    "/inbox?q=%E5%BC%A0",
]


@pytest.mark.parametrize("wish", LEADS_AWAY)
def test_w35_what_leads_away_falls_back(wish: str | None) -> None:
    assert safe_next(wish) == "/"
    assert safe_next(wish, "/inbox") == "/inbox"


@pytest.mark.parametrize("wish", STAYS_HERE)
def test_w35_paths_of_this_site_are_kept(wish: str) -> None:
    assert safe_next(wish) == wish
