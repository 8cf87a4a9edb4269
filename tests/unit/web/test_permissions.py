"""Every view says who may use it; groups give permissions at their sites (W06)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.models.signed_in_person import Person
from app.operations.groups import DEFAULT_GROUPS
from app.web.permissions import (
    GRANTS,
    Permission,
    check_all_routes_declare,
    declared,
    is_read_only,
    permissions_of,
    public,
    requires,
    signed_in,
    sites_with,
)


def _person(*memberships: tuple[str, str]) -> Person:
    now = datetime.now(UTC)
    return Person(
        id="li",
        display_name="Li",
        locale="en",
        theme="auto",
        home_site_id=None,
        zone=ZoneInfo("UTC"),
        must_change_password=False,
        memberships=frozenset(memberships),
        token_hash=b"",
        last_seen_at=now,
        second_factor="",
    )


def test_w06_view_without_declaration_keeps_the_application_from_starting() -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/a", "declared", public(lambda: ""))
    check_all_routes_declare(app)
    app.add_url_rule("/b", "forgotten", lambda: "")
    with pytest.raises(LookupError, match="forgotten"):
        check_all_routes_declare(app)


def test_declarations_can_be_listed() -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/a", "a", public(lambda: ""))
    app.add_url_rule("/b", "b", signed_in(lambda: ""))
    app.add_url_rule("/c", "c", requires(Permission.DEPLOY)(lambda: ""))
    assert declared(app) == {"a": "public", "b": "signed_in", "c": "deploy"}


def test_grants_name_known_groups_only() -> None:
    assert set(GRANTS) <= {group for group, _, _ in DEFAULT_GROUPS}


def test_nobody_without_a_group_may_anything() -> None:
    assert permissions_of(_person()) == frozenset()


def test_permissions_of_several_groups_add_up() -> None:
    person = _person(("process_owner", "hq"), ("admin", "hq"))
    assert {Permission.DEPLOY, Permission.ADMINISTER} <= permissions_of(person)


def test_a_permission_counts_at_the_sites_of_its_group() -> None:
    person = _person(("cr_advisor", "hq"), ("general_manager", "outlet"))
    assert sites_with(person, Permission.IMPORT_VISITS) == {"hq"}
    assert sites_with(person, Permission.WORK) == {"hq", "outlet"}


@pytest.mark.parametrize(
    ("memberships", "expected"),
    [
        ([("auditor", "hq")], True),
        ([("auditor", "hq"), ("auditor", "outlet")], True),
        ([("auditor", "hq"), ("cr_advisor", "hq")], False),
        ([("cr_advisor", "hq")], False),
        ([], False),
    ],
)
def test_auditors_only_read(memberships: list[tuple[str, str]], expected: bool) -> None:
    assert is_read_only(_person(*memberships)) is expected
