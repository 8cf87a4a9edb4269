"""What a form is made from: the file of the bundle, the variables its user task sees, the person's draft."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.process_definition import DeploymentResource, ProcessDefinition
from app.models.process_instance import Execution, Variable
from app.models.user_task import Draft


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What a person typed and did not submit."""

    content: dict[str, str | list[str]]
    base_revision: int
    saved_at: datetime


def form_files(session: Session, definition_id: str) -> list[bytes]:
    """The form files deployed together with a process definition."""
    query = (
        select(DeploymentResource.content)
        .join(ProcessDefinition, ProcessDefinition.deployment_id == DeploymentResource.deployment_id)
        .where(ProcessDefinition.id == definition_id, DeploymentResource.kind == "form")
        .order_by(DeploymentResource.name)
    )
    return list(session.scalars(query))


def variables_in_scope(session: Session, instance_id: str, execution_id: str) -> dict[str, str]:
    """Name -> value (JSON text) of the variables that a scope sees; inner ones hide outer ones."""
    query = select(Execution.id, Execution.parent_id).where(Execution.instance_id == instance_id)
    parents = {row.id: row.parent_id for row in session.execute(query)}
    scopes: list[str] = []
    scope: str | None = execution_id
    while scope is not None and scope not in scopes:
        scopes.append(scope)
        scope = parents.get(scope)
    rows = session.execute(
        select(Variable.execution_id, Variable.name, Variable.value).where(Variable.execution_id.in_(scopes))
    ).all()
    outermost_first = sorted(rows, key=lambda row: scopes.index(row.execution_id), reverse=True)
    return {row.name: row.value for row in outermost_first}


def kept_draft(session: Session, user_task_id: str, user_id: str) -> KeptDraft | None:
    """The person's own draft of a user task."""
    query = select(Draft.content, Draft.base_revision, Draft.saved_at)
    row = session.execute(query.where(Draft.user_task_id == user_task_id, Draft.user_id == user_id)).one_or_none()
    return KeptDraft(json.loads(row.content), row.base_revision, row.saved_at) if row else None
