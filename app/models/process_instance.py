"""A running or ended case: the instance, its state, scopes, variables and path."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text, false
from sqlalchemy import column as sql_column
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

OPEN_STATES = ("active", "incident")  # of cases, and of passes through elements


def _where_given(column: str) -> Index:
    """Many cases have none: those cost nothing, neither room nor a page to write at the start."""
    given = sql_column(column).is_not(None)
    return Index(f"ix_process_instance_{column}", column, sqlite_where=given, postgresql_where=given)


class ProcessInstance(Base):
    """A case. `revision` is the optimistic version, raised by every step."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("ix_process_instance_site_process_state", "site_id", "process_key", "state", "started_at"),
        *map(_where_given, ("origin_id", "customer_id", "vehicle_id", "visit_id")),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"), index=True)
    process_key: Mapped[str] = mapped_column(String(100))
    case_number: Mapped[str] = mapped_column(String(40), unique=True)
    business_key: Mapped[str | None] = mapped_column(String(200), index=True)
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12))  # active, incident, completed, cancelled
    end_event_id: Mapped[str | None] = mapped_column(String(200))
    started_by: Mapped[str] = mapped_column(String(64), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    origin_id: Mapped[str | None] = mapped_column(String(32))  # the case whose message started this one
    customer_id: Mapped[str | None] = mapped_column(String(32))
    vehicle_id: Mapped[str | None] = mapped_column(String(32))
    visit_id: Mapped[str | None] = mapped_column(String(32))
    is_suspended: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())  # waits for its owner
    # Counted here, in a row that every page of the case reads anyway.
    comment_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    file_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    revision: Mapped[int] = mapped_column(Integer, nullable=False)
    __mapper_args__ = {"version_id_col": revision}


class InstanceState(Base):
    """The engine's own state of an open case; dropped when the case ends."""

    __tablename__ = "instance_state"
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(32))
    codec: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Execution(Base):
    """A scope of variables: the process, a subprocess, a multi-instance element, a call activity."""

    __tablename__ = "execution"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    site_id: Mapped[str] = mapped_column(String(32))
    parent_id: Mapped[str | None] = mapped_column(String(40))
    element_id: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Variable(Base):
    """A variable of a scope, typed; `value` is the FEEL codec's JSON text."""

    __tablename__ = "variable"
    __table_args__ = (Index("ix_variable_instance_name", "instance_id", "name"),)
    execution_id: Mapped[str] = mapped_column(ForeignKey("execution.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    site_id: Mapped[str] = mapped_column(String(32))
    type: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(Text)


class ActivityInstance(Base):
    """One pass of a token through a flow node: the path taken (a projection of the history)."""

    __tablename__ = "activity_instance"
    __table_args__ = (Index("ix_activity_instance_instance", "instance_id", "started_at"),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    site_id: Mapped[str] = mapped_column(String(32))
    execution_id: Mapped[str] = mapped_column(String(40))
    element_id: Mapped[str] = mapped_column(String(200))
    element_type: Mapped[str] = mapped_column(String(40))
    element_name: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12))  # active, done, cancelled, incident
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FlowTaken(Base):
    """How often a sequence flow was taken in a case (a projection of the history)."""

    __tablename__ = "flow_taken"
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    flow_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    site_id: Mapped[str] = mapped_column(String(32))
    count: Mapped[int] = mapped_column(Integer)


class CaseNumber(Base):
    """The last number given per process and year."""

    __tablename__ = "case_number"
    prefix: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
