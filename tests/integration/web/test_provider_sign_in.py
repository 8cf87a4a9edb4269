"""W28: signing in with a real provider on loopback, end to end; linked by hand, never by an address of mail."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from app.config import Config, OidcSettings
from app.database import writing
from app.models import ExternalIdentity, User
from app.operations.actor import SYSTEM
from app.operations.history import CONFIGURATION_STREAM
from app.operations.history_reading import read_events
from app.operations.memberships import memberships_of
from app.operations.provider_groups import follow_provider_groups
from app.operations.second_factor import require_second_factor
from app.web.reauthentication import PASSWORD as AGAIN
from tests.integration.identity_provider import Provider, started_provider
from tests.integration.web.browser import PASSWORD, Browser, signed_in
from tests.integration.web.conftest import SteppedClock
from tests.integration.web.dealership import HERE
from tests.integration.web.test_second_factor import set_up

PERSON, SUBJECT = "cr_advisor", "kim@idp"
# Whose mail address at the provider is that of our administrator.
CLAIMS = {
    "sub": SUBJECT, "email": "admin@shop.example", "email_verified": True, "preferred_username": "admin",
    "groups": ["workshop", "everybody"],
}  # fmt: skip
LISTED = {"workshop": ("technical_expert", HERE), "desk": ("front_desk", HERE)}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with started_provider(CLAIMS) as started:
        yield started


@pytest.fixture
def config(config: Config, provider: Provider) -> Config:
    settings = OidcSettings(provider.address, "aftercare", "the client's secret", "Example ID", groups=LISTED)
    return replace(config, oidc=settings)


@pytest.fixture
def visitor(app: Flask, people: None) -> Browser:
    return Browser(app)


def let_in(provider: Provider, location: str, subject: str = SUBJECT) -> str:
    return provider.let_in(location, subject)


def come_back(browser: Browser, path: str, **changes: str) -> tuple[int, str]:
    """Open the page one is sent back to and send its form, as its script does; status and where to."""
    page = browser.get(path).text
    action = re.search(r'<form method="post" action="([^"]+)" data-send-at-once>', page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert action
    assert token
    fields = dict(re.findall(r'<input type="hidden" name="(code|state|iss|error)" value="([^"]*)">', page))
    answer = browser.post(action[1], {**fields, **changes}, headers={"X-CSRFToken": token[1]})
    return answer.status_code, answer.headers.get("Location", answer.text)


def link(browser: Browser, provider: Provider) -> None:
    path = let_in(provider, browser.get("/sign-in/provider").location)
    assert come_back(browser, path) == (303, "/account/provider")


def linked(app: Flask, provider: Provider) -> Browser:
    """The person's browser, with the account linked."""
    browser = signed_in(app, PERSON)
    link(browser, provider)
    return browser


def test_w28_a_linked_account_signs_in(app: Flask, visitor: Browser, provider: Provider, main_engine: Engine) -> None:
    linked(app, provider)
    assert "Sign in with Example ID" in visitor.get("/sign-in").text
    back = let_in(provider, visitor.get("/sign-in/provider?next=/cases").location)
    assert come_back(visitor, back) == (303, "/cases")
    assert visitor.get("/inbox").status_code == 200
    with Session(main_engine) as session:
        [identity] = session.scalars(select(ExternalIdentity)).all()
        assert (identity.user_id, identity.subject, identity.linked_by) == (PERSON, SUBJECT, PERSON)
        told = [event.type for event in read_events(session, CONFIGURATION_STREAM)]
        assert told[-2:] == ["identity_linked", "memberships_changed"], "linked, then the group of the settings"


def test_w28_an_address_of_mail_takes_nobody_over(visitor: Browser, provider: Provider, main_engine: Engine) -> None:
    with writing(), Session(main_engine) as session:
        session.execute(update(User).where(User.id == "admin").values(email=CLAIMS["email"]))
        session.commit()
    status, page = come_back(visitor, let_in(provider, visitor.get("/sign-in/provider").location))
    assert (status, "Nobody here is linked" in page) == (403, True)
    assert visitor.get("/inbox").status_code == 302


def test_w28_what_another_browser_began_is_refused(app: Flask, visitor: Browser, provider: Provider) -> None:
    linked(app, provider)
    attacker = Browser(app)
    theirs = let_in(provider, attacker.get("/sign-in/provider").location)
    assert come_back(visitor, theirs)[0] == 403, "nothing is under way in this browser"
    visitor.get("/sign-in/provider")
    assert come_back(visitor, theirs)[0] == 403, "another state"
    assert come_back(attacker, theirs)[0] == 303
    assert visitor.get("/inbox").status_code == 302


def test_w28_a_code_is_good_once_and_soon(
    app: Flask, visitor: Browser, provider: Provider, session_clock: SteppedClock
) -> None:
    linked(app, provider)
    back = let_in(provider, visitor.get("/sign-in/provider").location)
    before = visitor.copy()
    assert come_back(visitor, back)[0] == 303
    assert come_back(before, back)[0] == 403, "the provider has redeemed it"
    again = Browser(app)
    back = let_in(provider, again.get("/sign-in/provider").location)
    session_clock.ahead += timedelta(minutes=11)
    assert come_back(again, back)[0] == 403


@pytest.mark.parametrize("changes", [{"iss": "https://evil.example"}, {"error": "access_denied"}, {"code": ""}])
def test_w28_a_wrong_answer_is_refused(
    app: Flask, visitor: Browser, provider: Provider, changes: dict[str, str]
) -> None:
    linked(app, provider)
    back = let_in(provider, visitor.get("/sign-in/provider").location)
    assert come_back(visitor, back, **changes)[0] == 403
    assert visitor.get("/inbox").status_code == 302


