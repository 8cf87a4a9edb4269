"""Process definitions and deployments as programs list them: every version, company-wide."""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, true

from app.models.organisation import Membership
from app.models.process_definition import Deployment, DeploymentResource, ProcessAccess, ProcessDefinition
from app.models.process_instance import OPEN_STATES, ActivityInstance, ProcessInstance
from app.models.program_lists import (
    EVERY_ROW,
    NO_ROW_OF_ANY,
    Filter,
    ProgramList,
    after,
    among,
    at,
    before,
    equals,
    flag,
    like,
)
from app.models.visibility import is_visible_to

_D = ProcessDefinition


def _is_newest() -> ColumnElement[bool]:
    other = _D.__table__.alias()
    newest = select(func.max(other.c.version)).where(other.c.key == _D.key).scalar_subquery()
    return _D.version == newest


def _startable_by(user_id: str) -> ColumnElement[bool]:
    return exists().where(
        Membership.user_id == user_id,
        ProcessAccess.group_id == Membership.group_id,
        ProcessAccess.process_key == _D.key,
        ProcessAccess.can_start == true(),
    )


def _deployed(when: Filter) -> Filter:
    return Filter(when.kind, lambda moment: exists().where(Deployment.id == _D.deployment_id, when.condition(moment)))


PROCESS_DEFINITIONS = ProgramList(
    statement=lambda _user_id: select(*_D.__table__.c),
    filters={
        "processDefinitionId": equals(_D.id),
        "processDefinitionIdIn": among(_D.id),
        "key": equals(_D.key),
        "keysIn": among(_D.key),
        "keyLike": like(_D.key),
        "name": equals(_D.name),
        "nameLike": like(_D.name),
        "version": equals(_D.version, "number"),
        "latestVersion": flag(_is_newest()),
        "deploymentId": equals(_D.deployment_id),
        "deployedAfter": _deployed(after(Deployment.deployed_at)),
        "deployedAt": _deployed(at(Deployment.deployed_at)),
        "resourceName": equals(_D.resource_name),
        "resourceNameLike": like(_D.resource_name),
        "active": flag(_D.is_suspended.is_(False)),
        "suspended": flag(_D.is_suspended),
        "startableBy": Filter("text", _startable_by),
        "startableInTasklist": flag(_D.is_startable),
        "notStartableInTasklist": flag(_D.is_startable.is_(False)),
        # They belong to the whole company, to no site.
        "tenantIdIn": NO_ROW_OF_ANY,
        "withoutTenantId": EVERY_ROW,
        "includeProcessDefinitionsWithoutTenantId": EVERY_ROW,
        "withoutVersionTag": EVERY_ROW,
    },
    orders={
        "key": _D.key, "id": _D.id, "name": _D.name, "version": _D.version, "deploymentId": _D.deployment_id,
    },
    key=_D.id,
)  # fmt: skip

DEPLOYMENTS = ProgramList(
    statement=lambda _user_id: select(*Deployment.__table__.c),
    filters={
        "id": equals(Deployment.id),
        "name": equals(Deployment.name),
        "nameLike": like(Deployment.name),
        "before": before(Deployment.deployed_at),
        "after": after(Deployment.deployed_at),
        "at": at(Deployment.deployed_at),
        "tenantIdIn": NO_ROW_OF_ANY,
        "withoutTenantId": EVERY_ROW,
        "includeDeploymentsWithoutTenantId": EVERY_ROW,
        "withoutSource": EVERY_ROW,
    },
    orders={"id": Deployment.id, "name": Deployment.name, "deploymentTime": Deployment.deployed_at},
    key=Deployment.id,
)


def resources_of(deployment_id: str) -> Select[str, bytes]:
    """(name, content) of the files of a deployment."""
    return (
        select(DeploymentResource.name, DeploymentResource.content)
        .where(DeploymentResource.deployment_id == deployment_id)
        .order_by(DeploymentResource.name)
    )


def open_cases_by_definition(user_id: str) -> Select[str, int]:
    """(definition id, how many open cases the person may see), for definitions that have any."""
    is_open = ProcessInstance.state.in_(OPEN_STATES)
    return (
        select(ProcessInstance.definition_id, func.count())
        .where(is_open, is_visible_to(user_id))
        .group_by(ProcessInstance.definition_id)
    )


def definitions_of(deployment_id: str) -> Select[*tuple[Any, ...]]:
    """The versions that a deployment made."""
    return select(*_D.__table__.c).where(_D.deployment_id == deployment_id).order_by(_D.key)


def open_passes_by_element(user_id: str, definition_id: str) -> Select[str, int]:
    """(element, how many open passes) in the cases of a version that the person may see."""
    return (
        select(ActivityInstance.element_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id)
        .where(
            ProcessInstance.definition_id == definition_id,
            ActivityInstance.state.in_(OPEN_STATES),
            is_visible_to(user_id),
        )
        .group_by(ActivityInstance.element_id)
        .order_by(ActivityInstance.element_id)
    )
