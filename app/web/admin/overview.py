"""The overview of the administration: what there is to set up and to look after."""

from flask import Blueprint, render_template

from app.extensions import db
from app.operations.first_run import is_set_up_unfinished
from app.web.administration import my_admin_pages
from app.web.permissions import Permission, requires

blueprint = Blueprint("administration", __name__, url_prefix="/admin")


@blueprint.get("")
@requires(Permission.ADMINISTER)
def index() -> str:
    """A tile for each page."""
    unfinished = is_set_up_unfinished(db.session())
    return render_template("admin/overview.html", pages=list(my_admin_pages()), is_set_up_unfinished=unfinished)
