"""Pages to import a dealer system's export: upload, preview row by row, import the good rows."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.errors import AppError, InvalidInput, NotFound
from app.extensions import db
from app.i18n import N_
from app.models import Site, VisitImportRow
from app.models.visit_import_queries import (
    ImportSummary,
    find_import,
    follow_ups_of_import,
    is_consent_told,
    newest_imports,
)
from app.models.visit_import_undo import undo_lines
from app.operations.visit_import_undo import undo_import
from app.operations.visit_imports import import_good_rows, upload_visits
from app.visit_files import COLUMNS, read_export
from app.web.body_limits import receives_files
from app.web.current import current_actor, current_person, current_time
from app.web.follow_ups.words import OBSTACLES, SKIP_REASONS, STATES
from app.web.past_moments import past_moment
from app.web.people_names import actor_names, name_of
from app.web.permissions import Permission, requires, sites_with
from app.web.texts import gettext, ngettext
from app.web.transactions import commits_itself, write_transaction
from app.web.typed_forms import TypedForm, answer_form, attempt, typed
from app.web.uploaded_tables import posted_table, preview_page

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

# The texts a person reads; the words on the left are the ones of the rows.
OUTCOMES = {
    "good": N_("Good"),
    "bad": N_("To be mended"),
    "duplicate": N_("Known already"),
    "imported": N_("Imported"),
    "taken_back": N_("Taken back"),
}
FOLLOW_UP_STATES = {**{state: STATES[state] for state in ("planned", "started", "closed")}, **SKIP_REASONS}
SHOWN_COLUMNS = tuple(
    column for column in COLUMNS if column.field not in ("customer_title", "contact_phone", "best_time")
)


def importable_sites() -> frozenset[str]:
    """The sites whose exports the person may import."""
    return sites_with(current_person(), Permission.IMPORT_VISITS)


def existing_import(import_id: str) -> ImportSummary:
    """The import, of one of these sites. Raises NotFound."""
    summary = find_import(db.session(), import_id, importable_sites())
    if summary is None:
        raise NotFound(N_("This import does not exist."))
    return summary


@blueprint.get("")
@requires(Permission.IMPORT_VISITS)
def index() -> str:
    """The upload form and the last imports."""
    return _index_page()


def _index_page(error: str | None = None) -> str:
    sites = [db.session.get_one(Site, site_id) for site_id in sorted(importable_sites())]
    imports = newest_imports(db.session(), importable_sites())
    return render_template(
        "imports/index.html",
        imports=imports,
        names=actor_names(summary.upload.uploaded_by for summary in imports),
        sites=sites,
        home_site_id=current_person().home_site_id,
        columns=COLUMNS,
        when=past_moment,
        name_of=name_of,
        error=error,
    )


@blueprint.post("")
@requires(Permission.IMPORT_VISITS)
@receives_files
@commits_itself  # reading a large workbook takes seconds, in which nobody else could write
def upload() -> Response | tuple[str, int]:
    """Read the file and show what is in it; a file that cannot be read is refused with the reason."""
    site_id = request.form.get("site_id") or current_person().home_site_id or ""
    if site_id not in importable_sites():
        raise NotFound(N_("The site %(site)s does not exist."), site=site_id)
    try:
        export = posted_table(read_export)
    except InvalidInput as refusal:
        return _index_page(gettext(refusal.msgid, **refusal.params)), refusal.http_status
    actor, now = current_actor(), current_time()
    with write_transaction():
        import_id = upload_visits(db.session(), export, site_id=site_id, actor=actor, now=now).id
    return redirect(url_for("imports.show", import_id=import_id))


@blueprint.get("/<import_id>")
@requires(Permission.IMPORT_VISITS)
def show(import_id: str) -> str:
    """The preview, or what became of the rows."""
    summary = existing_import(import_id)
    return render_template(
        "imports/show.html",
        summary=summary,
        page=preview_page(VisitImportRow, import_id, OUTCOMES),
        outcomes=OUTCOMES,
        columns=SHOWN_COLUMNS,
        when=past_moment,
        labels={column.field: column.label for column in COLUMNS},
        is_consent_told=is_consent_told(db.session(), import_id),
        follow_ups=follow_ups_of_import(db.session(), import_id),
        follow_up_states=FOLLOW_UP_STATES,
    )


@blueprint.post("/<import_id>/confirm")
@requires(Permission.IMPORT_VISITS)
def confirm(import_id: str) -> Response:
    """Import the good rows."""
    existing_import(import_id)
    result = import_good_rows(
        db.session(),
        import_id,
        is_consent_assumed=request.form.get("is_consent_assumed") == "yes",
        actor=current_actor(),
        now=current_time(),
    )
    flash(ngettext("%(num)d visit imported.", "%(num)d visits imported.", result.imported), "message")
    return redirect(url_for("imports.show", import_id=import_id))


@blueprint.get("/<import_id>/undo")
@requires(Permission.IMPORT_VISITS)
def undo(import_id: str) -> ResponseReturnValue:
    """What taking the import back would do, visit by visit."""
    return _undo_page(existing_import(import_id))


@blueprint.post("/<import_id>/undo")
@requires(Permission.IMPORT_VISITS)
def take_back(import_id: str) -> ResponseReturnValue:
    """Take back the visits nobody was called about."""
    summary = existing_import(import_id)
    results = []
    refusal = attempt(
        lambda: results.append(
            undo_import(db.session(), import_id, reason=typed("reason"), actor=current_actor(), now=current_time())
        )
    )
    done = ngettext("%(num)d visit taken back.", "%(num)d visits taken back.", sum(one.taken_back for one in results))
    url = url_for("imports.show", import_id=import_id)
    return answer_form(refusal, done, url, lambda why: _undo_page(summary, why))


def _undo_page(summary: ImportSummary, refusal: AppError | None = None) -> ResponseReturnValue:
    lines = undo_lines(db.session(), summary.upload.id)
    form = TypedForm({}, refusal)
    text = render_template(
        "imports/undo.html",
        summary=summary,
        form=form,
        free=[line for line in lines if not line.obstacle],
        kept=[line for line in lines if line.obstacle],
        obstacles=OBSTACLES,
    )
    return text, form.status
