"""Deployments taken away again, as long as no case was ever started from them: history stays whole."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.i18n import N_
from app.models import CaseBatch, Deployment, DeploymentResource, ProcessDefinition, ProcessInstance
from app.operations.actor import Actor
from app.operations.authority import require_case_owner
from app.operations.deployment_warnings import DeploymentNotFound
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.timer_starts import schedule_timer_starts


class DeploymentInUse(Conflict):
    """Cases were started from the deployment; they need it for as long as there is a history."""


def delete_deployment(session: Session, deployment_id: str, *, actor: Actor, now: datetime) -> None:
    """Delete a deployment and its definitions; the version before is the newest again.

    Only process owners and administrators. Raises DeploymentNotFound, DeploymentInUse, NotAllowed.
    """
    require_case_owner(session, actor, None)
    deployment = session.get(Deployment, deployment_id, with_for_update=True)
    if deployment is None:
        raise DeploymentNotFound(N_("There is no deployment “%(id)s”."), id=deployment_id)
    found = session.execute(
        select(ProcessDefinition.id, ProcessDefinition.key, ProcessDefinition.version).where(
            ProcessDefinition.deployment_id == deployment_id
        )
    ).all()
    ids = [row.id for row in found]
    is_used = exists().where(ProcessInstance.definition_id.in_(ids)) | exists().where(CaseBatch.definition_id.in_(ids))
    if session.scalar(select(is_used)):
        raise DeploymentInUse(N_("Cases were started from this deployment, and their history needs it."))
    session.execute(delete(ProcessDefinition).where(ProcessDefinition.deployment_id == deployment_id))
    session.execute(delete(DeploymentResource).where(DeploymentResource.deployment_id == deployment_id))
    session.execute(delete(Deployment).where(Deployment.id == deployment_id))
    session.expire_all()
    schedule_timer_starts(session, process_keys={row.key for row in found}, now=now)
    body = {"deployment_id": deployment_id, "versions": {row.key: row.version for row in found}}
    append_events(session, CONFIGURATION_STREAM, [Event("deployment_deleted", body)], actor=actor, now=now)


def delete_definition(session: Session, definition_id: str, *, actor: Actor, now: datetime) -> None:
    """Delete a version with its deployment, which must hold no other process. Raises as `delete_deployment`."""
    require_case_owner(session, actor, None)
    here = select(ProcessDefinition.deployment_id).where(ProcessDefinition.id == definition_id).scalar_subquery()
    found = session.execute(
        select(ProcessDefinition.id, ProcessDefinition.deployment_id).where(ProcessDefinition.deployment_id == here)
    ).all()
    if len(found) != 1:
        raise DeploymentInUse(N_("Other processes were deployed together with this one: delete the deployment."))
    delete_deployment(session, found[0].deployment_id, actor=actor, now=now)
