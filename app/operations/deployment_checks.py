"""What a bundle must be before it is deployed: every problem of every file is found at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import connectors
from app.engine import DeploymentRefused, ParsedProcess
from app.errors import InvalidInput
from app.feel.dmn import load_models
from app.forms import FormDefinition, FormRefused, load_form
from app.i18n import N_
from app.models import Group
from app.operations import operation_connectors
from app.operations.definitions import definitions_starting_with
from app.operations.parsed_files import parsed_file

KINDS = {".bpmn": "bpmn", ".dmn": "dmn", ".form": "form"}


@dataclass(frozen=True, slots=True)
class BundleProblem:
    """One reason to refuse a bundle: file, element and line (0 where there is none) and what to do instead."""

    resource: str
    msgid: str
    params: dict[str, object] = field(default_factory=dict)
    element_id: str = ""
    element_name: str = ""
    line: int = 0
    advice: str = ""  # a text of its own, translated like msgid

    def __str__(self) -> str:
        place = f"{self.resource}:{self.line}" if self.line else self.resource
        element = f" {self.element_id}" if self.element_id else ""
        name = f" “{self.element_name}”" if self.element_name else ""
        advice = f" {self.advice}" if self.advice else ""
        return f"{place}:{element}{name} {self.msgid % self.params if self.params else self.msgid}{advice}"


class BundleRefused(InvalidInput):
    """Nothing of the bundle was deployed; `problems` are all the reasons."""

    def __init__(self, problems: tuple[BundleProblem, ...]) -> None:
        self.problems = problems
        super().__init__(N_("This cannot be deployed: %(problems)s"), problems="\n".join(map(str, problems)))


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of a deployment, read: executable processes with the file they are in, and forms by id.

    Global tasks are checked with them, but nobody starts a case with one.
    """

    kinds: Mapping[str, str]
    processes: tuple[tuple[str, ParsedProcess], ...]
    forms: Mapping[str, FormDefinition]


def check_bundle(session: Session, resources: Mapping[str, bytes], *, needs_groups: bool = True) -> Bundle:
    """Read all files and look up whatever they name; raises BundleRefused.

    Arguments: needs_groups, whether a group that does not exist refuses the bundle.
    """
    problems: list[BundleProblem] = []
    kinds = {name: _kind(name, problems) for name in sorted(resources)}
    forms = _read_forms({name: resources[name] for name, kind in kinds.items() if kind == "form"}, problems)
    tables = {name: resources[name] for name, kind in kinds.items() if kind == "dmn"}
    decisions = frozenset(_read_decisions(tables, problems))
    diagrams = {name: resources[name] for name, kind in kinds.items() if kind == "bpmn"}
    found = tuple(_read_processes(diagrams, problems))
    processes = tuple((name, process) for name, process in found if process.is_executable)
    if not problems and not processes:
        problems.append(BundleProblem("", N_("There is no executable process to deploy.")))
    if not problems:
        problems += _problems_of_names(session, found, frozenset(forms), decisions, needs_groups=needs_groups)
    if problems:
        raise BundleRefused(tuple(problems))
    return Bundle(kinds, processes, forms)


def _kind(name: str, problems: list[BundleProblem]) -> str:
    for ending, kind in KINDS.items():
        if name.endswith(ending):
            return kind
    problems.append(BundleProblem(name, N_("Only .bpmn, .dmn and .form files can be deployed.")))
    return ""


def _read_forms(files: Mapping[str, bytes], problems: list[BundleProblem]) -> dict[str, FormDefinition]:
    forms: dict[str, FormDefinition] = {}
    for name, content in files.items():
        try:
            form = load_form(content)
        except FormRefused as refused:
            for problem in refused.problems:
                params = {"component": problem.component_id, **problem.params}
                problems.append(BundleProblem(name, problem.msgid, params, problem.component_id))
            continue
        if form.id in forms:
            problems.append(BundleProblem(name, N_("Another file has a form with the id “%(id)s”."), {"id": form.id}))
        forms[form.id] = form
    return forms


def _read_decisions(files: Mapping[str, bytes], problems: list[BundleProblem]) -> Iterator[str]:
    """The ids of all decisions; business rule tasks name them, so that no two files may have the same."""
    loaded = load_models(files)
    for name, reasons in loaded.refused.items():
        problems.extend(
            BundleProblem(name, found.msgid, {**found.params}, found.element, line=found.line) for found in reasons
        )
    known: set[str] = set()
    for name, model in loaded.models.items():
        for decision in model.decision_ids:
            if decision in known:
                problems.append(BundleProblem(name, N_("The decision “%(id)s” is in two files."), {"id": decision}))
            known.add(decision)
            yield decision


def _read_processes(files: Mapping[str, bytes], problems: list[BundleProblem]) -> Iterator[tuple[str, ParsedProcess]]:
    known: set[str] = set()
    for name, content in files.items():
        try:
            parsed = parsed_file(content, name)
        except DeploymentRefused as refused:
            problems += [
                BundleProblem(
                    name, found.msgid, found.params, found.element_id, found.element_name, found.line, found.advice
                )
                for found in refused.problems
            ]
            continue
        for process in (process for process in parsed if process.is_executable or process.is_global_task):
            if process.key in known:
                problems.append(BundleProblem(name, N_("The process “%(key)s” is in two files."), {"key": process.key}))
            known.add(process.key)
            yield name, process


def _problems_of_names(
    session: Session,
    processes: tuple[tuple[str, ParsedProcess], ...],
    form_ids: frozenset[str],
    decision_ids: frozenset[str],
    *,
    needs_groups: bool,
) -> Iterator[BundleProblem]:
    keys = frozenset(process.key for _, process in processes)
    groups = frozenset(session.scalars(select(Group.id)))
    for name, process in processes:
        yield from _unknown(name, N_("There is no form “%(name)s” in this deployment."), _forms_of(process) - form_ids)
        unknown = process.decisions - decision_ids
        yield from _unknown(name, N_("There is no decision “%(name)s” in this deployment."), unknown)
        known = frozenset(connectors.BY_NAME) | frozenset(operation_connectors.BY_NAME)
        yield from _unknown(name, N_("There is no connector “%(name)s”."), process.connectors - known)
        named = process.candidate_groups.union(process.candidate_starter_groups, process.reader_groups)
        if needs_groups:
            yield from _unknown(name, N_("There is no group “%(name)s”."), named - groups)
        called = process.called_processes
        yield from _unknown(name, N_("There is no process “%(name)s” in this deployment."), called - keys)
    yield from _ambiguous_starts(session, processes)


def _forms_of(process: ParsedProcess) -> frozenset[str]:
    return process.form_keys | ({process.start_form_key} if process.start_form_key else frozenset())


def _unknown(resource: str, msgid: str, names: frozenset[str]) -> Iterator[BundleProblem]:
    for name in sorted(names):
        yield BundleProblem(resource, msgid, {"name": name})


def _ambiguous_starts(session: Session, processes: tuple[tuple[str, ParsedProcess], ...]) -> Iterator[BundleProblem]:
    """A message must start one process only, or nobody could say which."""
    keys = frozenset(process.key for _, process in processes)
    starters: dict[str, str] = {}
    for name, process in processes:
        for message in sorted(process.start_message_names):
            others = {other.key for other in definitions_starting_with(session, message) if other.key not in keys} | (
                {starters[message]} if message in starters else set()
            )
            for other in sorted(others):
                yield BundleProblem(
                    name,
                    N_("The message “%(message)s” already starts the process “%(process)s”."),
                    {"message": message, "process": other},
                )
            starters[message] = process.key
