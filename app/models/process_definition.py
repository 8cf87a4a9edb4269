"""What was deployed: bundles, their resources, process definitions and who may use them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Deployment(Base):
    """One atomic bundle of BPMN, DMN, forms and translations; cases are pinned to it."""

    __tablename__ = "deployment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    deployed_by: Mapped[str] = mapped_column(String(64))
    deployed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeploymentResource(Base):
    """One file of a bundle, byte for byte."""

    __tablename__ = "deployment_resource"
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # bpmn, dmn, form
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


class ProcessDefinition(Base):
    """A process of a bundle, by key and version."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("key", "version"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    translations: Mapped[dict[str, Any]] = mapped_column(JSON)  # locale -> {element id or "": text}
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"), index=True)
    resource_name: Mapped[str] = mapped_column(String(200))
    start_form_key: Mapped[str | None] = mapped_column(String(200))
    is_startable: Mapped[bool] = mapped_column(Boolean, default=True)  # has a none start event
    is_suspended: Mapped[bool] = mapped_column(Boolean, default=False)


class ProcessAccess(Base):
    """Which group may start or read the cases of a process; filled at deployment, editable."""

    __tablename__ = "process_access"
    process_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    group_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    can_start: Mapped[bool] = mapped_column(Boolean, default=False)
    can_read: Mapped[bool] = mapped_column(Boolean, default=False)
