"""The overview of the administration: what there is to set up and to look after."""

from flask import Blueprint, render_template

from app.extensions import db
from app.models import Site
from app.operations.first_run import is_set_up_unfinished
from app.web.admin.calendar_view import missing_holidays
from app.web.admin.choices import site_choices
from app.web.administration import my_admin_pages
from app.web.permissions import Permission, requires

blueprint = Blueprint("administration", __name__, url_prefix="/admin")


@blueprint.get("")
@requires(Permission.ADMINISTER)
def index() -> str:
    """A tile for each page."""
    return render_template(
        "admin/overview.html",
        pages=list(my_admin_pages()),
        is_set_up_unfinished=is_set_up_unfinished(db.session()),
        missing=missing_holidays(db.session.get_one(Site, site_id) for site_id, _name in site_choices()),
    )
