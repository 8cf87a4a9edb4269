"""Saved filters: which user tasks a person wants to see together, under a name."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Base, UtcDateTime
from app.models.program_lists import ProgramList, equals, like

# The views of the inbox that programs can ask for with a query of user tasks.
VIEWS_OF_PROGRAMS = ("mine", "claimable", "delegated")


class SavedFilter(Base):
    """A filter of a list of user tasks: that of a program, which only its owner sees, or a view of the inbox.

    Of a program, `query` is what it asks a list with, `properties` what it shows it with; both are JSON objects. A view
    of the inbox has a `view`, perhaps one process and the words of a search; it may be shared with a group at a site.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (
        Index("ix_saved_filter_owner", "owner_id", "name"),
        Index("ix_saved_filter_shared", "group_id", "site_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(120))
    query: Mapped[str] = mapped_column(Text)
    properties: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    view: Mapped[str | None] = mapped_column(String(20))
    process_key: Mapped[str | None] = mapped_column(String(100))
    search: Mapped[str] = mapped_column(String(200), default="", server_default="")
    group_id: Mapped[str | None] = mapped_column(ForeignKey("group.id"))
    site_id: Mapped[str | None] = mapped_column(ForeignKey("site.id"))


SAVED_FILTERS = ProgramList(
    statement=lambda user_id: select(*SavedFilter.__table__.c).where(
        SavedFilter.owner_id == user_id,
        or_(
            SavedFilter.view.is_(None),
            SavedFilter.view.in_(VIEWS_OF_PROGRAMS) & (SavedFilter.search == ""),
        ),
    ),
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
