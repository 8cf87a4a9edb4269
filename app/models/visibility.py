"""Who may see which case: the one rule that every list, count, search and export uses (docs: decisions)."""

from functools import lru_cache

from sqlalchemy import BindParameter, ColumnElement, Select, String, and_, bindparam, exists, or_, select, true
from sqlalchemy.orm import Session

from app.models.organisation import Membership
from app.models.prepared import Prepared
from app.models.process_definition import ProcessAccess
from app.models.process_instance import ProcessInstance
from app.models.substitution import Substitution, SubstitutionProcess
from app.models.user_task import UserTask, UserTaskCandidate

AUDITORS = "auditor"

Reader = str | BindParameter[str]  # a person, or the place for one in a statement that is made once


def visible_instances(user_id: Reader) -> Select[str]:
    """Ids of the cases a person may see: site × process × group, and the cases the person takes part in.

    Add columns, filters and an order to this statement rather than putting it into an `IN`: each part is an
    EXISTS on the row at hand, so that a page of a long list is read without computing the whole list.
    """
    return select(ProcessInstance.id).where(is_visible_to(user_id))


def can_see_instance(session: Session, user_id: str, instance_id: str) -> bool:
    """Whether a person may see this case."""
    return _this_one().first(session, {"person": user_id, "instance_id": instance_id}) is not None


@lru_cache(maxsize=1)
def _this_one() -> Prepared:
    statement = visible_instances(bindparam("person", type_=String))
    return Prepared(statement.where(ProcessInstance.id == bindparam("instance_id", type_=String)))


def is_visible_to(user_id: Reader) -> ColumnElement[bool]:
    """The rule as a condition on `ProcessInstance`, for statements that select other things of it."""
    return or_(
        ProcessInstance.started_by == user_id,
        _may_read_process(user_id),
        _is_auditor_of_site(user_id),
        _did_or_does_user_task(user_id),
        _is_candidate(user_id),
        _stands_in_for_somebody_with_work_in_it(user_id),
    )


def _may_read_process(user_id: Reader) -> ColumnElement[bool]:
    return exists().where(
        Membership.user_id == user_id,
        Membership.site_id == ProcessInstance.site_id,
        ProcessAccess.group_id == Membership.group_id,
        ProcessAccess.process_key == ProcessInstance.process_key,
        ProcessAccess.can_read == true(),
    )


def _is_auditor_of_site(user_id: Reader) -> ColumnElement[bool]:
    return exists().where(
        Membership.user_id == user_id, Membership.group_id == AUDITORS, Membership.site_id == ProcessInstance.site_id
    )


def _did_or_does_user_task(user_id: Reader) -> ColumnElement[bool]:
    return exists().where(
        UserTask.instance_id == ProcessInstance.id,
        or_(UserTask.assignee_id == user_id, UserTask.owner_id == user_id, UserTask.ended_by == user_id),
    )


def _is_candidate(user_id: Reader) -> ColumnElement[bool]:
    """A group counts at the site of the user task only; candidates of ended user tasks took part as well."""
    is_member = exists().where(
        Membership.user_id == user_id,
        Membership.group_id == UserTaskCandidate.candidate_id,
        Membership.site_id == UserTask.site_id,
    )
    return exists().where(
        UserTask.instance_id == ProcessInstance.id,
        UserTaskCandidate.user_task_id == UserTask.id,
        or_(
            and_(UserTaskCandidate.kind == "user", UserTaskCandidate.candidate_id == user_id),
            and_(UserTaskCandidate.kind == "group", is_member),
        ),
    )


def _stands_in_for_somebody_with_work_in_it(user_id: Reader) -> ColumnElement[bool]:
    """Open work only: what the substitute did about it makes a participant of the substitute anyway."""
    process = exists().where(SubstitutionProcess.substitution_id == Substitution.id)
    this_process = process.where(SubstitutionProcess.process_key == UserTask.process_key)
    return exists().where(
        Substitution.substitute_id == user_id,
        Substitution.is_in_force == true(),
        UserTask.instance_id == ProcessInstance.id,
        UserTask.state == "open",
        or_(~process.correlate(Substitution), this_process.correlate(Substitution, UserTask)),
        or_(Substitution.includes_open == true(), UserTask.created_at >= Substitution.starts_at),
        or_(UserTask.assignee_id == Substitution.principal_id, _is_principal_candidate()),
    )


def _is_principal_candidate() -> ColumnElement[bool]:
    """Correlated by name: of itself SQLAlchemy takes only the nearest statement around a subquery for its context."""
    is_member = exists().where(
        Membership.user_id == Substitution.principal_id,
        Membership.group_id == UserTaskCandidate.candidate_id,
        Membership.site_id == UserTask.site_id,
    )
    is_this_one = UserTaskCandidate.candidate_id == Substitution.principal_id
    candidate = exists().where(
        UserTaskCandidate.user_task_id == UserTask.id,
        or_(
            and_(UserTaskCandidate.kind == "user", is_this_one),
            and_(
                UserTaskCandidate.kind == "group",
                is_member.correlate(Substitution, UserTask, UserTaskCandidate),
            ),
        ),
    )
    return candidate.correlate(Substitution, UserTask)
