"""User tasks: work for a person, with the attributes that decide who sees it and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.expressions import TextOrFeel, names_in
from app.engine.moments import day_ends, day_starts, moment
from app.engine.outcome import ClosedUserTask, OpenedUserTask
from app.engine.running_clock import clock_named_in, is_held
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_

DEFAULT_PRIORITY = 50
HIGHEST_PRIORITY = 1_000_000
MAX_CANDIDATES = 500
LONGEST_CANDIDATE = 64  # characters; no person and no group has a longer id


@dataclass(frozen=True, slots=True)
class Assignment:
    """The camunda: attributes of a user task and its title, each a literal or FEEL after `=`."""

    assignee: TextOrFeel | None = None
    candidate_users: TextOrFeel | None = None
    candidate_groups: TextOrFeel | None = None
    due_date: TextOrFeel | None = None
    follow_up_date: TextOrFeel | None = None
    priority: TextOrFeel | None = None
    form_key: str | None = None
    title: TextOrFeel | None = None


class UserTask(Activity):
    """A task a person does (BPMN 2.0.2, 10.3.4.1)."""

    element_type = "userTask"

    def __init__(self, level: ScopeSpec, head: ActivityHead, assignment: Assignment) -> None:
        super().__init__(level, head, manual=True)
        self.assignment = assignment
        # Filled in once the whole process is read: what it excludes, and the multi-instance element both lie in.
        self.not_performer_of: frozenset[str] = frozenset()
        self.shared_items: dict[str, str] = {}
        self._due_names = names_in(assignment.due_date)

    def _on_ready_hook(self, my_task: SpiffTask) -> None:
        runtime = self.runtime(my_task)
        runtime.note(my_task, "active")
        runtime.journal.opened.append(self._opened(my_task))

    def _on_complete_hook(self, my_task: SpiffTask) -> None:
        closed = ClosedUserTask(my_task.id, self.element_id, "completed", self.exclusions(my_task))
        self.runtime(my_task).journal.closed.append(closed)
        super()._on_complete_hook(my_task)

    def _on_cancel(self, my_task: SpiffTask) -> None:
        self.runtime(my_task).journal.closed.append(ClosedUserTask(my_task.id, self.element_id, "cancelled"))
        super()._on_cancel(my_task)

    def _opened(self, my_task: SpiffTask) -> OpenedUserTask:
        scope = self.working_scope(my_task)
        wanted = self.assignment
        follow_up = self._value(wanted.follow_up_date, scope)
        return OpenedUserTask(
            id=my_task.id,
            execution_id=scope.id,
            element_id=self.element_id,
            name=self.element_name,
            lane=self.lane or scope.inherited_lane,
            assignee=self._one(wanted.assignee, scope),
            candidate_users=self._several(wanted.candidate_users, scope),
            candidate_groups=self._several(wanted.candidate_groups, scope),
            due_at=self.due_at(my_task),
            follow_up_at=None
            if follow_up is None
            else moment(follow_up, scope.runtime.context, day_starts, self.refused_date),
            priority=self._priority(scope),
            form_key=wanted.form_key,
            not_performer_of=self.exclusions(my_task),
            clock_id=clock_named_in(scope.process_scope.clocks, self._due_names),
            title=self._title(scope),
        )

    def exclusions(self, my_task: SpiffTask) -> tuple[str, ...]:
        """The elements that must have other performers, `@` the item's scope behind those of the same item only."""
        if not self.shared_items:
            return tuple(sorted(self.not_performer_of))
        items: dict[str, str] = {}
        scope: Scope | None = my_task.workflow
        while scope is not None:
            if scope.kind == "instance":
                items.setdefault(scope.element_id, scope.id)
            scope = scope.parent
        shared = self.shared_items
        return tuple(
            f"{other}@{items[shared[other]]}" if shared.get(other) in items else other
            for other in sorted(self.not_performer_of)
        )

    def depends_on(self, variable: str) -> bool:
        """Whether the due date is made of this variable."""
        return variable in self._due_names

    def due_at(self, my_task: SpiffTask) -> datetime | None:
        """When it is due as things are now; None while the clock of its due date is paused."""
        scope = self.working_scope(my_task)
        due = self._value(self.assignment.due_date, scope)
        if due is None or is_held(scope.process_scope.clocks, self._due_names):
            return None
        return moment(due, scope.runtime.context, day_ends, self.refused_date)

    def _value(self, wanted: TextOrFeel | None, scope: Scope) -> object:
        return None if wanted is None else wanted.evaluate(scope.visible, scope.runtime.context)

    def _title(self, scope: Scope) -> str | None:
        value = self._value(self.assignment.title, scope)
        if value is None or isinstance(value, str):
            return (value or "").strip() or None
        raise self.failure("assignment", N_("The title of “%(element)s” is not a text."))

    def _one(self, wanted: TextOrFeel | None, scope: Scope) -> str | None:
        value = self._value(wanted, scope)
        if value is None or isinstance(value, str):
            return value or None
        raise self.failure("assignment", N_("The assignee of “%(element)s” is not a text."))

    def _several(self, wanted: TextOrFeel | None, scope: Scope) -> tuple[str, ...]:
        value = self._value(wanted, scope)
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",")]
        if value is None:
            return ()
        if isinstance(value, list) and len(value) > MAX_CANDIDATES:
            msgid = N_("“%(element)s” has more than %(limit)s candidates. Name a group.")
            raise self.failure("budget", msgid, limit=MAX_CANDIDATES)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            if max(map(len, value), default=0) > LONGEST_CANDIDATE:
                msgid = N_("“%(element)s” names a candidate with more than %(limit)s characters.")
                raise self.failure("assignment", msgid, limit=LONGEST_CANDIDATE)
            return tuple(dict.fromkeys(item for item in value if item))
        raise self.failure("assignment", N_("The candidates of “%(element)s” are neither a text nor a list of texts."))

    def _priority(self, scope: Scope) -> int:
        value = self._value(self.assignment.priority, scope)
        if value is None:
            return DEFAULT_PRIORITY
        number = _whole(value)
        if number is not None and abs(number) <= HIGHEST_PRIORITY:
            return number
        msgid = N_("The priority of “%(element)s” is not a whole number of at most %(limit)s.")
        raise self.failure("assignment", msgid, limit=HIGHEST_PRIORITY)

    def refused_date(self, value: object) -> Exception:
        msgid = N_("“%(value)s” of “%(element)s” is not a date, a date and time, or a duration.")
        return self.failure("timer", msgid, value=str(value))


def _whole(value: object) -> int | None:
    """A whole number, written or computed; None for anything else."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else None
    try:
        return int(value) if isinstance(value, str) else None
    except ValueError:
        return None
