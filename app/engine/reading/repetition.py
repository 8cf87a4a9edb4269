"""Reading what repeats an activity: loop and multi-instance markers."""

from __future__ import annotations

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.elements.multi_instance import LoopCharacteristics, MultiInstanceBody
from app.engine.elements.repeated_activity import RepeatedActivity
from app.engine.elements.standard_loop import LoopCondition, StandardLoop
from app.engine.expressions import FeelText
from app.engine.reading.diagram import attribute, child, is_true, text_of
from app.engine.reading.instance_events import instance_events
from app.engine.reading.level import Level
from app.engine.reading.loop_data import collection_in, collection_out, item_name
from app.engine.reading.xml_names import Element, tag
from app.engine.scopes import LOOP_NAMES
from app.i18n import N_

LOOP = "bpmn:standardLoopCharacteristics"
MULTI_INSTANCE = "bpmn:multiInstanceLoopCharacteristics"
_ATTRIBUTES = (
    "aftercare:outputCollection",
    "aftercare:outputElement",
    "camunda:collection",
    "camunda:elementVariable",
)
_CHILDREN = (
    "bpmn:inputDataItem",
    "bpmn:loopCardinality",
    "bpmn:loopDataInputRef",
    "bpmn:loopDataOutputRef",
    "bpmn:outputDataItem",
)
_HOW_OFTEN = frozenset({"bpmn:loopCardinality", "bpmn:loopDataInputRef", "camunda:collection"})
_TOGETHER = (
    ("aftercare:outputCollection", "aftercare:outputElement"),
    ("bpmn:loopDataOutputRef", "bpmn:outputDataItem"),
)


def marker_of(element: Element) -> Element | None:
    """The one marker that repeats an activity."""
    loop = child(element, LOOP)
    return loop if loop is not None else child(element, MULTI_INSTANCE)


def repeated(level: Level, head: ActivityHead, inner: Activity, marker: Element) -> RepeatedActivity:
    """The activity around the one that is repeated."""
    if tag(marker) == LOOP:
        return StandardLoop(level.spec, head, inner, _loop_condition(level, marker))
    return MultiInstanceBody(level.spec, head, inner, _instances(level, marker))


def _loop_condition(level: Level, marker: Element) -> LoopCondition:
    condition = _feel(level, marker, text_of(child(marker, "bpmn:loopCondition")) or None, "loopCondition")
    text = attribute(marker, "loopMaximum")
    if text is None and condition is None:
        level.diagram.refuse(marker, "loop", N_("Say how often: a loopCondition, a loopMaximum or both."))
    return LoopCondition(condition, None if text is None else int(text), is_true(marker, "testBefore"))


def _instances(level: Level, marker: Element) -> LoopCharacteristics:
    collection = attribute(marker, "camunda:collection")
    cardinality = child(marker, "bpmn:loopCardinality")
    _check_parts(level, marker)
    item = attribute(marker, "camunda:elementVariable") or item_name(level.diagram, marker)
    output, data_out = attribute(marker, "aftercare:outputCollection"), collection_out(level.diagram, marker)
    _check_names(level, marker, item, output, data_out.variable if data_out else None)
    return LoopCharacteristics(
        is_sequential=is_true(marker, "isSequential"),
        collection=_feel(level, marker, collection, "camunda:collection"),
        cardinality=_feel(level, marker, text_of(cardinality) or None, "loopCardinality"),
        element_variable=item,
        completion_condition=_feel(
            level, marker, text_of(child(marker, "bpmn:completionCondition")) or None, "completionCondition"
        ),
        output_collection=output,
        output_element=_feel(level, marker, attribute(marker, "aftercare:outputElement"), "aftercare:outputElement"),
        data_in=collection_in(level.diagram, marker),
        data_out=data_out,
        events=instance_events(level, marker),
    )


def _check_parts(level: Level, marker: Element) -> None:
    """What says how often, and what belongs together (BPMN 2.0.2, 10.3.8)."""
    has = {name for name in _ATTRIBUTES if attribute(marker, name) is not None}
    has |= {name for name in _CHILDREN if child(marker, name) is not None}
    if has & _HOW_OFTEN == {"bpmn:loopCardinality"}:
        _check_cardinality(level, marker, has)
    elif len(has & _HOW_OFTEN) != 1:
        msgid = N_("Say how often: either camunda:collection, a loopDataInputRef or a loopCardinality.")
        level.diagram.refuse(marker, "multi_instance", msgid)
    for first, second in _TOGETHER:
        if (first in has) != (second in has):
            msgid = N_("%(first)s and %(second)s belong together. Write both or none.")
            level.diagram.refuse(marker, "multi_instance", msgid, first=first, second=second)
    if {"bpmn:loopDataOutputRef", "aftercare:outputCollection"} <= has:
        msgid = N_("Results are collected once: keep either loopDataOutputRef or aftercare:outputCollection.")
        level.diagram.refuse(marker, "multi_instance", msgid)
    if "bpmn:inputDataItem" in has and ("bpmn:loopDataInputRef" not in has or "camunda:elementVariable" in has):
        msgid = N_("inputDataItem names the item of loopDataInputRef, for which camunda:elementVariable is not used.")
        level.diagram.refuse(marker, "multi_instance", msgid)


def _check_cardinality(level: Level, marker: Element, has: set[str]) -> None:
    if not text_of(child(marker, "bpmn:loopCardinality")):
        msgid = N_("loopCardinality is empty. Write how often.")
        level.diagram.refuse(marker, "multi_instance", msgid)
    if "camunda:elementVariable" in has:
        msgid = N_("camunda:elementVariable names the item of a collection; with a loopCardinality there is none.")
        level.diagram.refuse(marker, "multi_instance", msgid)


def _check_names(level: Level, marker: Element, *names: str | None) -> None:
    for name in LOOP_NAMES.intersection(names):
        msgid = N_("The engine counts with “%(name)s”. Give this variable another name.")
        level.diagram.refuse(marker, "multi_instance", msgid, name=name)


def _feel(level: Level, marker: Element, text: str | None, place: str) -> FeelText | None:
    return None if text is None else level.diagram.feel(marker, text, place)
