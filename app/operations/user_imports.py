"""Lists of people: looked at first, then taken in; who is there already is changed only where the row says so."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.i18n import N_
from app.models import UserImport, UserImportRow
from app.models.people import departments_of_person
from app.operations.actor import Actor
from app.operations.departments import set_departments
from app.operations.file_imports import keep_upload, locked_upload, new_row, stored_rows
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.memberships import change_memberships
from app.operations.reasons import stated_reason
from app.operations.user_accounts import change_account
from app.operations.user_import_rows import COLUMNS, CheckedUser, Known, check_user_row, read_known
from app.operations.users import NewUser, add_user
from app.spreadsheets import FileRow, Problem, UnreadableFile, UploadedTable, problems_json, read_uploaded

USER_TWICE = N_("“%(text)s” stands in line %(line)s already. Only the first row is taken in.")
# Each new password costs some 20 ms to hash; a longer list keeps a person waiting.
MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class UserImportResult:
    """Who was made anew, and how many were changed or left as they were."""

    new: tuple[str, ...]
    changed: int
    left: int


def read_people(content: bytes, file_name: str) -> UploadedTable:
    """Read a list of people. Raises UnreadableFile, MissingColumns."""
    uploaded = read_uploaded(content, file_name, COLUMNS)
    if len(uploaded.table.rows) > MOST_PEOPLE:
        raise UnreadableFile(N_("The file has more than %(rows)s rows. Divide it."), rows=MOST_PEOPLE)
    return uploaded


def upload_users(session: Session, uploaded: UploadedTable, *, actor: Actor, now: datetime) -> str:
    """Keep the rows of a list for the preview and return its id; nobody is made yet."""
    upload = UserImport()
    keep_upload(session, upload, uploaded, actor=actor, now=now)
    known = read_known(session, actor)
    first_lines: dict[str, int] = {}
    session.add_all(_preview_row(session, upload, row, known, first_lines) for row in uploaded.table.rows)
    session.flush()
    return upload.id


def _preview_row(
    session: Session, upload: UserImport, row: FileRow, known: Known, first_lines: dict[str, int]
) -> UserImportRow:
    checked, problems = check_user_row(session, row.texts, known)
    outcome = checked.outcome if checked else "bad"
    if checked and first_lines.setdefault(checked.id, row.number) != row.number:
        outcome = "bad"
        line = str(first_lines[checked.id])
        problems = (Problem("id", USER_TWICE, {"text": checked.id, "line": line}),)
    return new_row(UserImportRow, upload, row, outcome, problems)


def new_users_of(session: Session, import_id: str) -> list[str]:
    """The user names that a list would make: their passwords are hashed before anything is written."""
    rows = session.scalars(
        select(UserImportRow.content)
        .where(UserImportRow.import_id == import_id, UserImportRow.outcome == "new")
        .order_by(UserImportRow.number)
    )
    return [json.loads(content)["id"].lower() for content in rows]


def import_users(
    session: Session, import_id: str, *, password_hashes: Mapping[str, str], reason: str, actor: Actor, now: datetime
) -> UserImportResult:
    """Take in the rows that can be; what changed since the preview is checked again.

    Arguments: password_hashes, by user name; who has none is left out. Raises NotFound, FileAlreadyImported,
    InvalidInput (no reason).
    """
    why = stated_reason(reason)
    own = () if actor.kind == "system" else (UserImport.uploaded_by == actor.user_id,)
    upload = locked_upload(session, UserImport, import_id, *own)
    known, made = read_known(session, actor), []
    rows = stored_rows(session, UserImportRow, upload)
    for row in rows:
        if row.outcome not in ("new", "changed"):
            continue
        checked, problems = check_user_row(session, json.loads(row.content), known)
        if checked is None:
            row.outcome, row.problems = "bad", problems_json(problems)
        elif checked.outcome == "new" and checked.id in password_hashes:
            _make(session, checked, password_hashes[checked.id], actor=actor, now=now)
            made.append(checked.id)
            row.outcome = "imported"
        elif checked.outcome == "changed":
            _change(session, checked, why, actor=actor, now=now)
            row.outcome = "imported"
        else:
            row.outcome = checked.outcome
    upload.state, upload.imported_at = "imported", now
    outcomes = Counter(row.outcome for row in rows)
    result = UserImportResult(tuple(made), outcomes["imported"] - len(made), len(rows) - outcomes["imported"])
    body: dict[str, object] = {"import_id": import_id, "file_name": upload.file_name, "sha256": upload.sha256}
    body |= {"new": len(made), "changed": result.changed, "left": result.left}
    event = Event("users_imported", body, reason=why)
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
    return result


def _make(session: Session, checked: CheckedUser, password_hash: str, *, actor: Actor, now: datetime) -> None:
    new = NewUser(
        checked.id,
        checked.display_name,
        tuple(sorted(checked.memberships)),
        locale=checked.locale,
        email=checked.email,
        home_site_id=checked.site_id,
    )
    add_user(session, new, password_hash, actor=actor, now=now)
    if checked.departments:
        set_departments(session, checked.id, checked.departments, actor=actor, now=now)


def _change(session: Session, checked: CheckedUser, reason: str, *, actor: Actor, now: datetime) -> None:
    change_account(
        session,
        checked.id,
        display_name=checked.display_name,
        email=checked.email,
        locale=checked.locale,
        home_site_id=checked.site_id,
        actor=actor,
        now=now,
    )
    if checked.memberships:
        change_memberships(session, checked.id, added=checked.memberships, reason=reason, actor=actor, now=now)
    if checked.departments:
        present = departments_of_person(session, checked.id)
        set_departments(session, checked.id, checked.departments | set(present), actor=actor, now=now)
