"""Process definitions ready to run: read from the database once, then shared by all cases and threads."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from app.engine import ParsedProcess
from app.engine.parsed_process import StartKind
from app.errors import NotFound
from app.feel.dmn import DecisionModel, load_models
from app.forms import FormDefinition, load_form
from app.i18n import N_
from app.models import DeploymentResource, ProcessDefinition
from app.models.prepared import Prepared, table_of
from app.operations.parsed_files import deployed_file

KEPT = 256

_DEFINITION = table_of(ProcessDefinition)
_LATEST = Prepared(
    select(_DEFINITION.c.id)
    .where(_DEFINITION.c.key == bindparam("process_key"))
    .order_by(_DEFINITION.c.version.desc())
    .limit(literal_column("1"))
)


@dataclass(frozen=True, slots=True)
class LoadedDefinition:
    """A version of a process with the rest of its bundle.

    `bundle` are the processes deployed together, by key, `decisions` its decision models by the id of each
    decision, `decision_files` the names of their files; `personal` the variables that hold a person's data (form
    fields marked so), whose values the history keeps encrypted; `identifying` which variables of the start form tell
    the customer: name, phone, plate; `data_stores` the names of those its processes read or write; `forms` its forms
    by id.
    """

    id: str
    key: str
    version: int
    deployment_id: str
    process: ParsedProcess
    bundle: Mapping[str, ParsedProcess]
    decisions: Mapping[str, DecisionModel]
    decision_files: Mapping[str, str]
    personal: frozenset[str]
    data_stores: frozenset[str]
    identifying: Mapping[str, str]
    forms: Mapping[str, FormDefinition]


class DefinitionNotFound(NotFound):
    """There is no such process definition."""


class _Cache:
    """The definitions used last. A definition never changes, so nothing is ever out of date."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, LoadedDefinition] = OrderedDict()
        self._lock = Lock()

    def get(self, definition_id: str) -> LoadedDefinition | None:
        with self._lock:
            found = self._known.get(definition_id)
            if found:
                self._known.move_to_end(definition_id)
            return found

    def put(self, definition: LoadedDefinition) -> None:
        with self._lock:
            self._known[definition.id] = definition
            while len(self._known) > KEPT:
                self._known.popitem(last=False)


_cache = _Cache()


def load_definition(session: Session, definition_id: str) -> LoadedDefinition:
    """A definition with its parsed process; raises DefinitionNotFound."""
    known = _cache.get(definition_id)
    if known is None:
        known = _load(session, definition_id)
        _cache.put(known)
    return known


def load_process(session: Session, definition_id: str) -> ParsedProcess:
    """The parsed process of a definition; raises DefinitionNotFound."""
    return load_definition(session, definition_id).process


def latest_definition_id(session: Session, process_key: str) -> str:
    """The definition that new cases of a process use; raises DefinitionNotFound."""
    found = _LATEST.first(session, {"process_key": process_key})
    if found is None:
        raise DefinitionNotFound(N_("There is no process “%(process)s”."), process=process_key)
    (definition_id,) = found
    return str(definition_id)


def latest_definition_ids(session: Session) -> list[str]:
    """The newest definition of every process."""
    newest = select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
    newest_of_each = newest.group_by(ProcessDefinition.key).subquery()
    statement = select(ProcessDefinition.id).join(
        newest_of_each,
        (ProcessDefinition.key == newest_of_each.c.key) & (ProcessDefinition.version == newest_of_each.c.version),
    )
    return list(session.scalars(statement.order_by(ProcessDefinition.key)))


def definitions_starting_with(session: Session, message_name: str) -> list[LoadedDefinition]:
    """The newest definitions that a message of this name starts; deployment sees to it that there is one at most."""
    newest = (load_definition(session, definition_id) for definition_id in latest_definition_ids(session))
    return [definition for definition in newest if message_name in definition.process.start_message_names]


def newest_triggers(session: Session, kind: StartKind) -> list[tuple[LoadedDefinition, int]]:
    """What starts cases in this way, of the newest version of every process: its place among the triggers."""
    newest = (load_definition(session, definition_id) for definition_id in latest_definition_ids(session))
    return [
        (definition, place)
        for definition in newest
        for place, trigger in enumerate(definition.process.start_triggers)
        if trigger.kind == kind
    ]


def _load(session: Session, definition_id: str) -> LoadedDefinition:
    columns = (ProcessDefinition.key, ProcessDefinition.version, ProcessDefinition.deployment_id)
    row = session.execute(select(*columns).where(ProcessDefinition.id == definition_id)).one_or_none()
    if row is None:
        raise DefinitionNotFound(N_("There is no process “%(process)s”."), process=definition_id)
    resources = session.execute(
        select(DeploymentResource.name, DeploymentResource.kind, DeploymentResource.content).where(
            DeploymentResource.deployment_id == row.deployment_id
        )
    ).all()
    bundle: dict[str, ParsedProcess] = {}
    for resource in resources:
        if resource.kind == "bpmn":
            bundle |= {process.key: process for process in deployed_file(resource.content, resource.name)}
    models = load_models({file.name: file.content for file in resources if file.kind == "dmn"}).models
    decision_files = {decision_id: name for name, model in models.items() for decision_id in model.decision_ids}
    forms = [load_form(resource.content, is_deployed=True) for resource in resources if resource.kind == "form"]
    process = bundle[row.key]
    return LoadedDefinition(
        id=definition_id,
        key=row.key,
        version=row.version,
        deployment_id=row.deployment_id,
        process=process,
        bundle=bundle,
        decisions={decision_id: models[name] for decision_id, name in decision_files.items()},
        decision_files=decision_files,
        personal=frozenset(name for form in forms for name in form.personal_fields),
        data_stores=frozenset().union(*(read.data_stores for read in bundle.values())),
        identifying=next((form.identifying_fields for form in forms if form.id == process.start_form_key), {}),
        forms={form.id: form for form in forms},
    )
