"""Saved filters: which user tasks a person wants to see together, under a name."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Base, UtcDateTime
from app.models.program_lists import ProgramList, equals, like


class SavedFilter(Base):
    """A filter of a list of user tasks; nobody but its owner sees it.

    `query` is what programs ask a list with, `properties` what they show it with; both are JSON objects.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (Index("ix_saved_filter_owner", "owner_id", "name"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(120))
    query: Mapped[str] = mapped_column(Text)
    properties: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


SAVED_FILTERS = ProgramList(
    statement=lambda user_id: select(*SavedFilter.__table__.c).where(SavedFilter.owner_id == user_id),
    filters={
        "filterId": equals(SavedFilter.id),
        "name": equals(SavedFilter.name),
        "nameLike": like(SavedFilter.name),
        "owner": equals(SavedFilter.owner_id),
    },
    orders={"filterId": SavedFilter.id, "name": SavedFilter.name, "owner": SavedFilter.owner_id},
    key=SavedFilter.id,
)


def saved_filters_count(session: Session, owner_id: str) -> int:
    """How many filters a person has saved."""
    return session.scalar(select(func.count()).select_from(SavedFilter).where(SavedFilter.owner_id == owner_id)) or 0
