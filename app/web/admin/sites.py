"""Sites and their departments."""

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, NotFound
from app.extensions import db
from app.i18n import N_
from app.models import Department, Site
from app.models.people import departments_of_sites, members_of_departments
from app.models.signed_in_person import DEFAULT_ZONE
from app.operations.departments import create_department, rename_department
from app.operations.sites import change_site, create_site
from app.web.admin.calendar_view import missing_holidays
from app.web.admin.choices import own_name, site_choices
from app.web.admin.reach import has_company, my_sites, site_of_mine
from app.web.current import current_actor, current_time
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, is_ticked, typed

blueprint = Blueprint("sites", __name__, url_prefix="/admin/sites")


@blueprint.get("")
@requires(Permission.ADMINISTER)
def index() -> str:
    """The sites that the person administers."""
    sites = [db.session.get_one(Site, site_id) for site_id, _name in site_choices()]
    departments = departments_of_sites(db.session(), my_sites())
    counts = {site.id: sum(one.site_id == site.id for one in departments) for site in sites}
    return render_template(
        "admin/sites.html", sites=sites, counts=counts, may_add=has_company(), missing=missing_holidays(sites)
    )


@blueprint.get("/new")
@requires(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    """The form of a new site."""
    return _new_page()


@blueprint.post("")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def create() -> ResponseReturnValue:
    """Add a site with its working calendar."""
    unknown: list[int] = []

    def action() -> None:
        years = create_site(
            db.session(), typed("id"), typed("name"), zone=typed("zone"), is_outlet=is_ticked("is_outlet"),
            actor=current_actor(), now=current_time(),
        )  # fmt: skip
        unknown.extend(years)

    refusal = attempt(action)
    done = gettext("The site is there, with the usual working hours and public holidays.")
    answer = answer_form(refusal, done, url_for("sites.show", site_id=typed("id")), _new_page)
    for year in unknown:
        flash(
            gettext("The public holidays of %(year)s are not known yet: add them to the calendar.", year=year),
            "warning",
        )
    return answer


@blueprint.get("/<site_id>")
@requires(Permission.ADMINISTER)
def show(site_id: str) -> ResponseReturnValue:
    """A site and its departments."""
    return _page(site_of_mine(site_id))


@blueprint.post("/<site_id>")
@requires(Permission.ADMINISTER)
def change(site_id: str) -> ResponseReturnValue:
    """Change name, zone and kind."""
    site_of_mine(site_id)
    refusal = attempt(
        lambda: change_site(
            db.session(), site_id, name=typed("name"), zone=typed("zone"), is_outlet=is_ticked("is_outlet"),
            actor=current_actor(), now=current_time(),
        )
    )  # fmt: skip
    return answer_form(
        refusal, gettext("The site is changed."), url_for("sites.show", site_id=site_id),
        lambda why: _page(site_of_mine(site_id), "site", why),
    )  # fmt: skip


@blueprint.post("/<site_id>/departments")
@requires(Permission.ADMINISTER)
def add_department(site_id: str) -> ResponseReturnValue:
    """Add a department to the site."""
    site_of_mine(site_id)
    refusal = attempt(
        lambda: create_department(
            db.session(), site_id, name_zh=typed("name_zh"), name_en=typed("name_en"), actor=current_actor(),
            now=current_time(),
        )
    )  # fmt: skip
    return answer_form(
        refusal, gettext("The department is added."), url_for("sites.show", site_id=site_id),
        lambda why: _page(site_of_mine(site_id), "department", why),
    )  # fmt: skip


@blueprint.get("/departments/<department_id>")
@requires(Permission.ADMINISTER)
def department(department_id: str) -> ResponseReturnValue:
    """The form to rename a department."""
    return _department_page(_existing_department(department_id))


@blueprint.post("/departments/<department_id>")
@requires(Permission.ADMINISTER)
def change_department(department_id: str) -> ResponseReturnValue:
    """Give it other names."""
    site_id = _existing_department(department_id).site_id
    refusal = attempt(
        lambda: rename_department(
            db.session(), department_id, name_zh=typed("name_zh"), name_en=typed("name_en"), actor=current_actor(),
            now=current_time(),
        )
    )  # fmt: skip
    return answer_form(
        refusal, gettext("The department is changed."), url_for("sites.show", site_id=site_id),
        lambda why: _department_page(_existing_department(department_id), why),
    )  # fmt: skip


def _existing_department(department_id: str) -> Department:
    found = db.session.get(Department, department_id)
    if found is None or found.site_id not in my_sites():
        raise NotFound(N_("This department does not exist."))
    return found


def _new_page(refusal: AppError | None = None) -> ResponseReturnValue:
    form = TypedForm({"zone": DEFAULT_ZONE}, refusal)
    return render_template("admin/site_new.html", form=form, may_change=has_company()), form.status


def _page(site: Site, posted: str = "", refusal: AppError | None = None) -> ResponseReturnValue:
    stored: dict[str, Any] = {"name": site.name, "zone": site.zone, "is_outlet": "yes" if site.is_outlet else None}
    form = TypedForm(stored, refusal if posted == "site" else None, is_posted=posted == "site")
    added = TypedForm({}, refusal if posted == "department" else None, is_posted=posted == "department")
    members = members_of_departments(db.session(), {site.id})
    departments = [
        (one.id, own_name(one), members.get(one.id, [])) for one in departments_of_sites(db.session(), {site.id})
    ]
    text = render_template(
        "admin/site.html", site=site, form=form, added=added, departments=departments, missing=missing_holidays([site])
    )
    return text, refusal.http_status if refusal else 200


def _department_page(found: Department, refusal: AppError | None = None) -> ResponseReturnValue:
    form = TypedForm({"name_zh": found.name_zh, "name_en": found.name_en}, refusal)
    site = db.session.get_one(Site, found.site_id)
    text = render_template("admin/department.html", department=found, name=own_name(found), site=site, form=form)
    return text, form.status
