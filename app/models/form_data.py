"""What a form is made from: the file of the bundle, the variables its user task sees, the person's draft."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, literal, select
from sqlalchemy.orm import Session

from app.models.prepared import Prepared, table_of
from app.models.process_definition import DeploymentResource, ProcessDefinition
from app.models.process_instance import Execution, Variable
from app.models.user_task import Draft


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What a person typed and did not submit."""

    content: dict[str, str | list[str]]
    base_revision: int
    saved_at: datetime


_EXECUTION, _VARIABLE, _DRAFT = table_of(Execution), table_of(Variable), table_of(Draft)
_RESOURCE, _DEFINITION = table_of(DeploymentResource), table_of(ProcessDefinition)
_FORM_FILES = Prepared(
    select(_RESOURCE.c.content)
    .join(_DEFINITION, _DEFINITION.c.deployment_id == _RESOURCE.c.deployment_id)
    .where(_DEFINITION.c.id == bindparam("definition_id"), _RESOURCE.c.kind == "form")
    .order_by(_RESOURCE.c.name)
)
_INNERMOST = (
    select(_EXECUTION.c.id, _EXECUTION.c.parent_id, literal(0).label("depth"))
    .where(_EXECUTION.c.id == bindparam("execution_id"), _EXECUTION.c.instance_id == bindparam("instance_id"))
    .cte("scope", recursive=True)
)
_SCOPES = _INNERMOST.union_all(
    select(_EXECUTION.c.id, _EXECUTION.c.parent_id, _INNERMOST.c.depth + 1).join(
        _INNERMOST, _EXECUTION.c.id == _INNERMOST.c.parent_id
    )
)
_VARIABLES = Prepared(
    select(_VARIABLE.c.name, _VARIABLE.c.value)
    .join(_SCOPES, _SCOPES.c.id == _VARIABLE.c.execution_id)
    .order_by(_SCOPES.c.depth.desc())
)
_KEPT_DRAFT = Prepared(
    select(_DRAFT.c.content, _DRAFT.c.base_revision, _DRAFT.c.saved_at).where(
        _DRAFT.c.user_task_id == bindparam("user_task_id"), _DRAFT.c.user_id == bindparam("user_id")
    )
)


def form_files(session: Session, definition_id: str) -> list[bytes]:
    """The form files deployed together with a process definition."""
    return [content for (content,) in _FORM_FILES.rows(session, {"definition_id": definition_id})]


def variables_in_scope(session: Session, instance_id: str, execution_id: str) -> dict[str, str]:
    """Name -> value (JSON text) of the variables that a scope sees; inner ones hide outer ones."""
    return dict(_VARIABLES.rows(session, {"instance_id": instance_id, "execution_id": execution_id}))


def kept_draft(session: Session, user_task_id: str, user_id: str) -> KeptDraft | None:
    """The person's own draft of a user task."""
    row = _KEPT_DRAFT.first(session, {"user_task_id": user_task_id, "user_id": user_id})
    return KeptDraft(json.loads(row[0]), row[1], row[2]) if row else None
