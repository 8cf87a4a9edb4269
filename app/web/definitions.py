"""Process versions: which are in use, suspended, resumed, and their cases taken to another version."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models import CaseBatch
from app.models.case_change_queries import (
    VersionRow,
    batch_counts,
    batch_page,
    elements_open_in,
    is_of_many_versions,
    versions,
)
from app.models.display_names import definition_names
from app.operations.case_batches import BatchOrder, order_batch
from app.operations.suspension import resume_definition, suspend_definition
from app.web import case_change_options as options
from app.web.case_changes import posted_mapping
from app.web.change_attempts import Refusal, attempt, reason_text
from app.web.current import current_actor, current_person, current_time
from app.web.definition_heat import MEASURES, WARMEST, heat_of
from app.web.human_times import describe_moment
from app.web.languages import locale
from app.web.migration_previews import migration_previews
from app.web.navigation import process_color
from app.web.people_names import actor_names, name_of
from app.web.permissions import Permission, requires, sites_with
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.transactions import commits_itself
from app.web.typed_forms import answer_form

blueprint = Blueprint("definitions", __name__, url_prefix="/definitions")


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version of a process."""

    row: VersionRow
    name: str
    color: str
    deployed: str


@blueprint.get("")
@requires(Permission.CHANGE_CASES)
def index() -> str:
    """The versions that cases are in."""
    return render_template("definitions/list.html", versions=_shown(versions(db.session())))


@blueprint.get("/<definition_id>/suspension")
@requires(Permission.CHANGE_CASES)
def suspension_form(definition_id: str) -> ResponseReturnValue:
    """Suspend a version, or resume it."""
    return _page("suspension", _existing(definition_id))


@blueprint.post("/<definition_id>/suspension")
@requires(Permission.CHANGE_CASES)
@recent_sign_in_required
@commits_itself  # what is refused is shown after its transaction
def suspension(definition_id: str) -> ResponseReturnValue:
    """Refuse new cases or allow them, and the same for the cases there are."""
    version = _existing(definition_id)
    is_suspending = not version.row.is_suspended
    ordered: list[str] = []

    def action() -> None:
        actor, now, reason = current_actor(), current_time(), request.form.get("reason", "")
        change = suspend_definition if is_suspending else resume_definition
        change(db.session(), definition_id, reason, actor=actor, now=now)
        if request.form.get("with_cases") and version.row.open_cases:
            order = BatchOrder("suspend" if is_suspending else "resume", definition_id, reason)
            ordered.append(order_batch(db.session(), order, actor=actor, now=now))

    done = gettext("The version is suspended.") if is_suspending else gettext("The version is resumed.")
    return _answer("suspension", version, action, done, ordered)


@blueprint.get("/<definition_id>/migration")
@requires(Permission.CHANGE_CASES)
def migration_form(definition_id: str) -> ResponseReturnValue:
    """Where the open cases of a version stand, and where they go in another."""
    return _page("migration", _existing(definition_id))


@blueprint.post("/<definition_id>/migration")
@requires(Permission.CHANGE_CASES)
@recent_sign_in_required
@commits_itself  # what is refused is shown after its transaction
def migration(definition_id: str) -> ResponseReturnValue:
    """Say for each case what would happen, or have it done."""
    version, target_id = _existing(definition_id), request.form.get("target", "")
    if not any(target_id == other for other, _name in options.version_choices(definition_id)):
        raise NotFound(N_("This version does not exist."))
    mapping = options.chosen_mapping(definition_id, target_id, posted_mapping())
    if request.form.get("wanted") == "check" or request.form.get("check_beyond"):
        previews = migration_previews(definition_id, target_id, mapping, beyond=request.form.get("check_beyond", ""))
        return _page("migration", version, previews=previews)
    ordered: list[str] = []

    def action() -> None:
        order = BatchOrder("migrate", definition_id, request.form.get("reason", ""), target_id, mapping)
        ordered.append(order_batch(db.session(), order, actor=current_actor(), now=current_time()))

    return _answer("migration", version, action, gettext("The cases are taken over one by one."), ordered)


