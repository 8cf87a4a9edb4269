"""Lists of people: a verdict for every row, nothing before it is confirmed, changes only where the row says so."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotFound
from app.models import Department, HistoryEvent, Membership, Site, User, UserImportRow
from app.models.people import departments_of_person
from app.operations.actor import SYSTEM, Actor
from app.operations.file_imports import FileAlreadyImported
from app.operations.groups import ensure_default_groups
from app.operations.memberships import memberships_of
from app.operations.user_imports import (
    MOST_PEOPLE,
    UserImportResult,
    import_users,
    new_users_of,
    read_people,
    upload_users,
)
from app.spreadsheets import UnreadableFile

NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
HEADER = "用户名,姓名,邮箱,门店,用户组,部门,语言,更新"


@pytest.fixture
def boss(session: Session) -> Actor:
    """Administers the main house, not the outlet; `lin` works at the main house, `far` at the outlet."""
    session.add_all([Site(id="main", name="城西店"), Site(id="east", name="城东网点", is_outlet=True)])
    ensure_default_groups(session)
    for user_id, site_id in (("boss", "main"), ("lin", "main"), ("far", "east")):
        session.add(User(id=user_id, display_name=user_id.title(), home_site_id=site_id, created_at=NOW))
    session.flush()
    session.add_all(
        [
            Membership(user_id="boss", group_id="admin", site_id="main"),
            Membership(user_id="lin", group_id="cr_advisor", site_id="main"),
            Department(id="d1", site_id="main", name_en="Service", name_zh="服务部"),
        ]
    )
    session.flush()
    return Actor("boss")


def upload(session: Session, boss: Actor, *rows: str, encoding: str = "utf-8-sig") -> str:
    people = read_people("\n".join((HEADER, *rows)).encode(encoding), "people.csv")
    return upload_users(session, people, actor=boss, now=NOW)


def verdicts(session: Session, import_id: str) -> list[tuple[str, list[str]]]:
    rows = session.scalars(
        select(UserImportRow).where(UserImportRow.import_id == import_id).order_by(UserImportRow.number)
    )
    return [(row.outcome, [field for field, _msgid, _params in json.loads(row.problems)]) for row in rows]


def take_in(session: Session, import_id: str, boss: Actor, reason: str = "new colleagues") -> UserImportResult:
    hashes = dict.fromkeys(new_users_of(session, import_id), "$argon2id$not-checked-here")
    return import_users(session, import_id, password_hashes=hashes, reason=reason, actor=boss, now=NOW)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_people_are_made_with_groups_and_departments(session: Session, boss: Actor, encoding: str) -> None:
    import_id = upload(
        session, boss,
        "Dong.Qing,冬青,dong@shop.example,城西店,服务顾问、front_desk,服务部,中文,",
        "mei,梅,,,Auditors,,English,",
        encoding=encoding,
    )  # fmt: skip
    assert verdicts(session, import_id) == [("new", []), ("new", [])]
    assert session.get(User, "dong.qing") is None
    assert take_in(session, import_id, boss).new == ("dong.qing", "mei")
    assert memberships_of(session, "dong.qing") == {("service_advisor", "main"), ("front_desk", "main")}
    assert departments_of_person(session, "dong.qing") == ["d1"]
    dong, mei = session.get_one(User, "dong.qing"), session.get_one(User, "mei")
    assert (dong.locale, dong.must_change_password, dong.home_site_id) == ("zh_CN", True, "main")
    assert (mei.locale, mei.email, memberships_of(session, "mei")) == ("en", None, {("auditor", "main")})
    [event] = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "users_imported"))
    assert json.loads(event.canonical)["reason"] == "new colleagues"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("含空格 x,名,,,,,,", "id"),
        ("system,名,,,,,,", "id"),
        ("far,名,,,,,,", "id"),
        ("ok,,,,,,,", "display_name"),
        ("ok,名,not an address,,,,,", "email"),
        ("ok,名,,城东网点,cr_advisor,,,", "site"),
        ("ok,名,,,cr_advisor@east,,,", "site"),
        ("ok,名,,,飞行员,,,", "groups"),
        ("ok,名,,,,宇航部,,", "departments"),
        ("ok,名,,,,,Deutsch,", "locale"),
    ],
)
def test_what_is_wrong_is_said_at_its_column(session: Session, boss: Actor, row: str, column: str) -> None:
    import_id = upload(session, boss, row)
    assert verdicts(session, import_id) == [("bad", [column])]
    assert take_in(session, import_id, boss) == UserImportResult((), 0, 1)


def test_everything_wrong_with_a_row_is_said_at_once(session: Session, boss: Actor) -> None:
    import_id = upload(session, boss, "含空格 x,名,not an address,,飞行员、宇航员,宇航部,Deutsch,")
    columns = ["id", "locale", "email", "groups", "groups", "departments"]
    assert verdicts(session, import_id) == [("bad", columns)]


def test_same_name_twice_is_taken_once(session: Session, boss: Actor) -> None:
    import_id = upload(session, boss, "mei,梅,,,,,,", "mei,另一个梅,,,,,,")
    assert verdicts(session, import_id) == [("new", []), ("bad", ["id"])]


def test_who_is_there_is_changed_only_where_the_row_says_so(session: Session, boss: Actor) -> None:
    import_id = upload(session, boss, "lin,林小禾,,,front_desk,,,")
    assert verdicts(session, import_id) == [("known", [])]
    import_id = upload(session, boss, "lin,林小禾,,,front_desk,服务部,,是")
    assert verdicts(session, import_id) == [("changed", [])]
    assert take_in(session, import_id, boss) == UserImportResult((), 1, 0)
    assert session.get_one(User, "lin").display_name == "林小禾"
    assert memberships_of(session, "lin") == {("cr_advisor", "main"), ("front_desk", "main")}
    assert departments_of_person(session, "lin") == ["d1"]
    import_id = upload(session, boss, "lin,林小禾,,,front_desk,,,是")
    assert verdicts(session, import_id) == [("same", [])]


def test_account_that_belongs_to_other_sites_as_well_is_left_to_who_administers_them(
    session: Session, boss: Actor
) -> None:
    session.add(Membership(user_id="lin", group_id="cr_advisor", site_id="east"))
    session.flush()
    assert verdicts(session, upload(session, boss, "lin,另一个名字,,,,,,是")) == [("bad", ["id"])]


def test_what_happened_since_the_preview_counts(session: Session, boss: Actor) -> None:
    import_id = upload(session, boss, "mei,梅,,,cr_advisor,,,", "lan,兰,,,,,,")
    session.add(User(id="mei", display_name="Somebody else", home_site_id="main", created_at=NOW))
    session.flush()
    assert take_in(session, import_id, boss).new == ("lan",)
    assert session.get_one(User, "mei").display_name == "Somebody else"
    with pytest.raises(FileAlreadyImported):
        take_in(session, import_id, boss)


def test_w09_import_needs_a_reason_and_belongs_to_who_uploaded_it(session: Session, boss: Actor) -> None:
    import_id = upload(session, boss, "mei,梅,,,,,,")
    with pytest.raises(InvalidInput):
        take_in(session, import_id, boss, reason=" ")
    with pytest.raises(NotFound):
        take_in(session, import_id, Actor("lin"))
    assert take_in(session, import_id, SYSTEM).new == ("mei",)


def test_list_that_would_take_minutes_is_refused(session: Session, boss: Actor) -> None:
    with pytest.raises(UnreadableFile):
        upload(session, boss, *(f"user{number},名,,,,,," for number in range(MOST_PEOPLE + 1)))
