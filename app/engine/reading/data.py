"""Reading data objects, data stores, properties, data inputs and outputs, and the associations between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.engine.data.associations import DataAssignment, DataAssociation
from app.engine.data.event_data import EventInput, EventOutput
from app.engine.data.input_output import DataSet, InputOutput, LevelData
from app.engine.data.items import DataItem
from app.engine.reading.diagram import Diagram, attribute, child, children, is_true, local_id, text_of
from app.engine.reading.xml_names import Element, tag

_VARIABLES = (
    "bpmn:dataInput",
    "bpmn:dataObject",
    "bpmn:dataOutput",
    "bpmn:inputDataItem",
    "bpmn:outputDataItem",
    "bpmn:property",
)
_LEVELS = ("bpmn:adHocSubProcess", "bpmn:subProcess", "bpmn:transaction")
_OF_A_LEVEL = ("bpmn:dataObject", "bpmn:property")


def read_items(diagram: Diagram) -> dict[str, DataItem]:
    """Everything an association can name, by id; references are what they refer to."""
    items: dict[str, DataItem] = {}
    references = list(diagram.elements("bpmn:dataObjectReference"))
    given: dict[str, set[str]] = {}
    for entry in references:
        given.setdefault(_refers_to(entry), set()).add(_plain(entry.get("name")))
    for element in diagram.elements(*_VARIABLES):
        identifier = element.get("id") or ""
        names = given.get(identifier, set())
        shared = min(names) if len(names) == 1 else ""
        name = _plain(element.get("name")) or shared or identifier
        items[identifier] = DataItem(identifier, name, is_collection=_is_collection(diagram, element))
    for element in references:
        if _refers_to(element) in items:
            items[element.get("id") or ""] = items[_refers_to(element)]
    for element in diagram.elements("bpmn:dataStoreReference"):
        store = diagram.by_id.get(local_id(attribute(element, "dataStoreRef") or ""), element)
        identifier = store.get("id") or ""
        name = _plain(store.get("name")) or identifier
        items[element.get("id") or ""] = DataItem(identifier, name, is_store=True)
    return items


def _refers_to(reference: Element) -> str:
    return local_id(attribute(reference, "dataObjectRef") or "")


def _plain(name: str | None) -> str:
    """A name as FEEL reads it: blanks and line breaks are one blank."""
    return " ".join((name or "").split())


def _is_collection(diagram: Diagram, element: Element) -> bool:
    definition = diagram.by_id.get(local_id(attribute(element, "itemSubjectRef") or ""))
    return is_true(element, "isCollection") or (definition is not None and is_true(definition, "isCollection"))


def level_data(diagram: Diagram, element: Element) -> LevelData | None:
    """What is drawn on a process or subprocess as data; None for nothing."""
    specification = child(element, "bpmn:ioSpecification")  # of a process
    own = children(element, *_OF_A_LEVEL)
    own += children(specification, "bpmn:dataInput", "bpmn:dataOutput") if specification is not None else []
    if not own:
        return None
    return LevelData(tuple(item.name for item in _items(diagram, own)), _sets(diagram, specification, "Input"))


def activity_data(diagram: Diagram, element: Element) -> InputOutput | None:
    """What an activity says about its data; None where it says nothing.

    Properties of a subprocess are variables of its level.
    """
    specification = child(element, "bpmn:ioSpecification")
    into, out_of = children(element, "bpmn:dataInputAssociation"), children(element, "bpmn:dataOutputAssociation")
    properties = [] if tag(element) in _LEVELS else children(element, "bpmn:property")
    if specification is None and not into and not out_of and not properties:
        return None
    inner = specification if specification is not None else ()
    return InputOutput(
        properties=tuple(_items(diagram, properties)),
        inputs=tuple(_items(diagram, [entry for entry in inner if tag(entry) == "bpmn:dataInput"])),
        outputs=tuple(_items(diagram, [entry for entry in inner if tag(entry) == "bpmn:dataOutput"])),
        input_sets=_sets(diagram, specification, "Input"),
        output_sets=_sets(diagram, specification, "Output"),
        into=associations(diagram, into),
        out_of=associations(diagram, out_of),
    )


def event_input(diagram: Diagram, element: Element) -> EventInput | None:
    """What a throwing event sends; None where it names no data."""
    inputs, into = children(element, "bpmn:dataInput"), children(element, "bpmn:dataInputAssociation")
    if not inputs:
        return None
    sets = _sets(diagram, element, "Input")
    return EventInput(tuple(_items(diagram, inputs)), sets, associations(diagram, into))


def event_output(diagram: Diagram, element: Element) -> EventOutput | None:
    """Where a catching event puts what has come; None where it names no data."""
    outputs, out_of = children(element, "bpmn:dataOutput"), children(element, "bpmn:dataOutputAssociation")
    if not outputs:
        return None
    sets = _sets(diagram, element, "Output")
    return EventOutput(tuple(_items(diagram, outputs)), sets, associations(diagram, out_of))


def _items(diagram: Diagram, elements: Iterable[Element]) -> Iterator[DataItem]:
    for element in elements:
        yield diagram.data_items[element.get("id") or ""]


def _sets(diagram: Diagram, specification: Element | None, kind: str) -> tuple[DataSet, ...]:
    """The names each bpmn:inputSet or bpmn:outputSet cannot do without."""
    if specification is None:
        return ()
    return tuple(_needed(diagram, entry, kind) for entry in children(specification, f"bpmn:{kind.lower()}Set"))


def _needed(diagram: Diagram, data_set: Element, kind: str) -> DataSet:
    optional = {local_id(text_of(entry)) for entry in children(data_set, f"bpmn:optional{kind}Refs")}
    named = [local_id(text_of(entry)) for entry in children(data_set, f"bpmn:data{kind}Refs")]
    needed = [identifier for identifier in named if identifier not in optional]
    return tuple(diagram.data_items[identifier].name for identifier in needed if identifier in diagram.data_items)


def associations(diagram: Diagram, elements: Iterable[Element]) -> tuple[DataAssociation, ...]:
    """Data associations in the order of the file; those that lead nowhere have been refused."""
    targets = (
        (element, diagram.data_items.get(local_id(text_of(child(element, "bpmn:targetRef"))))) for element in elements
    )
    return tuple(_association(diagram, element, target) for element, target in targets if target is not None)


def _association(diagram: Diagram, element: Element, target: DataItem) -> DataAssociation:
    items = diagram.data_items
    sources = [local_id(text_of(entry)) for entry in children(element, "bpmn:sourceRef")]
    transformation = child(element, "bpmn:transformation")
    return DataAssociation(
        sources=tuple(items[identifier] for identifier in sources if identifier in items),
        target=target,
        transformation=None
        if transformation is None
        else diagram.feel(transformation, text_of(transformation), "transformation"),
        assignments=tuple(_assignment(diagram, entry) for entry in children(element, "bpmn:assignment")),
    )


def _assignment(diagram: Diagram, element: Element) -> DataAssignment:
    source = child(element, "bpmn:from")
    path = text_of(child(element, "bpmn:to")).removeprefix("=").strip().split(".")
    compiled = diagram.feel(element if source is None else source, text_of(source) or "null", "assignment")
    return DataAssignment(compiled, tuple(part.strip() for part in path[1:]))
