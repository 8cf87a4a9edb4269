"""Deployments: one bundle of diagrams, decision tables and forms, all or nothing; running cases stay on theirs."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.engine import ParsedProcess
from app.identifiers import new_id
from app.models import Deployment, DeploymentResource, ProcessAccess, ProcessDefinition
from app.operations.actor import Actor
from app.operations.authority import require_case_owner
from app.operations.definitions import load_process
from app.operations.deployment_checks import Bundle, BundleProblem, BundleRefused, check_bundle
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.timer_starts import schedule_timer_starts

__all__ = ["BundleProblem", "BundleRefused", "deploy", "load_process"]

# May read the cases of every process at their site: they look after what goes wrong in them.
ALWAYS_READ = frozenset({"process_owner"})


def deploy(
    session: Session,
    resources: Mapping[str, bytes],
    *,
    name: str,
    reason: str,
    needs_groups: bool = True,
    actor: Actor,
    now: datetime,
) -> Deployment:
    """Deploy a bundle: its processes get new versions together and share its forms.

    Arguments: resources, content by file name (.bpmn, .dmn, .form); name, of the bundle; reason, kept in the history;
    needs_groups, whether a group that does not exist refuses the bundle.
    The very content that is deployed already gives no new version. Raises BundleRefused with every problem by
    file, element and line; NotAllowed.
    """
    require_case_owner(session, actor, None)
    bundle = check_bundle(session, resources, needs_groups=needs_groups)
    same = _deployed_already(session, bundle, resources)
    if same is not None:
        return same
    deployment = Deployment(id=new_id(), name=name, reason=reason, deployed_by=actor.user_id, deployed_at=now)
    session.add(deployment)
    session.flush()
    session.add_all(
        DeploymentResource(
            deployment_id=deployment.id, name=file, kind=kind, content=resources[file], sha256=_sha256(resources[file])
        )
        for file, kind in bundle.kinds.items()
    )
    versions = {
        process.key: _add_definition(session, deployment.id, file, process) for file, process in bundle.processes
    }
    session.flush()
    _tell(session, deployment, resources, versions, actor, now)
    schedule_timer_starts(session, process_keys=versions.keys(), now=now)
    return deployment


def _deployed_already(session: Session, bundle: Bundle, resources: Mapping[str, bytes]) -> Deployment | None:
    """The deployment in force, if all processes of the bundle come from it and its files are the same."""
    newest = {
        _newest(session, process.key, ProcessDefinition.deployment_id) for _, process in bundle.processes
    }
    if len(newest) != 1 or None in newest:
        return None
    (deployment_id,) = newest
    stored = session.execute(
        select(DeploymentResource.name, DeploymentResource.sha256).where(
            DeploymentResource.deployment_id == deployment_id
        )
    )
    digests = {row.name: row.sha256 for row in stored}
    if digests != {file: _sha256(content) for file, content in resources.items()}:
        return None
    return session.get(Deployment, deployment_id)


def _newest(session: Session, process_key: str, column: InstrumentedAttribute[str]) -> str | None:
    statement = select(column).where(ProcessDefinition.key == process_key)
    return session.scalar(statement.order_by(ProcessDefinition.version.desc()).limit(1))


def _add_definition(session: Session, deployment_id: str, file: str, process: ParsedProcess) -> int:
    last = session.scalar(select(func.max(ProcessDefinition.version)).where(ProcessDefinition.key == process.key))
    _grant_access(session, process, _newest(session, process.key, ProcessDefinition.id))
    version = (last or 0) + 1
    session.add(
        ProcessDefinition(
            id=new_id(),
            key=process.key,
            version=version,
            name=process.name,
            translations={locale: dict(texts) for locale, texts in process.translations.items()},
            deployment_id=deployment_id,
            resource_name=file,
            start_form_key=process.start_form_key,
            is_startable=process.is_startable,
        )
    )
    return version


def _grant_access(session: Session, process: ParsedProcess, previous_id: str | None) -> None:
    """Give groups what the diagram newly says; what an administrator changed since the version before stays."""
    starters, readers = _groups_of(process)
    if previous_id is not None:
        old_starters, old_readers = _groups_of(load_process(session, previous_id))
        starters, readers = starters - old_starters, readers - old_readers
    for group_id in sorted(starters | readers):
        access = session.get(ProcessAccess, (process.key, group_id))
        if access is None:
            access = ProcessAccess(process_key=process.key, group_id=group_id, can_start=False, can_read=False)
            session.add(access)
        access.can_start = access.can_start or group_id in starters
        access.can_read = access.can_read or group_id in readers


def _groups_of(process: ParsedProcess) -> tuple[frozenset[str], frozenset[str]]:
    """Who starts cases, and who reads all cases of a site: the readers it names and whoever does user tasks in them."""
    readers = process.candidate_groups | frozenset(process.reader_groups)
    return frozenset(process.candidate_starter_groups), readers | ALWAYS_READ


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _tell(
    session: Session,
    deployment: Deployment,
    resources: Mapping[str, bytes],
    versions: Mapping[str, int],
    actor: Actor,
    now: datetime,
) -> None:
    body = {
        "deployment_id": deployment.id,
        "name": deployment.name,
        "resources": {file: _sha256(content) for file, content in sorted(resources.items())},
        "versions": dict(versions),
    }
    event = Event("deployment_made", body, reason=deployment.reason)
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
