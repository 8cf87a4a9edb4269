"""Looking at a customer's facts leaves a row behind, committed before the page is shown."""

from collections.abc import Collection

from flask import request

from app.extensions import db
from app.operations.looks import record_look
from app.web.current import current_actor, current_time
from app.web.transactions import write_transaction


def log_look(customer_id: str | None) -> None:
    """Record that the signed-in person sees the file of this customer on the page asked for.

    Only reading pages call this: who sees the facts again after a refused input has been recorded before.
    """
    if customer_id is not None:
        log_looks({customer_id})


def log_looks(customer_ids: Collection[str]) -> None:
    """The same for a page that shows several customers' files."""
    if customer_ids and request.method == "GET":
        note_looks(customer_ids)


def note_looks(customer_ids: Collection[str]) -> None:
    """The same for what is only read, whatever the method: programs ask for lists with POST as well."""
    page = str(request.url_rule.rule) if request.url_rule else request.path
    db.session.rollback()  # a transaction that has begun as a reader cannot write
    with write_transaction():
        for customer_id in sorted(customer_ids):
            record_look(db.session(), customer_id, page, actor=current_actor(), now=current_time())
