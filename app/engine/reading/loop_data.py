"""Reading the collections that a multi-instance activity goes through and makes."""

from __future__ import annotations

from dataclasses import replace

from app.engine.data.associations import DataAssociation
from app.engine.data.collections import CollectionIn, CollectionOut
from app.engine.data.input_output import DataSet, InputOutput
from app.engine.reading.data import associations
from app.engine.reading.diagram import Diagram, child, children, local_id, text_of
from app.engine.reading.xml_names import Element, tag


def _referred(marker: Element, name: str) -> str:
    return local_id(text_of(child(marker, name)))


def item_name(diagram: Diagram, marker: Element) -> str | None:
    """The variable of the item, from inputDataItem."""
    item = child(marker, "bpmn:inputDataItem")
    return None if item is None else diagram.data_items[item.get("id") or ""].name


def collection_in(diagram: Diagram, marker: Element) -> CollectionIn | None:
    """What loopDataInputRef names; an input of the activity itself is filled before there are instances."""
    identifier = _referred(marker, "bpmn:loopDataInputRef")
    if not identifier:
        return None
    filled_by = _own_associations(diagram, marker, "Input", "bpmn:targetRef", identifier)
    return CollectionIn(diagram.data_items[identifier], filled_by or ())


def collection_out(diagram: Diagram, marker: Element) -> CollectionOut | None:
    """What loopDataOutputRef names; an output of the activity itself is handed on when all instances are done."""
    identifier, item = _referred(marker, "bpmn:loopDataOutputRef"), child(marker, "bpmn:outputDataItem")
    if not identifier or item is None:
        return None
    handed_on_by = _own_associations(diagram, marker, "Output", "bpmn:sourceRef", identifier)
    return CollectionOut(diagram.data_items[identifier], diagram.data_items[item.get("id") or ""].name, handed_on_by)


def _own_associations(
    diagram: Diagram, marker: Element, kind: str, end: str, identifier: str
) -> tuple[DataAssociation, ...] | None:
    """The associations of a data input or output of the activity itself; None for any other data."""
    activity, item = marker.getparent(), diagram.by_id.get(identifier)
    if activity is None or item is None or tag(item) != f"bpmn:data{kind}":
        return None
    drawn = children(activity, f"bpmn:data{kind}Association")
    return associations(
        diagram, [entry for entry in drawn if identifier in {local_id(text_of(ref)) for ref in children(entry, end)}]
    )


def of_an_instance(data: InputOutput | None, *loop: CollectionIn | CollectionOut | None) -> InputOutput | None:
    """The data of one instance: that of the activity without the collections, which belong to all instances."""
    if data is None or loop == (None, None):
        return data
    ids = {collection.item.id for collection in loop if collection is not None}
    names = {collection.item.name for collection in loop if collection is not None}
    return replace(
        data,
        inputs=tuple(item for item in data.inputs if item.id not in ids),
        outputs=tuple(item for item in data.outputs if item.id not in ids),
        input_sets=_without(data.input_sets, names),
        output_sets=_without(data.output_sets, names),
        into=tuple(one for one in data.into if one.target.id not in ids),
        out_of=tuple(one for one in data.out_of if not ids & {source.id for source in one.sources}),
    )


def _without(sets: tuple[DataSet, ...], names: set[str]) -> tuple[DataSet, ...]:
    return tuple(tuple(name for name in one if name not in names) for one in sets)
