"""Reading what repeats an activity: loop and multi-instance markers."""

from __future__ import annotations

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.elements.multi_instance import LoopCharacteristics, MultiInstanceBody
from app.engine.elements.repeated_activity import RepeatedActivity
from app.engine.elements.standard_loop import LoopCondition, StandardLoop
from app.engine.expressions import FeelText
from app.engine.reading.diagram import attribute, child, is_true, text_of
from app.engine.reading.level import Level
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

LOOP = "bpmn:standardLoopCharacteristics"
MULTI_INSTANCE = "bpmn:multiInstanceLoopCharacteristics"


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
    if (collection is None) == (cardinality is None):
        msgid = N_("Say how often: either camunda:collection or a loopCardinality.")
        level.diagram.refuse(marker, "multi_instance", msgid)
    collected = (attribute(marker, "aftercare:outputCollection"), attribute(marker, "aftercare:outputElement"))
    if (collected[0] is None) != (collected[1] is None):
        msgid = N_("aftercare:outputCollection and aftercare:outputElement belong together. Write both or none.")
        level.diagram.refuse(marker, "multi_instance", msgid)
    return LoopCharacteristics(
        is_sequential=is_true(marker, "isSequential"),
        collection=_feel(level, marker, collection, "camunda:collection"),
        cardinality=_feel(level, marker, text_of(cardinality) or None, "loopCardinality"),
        element_variable=attribute(marker, "camunda:elementVariable"),
        completion_condition=_feel(
            level, marker, text_of(child(marker, "bpmn:completionCondition")) or None, "completionCondition"
        ),
        output_collection=attribute(marker, "aftercare:outputCollection"),
        output_element=_feel(level, marker, attribute(marker, "aftercare:outputElement"), "aftercare:outputElement"),
    )


def _feel(level: Level, marker: Element, text: str | None, place: str) -> FeelText | None:
    return None if text is None else level.diagram.feel(marker, text, place)
