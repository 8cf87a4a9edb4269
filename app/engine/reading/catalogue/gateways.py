"""Gateways and sequence flows."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.catalogue.building_blocks import EXPRESSION, NAMED, NODE
from app.engine.reading.rules import EXECUTED, KEPT, ElementRule, inside, only, parts

_GATEWAY = parts(NODE, gatewayDirection=EXECUTED)

GATEWAYS: Mapping[str, ElementRule] = {
    "bpmn:exclusiveGateway": ElementRule(parts(_GATEWAY, default=EXECUTED)),
    "bpmn:inclusiveGateway": ElementRule(parts(_GATEWAY, default=EXECUTED)),
    "bpmn:parallelGateway": ElementRule(_GATEWAY),
    "bpmn:complexGateway": ElementRule(parts(_GATEWAY, inside("bpmn:activationCondition"), default=EXECUTED)),
    "bpmn:activationCondition": ElementRule(EXPRESSION),
    "bpmn:eventBasedGateway": ElementRule(
        parts(_GATEWAY, instantiate=EXECUTED, eventGatewayType=only("Exclusive", "Parallel"))
    ),
    "bpmn:sequenceFlow": ElementRule(
        parts(
            NAMED,
            inside("bpmn:conditionExpression"),
            inside("bpmn:auditing", "bpmn:monitoring", rule=KEPT),
            sourceRef=EXECUTED,
            targetRef=EXECUTED,
            isImmediate=only("true"),
        )
    ),
    "bpmn:conditionExpression": ElementRule(EXPRESSION),
}