@blueprint.get("/batches/<batch_id>")
@requires(Permission.CHANGE_CASES)
def batch(batch_id: str) -> str:
    """What became of each case."""
    found = db.session.get(CaseBatch, batch_id)
    person = current_person()
    sites = sites_with(person, Permission.CHANGE_CASES)
    counts = batch_counts(db.session(), batch_id, sites)
    if found is None or not any(counts.values()):
        raise NotFound(N_("This does not exist, or you may not see it."))
    page = batch_page(db.session(), batch_id, person.id, sites, after=request.args.get("after"))
    next_url = url_for("definitions.batch", batch_id=batch_id, after=page.next_cursor) if page.next_cursor else None
    names = options.names_of(found.definition_id)
    refusals = {
        item.instance_id: [reason_text(msgid, params, names) for msgid, params in json.loads(item.refusals)]
        for item in page.rows
    }
    return render_template(
        "definitions/batch.html",
        is_of_many=found.kind != "migrate" and is_of_many_versions(db.session(), batch_id),
        batch=found, items=page.rows, next_url=next_url, refusals=refusals,
        process=names.process(locale()), version=names.version,
        who=name_of(found.ordered_by, actor_names({found.ordered_by})),
        when=describe_moment(found.ordered_at, current_time(), person.zone, locale()),
        counts=counts,
    )  # fmt: skip


@blueprint.get("/<definition_id>/times")
@requires(Permission.CHANGE_CASES)
def times(definition_id: str) -> str:
    """Where the time of the finished cases went."""
    version = _existing(definition_id)
    measure = request.args.get("by", "time")
    measure = measure if measure in MEASURES else "time"
    label = gettext("Diagram of %(process)s with the times of its finished cases", process=version.name)
    return render_template(
        "definitions/times.html",
        version=version, heat=heat_of(definition_id, measure, label), measure=measure, warmest=WARMEST,
        measures=[("time", gettext("Median")), ("slowest", gettext("Nine of ten")), ("often", gettext("How often"))],
    )  # fmt: skip


def _existing(definition_id: str) -> ShownVersion:
    names = definition_names(db.session(), {definition_id}).get(definition_id)
    if names is None:
        raise NotFound(N_("This version does not exist."))
    return next(one for one in _shown(versions(db.session(), names.key)) if one.row.id == definition_id)


def _shown(rows: Iterable[VersionRow]) -> list[ShownVersion]:
    found = list(rows)
    names = definition_names(db.session(), {row.id for row in found})
    now, zone = current_time(), current_person().zone
    return [
        ShownVersion(
            row, names[row.id].process(locale()), process_color(row.key),
            describe_moment(row.deployed_at, now, zone, locale()).text,
        )
        for row in found
    ]  # fmt: skip


def _answer(
    page: str, version: ShownVersion, action: Callable[[], None], done: str, ordered: list[str]
) -> ResponseReturnValue:
    refusal = attempt(action, version.row.id)
    url = url_for("definitions.batch", batch_id=ordered[0]) if ordered else url_for("definitions.index")
    return answer_form(refusal, done, url, lambda why: _page(page, version, why))


def _page(
    page: str, version: ShownVersion, refusal: Refusal | None = None, *, previews: object = None
) -> tuple[str, int]:
    values = request.form if request.method == "POST" else request.args
    definition_id, target_id = version.row.id, values.get("target", "")
    choices = options.version_choices(definition_id) if page == "migration" else []
    rows: list[options.MappingRow] | None = None
    if any(target_id == other for other, _name in choices):
        chosen = options.chosen_mapping(definition_id, target_id, posted_mapping()) if request.form else None
        elements = [element_id for element_id, _count in elements_open_in(db.session(), definition_id)]
        rows = options.mapping_rows(definition_id, target_id, elements, chosen)
    text = render_template(
        f"definitions/{page}.html",
        version=version, refusal=refusal, typed=lambda name: values.get(name, ""), versions=choices,
        target_id=target_id if rows is not None else "", rows=rows or [], previews=previews,
    )  # fmt: skip
    return text, refusal.status if refusal else 200
