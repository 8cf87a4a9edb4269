"""A unique word in a case is nowhere for those who may not see it, wherever links and searches lead (W03)."""

import html
import re
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from tests.integration.operations.dealership import follow
from tests.integration.web.all_routes import COMPANY_WIDE, path_of
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import MARKER, Dealership
from tests.integration.web.filling import STRANGER

pytestmark = SQLITE_ONLY

LINK = re.compile(r'(?:href|hx-get|action)="(/[^"#]*)')
ECHO = re.compile(f'value="{MARKER}"|</svg>{MARKER}<svg')  # what was asked for, in the field and on the chip
MOST_PAGES = 400
WORD = quote(MARKER)
SEARCHES = [
    f"{path}{mark}{query}={word}"
    for path, mark, query in (("/cases?state=all", "&", "q"), ("/inbox?view=claimable", "&", "q"), ("/inbox", "?", "q"))
    for word in (WORD, "RO-1", "10011112222", "%25")
]
# Who administers a site sees its uploads, jobs and departments, but no case that is none of the groups' business.
# The customer's own file is for the groups of the site that need to know it, whatever cases they may see.
CUSTOMER_FILES = ("/customers", "/vehicles/", "/api/v1/customers", "/api/v1/vehicles/")
PLACES_OF_ADMINISTRATORS = ("/imports", "/admin/", "/api/v1/imports")


def pages_without_arguments(app: Flask) -> list[str]:
    """Every page that needs no id: where a crawl begins."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint != "events.events"
    ]


def crawl(app: Flask, browser: Browser, starts: list[str]) -> dict[str, str]:
    """All pages that links lead to from these, with what they say; what was searched for is not counted as said."""
    known, waiting, found = set(starts), list(starts), {}
    while waiting and len(found) < MOST_PAGES:
        path = waiting.pop(0)
        answer = browser.get(path, headers={"HX-Request": "true"} if path.startswith("/inbox/rows") else {})
        if answer.status_code != 200:
            continue
        text = html.unescape(answer.text)
        found[path] = ECHO.sub("", text) if WORD in path else text
        for link in map(html.unescape, LINK.findall(answer.text)):
            place = urlsplit(link).path
            if link not in known and not place.startswith(("/static/", "/events", "/sign-")):
                known.add(link)
                waiting.append(link)
    return found


@pytest.fixture
def indexed(sessions: sessionmaker[Session], dealership: Dealership) -> Dealership:
    """The search knows everything there is."""
    with writing(), sessions() as session:
        follow(session)
        session.commit()
    return dealership


def said_to(app: Flask, user_id: str, indexed: Dealership) -> dict[str, str]:
    """Where the word is found by somebody who follows every link and asks for every id there is."""
    browser = signed_in(app, user_id)
    ids = [
        path_of(rule, indexed) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.arguments
    ]
    pages = crawl(app, browser, [*pages_without_arguments(app), *SEARCHES, *ids])
    assert len(pages) > 10
    return {path: text for path, text in pages.items() if MARKER in text}


def test_w03_who_may_see_the_case_finds_the_word(app: Flask, indexed: Dealership) -> None:
    found = said_to(app, "cr_advisor", indexed)
    assert f"/cases/{indexed.instance_id}" in found
    assert any(path.startswith("/inbox") and WORD in path for path in found)
    assert any(path.startswith("/cases?") and WORD in path for path in found)


def test_w03_the_word_is_nowhere_for_others(app: Flask, indexed: Dealership) -> None:
    assert sorted(said_to(app, STRANGER, indexed)) == []


@pytest.mark.parametrize("user_id", ["customer_service", "customer_service_manager"])
def test_w03_who_reads_the_files_of_the_site_meets_the_word_there_only(
    app: Flask, indexed: Dealership, user_id: str
) -> None:
    found = said_to(app, user_id, indexed)
    assert [path for path in found if not path.startswith(CUSTOMER_FILES)] == []
    assert not [path for path, text in found.items() if indexed.instance_id in text], "the case stays hidden"


def test_w03_administrators_see_the_site_and_not_its_cases(app: Flask, indexed: Dealership) -> None:
    found = said_to(app, "admin", indexed)
    assert any(path.startswith("/imports/") for path in found)
    assert [path for path in found if not path.startswith(PLACES_OF_ADMINISTRATORS)] == []


def test_w01_every_id_of_an_address_is_of_the_company_or_of_a_site(app: Flask) -> None:
    arguments = {name for rule in app.url_map.iter_rules() for name in rule.arguments}
    assert arguments >= COMPANY_WIDE
    assert arguments - COMPANY_WIDE <= {*Dealership.__dataclass_fields__, *vars(Dealership)}
