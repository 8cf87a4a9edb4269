"""Pages on which owners change a case: cancel, suspend, move a token, go to another version."""

from collections.abc import Callable
from itertools import zip_longest

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.engine import CancelActivity, Instruction, StartAfter, StartBefore
from app.errors import AppError, NotAllowed, NotFound
from app.extensions import db
from app.i18n import N_
from app.models.process_instance import ProcessInstance
from app.operations.case_changes import modify_case
from app.operations.case_migration import check_migration, migrate_case
from app.operations.process_instances import cancel_instance
from app.operations.suspension import resume_case, suspend_case
from app.web import case_change_options as options
from app.web.case_change_frame import Subject, answer_change, change_form, changed_case, posted_revision, typed
from app.web.change_attempts import Refusal, refusal_of
from app.web.current import current_actor, current_time
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.transactions import commits_itself

blueprint = Blueprint("case_changes", __name__, url_prefix="/cases/<instance_id>/change")

MAPPED = "to:"  # fields of a mapping begin with it


@blueprint.get("/cancel")
@requires(Permission.CHANGE_CASES)
def cancel_form(instance_id: str) -> ResponseReturnValue:
    """Ask for the reason."""
    return _page("cancel", changed_case(instance_id))


@blueprint.post("/cancel")
@requires(Permission.CHANGE_CASES)
@recent_sign_in_required
@commits_itself  # what is refused is shown after its transaction
def cancel(instance_id: str) -> ResponseReturnValue:
    """Withdraw everything that is open."""
    subject = changed_case(instance_id)

    def action() -> None:
        cancel_instance(db.session(), subject.id, typed("reason"), actor=current_actor(), now=current_time())

    return _answer("cancel", subject, action, gettext("The case is cancelled."))


@blueprint.get("/suspension")
@requires(Permission.CHANGE_CASES)
def suspension_form(instance_id: str) -> ResponseReturnValue:
    """Suspend, or resume what is suspended."""
    return _page("suspension", changed_case(instance_id))


@blueprint.post("/suspension")
@requires(Permission.CHANGE_CASES)
@commits_itself  # what is refused is shown after its transaction
def suspension(instance_id: str) -> ResponseReturnValue:
    """Let nothing go on, or everything again."""
    subject = changed_case(instance_id)
    change = resume_case if typed("wanted") == "resume" else suspend_case
    done = gettext("The case goes on.") if change is resume_case else gettext("The case is suspended.")

    def action() -> None:
        change(db.session(), subject.id, typed("reason"), actor=current_actor(), now=current_time())

    return _answer("suspension", subject, action, done)


@blueprint.get("/move")
@requires(Permission.CHANGE_CASES)
def move_form(instance_id: str) -> ResponseReturnValue:
    """What is open, and where a token can be put."""
    return _page("move", changed_case(instance_id))


@blueprint.post("/move")
@requires(Permission.CHANGE_CASES)
@recent_sign_in_required
@commits_itself  # what is refused is shown after its transaction
def move(instance_id: str) -> ResponseReturnValue:
    """Withdraw and start, in one step."""
    subject = changed_case(instance_id)
    if typed("wanted") == "more":  # one more place to start at; nothing is done yet
        return _page("move", subject)
    instructions: list[Instruction] = [CancelActivity(chosen) for chosen in request.form.getlist("withdraw")]
    for start, scope_id in _posted_starts():
        place, _, element_id = start.partition(":")
        if element_id:
            kind = StartAfter if place == "after" else StartBefore
            instructions.append(kind(element_id, scope_id or None))

    def action() -> None:
        modify_case(
            db.session(), subject.id, instructions, typed("reason"), revision=posted_revision(), actor=current_actor(),
            now=current_time(),
        )  # fmt: skip

    return _answer("move", subject, action, gettext("The case was moved."))


@blueprint.get("/version")
@requires(Permission.CHANGE_CASES)
def version_form(instance_id: str) -> ResponseReturnValue:
    """Choose a version, then where what is open goes in it."""
    return _page("version", changed_case(instance_id))


@blueprint.post("/version")
@requires(Permission.CHANGE_CASES)
@recent_sign_in_required
@commits_itself  # what is refused is shown after its transaction
def version(instance_id: str) -> ResponseReturnValue:
    """Say what would happen, or do it."""
    subject, target_id = changed_case(instance_id), typed("target")
    if not any(target_id == version_id for version_id, _name in options.version_choices(subject.definition_id)):
        raise NotFound(N_("This version does not exist."))
    mapping = options.chosen_mapping(subject.definition_id, target_id, posted_mapping())
    if typed("wanted") == "check":
        return _checked(subject, target_id, mapping)

    def action() -> None:
        migrate_case(
            db.session(), subject.id, target_id, mapping, typed("reason"), revision=posted_revision(),
            actor=current_actor(), now=current_time(),
        )  # fmt: skip

    return _answer("version", subject, action, gettext("The case goes on in the other version."))


def posted_mapping() -> dict[str, str]:
    """What was chosen by hand: element id -> element id, empty where it goes nowhere."""
    fields = (name for name in request.form if name.startswith(MAPPED))
    return {name.removeprefix(MAPPED): typed(name) for name in fields}


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


def _answer(page: str, subject: Subject, action: Callable[[], None], done: str) -> ResponseReturnValue:
    return answer_change(subject, action, done, lambda refusal: _page(page, subject, refusal))


def _page(page: str, subject: Subject, refusal: Refusal | None = None, *, is_possible: bool = False) -> tuple[str, int]:
    """The form with everything that was typed, and why it was refused."""
    instance = db.session.get_one(ProcessInstance, subject.id)
    offers = _OFFERS[page](instance) if page in _OFFERS else {}
    return change_form(
        page, subject, refusal, is_possible=is_possible, chosen=request.form.getlist("withdraw"), **offers
    )


def _posted_starts() -> list[tuple[str, str]]:
    """Where tokens are to be started, each with the scope that was chosen for it."""
    return list(zip_longest(request.form.getlist("start"), request.form.getlist("scope"), fillvalue=""))


def _offers_of_move(instance: ProcessInstance) -> dict[str, object]:
    return {
        "steps": options.open_steps(instance),
        "places": options.places(instance.definition_id),
        "scopes": options.scope_choices(instance),
        "starts": [*_posted_starts(), ("", "")] if typed("wanted") == "more" else _posted_starts() or [("", "")],
    }


def _offers_of_version(instance: ProcessInstance) -> dict[str, object]:
    target_id, choices = typed("target"), options.version_choices(instance.definition_id)
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
    "version": _offers_of_version,
}
