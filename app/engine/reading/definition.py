"""Reading a file: from bytes to processes, or to the list of reasons why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from app.engine.clocks import Clock
from app.engine.elements.activity import ActivityHead
from app.engine.elements.business_rule_task import BusinessRuleTask
from app.engine.elements.call_activity import CallActivity
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.repeated_activity import RepeatedActivity
from app.engine.elements.service_task import ServiceTask
from app.engine.elements.user_task import UserTask
from app.engine.events.conditional import ConditionalEvent
from app.engine.events.message import MessageEvent
from app.engine.expressions import Literal
from app.engine.parsed_process import ElementName, FlowEnds, ParsedProcess, StartTrigger
from app.engine.problems import DeploymentRefused
from app.engine.reading.activities import GLOBAL_TASK_READERS, form_key
from app.engine.reading.clocks import read_clocks
from app.engine.reading.constraints import check_connections, check_elements
from app.engine.reading.data import read_items
from app.engine.reading.diagram import Diagram, MessageDeclaration, attribute, children, extension, is_true, qualified
from app.engine.reading.events import EVENTS
from app.engine.reading.extensions import correlation_key, title_of, translations
from app.engine.reading.four_eyes import read_four_eyes
from app.engine.reading.gateways import GATEWAYS
from app.engine.reading.level import Level, NodeReader, read_level
from app.engine.reading.start_triggers import start_triggers
from app.engine.reading.strict import check_names
from app.engine.reading.subprocesses import ACTIVITIES, activity_reader
from app.engine.reading.xml_check import checked_root
from app.engine.reading.xml_names import Element, tag
from app.engine.scopes import ScopeSpec
from app.i18n import N_

Kind = TypeVar("Kind", bound=FlowNode)

READERS: dict[str, NodeReader] = {
    **{name: activity_reader(read) for name, read in ACTIVITIES.items()},
    **EVENTS,
    **GATEWAYS,
}


def parse(xml: bytes, resource_name: str) -> tuple[ParsedProcess, ...]:
    """All processes of a BPMN file in its order, then its global tasks.

    Arguments: the file's bytes, and its name for messages. Raises `DeploymentRefused` with every reason found:
    whatever is not executed as BPMN 2.0 says is refused, nothing is ignored in silence.
    """
    diagram = Diagram(checked_root(xml, resource_name))
    processes: tuple[ParsedProcess, ...] = ()
    check_names(diagram)
    if not diagram.problems:
        check_elements(diagram)
    if not diagram.problems:
        check_connections(diagram)
        processes = _processes(diagram)
    if diagram.problems:
        raise DeploymentRefused(resource_name, sorted(diagram.problems, key=lambda problem: problem.line))
    return processes


def parse_deployed(xml: bytes, resource_name: str) -> tuple[ParsedProcess, ...]:
    """The same of a file that an older version of the product has accepted, whatever is refused by now.

    Cases that were started on it go on. Raises `DeploymentRefused` where nothing can be made of it.
    """
    return _processes(Diagram(checked_root(xml, resource_name)))


def _processes(diagram: Diagram) -> tuple[ParsedProcess, ...]:
    _declarations(diagram)
    callable_elements = children(diagram.root, "bpmn:process", *GLOBAL_TASK_READERS)
    processes = tuple(_process(diagram, element) for element in sorted(callable_elements, key=_is_global_task))
    if not processes:
        diagram.refuse(diagram.root, "no_process", N_("The file has no process."))
    for process in processes:
        process.siblings.update({other.key: other for other in processes if other is not process})
    return processes


def _declarations(diagram: Diagram) -> None:
    diagram.data_items = read_items(diagram)
    for element in diagram.root:
        identifier = element.get("id") or ""
        if tag(element) == "bpmn:message":
            key = correlation_key(diagram, element)
            diagram.messages[identifier] = MessageDeclaration(attribute(element, "name") or "", key)
        elif tag(element) == "bpmn:error":
            diagram.errors[identifier] = attribute(element, "errorCode") or None
        elif tag(element) == "bpmn:escalation":
            diagram.escalations[identifier] = attribute(element, "escalationCode") or None
        elif tag(element) == "bpmn:signal":
            diagram.signals[identifier] = attribute(element, "name") or ""
        elif tag(element).endswith("EventDefinition"):
            diagram.event_definitions[identifier] = element


def _process(diagram: Diagram, element: Element) -> ParsedProcess:
    key = element.get("id") or ""
    is_global_task = _is_global_task(element)
    root = ScopeSpec(key, key)
    levels: dict[str, ScopeSpec] = {}
    level = Level(diagram, root, element, READERS, levels)
    if is_global_task:
        _read_global_task(level)
    else:
        read_level(level)
    nodes = [node for spec in levels.values() for node in _nodes(spec)]
    read_four_eyes(diagram, element, nodes)
    clocks = read_clocks(diagram, element, _whole_nodes(levels.values()))
    root.clocks = frozenset(clocks)
    triggers = () if is_global_task else start_triggers(level)
    start_form = _start_form_key(level)
    _watch(levels.values(), nodes)
    return ParsedProcess(
        key=key,
        name=element.get("name") or key,
        is_executable=is_true(element, "isExecutable"),
        is_global_task=is_global_task,
        is_startable=any(trigger.kind == "none" for trigger in triggers)
        and is_true(element, "camunda:isStartableInTasklist", default=True),
        start_form_key=start_form,
        start_message_names=_start_messages(triggers),
        start_triggers=triggers,
        candidate_starter_groups=_listed(attribute(element, "camunda:candidateStarterGroups")),
        reader_groups=_readers(element, clocks.values()),
        form_keys=frozenset(_form_keys(start_form, nodes)),
        candidate_groups=frozenset(_literal_groups(nodes)),
        connectors=frozenset(node.connector for node in _of(nodes, ServiceTask) if node.connector),
        topics=frozenset(node.topic for node in _of(nodes, ServiceTask) if node.topic),
        message_names=frozenset(_message_names(nodes)),
        called_processes=frozenset(
            node.called.value for node in _of(nodes, CallActivity) if isinstance(node.called, Literal)
        ),
        decisions=frozenset(node.asked.id for node in _of(nodes, BusinessRuleTask)),
        translations=_translations(element),
        elements=_elements(element, root),
        flows={flow.id: FlowEnds(flow.source, flow.target) for spec in levels.values() for flow in spec.flows.values()},
        title_expression=title_of(diagram, element),
        warnings=tuple(diagram.warnings),
        data_stores=_data_stores(diagram, element),
        clocks=clocks,
        initiators=_initiators(element),
        root=root,
        levels=levels,
    )


def _is_global_task(element: Element) -> bool:
    return tag(element) in GLOBAL_TASK_READERS


def _read_global_task(level: Level) -> None:
    """A task that only call activities begin is read as a level with nothing else on it (BPMN 2.0.2, 10.3.6)."""
    element = level.element
    level.levels[level.spec.element_id] = level.spec
    node = GLOBAL_TASK_READERS[tag(element)](level, element, ActivityHead(level.head(element)))
    level.spec.start_nodes = () if node is None else (node,)


def _nodes(spec: ScopeSpec) -> Iterator[FlowNode]:
    for name in spec.task_specs:
        node = spec.node(name)
        if not isinstance(node, RepeatedActivity):
            yield node


def _whole_nodes(levels: Iterable[ScopeSpec]) -> Iterator[FlowNode]:
    """Each element once: a repeated one as a whole."""
    return (spec.node(name) for spec in levels for name in spec.task_specs)


def _of(nodes: list[FlowNode], kind: type[Kind]) -> list[Kind]:
    return [node for node in nodes if isinstance(node, kind)]


def _start_messages(triggers: Iterable[StartTrigger]) -> frozenset[str]:
    return frozenset(trigger.name for trigger in triggers if trigger.kind == "message" and trigger.name)


def _watch(specs: Iterable[ScopeSpec], nodes: list[FlowNode]) -> None:
    """With conditions anywhere, each change of a variable is looked at."""
    if any(isinstance(event, ConditionalEvent) for node in nodes for event in node.definitions):
        for spec in specs:
            spec.is_watched = True


def _start_form_key(level: Level) -> str | None:
    for element in children(level.element, "bpmn:startEvent"):
        if key := form_key(level, element):
            return key
    return None


def _form_keys(start_form: str | None, nodes: list[FlowNode]) -> Iterator[str]:
    yield from filter(None, [start_form])
    yield from filter(None, (node.assignment.form_key for node in _of(nodes, UserTask)))


def _literal_groups(nodes: list[FlowNode]) -> Iterator[str]:
    for node in _of(nodes, UserTask):
        groups = node.assignment.candidate_groups
        if isinstance(groups, Literal):
            yield from filter(None, map(str.strip, groups.value.split(",")))


def _message_names(nodes: list[FlowNode]) -> Iterator[str]:
    for node in nodes:
        yield from (event.name for event in node.definitions if isinstance(event, MessageEvent))


def _data_stores(diagram: Diagram, element: Element) -> frozenset[str]:
    references = (entry.get("id") or "" for entry in element.iter(qualified("bpmn:dataStoreReference")))
    return frozenset(diagram.data_items[identifier].name for identifier in references)


def _initiators(element: Element) -> dict[str, str]:
    starts = ((entry.get("id") or "", attribute(entry, "camunda:initiator")) for entry in element)
    return {identifier: name for identifier, name in starts if name}


def _readers(element: Element, clocks: Iterable[Clock]) -> tuple[str, ...]:
    """Those named, and whoever is told of a clock or may pause it."""
    readers = extension(element, "aftercare:readers")
    named = _listed(None if readers is None else readers.get("groups"))
    of_clocks = (group for clock in clocks for group in (*clock.escalate_groups, *clock.pause_groups))
    return tuple(dict.fromkeys((*named, *of_clocks)))


def _translations(element: Element) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for entry in element.iter():
        for locale, name in translations(entry):
            identifier = "" if entry is element else entry.get("id") or ""
            found.setdefault(locale, {})[identifier] = name
            if _is_global_task(entry):  # callable element and task in one
                found[locale][entry.get("id") or ""] = name
    return found


def _elements(element: Element, level: ScopeSpec) -> dict[str, ElementName]:
    """Every element with an id, lanes and flows among them; flows without an id have no name worth keeping."""
    if _is_global_task(element):
        node = level.start_nodes[0] if level.start_nodes else None
        return {} if node is None else {node.element_id: ElementName(node.element_type, node.element_name)}
    return {
        entry.get("id") or "": ElementName(tag(entry).removeprefix("bpmn:"), entry.get("name") or "")
        for entry in element.iter()
        if entry.get("id") and tag(entry).startswith("bpmn:") and entry is not element
    }


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, (text or "").split(","))))
