"""The pages on which owners change a variable of a case: the list to choose from, and the form."""

import json
from dataclasses import dataclass

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import feel
from app.extensions import db
from app.models.case_details import StoredVariable, variables_of
from app.models.process_instance import ProcessInstance
from app.operations.case_changes import VariableEdit, set_case_variables
from app.operations.typed_values import KINDS, typed_form, typed_value
from app.web.case_change_frame import Subject, answer_change, change_form, changed_case, posted_revision, typed
from app.web.case_change_options import scope_choices
from app.web.change_attempts import Refusal
from app.web.current import current_actor, current_person, current_time
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.transactions import commits_itself
from app.web.value_types import type_title

blueprint = Blueprint("case_variables", __name__, url_prefix="/cases/<instance_id>/change")

@dataclass(frozen=True, slots=True)
class Present:
    """A variable as it is now; `kind` and `text` are how somebody would type its value."""

    scope_id: str
    scope: str
    name: str
    type: str
    kind: str
    text: str


@blueprint.get("/variable")
@requires(Permission.CHANGE_CASES)
def variable_form(instance_id: str) -> ResponseReturnValue:
    """The variables there are; the form for the one in the address, or for a new one."""
    subject = changed_case(instance_id)
    return _page(subject)


@blueprint.post("/variable")
@requires(Permission.CHANGE_CASES)
@recent_sign_in_required
@commits_itself  # what is refused is shown after its transaction
def variable(instance_id: str) -> ResponseReturnValue:
    """Set or remove it."""
    subject = changed_case(instance_id)

    def action() -> None:
        now = current_time()
        set_case_variables(
            db.session(), subject.id, _posted_edit(), typed("reason"), revision=posted_revision(),
            actor=current_actor(), now=now,
        )  # fmt: skip

    return answer_change(subject, action, gettext("The variable was changed."), lambda refusal: _page(subject, refusal))


def _page(subject: Subject, refusal: Refusal | None = None) -> tuple[str, int]:
    """The form for the variable that was chosen or for a new one, else the list of those there are."""
    scopes, present = _variables(subject.id)
    chosen = typed("scope"), typed("name")
    found = None if typed("new") else next((one for one in present if (one.scope_id, one.name) == chosen), None)
    if found is None and not typed("new"):
        return change_form("variables", subject, refusal, present=present, has_several_scopes=len(scopes) > 1)
    kind, value = (typed("kind"), typed("value")) if refusal or found is None else (found.kind, found.text)
    return change_form(
        "variable", subject, refusal, scopes=scopes, present=found, kinds=KINDS, kind=kind, value=value
    )


def _posted_edit() -> VariableEdit:
    """What was typed. Raises InvalidInput."""
    scope_id, name = typed("scope"), typed("name").strip()
    if typed("wanted") == "remove":
        return VariableEdit(scope_id, removed=(name,))
    value = typed_value(typed("value"), typed("kind"), now=current_time(), zone=current_person().zone)
    new_types = request.form.getlist("new_type")
    return VariableEdit(scope_id, {name: value}, are_new=bool(typed("new")), new_types=new_types)


def _variables(instance_id: str) -> tuple[list[tuple[str, str]], list[Present]]:
    """The open scopes, and the variables in them."""
    scopes = scope_choices(db.session.get_one(ProcessInstance, instance_id))
    names = dict(scopes)
    stored = [one for one in variables_of(db.session(), instance_id) if one.execution_id in names]
    return scopes, [_present(one, names[one.execution_id]) for one in stored]


def _present(stored: StoredVariable, scope: str) -> Present:
    value = feel.decode(json.loads(stored.value))
    kind, text = typed_form(value)
    return Present(stored.execution_id, scope, stored.name, type_title(feel.type_name(value)), kind, text)