def test_w28_the_second_factor_is_asked_for_as_always(
    app: Flask, visitor: Browser, provider: Provider, session_clock: SteppedClock
) -> None:
    set_up(linked(app, provider), session_clock)
    assert come_back(visitor, let_in(provider, visitor.get("/sign-in/provider").location))[0] == 303
    assert visitor.get("/inbox").location.startswith("/second-factor")


def test_w28_who_must_have_a_second_factor_sets_it_up_first(
    app: Flask, visitor: Browser, provider: Provider, main_engine: Engine
) -> None:
    linked(app, provider)
    with writing(), Session(main_engine) as session:
        require_second_factor(session, PERSON, is_required=True, actor=SYSTEM, now=datetime.now(UTC))
        session.commit()
    assert come_back(visitor, let_in(provider, visitor.get("/sign-in/provider").location))[0] == 303
    assert visitor.get("/inbox").location.startswith("/account/second-factor")


def test_w28_linking_needs_a_recent_sign_in_and_takes_from_nobody(
    app: Flask, people: None, provider: Provider, session_clock: SteppedClock
) -> None:
    linked(app, provider)
    other = signed_in(app, "admin")
    assert come_back(other, let_in(provider, other.get("/sign-in/provider").location))[0] == 409
    session_clock.ahead += timedelta(minutes=11)
    stale = signed_in(app, "auditor")
    back = let_in(provider, stale.get("/sign-in/provider").location, "somebody-else")
    session_clock.ahead += timedelta(minutes=9, seconds=30)
    assert come_back(stale, back)[0] == 303
    session_clock.ahead += timedelta(minutes=1)
    back = let_in(provider, stale.get("/sign-in/provider").location, "a-third")
    status, page = come_back(stale, back)
    assert (status, AGAIN in page) == (403, True)


def test_w28_unlinked_and_disabled_people_do_not_come_in(
    app: Flask, visitor: Browser, provider: Provider, main_engine: Engine
) -> None:
    person = linked(app, provider)
    with writing(), Session(main_engine) as session:
        session.execute(update(User).where(User.id == PERSON).values(is_active=False))
        session.commit()
    assert come_back(visitor, let_in(provider, visitor.get("/sign-in/provider").location))[0] == 403
    with writing(), Session(main_engine) as session:
        session.execute(update(User).where(User.id == PERSON).values(is_active=True))
        session.commit()
    fields = {"issuer": provider.address, "subject": SUBJECT}
    assert person.post("/account/provider/unlink", fields).status_code == 303
    assert come_back(visitor, let_in(provider, visitor.get("/sign-in/provider").location))[0] == 403


def test_an_administrator_links_and_unlinks(app: Flask, visitor: Browser, provider: Provider) -> None:
    admin = signed_in(app, "admin")
    path = f"/admin/users/{PERSON}/sign-in/identities"
    assert admin.post(path, {"subject": " "}).status_code == 422
    assert admin.post(path, {"subject": SUBJECT}).status_code == 303
    assert SUBJECT in admin.get(f"/admin/users/{PERSON}/sign-in").text
    assert come_back(visitor, let_in(provider, visitor.get("/sign-in/provider").location))[0] == 303
    assert admin.post(path, {"subject": SUBJECT, "issuer": provider.address, "wanted": "unlink"}).status_code == 303
    again = Browser(app)
    assert come_back(again, let_in(provider, again.get("/sign-in/provider").location))[0] == 403


def test_a_provider_that_is_away_is_said_so(app: Flask, visitor: Browser) -> None:
    provider = app.extensions["provider"]
    provider.settings = replace(provider.settings, issuer="http://127.0.0.1:1")
    assert visitor.get("/sign-in/provider").status_code == 503
    assert Browser(app).sign_in(PERSON, PASSWORD).status_code == 302


def test_only_listed_groups_of_the_provider_are_followed(
    app: Flask, visitor: Browser, provider: Provider, main_engine: Engine
) -> None:
    linked(app, provider)
    with writing(), Session(main_engine) as session:
        follow_provider_groups(session, PERSON, ["desk", "boss"], LISTED, now=datetime.now(UTC))
        session.commit()
        assert memberships_of(session, PERSON) == {("cr_advisor", HERE), ("front_desk", HERE)}
        follow_provider_groups(session, PERSON, None, LISTED, now=datetime.now(UTC))
        assert ("front_desk", HERE) in memberships_of(session, PERSON), "the provider says nothing of groups"
    come_back(visitor, let_in(provider, visitor.get("/sign-in/provider").location))
    with Session(main_engine) as session:
        assert memberships_of(session, PERSON) == {("cr_advisor", HERE), ("technical_expert", HERE)}
        event = read_events(session, CONFIGURATION_STREAM)[-1]
        told = {"added": [f"technical_expert@{HERE}"], "removed": [f"front_desk@{HERE}"], "by": "provider"}
        assert (event.type, event.body) == ("memberships_changed", {"user": PERSON, **told})


def test_who_came_from_the_provider_is_led_to_its_sign_out(app: Flask, visitor: Browser, provider: Provider) -> None:
    linked(app, provider)
    come_back(visitor, let_in(provider, visitor.get("/sign-in/provider").location))
    assert visitor.post("/sign-out").location == "/sign-in?out=provider"
    assert "/sign-in/provider/out" in visitor.get("/sign-in?out=provider").text
    location = visitor.get("/sign-in/provider/out").location
    assert location.startswith(provider.address)
    assert "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fsign-in" in location
    assert "provider/out" not in visitor.get("/sign-in").text
