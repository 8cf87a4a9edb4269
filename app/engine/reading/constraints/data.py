"""Data: who may name what, and that each association has the ends it needs (BPMN 2.0.2, 10.4)."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.data.items import DataItem
from app.engine.reading.constraints.events import kinds_of
from app.engine.reading.constraints.kinds import EVENTS, LEVELS
from app.engine.reading.data import read_items
from app.engine.reading.diagram import Diagram, child, children, is_true, local_id, text_of
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_SENT = frozenset({"error", "escalation", "message", "signal"})
_DATA = ("bpmn:dataInput", "bpmn:dataInputAssociation", "bpmn:dataOutput", "bpmn:dataOutputAssociation")
_SETS = (("Input", "bpmn:inputSet"), ("Output", "bpmn:outputSet"))


def check_data(diagram: Diagram) -> None:
    """Check all associations, input and output sets, and that names are clear."""
    for association in diagram.elements("bpmn:dataInputAssociation", "bpmn:dataOutputAssociation"):
        _check_association(diagram, association)
    for specification in diagram.elements("bpmn:ioSpecification"):
        _check_specification(diagram, specification)
    for event in diagram.elements(*EVENTS):
        _check_event(diagram, event)
    items = read_items(diagram)
    for level in diagram.elements(*LEVELS):
        _check_names(diagram, level, items)
    for reference in diagram.elements("bpmn:dataObjectReference"):
        _check_reference(diagram, reference)


def _check_association(diagram: Diagram, association: Element) -> None:
    sources, targets = children(association, "bpmn:sourceRef"), children(association, "bpmn:targetRef")
    is_input = tag(association) == "bpmn:dataInputAssociation"
    transformation, assignments = child(association, "bpmn:transformation"), children(association, "bpmn:assignment")
    if len(targets) != 1:
        diagram.refuse(association, "data_target", N_("A data association has one targetRef. Write it."))
        return
    if (len(sources) > 1 or (is_input and not sources)) and transformation is None and not assignments:
        msgid = N_("Say what is written: one sourceRef, or a transformation in FEEL of several.")
        diagram.refuse(association, "data_source", msgid)
    if transformation is not None and not text_of(transformation):
        diagram.refuse(association, "data_source", N_("The transformation is empty. Write it in FEEL."))
    for end, is_own in [*((entry, not is_input) for entry in sources), (targets[0], is_input)]:
        _check_end(diagram, association, end, is_own=is_own)
    for assignment in assignments:
        _check_assignment(diagram, assignment, targets[0])


def _check_end(diagram: Diagram, association: Element, end: Element, *, is_own: bool) -> None:
    """The inner end belongs to the element itself, the outer one to a level or loop around."""
    holder = association.getparent()
    item = diagram.by_id[local_id(text_of(end))]
    owners = [entry for entry in item.iterancestors() if tag(entry) != "bpmn:ioSpecification"]
    if holder is None or not owners:
        return
    if is_own and owners[0] is not holder:
        msgid = N_("“%(id)s” is no data input, data output or property of the element itself.")
        diagram.refuse(end, "data_end", msgid, id=text_of(end))
    elif not is_own and owners[0] not in {*holder.iterancestors(), *holder}:  # in it: the items of its loop
        msgid = N_("“%(id)s” cannot be seen here: it belongs to another element.")
        diagram.refuse(end, "data_end", msgid, id=text_of(end))


def _check_assignment(diagram: Diagram, assignment: Element, target: Element) -> None:
    to = text_of(child(assignment, "bpmn:to")).removeprefix("=").strip()
    item = diagram.by_id[local_id(text_of(target))]
    begins = {item.get("id"), " ".join((item.get("name") or "").split())}
    if not text_of(child(assignment, "bpmn:from")) or to.partition(".")[0].strip() not in begins - {"", None}:
        msgid = N_("An assignment has a from in FEEL and a to: the name of the target, or name.entry.")
        diagram.refuse(assignment, "data_assignment", msgid)


def _check_event(diagram: Diagram, event: Element) -> None:
    """Only what is sent has data (BPMN 2.0.2, 10.5.1)."""
    data = children(event, *_DATA)
    if data and not any(kind in _SENT for _definition, kind in kinds_of(diagram, event)):
        msgid = N_("Only messages, signals, errors and escalations carry data. Remove it.")
        diagram.refuse(data[0], "event_data", msgid)
    if data and tag(event) == "bpmn:startEvent" and is_true(event, "parallelMultiple"):
        msgid = N_("A start that waits for several events at once hands out no data. Remove its data outputs.")
        diagram.refuse(data[0], "event_data", msgid)
    _check_sets(diagram, event)


def _check_specification(diagram: Diagram, specification: Element) -> None:
    for _kind, set_name in _SETS:
        if not children(specification, set_name):
            msgid = N_("An ioSpecification has at least one %(name)s, which may be empty. Write it.")
            diagram.refuse(specification, "data_sets", msgid, name=set_name)
    _check_sets(diagram, specification)


def _check_sets(diagram: Diagram, specification: Element) -> None:
    for kind, set_name in _SETS:
        sets = children(specification, set_name)
        named = {local_id(text_of(entry)) for one in sets for entry in one}
        own = {entry.get("id") for entry in children(specification, f"bpmn:data{kind}")}
        for entry in children(specification, f"bpmn:data{kind}"):
            if sets and entry.get("id") not in named:
                diagram.refuse(entry, "data_sets", N_("No %(name)s names it. Name it in one."), name=set_name)
        for reference in (entry for one in sets for entry in one):
            if local_id(text_of(reference)) not in own:
                msgid = N_("“%(id)s” belongs to another ioSpecification.")
                diagram.refuse(reference, "data_sets", msgid, id=text_of(reference))
        for one in sets:
            _check_optional(diagram, one, kind)


def _check_optional(diagram: Diagram, data_set: Element, kind: str) -> None:
    named = {text_of(entry) for entry in children(data_set, f"bpmn:data{kind}Refs")}
    for entry in children(data_set, f"bpmn:optional{kind}Refs"):
        if text_of(entry) not in named:
            msgid = N_("What is optional is in the set: name “%(id)s” in data%(kind)sRefs too.")
            diagram.refuse(entry, "data_sets", msgid, id=text_of(entry), kind=kind)


def _check_names(diagram: Diagram, level: Element, items: dict[str, DataItem]) -> None:
    """Variables of one scope have a name each."""
    seen: set[str] = set()
    for element in _drawn_on(level):
        name = items[element.get("id") or ""].name
        if name in seen:
            msgid = N_("“%(name)s” is the name of other data of this level already. Give it one of its own.")
            diagram.refuse(element, "data_name", msgid, name=name)
        seen.add(name)


def _drawn_on(level: Element) -> Iterator[Element]:
    yield from children(level, "bpmn:dataObject", "bpmn:property")
    specification = child(level, "bpmn:ioSpecification")
    if specification is not None:
        yield from children(specification, "bpmn:dataInput", "bpmn:dataOutput")


def _check_reference(diagram: Diagram, reference: Element) -> None:
    """A reference stands on the level of its data object, or inside it."""
    item = diagram.by_id.get(local_id(reference.get("dataObjectRef") or ""))
    if item is None:
        msgid = N_("Say which data object it is: set dataObjectRef.")
        diagram.refuse(reference, "data_object", msgid)
    elif item.getparent() not in set(reference.iterancestors()):
        msgid = N_("“%(id)s” cannot be seen here: it belongs to another element.")
        diagram.refuse(reference, "data_object", msgid, id=item.get("id"))
