"""Cases that go on with another version of their process."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from app import engine
from app.engine import Migrated, MigratedActivity, StepContext, StepFailed
from app.errors import InvalidInput
from app.i18n import N_
from app.models import ActivityInstance, Execution, Incident, Job, MessageSubscription, ProcessInstance, UserTask
from app.models.four_eyes import performed_under_four_eyes
from app.models.prepared import run, table_of
from app.operations.actor import Actor
from app.operations.case_changes import case_of_owner, require_change
from app.operations.cases import Case, lock_case, read_case
from app.operations.cause import Cause
from app.operations.definitions import LoadedDefinition, load_definition
from app.operations.failures import StepNotDone
from app.operations.jobs import suspend_jobs
from app.operations.reasons import stated_reason
from app.operations.record import Recorded, record
from app.operations.step_context import step_context, with_surroundings
from app.operations.steps import read_state

_INSTANCE, _USER_TASK, _EXECUTION = table_of(ProcessInstance), table_of(UserTask), table_of(Execution)
_ACTIVITY = table_of(ActivityInstance)
_NAMED_BY_ELEMENT = (table_of(Job), table_of(MessageSubscription), table_of(Incident))


class OtherProcess(InvalidInput):
    """The definition chosen is no other version of the case's process."""


@dataclass(frozen=True, slots=True)
class _Versions:
    """From which version a case comes, to which it goes, and which element becomes which."""

    source: LoadedDefinition
    target: LoadedDefinition
    mapping: Mapping[str, str]


def migrate_case(
    session: Session,
    instance_id: str,
    target_id: str,
    mapping: Mapping[str, str] | None,
    reason: str,
    *,
    revision: int | None = None,
    actor: Actor,
    now: datetime,
) -> Recorded:
    """Pin a case to another version of its process; open user tasks keep their people, drafts and due dates.

    Arguments: mapping, element ids of the old version to those of the new one (None: `engine.generate_mapping`).
    Only process owners and administrators of the case's site. Raises engine.ChangeRefused with every reason,
    OtherProcess, CaseNotFound, CaseEnded, CaseChanged, NotAllowed, InvalidInput, StepNotDone.
    """
    case = case_of_owner(session, instance_id, revision=revision, actor=actor)
    text = stated_reason(reason)
    versions = _versions(session, case, target_id, mapping)
    content, head = read_state(session, case)
    migrated, context = _migrated(session, case, versions, content, now)
    facts = {
        "definition_id": case.definition_id,
        "version": versions.source.version,
        "new_definition_id": versions.target.id,
        "new_version": versions.target.version,
        "mapping": dict(versions.mapping),
        "renamed": _renamed(migrated),
    }
    moved = replace(case, definition_id=target_id)
    cause = with_surroundings(Cause("case_migrated", facts=facts, reason=text), migrated.outcome, context)
    recorded = record(session, moved, versions.target, migrated.outcome, cause=cause, head=head, actor=actor, now=now)
    _record_place(session, moved, migrated)
    if case.is_suspended:
        suspend_jobs(session, case.id)  # those of events that are new
    return recorded


def require_version(session: Session, instance_id: str, definition_id: str) -> None:
    """Lock a case that should run in the version for which a mapping was made. Raises OtherProcess, CaseNotFound."""
    if lock_case(session, instance_id).definition_id != definition_id:
        raise OtherProcess(N_("The case does not run in the version for which this was said. Look at it again."))


def check_migration(
    session: Session,
    instance_id: str,
    target_id: str,
    mapping: Mapping[str, str] | None,
    *,
    actor: Actor,
    now: datetime,
) -> Migrated:
    """What `migrate_case` would do; nothing is written. Raises as `migrate_case` does."""
    case = read_case(session, instance_id)
    require_change(session, case, actor)
    content, _head = read_state(session, case)
    return _migrated(session, case, _versions(session, case, target_id, mapping), content, now)[0]


def _versions(session: Session, case: Case, target_id: str, mapping: Mapping[str, str] | None) -> _Versions:
    source, target = load_definition(session, case.definition_id), load_definition(session, target_id)
    if target.key != source.key:
        raise OtherProcess(N_("A case can only go on with another version of its own process."))
    if target.id == source.id:
        raise OtherProcess(N_("The case runs in this version already."))
    return _Versions(
        source, target, mapping if mapping is not None else engine.generate_mapping(source.process, target.process)
    )


def _migrated(
    session: Session, case: Case, versions: _Versions, content: bytes, now: datetime
) -> tuple[Migrated, StepContext]:
    source, target = versions.source, versions.target
    try:
        with step_context(session, target, site_id=case.site_id, zone=case.zone, now=now) as context:
            migrated = engine.migrate(
                source.process, content, target.process, versions.mapping, context,
                called=source.bundle, performed=performed_under_four_eyes(session, case.id),
            )  # fmt: skip
            return migrated, context
    except StepFailed as failed:
        raise StepNotDone(failed.incident, site_id=case.site_id, instance_id=case.id, activity_id=None) from failed


def _renamed(migrated: Migrated) -> dict[str, str]:
    """The new element of each activity and scope that has one: the same id may stand in a called process too."""
    activities = {
        activity.id: activity.element_id
        for activity in migrated.activities
        if activity.element_id != activity.old_element_id
    }
    return activities | dict(migrated.scope_elements)


def _record_place(session: Session, case: Case, migrated: Migrated) -> None:
    """Bring the rows of what stays open to the new version; everything else of them stays."""
    change = update(_INSTANCE).where(_INSTANCE.c.id == case.id)
    session.execute(change.values(definition_id=case.definition_id))
    rows = [_place(case, activity) for activity in migrated.activities]
    if rows:
        run(session, _MOVE_ACTIVITY, rows)
        run(session, _MOVE_USER_TASK, rows)
        for statement in _MOVE_NAMED:
            run(session, statement, rows)
    scopes = [{"scope_id": scope, "element": element} for scope, element in migrated.scope_elements.items()]
    if scopes:
        run(session, _MOVE_SCOPE, scopes)


def _place(case: Case, activity: MigratedActivity) -> dict[str, object]:
    return {
        "activity": activity.id,
        "element": activity.element_id,
        "element_kind": activity.element_type,
        "element_label": activity.element_name,
        "form": activity.form_key,
        "lane_name": activity.lane,
        "definition": case.definition_id,
        "exclusive_with": " ".join(activity.not_performer_of) or None,
    }


_MOVE_ACTIVITY = (
    update(_ACTIVITY)
    .where(_ACTIVITY.c.id == bindparam("activity"))
    .values(
        element_id=bindparam("element"), element_type=bindparam("element_kind"), element_name=bindparam("element_label")
    )
)
_MOVE_USER_TASK = (
    update(_USER_TASK)
    .where(_USER_TASK.c.id == bindparam("activity"), _USER_TASK.c.state == "open")
    .values(
        element_id=bindparam("element"),
        name=bindparam("element_label"),
        form_key=bindparam("form"),
        lane=bindparam("lane_name"),
        not_performer_of=bindparam("exclusive_with"),
        definition_id=bindparam("definition"),
    )
)
_MOVE_NAMED = tuple(
    update(table)
    .where((table.c.id if table.name == "message_subscription" else table.c.activity_id) == bindparam("activity"))
    .values(element_id=bindparam("element"))
    for table in _NAMED_BY_ELEMENT
)
_MOVE_SCOPE = update(_EXECUTION).where(_EXECUTION.c.id == bindparam("scope_id")).values(element_id=bindparam("element"))
