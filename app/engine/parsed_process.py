"""A process as read from its diagram: what the rest of the product asks about it, and what the engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.engine.clocks import Clock
from app.engine.events.timer import TimerEvent
from app.engine.expressions import FeelText, TextOrFeel
from app.engine.problems import Problem
from app.engine.scopes import ScopeSpec


@dataclass(frozen=True, slots=True)
class ElementName:
    """BPMN's word for an element (`userTask`) and its name in the base language, English."""

    type: str
    name: str


@dataclass(frozen=True, slots=True)
class FlowEnds:
    """Where a sequence flow comes from and goes to."""

    source: str
    target: str


StartKind = Literal["none", "message", "timer", "signal", "conditional"]


@dataclass(frozen=True, slots=True)
class StartTrigger:
    """One thing that starts a case at `element_id`; a start event with several definitions has one of each.

    name: of the message or signal.
    """

    element_id: str
    kind: StartKind
    name: str | None = None
    timer: TimerEvent | None = None
    condition: FeelText | None = None


@dataclass(frozen=True, eq=False)
class ParsedProcess:
    """A process definition, shared by all its instances and never written after it was read.

    is_startable: it has a none start event and people may start it. reader_groups: may read its cases without doing
    anything in them. connectors and topics: what its service tasks
    ask for. translations: locale -> element id ("" for the process) -> name. warnings: kept, but without effect.
    """

    key: str
    name: str
    is_executable: bool
    is_startable: bool
    start_form_key: str | None
    start_message_names: frozenset[str]
    start_triggers: tuple[StartTrigger, ...]
    candidate_starter_groups: tuple[str, ...]
    reader_groups: tuple[str, ...]
    form_keys: frozenset[str]
    candidate_groups: frozenset[str]
    connectors: frozenset[str]
    topics: frozenset[str]
    message_names: frozenset[str]
    called_processes: frozenset[str]
    decisions: frozenset[str]  # asked by its business rule tasks, by id
    translations: Mapping[str, Mapping[str, str]]
    elements: Mapping[str, ElementName]
    flows: Mapping[str, FlowEnds]
    title_expression: TextOrFeel | None
    warnings: tuple[Problem, ...]
    root: ScopeSpec
    levels: Mapping[str, ScopeSpec]  # the process's key and every subprocess's id
    is_global_task: bool = False  # only call activities begin it
    clocks: Mapping[str, Clock] = field(default_factory=dict)  # by id, in the order of the diagram
    data_stores: frozenset[str] = frozenset()  # names of those read or written
    initiators: Mapping[str, str] = field(default_factory=dict)  # start event -> variable for who started the case
    siblings: dict[str, ParsedProcess] = field(default_factory=dict)  # the other processes of the same file
