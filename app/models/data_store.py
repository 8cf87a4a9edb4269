"""Data stores: values that outlive cases and are shared by those of a site."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class DataStore(Base):
    """A data store of a site (BPMN 2.0.2, 10.4.1) by its name; `value` is the FEEL codec's JSON text."""

    __tablename__ = "data_store"
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_instance_id: Mapped[str | None] = mapped_column(String(32))
