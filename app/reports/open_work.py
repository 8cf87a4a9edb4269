"""What is open, late and beyond its limit now: by site, process, group and person, and the conditions to list it by.

Whoever reads is asked for everywhere: counts hold what the list behind them shows (models/visibility.py).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, exists, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from app.models import CaseClock, ProcessInstance, UserTask, UserTaskCandidate
from app.models.case_list import STATES
from app.models.visibility import is_visible_to

# Constants in the text of a statement, so that the partial indexes of open user tasks and running clocks are used.
_OPEN = literal_column("'open'", String)
_RUNNING = literal_column("'running'", String)
_is_open_case = ProcessInstance.state.in_(STATES["open"])
# Names of their own: the rule of visibility asks the same tables, and would otherwise mean the rows counted here.
_waiting = aliased(UserTask)
_may_do = aliased(UserTaskCandidate)
_runs = CaseClock.stopped_at.is_(None)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at which sites, and when."""

    reader: str
    site_ids: Collection[str]
    now: datetime

    @property
    def cases(self) -> ColumnElement[bool]:
        """Cases of the sites that the reader may see."""
        return and_(ProcessInstance.site_id.in_(self.site_ids), is_visible_to(self.reader))


@dataclass(frozen=True, slots=True)
class Load:
    """How much is open of something, how much of it is late; `key` names it at a site."""

    site_id: str
    key: str
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class ClockLoad:
    """Rounds of a clock that run: all, those near their limit, those beyond it."""

    site_id: str
    process_key: str
    clock_id: str
    running: int
    warned: int
    breached: int


def open_cases(session: Session, desk: Desk) -> list[Load]:
    """Open cases by site and process; late are those with an incident."""
    incidents = func.sum(case((ProcessInstance.state == "incident", 1), else_=0))
    return _loads(
        session,
        select(ProcessInstance.site_id, ProcessInstance.process_key, func.count(), incidents)
        .where(desk.cases, _is_open_case)
        .group_by(ProcessInstance.site_id, ProcessInstance.process_key),
    )


def user_tasks_by_person(session: Session, desk: Desk) -> list[Load]:
    """Open user tasks by site and assignee; those of nobody have an empty key."""
    person = func.coalesce(_waiting.assignee_id, "")
    return _loads(
        session,
        select(_waiting.site_id, person, func.count(), _late_sum(desk))
        .join(ProcessInstance, ProcessInstance.id == _waiting.instance_id)
        .where(desk.cases, _waiting.state == _OPEN)
        .group_by(_waiting.site_id, person),
    )


def user_tasks_by_group(session: Session, desk: Desk) -> list[Load]:
    """Open user tasks by site and the groups that may do them, whoever has claimed them."""
    return _loads(
        session,
        select(_waiting.site_id, _may_do.candidate_id, func.count(), _late_sum(desk))
        .join(ProcessInstance, ProcessInstance.id == _waiting.instance_id)
        .join(_may_do, _may_do.user_task_id == _waiting.id)
        .where(desk.cases, _waiting.state == _OPEN, _may_do.kind == "group")
        .group_by(_waiting.site_id, _may_do.candidate_id),
    )


def clocks(session: Session, desk: Desk) -> list[ClockLoad]:
    """Rounds of clocks that nothing has stopped yet."""
    sums = (
        func.count(),
        func.sum(case((and_(CaseClock.state == _RUNNING, CaseClock.warned_at.is_not(None)), 1), else_=0)),
        func.sum(case((CaseClock.state == "breached", 1), else_=0)),
    )
    query = (
        select(CaseClock.site_id, CaseClock.process_key, CaseClock.clock_id, *sums)
        .join(ProcessInstance, ProcessInstance.id == CaseClock.instance_id)
        .where(desk.cases, _is_open_case, _runs)  # clocks end with their case: open cases are the quicker way in
        .group_by(CaseClock.site_id, CaseClock.process_key, CaseClock.clock_id)
    )
    return [ClockLoad(*row) for row in session.execute(query)]


def _loads(session: Session, query: Select[*tuple[Any, ...]]) -> list[Load]:
    return [Load(site, key, int(count), int(late or 0)) for site, key, count, late in session.execute(query)]


def _late_sum(desk: Desk) -> ColumnElement[Any]:
    return func.sum(case((_waiting.due_at < desk.now, 1), else_=0))


# What lists show --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which process, group, person or clock a list is, empty for all."""

    process: str = ""
    group: str = ""
    person: str | None = None
    clock: str = ""


def listed(desk: Desk, what: str, wanted: Wanted) -> ColumnElement[bool] | None:
    """The cases behind a number, as a condition on ProcessInstance; None for a list there is none of."""
    condition = _LISTS.get(what)
    if condition is None:
        return None
    conditions = [ProcessInstance.site_id.in_(desk.site_ids), condition(desk, wanted)]
    if wanted.process:
        conditions.append(ProcessInstance.process_key == wanted.process)
    return and_(*conditions)


def _has_user_task(wanted: Wanted, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    found = exists().where(UserTask.instance_id == ProcessInstance.id, UserTask.state == _OPEN, *conditions)
    if wanted.person is not None:
        found = found.where(func.coalesce(UserTask.assignee_id, "") == wanted.person)
    if wanted.group:
        found = found.where(
            UserTaskCandidate.user_task_id == UserTask.id, UserTaskCandidate.kind == "group",
            UserTaskCandidate.candidate_id == wanted.group,
        )  # fmt: skip
    return found


def _has_clock(wanted: Wanted, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    found = exists().where(CaseClock.instance_id == ProcessInstance.id, *conditions)
    return found.where(CaseClock.clock_id == wanted.clock) if wanted.clock else found


_LISTS: Mapping[str, Callable[[Desk, Wanted], ColumnElement[bool]]] = {
    "open": lambda _desk, _wanted: _is_open_case,
    "incident": lambda _desk, _wanted: ProcessInstance.state == "incident",
    "waiting": lambda _desk, wanted: _has_user_task(wanted),
    "late": lambda desk, wanted: _has_user_task(wanted, UserTask.due_at < desk.now),
    "clocks": lambda _desk, wanted: _has_clock(wanted, _runs),
    "warned": lambda _desk, wanted: _has_clock(
        wanted, _runs, CaseClock.state == _RUNNING, CaseClock.warned_at.is_not(None)
    ),
    "breached": lambda _desk, wanted: _has_clock(wanted, _runs, CaseClock.state == "breached"),
}
