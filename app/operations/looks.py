"""The log of who looked at a customer's file (domain page, section 4)."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.identifiers import new_id
from app.models import Look
from app.operations.actor import Actor


def record_look(session: Session, customer_id: str, page: str, *, actor: Actor, now: datetime) -> None:
    """Note that `actor` is about to see the file of a customer on `page`; commit before showing it."""
    session.execute(
        insert(Look).values(
            id=new_id(), customer_id=customer_id, user_id=actor.user_id, page=page[:100], looked_at=now
        )
    )
