"""Lists of people: upload, a preview with a verdict for each row, taken in; the passwords are shown or saved once."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, InvalidInput, NotFound
from app.extensions import db
from app.i18n import N_
from app.models import UserImport, UserImportRow
from app.models.file_import_queries import outcome_counts
from app.models.user_import import find_user_import
from app.operations.passwords import generate_password, hash_password
from app.operations.reasons import stated_reason
from app.operations.user_import_rows import COLUMNS
from app.operations.user_imports import (
    MOST_PEOPLE,
    UserImportResult,
    import_users,
    new_users_of,
    read_people,
    upload_users,
)
from app.spreadsheets import csv_file
from app.web.current import current_actor, current_person, current_time
from app.web.downloads import download
from app.web.languages import locale
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction
from app.web.typed_forms import TypedForm, attempt, typed
from app.web.uploaded_tables import posted_table, preview_page

blueprint = Blueprint("user_imports", __name__, url_prefix="/admin/user-imports")

CSV = "text/csv"
# The texts a person reads; the words on the left are the ones of the rows.
OUTCOMES = {
    "new": N_("New person"),
    "changed": N_("Is changed"),
    "same": N_("Nothing new"),
    "known": N_("There already"),
    "bad": N_("To be mended"),
    "imported": N_("Taken in"),
}
TONES = {"new": "blue", "changed": "blue", "bad": "red", "imported": "green", "known": "amber"}
EXAMPLE = {
    "zh_CN": ("lin.xiao", "林小", "lin.xiao@example.com", "main", "客户关系顾问、售后前台", "", "中文", ""),
    "en": ("lin.xiao", "Lin Xiao", "lin.xiao@example.com", "main", "cr_advisor, front_desk@east", "", "English", ""),
}


@blueprint.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """The upload form."""
    return _upload_page()


@blueprint.get("/template.csv")
@requires(Permission.ADMINISTER)
def template() -> ResponseReturnValue:
    """A list to fill in, with one example."""
    is_chinese = locale() == "zh_CN"
    header = [column.names[0] if is_chinese else gettext(column.label) for column in COLUMNS]
    return download(csv_file([header, EXAMPLE["zh_CN" if is_chinese else "en"]]), gettext("people.csv"), CSV)


@blueprint.post("")
@requires(Permission.ADMINISTER)
@commits_itself  # reading a large workbook takes seconds, in which nobody else could write
def upload() -> ResponseReturnValue:
    """Read the file and show what is in it; a file that cannot be read is refused with the reason."""
    try:
        people = posted_table(read_people)
    except InvalidInput as refusal:
        return _upload_page(gettext(refusal.msgid, **refusal.params), refusal.http_status)
    actor, now = current_actor(), current_time()
    with write_transaction():
        import_id = upload_users(db.session(), people, actor=actor, now=now)
    return redirect(url_for("user_imports.show", import_id=import_id), 303)


@blueprint.get("/<import_id>")
@requires(Permission.ADMINISTER)
def show(import_id: str) -> ResponseReturnValue:
    """The preview, or what became of the rows."""
    return _page(_existing(import_id))


@blueprint.post("/<import_id>/confirm")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
@commits_itself  # each new password takes long to hash and needs no database
def confirm(import_id: str) -> ResponseReturnValue:
    """Take the rows in, and show the passwords this once, or give them as a file."""
    _existing(import_id)
    done: list[ResponseReturnValue] = []

    def action() -> None:
        reason = stated_reason(typed("reason"))  # said before seconds are spent on passwords
        passwords = {user_id: generate_password() for user_id in new_users_of(db.session(), import_id)}
        db.session.rollback()
        hashes = {user_id: hash_password(password) for user_id, password in passwords.items()}
        actor, now = current_actor(), current_time()
        with write_transaction():
            result = import_users(db.session(), import_id, password_hashes=hashes, reason=reason, actor=actor, now=now)
        done.append(_answer(import_id, result, [(user_id, passwords[user_id]) for user_id in result.new]))

    refusal = attempt(action)
    return done[0] if refusal is None else _page(_existing(import_id), refusal)


def _answer(import_id: str, result: UserImportResult, passwords: list[tuple[str, str]]) -> ResponseReturnValue:
    if request.form.get("wanted") == "file" and passwords:
        header = (gettext("User name"), gettext("Password for the first sign-in"))
        return download(csv_file([header, *passwords]), gettext("first passwords.csv"), CSV)
    return render_template("admin/user_import_done.html", result=result, passwords=passwords, import_id=import_id)


def _existing(import_id: str) -> UserImport:
    found = find_user_import(db.session(), import_id, current_person().id)
    if found is None:
        raise NotFound(N_("This import does not exist."))
    return found


def _upload_page(error: str = "", status: int = 200) -> ResponseReturnValue:
    text = render_template("admin/user_import.html", columns=COLUMNS, error=error, most=MOST_PEOPLE)
    return make_response(text, status)


def _page(upload: UserImport, refusal: AppError | None = None) -> ResponseReturnValue:
    form = TypedForm({}, refusal)
    text = render_template(
        "admin/user_import_preview.html",
        upload=upload,
        counts=outcome_counts(db.session(), UserImportRow, upload.id),
        page=preview_page(UserImportRow, upload.id, OUTCOMES),
        outcomes=OUTCOMES,
        tones=TONES,
        columns=COLUMNS,
        labels={column.field: column.label for column in COLUMNS},
        form=form,
    )
    return text, form.status
