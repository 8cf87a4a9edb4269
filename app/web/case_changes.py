"""Pages on which owners change a case: cancel, suspend, move a token, set a variable, go to another version."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.engine import CancelActivity, Instruction, StartAfter, StartBefore
from app.errors import AppError, NotAllowed, NotFound
from app.extensions import db
from app.i18n import N_
from app.models.case_details import visible_instance
from app.models.process_instance import ProcessInstance
from app.operations.case_changes import VariableEdit, modify_case, set_case_variables
from app.operations.case_migration import check_migration, migrate_case
from app.operations.process_instances import cancel_instance
from app.operations.suspension import resume_case, suspend_case
from app.operations.typed_values import KINDS, typed_value
from app.web import case_change_options as options
from app.web.change_attempts import Refusal, attempt, refusal_of
from app.web.current import current_actor, current_person, current_time
from app.web.permissions import Permission, requires, sites_with
from app.web.texts import gettext
from app.web.transactions import commits_itself

blueprint = Blueprint("case_changes", __name__, url_prefix="/cases/<instance_id>/change")

MAPPED = "to:"  # fields of a mapping begin with it


@dataclass(frozen=True, slots=True)
class Subject:
    """The case a page is about; plain values, so that they outlive the transaction that changes it."""

    id: str
    definition_id: str
    number: str
    title: str
    is_suspended: bool
    revision: int


@blueprint.get("/cancel")
@requires(Permission.CHANGE_CASES)
def cancel_form(instance_id: str) -> ResponseReturnValue:
    """Ask for the reason."""
    return _page("cancel", _subject(instance_id))


@blueprint.post("/cancel")
@requires(Permission.CHANGE_CASES)
@commits_itself  # the check of the password takes long and needs no database
def cancel(instance_id: str) -> ResponseReturnValue:
    """Withdraw everything that is open."""
    subject = _subject(instance_id)

    def action() -> None:
        cancel_instance(db.session(), subject.id, _typed("reason"), actor=current_actor(), now=current_time())

    return _answer("cancel", subject, action, gettext("The case is cancelled."))


@blueprint.get("/suspension")
@requires(Permission.CHANGE_CASES)
def suspension_form(instance_id: str) -> ResponseReturnValue:
    """Suspend, or resume what is suspended."""
    return _page("suspension", _subject(instance_id))


@blueprint.post("/suspension")
@requires(Permission.CHANGE_CASES)
@commits_itself  # as the other changes: what is refused is shown after its transaction
def suspension(instance_id: str) -> ResponseReturnValue:
    """Let nothing go on, or everything again."""
    subject = _subject(instance_id)
    change = resume_case if _typed("wanted") == "resume" else suspend_case
    done = gettext("The case goes on.") if change is resume_case else gettext("The case is suspended.")

    def action() -> None:
        change(db.session(), subject.id, _typed("reason"), actor=current_actor(), now=current_time())

    return _answer("suspension", subject, action, done, is_dangerous=False)


@blueprint.get("/move")
@requires(Permission.CHANGE_CASES)
def move_form(instance_id: str) -> ResponseReturnValue:
    """What is open, and where a token can be put."""
    return _page("move", _subject(instance_id))


@blueprint.post("/move")
@requires(Permission.CHANGE_CASES)
@commits_itself  # the check of the password takes long and needs no database
def move(instance_id: str) -> ResponseReturnValue:
    """Withdraw and start, in one step."""
    subject = _subject(instance_id)
    instructions: list[Instruction] = [CancelActivity(chosen) for chosen in request.form.getlist("withdraw")]
    place, _, element_id = _typed("start").partition(":")
    if element_id:
        scope_id = _typed("scope") or None
        kind = StartAfter if place == "after" else StartBefore
        instructions.append(kind(element_id, scope_id))

    def action() -> None:
        modify_case(
            db.session(), subject.id, instructions, _typed("reason"), revision=_revision(), actor=current_actor(),
            now=current_time(),
        )  # fmt: skip

    return _answer("move", subject, action, gettext("The case was moved."))


@blueprint.get("/variable")
@requires(Permission.CHANGE_CASES)
def variable_form(instance_id: str) -> ResponseReturnValue:
    """A variable, by default with its present value."""
    return _page("variable", _subject(instance_id))


@blueprint.post("/variable")
@requires(Permission.CHANGE_CASES)
@commits_itself  # the check of the password takes long and needs no database
def variable(instance_id: str) -> ResponseReturnValue:
    """Set or remove it."""
    subject = _subject(instance_id)

    def action() -> None:
        now, name = current_time(), _typed("name").strip()
        if _typed("wanted") == "remove":
            edit = VariableEdit(_typed("scope"), removed=(name,))
        else:
            value = typed_value(_typed("value"), _typed("kind"), now=now, zone=current_person().zone)
            edit = VariableEdit(_typed("scope"), {name: value})
        set_case_variables(
            db.session(), subject.id, edit, _typed("reason"), revision=_revision(), actor=current_actor(), now=now
        )

    return _answer("variable", subject, action, gettext("The variable was changed."))


@blueprint.get("/version")
@requires(Permission.CHANGE_CASES)
def version_form(instance_id: str) -> ResponseReturnValue:
    """Choose a version, then where what is open goes in it."""
    return _page("version", _subject(instance_id))


@blueprint.post("/version")
@requires(Permission.CHANGE_CASES)
@commits_itself  # the check of the password takes long and needs no database
def version(instance_id: str) -> ResponseReturnValue:
    """Say what would happen, or do it."""
    subject, target_id = _subject(instance_id), _typed("target")
    if not any(target_id == version_id for version_id, _name in options.version_choices(subject.definition_id)):
        raise NotFound(N_("This version does not exist."))
    mapping = options.chosen_mapping(subject.definition_id, target_id, posted_mapping())
    if _typed("wanted") == "check":
        return _checked(subject, target_id, mapping)

    def action() -> None:
        migrate_case(
            db.session(), subject.id, target_id, mapping, _typed("reason"), revision=_revision(),
            actor=current_actor(), now=current_time(),
        )  # fmt: skip

    return _answer("version", subject, action, gettext("The case goes on in the other version."))


def posted_mapping() -> dict[str, str]:
    """What was chosen by hand: element id -> element id, empty where it goes nowhere."""
    fields = (name for name in request.form if name.startswith(MAPPED))
    return {name.removeprefix(MAPPED): _typed(name) for name in fields}


def _checked(subject: Subject, target_id: str, mapping: dict[str, str]) -> ResponseReturnValue:
    try:
        check_migration(db.session(), subject.id, target_id, mapping, actor=current_actor(), now=current_time())
    except (NotFound, NotAllowed):
        raise
    except AppError as error:
        refusal = refusal_of(error, subject.definition_id)
        db.session.rollback()
        return _page("version", subject, refusal)
    db.session.rollback()
    return _page("version", subject, is_possible=True)


def _answer(
    page: str, subject: Subject, action: Callable[[], None], done: str, *, is_dangerous: bool = True
) -> ResponseReturnValue:
    refusal = attempt(action, subject.definition_id, is_dangerous=is_dangerous)
    if refusal is not None:
        return _page(page, subject, refusal)
    flash(done)
    return redirect(url_for("cases.show", instance_id=subject.id), 303)


def _page(page: str, subject: Subject, refusal: Refusal | None = None, *, is_possible: bool = False) -> tuple[str, int]:
    """The form with everything that was typed, and why it was refused."""
    instance = db.session.get_one(ProcessInstance, subject.id)
    offers = _OFFERS[page](instance) if page in _OFFERS else {}
    text = render_template(
        f"case_changes/{page}.html",
        subject=subject, refusal=refusal, typed=_typed, is_possible=is_possible,
        chosen=request.form.getlist("withdraw"), revision=instance.revision, **offers,
    )  # fmt: skip
    return text, refusal.status if refusal else 200


def _offers_of_move(instance: ProcessInstance) -> dict[str, object]:
    return {
        "steps": options.open_steps(instance),
        "places": options.places(instance.definition_id),
        "scopes": options.scope_choices(instance),
    }


def _offers_of_variable(instance: ProcessInstance) -> dict[str, object]:
    scope_id, name = _typed("scope") or instance.id, _typed("name")
    present = options.typed_form_of(instance.id, scope_id, name) if request.method == "GET" else ("", "")
    kind, value = (_typed("kind") or present[0], _typed("value") or present[1])
    return {"scopes": options.scope_choices(instance), "kinds": KINDS, "kind": kind, "value": value}


def _offers_of_version(instance: ProcessInstance) -> dict[str, object]:
    target_id, choices = _typed("target"), options.version_choices(instance.definition_id)
    rows: list[options.MappingRow] = []
    if any(target_id == version_id for version_id, _name in choices):
        chosen = None
        if request.method == "POST":
            chosen = options.chosen_mapping(instance.definition_id, target_id, posted_mapping())
        elements = options.elements_open_in_case(instance)
        rows = options.mapping_rows(instance.definition_id, target_id, elements, chosen)
    return {"versions": choices, "target_id": target_id if rows else "", "rows": rows}


_OFFERS: dict[str, Callable[[ProcessInstance], dict[str, object]]] = {
    "move": _offers_of_move,
    "variable": _offers_of_variable,
    "version": _offers_of_version,
}


def _subject(instance_id: str) -> Subject:
    """The case, for who sees it and may change cases at its site."""
    instance = visible_instance(db.session(), current_person().id, instance_id)
    if instance is None:
        raise NotFound(N_("This case does not exist, or you may not see it."))
    if instance.site_id not in sites_with(current_person(), Permission.CHANGE_CASES):
        raise NotAllowed(N_("Only process owners and administrators may do this."))
    return Subject(
        instance.id, instance.definition_id, instance.case_number, instance.title, instance.is_suspended,
        instance.revision,
    )  # fmt: skip


def _typed(name: str) -> str:
    """What was typed, in the form or, before there is one, in the address."""
    return (request.form if request.method == "POST" else request.args).get(name, "")


def _revision() -> int | None:
    return request.form.get("revision", type=int)
