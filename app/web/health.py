"""Is the product up and its database within reach? For load balancers; tells nothing else."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import select

from app.extensions import db
from app.web.permissions import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@public
def health() -> Response:
    """200 when the database answers; otherwise the error page's 500."""
    db.session.execute(select(1))
    return jsonify(status="ok")
