"""What is worth a look in a bundle that is deployed all the same: names without effect, weak decision tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.feel import Environment
from app.feel.dmn import load_models
from app.i18n import N_
from app.models import Deployment, DeploymentResource
from app.operations.parsed_files import parsed_file

UTC = ZoneInfo("UTC")  # for constants in cells; what depends on the clock is not looked at


@dataclass(frozen=True, slots=True)
class BundleWarning:
    """A weakness: file, element and line, and for a decision table the rules (from 1) with an example of the inputs."""

    resource: str
    msgid: str
    params: Mapping[str, object]
    element: str
    line: int
    rules: tuple[int, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict)


class DeploymentNotFound(NotFound):
    """There is no such deployment."""


def deployment_warnings(session: Session, deployment_id: str) -> tuple[BundleWarning, ...]:
    """The warnings of a bundle, found anew from its files: they are facts about them. Raises DeploymentNotFound."""
    deployment = session.get(Deployment, deployment_id)
    if deployment is None:
        raise DeploymentNotFound(N_("There is no deployment “%(id)s”."), id=deployment_id)
    statement = select(DeploymentResource).where(DeploymentResource.deployment_id == deployment_id)
    resources = session.scalars(statement.order_by(DeploymentResource.name)).all()
    diagrams = {file.name: file.content for file in resources if file.kind == "bpmn"}
    tables = {file.name: file.content for file in resources if file.kind == "dmn"}
    return (*_of_diagrams(diagrams), *_of_tables(tables, deployment.deployed_at))


def _of_diagrams(files: Mapping[str, bytes]) -> Iterator[BundleWarning]:
    for name, content in files.items():
        for problem in parsed_file(content, name)[0].warnings:  # each process has those of the whole file
            yield BundleWarning(name, problem.msgid, problem.params, problem.element_id, problem.line)


def _of_tables(files: Mapping[str, bytes], now: datetime) -> Iterator[BundleWarning]:
    for name, model in load_models(files).models.items():
        for found in model.analyse(Environment(now, UTC)):
            yield BundleWarning(name, found.msgid, {}, found.element, found.line, found.rules, found.example)
