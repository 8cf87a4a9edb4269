"""Cases changed by their owners: tokens moved, variables set. Each with a reason, all of it in the history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine, feel
from app.engine import CancelActivity, Instruction, StartAfter, StartBefore
from app.errors import InvalidInput
from app.i18n import N_
from app.models import Variable
from app.models.program_activities import activities_open_in
from app.operations.actor import Actor
from app.operations.authority import require_case_owner
from app.operations.cases import Case, lock_case
from app.operations.cause import Cause
from app.operations.encoding import feel_values
from app.operations.jobs import suspend_jobs
from app.operations.reasons import stated_reason
from app.operations.record import CaseChanged, Recorded
from app.operations.steps import CaseEnded, EngineCall, take_step

LONGEST_NAME = 200


def modify_case(
    session: Session,
    instance_id: str,
    instructions: Sequence[Instruction],
    reason: str,
    *,
    revision: int | None,
    actor: Actor,
    now: datetime,
) -> Recorded:
    """Withdraw open activities of a case and start others, in one step; untouched user tasks stay as they are.

    Arguments: revision, of the case, the one the page was made from (None: whatever it is now). Only process owners
    and administrators of its site. Raises engine.ChangeRefused with every reason, CaseNotFound, CaseEnded,
    CaseChanged, NotAllowed, InvalidInput, StepNotDone.
    """
    case = case_of_owner(session, instance_id, revision=revision, actor=actor)
    text = stated_reason(reason)
    if not instructions:
        refusal = N_("Choose what is withdrawn or where a token is started.")
        raise InvalidInput(refusal, fields={"instructions": refusal})
    cause = Cause("case_modified", facts={"instructions": [_told(entry) for entry in instructions]}, reason=text)
    return _take(
        session,
        case,
        lambda process, state, context: engine.modify(process, state, instructions, context),
        cause=cause,
        actor=actor,
        now=now,
    )


def element_instructions(session: Session, instance_id: str, wanted: Sequence[Sequence[str]]) -> list[Instruction]:
    """Pairs of what to do (cancel, start_before, start_after) and an element's id, as instructions for a case."""
    made: list[Instruction] = []
    for what, element_id in wanted:
        if what == "cancel":
            found = activities_open_in(session, instance_id)
            made += [CancelActivity(row.id) for row in found if row.element_id == element_id]
        else:
            made.append((StartBefore if what == "start_before" else StartAfter)(element_id, None))
    return made


@dataclass(frozen=True, slots=True)
class VariableEdit:
    """Variables of one scope: values to set, FEEL or Python, by name, and names to remove.

    are_new: names that exist already are refused. new_types: those a variable may have where its value is of another
    type so far; None allows any, and what is null so far, or becomes null, may be anything.
    """

    scope_id: str
    values: Mapping[str, object] = field(default_factory=dict)
    removed: Collection[str] = ()
    are_new: bool = False
    new_types: Collection[str] | None = None


def set_case_variables(
    session: Session,
    instance_id: str,
    edit: VariableEdit,
    reason: str,
    *,
    revision: int | None,
    actor: Actor,
    now: datetime,
) -> Recorded:
    """Set and remove variables of a case; what holds a person's data is kept encrypted, as always.

    Raises as `modify_case`, VariableExists, VariableTypeChanges.
    """
    case = case_of_owner(session, instance_id, revision=revision, actor=actor)
    text = stated_reason(reason)
    _check_names(edit.values)
    inputs = feel_values(edit.values)
    _check_present(session, edit, inputs)
    cause = Cause(
        "variables_set", inputs=inputs, facts={"scope": edit.scope_id, "removed": sorted(edit.removed)}, reason=text
    )
    return _take(
        session,
        case,
        lambda process, state, context: engine.set_variables(
            process, state, edit.scope_id, inputs, context, removed=edit.removed
        ),
        cause=cause,
        actor=actor,
        now=now,
    )


class VariableExists(InvalidInput):
    """A variable was to be new, but its scope has one of this name."""


class VariableTypeChanges(InvalidInput):
    """A variable would get a value of another type; `new_type` is the one to confirm, as FEEL names it."""

    def __init__(self, name: str, old_type: str, new_type: str) -> None:
        super().__init__(
            N_("“%(name)s” is of the type %(old)s and would become one of the type %(new)s."),
            fields={"kind": new_type}, name=name, old=old_type, new=new_type,
        )  # fmt: skip
        self.old_type, self.new_type = old_type, new_type


def case_of_owner(session: Session, instance_id: str, *, revision: int | None, actor: Actor) -> Case:
    """An open case, locked, for somebody who may change it. Raises CaseNotFound, NotAllowed, CaseEnded, CaseChanged."""
    case = lock_case(session, instance_id)
    require_change(session, case, actor)
    if revision is not None and revision != case.revision:
        raise CaseChanged(N_("Somebody else has just changed this case. Look at it again."))
    return case


def require_change(session: Session, case: Case, actor: Actor) -> None:
    """Whether somebody may change a case. Raises NotAllowed, CaseEnded."""
    require_case_owner(session, actor, case.site_id)
    if not case.is_open:
        raise CaseEnded(N_("This case is over; nothing more can be done in it."))


def _take(session: Session, case: Case, call: EngineCall, *, cause: Cause, actor: Actor, now: datetime) -> Recorded:
    recorded = take_step(session, case, call, cause=cause, actor=actor, now=now)
    if case.is_suspended:
        suspend_jobs(session, case.id)  # those the change has made
    return recorded


def _check_present(session: Session, edit: VariableEdit, values: Mapping[str, object]) -> None:
    """Nothing is overwritten unseen: conditions and forms rely on the types that variables have."""
    query = select(Variable.name, Variable.type).where(
        Variable.execution_id == edit.scope_id, Variable.name.in_(values)
    )
    for name, old_type in session.execute(query):
        if edit.are_new:
            refusal = N_("There is a variable “%(name)s” already. Choose it in the list to change it.")
            raise VariableExists(refusal, fields={"name": refusal % {"name": name}}, name=name)
        new_type = feel.type_name(values[name])
        if edit.new_types is None or new_type in edit.new_types or "null" in (old_type, new_type):
            continue
        if new_type != old_type:
            raise VariableTypeChanges(name, old_type, new_type)


def _told(instruction: Instruction) -> dict[str, object]:
    if isinstance(instruction, CancelActivity):
        return {"type": "cancel", "activity": instruction.activity_id}
    kind = "start_before" if isinstance(instruction, StartBefore) else "start_after"
    return {"type": kind, "element": instruction.element_id, "scope": instruction.scope_id}


def _check_names(values: Mapping[str, object]) -> None:
    for name in values:
        if not name.strip() or len(name) > LONGEST_NAME:
            refusal = N_("Give the variable a name of at most 200 characters.")
            raise InvalidInput(refusal, fields={"name": refusal})
