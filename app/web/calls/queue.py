"""Today's calls of a person, one after the other: number, customer and car, what was tried before."""

from flask import Blueprint, render_template

from app.web.call_queue import call_queue
from app.web.looks import log_looks
from app.web.permissions import Permission, requires

blueprint = Blueprint("call_queue", __name__, url_prefix="/calls")


@blueprint.get("")
@requires(Permission.CALL_CUSTOMERS)
def index() -> str:
    """To call now, later today, and what may be taken."""
    queue = call_queue()
    log_looks(queue.customers)
    return render_template("calls/queue.html", queue=queue)
