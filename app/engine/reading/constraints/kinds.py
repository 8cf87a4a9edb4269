"""Families of elements, by their short names."""

from __future__ import annotations

ATOMIC_TASKS = frozenset(
    {
        "bpmn:businessRuleTask",
        "bpmn:manualTask",
        "bpmn:receiveTask",
        "bpmn:scriptTask",
        "bpmn:sendTask",
        "bpmn:serviceTask",
        "bpmn:task",
        "bpmn:userTask",
    }
)
SUBPROCESSES = frozenset({"bpmn:adHocSubProcess", "bpmn:subProcess", "bpmn:transaction"})
ACTIVITIES = ATOMIC_TASKS | SUBPROCESSES | {"bpmn:callActivity"}
GATEWAYS = frozenset(
    {
        "bpmn:complexGateway",
        "bpmn:eventBasedGateway",
        "bpmn:exclusiveGateway",
        "bpmn:inclusiveGateway",
        "bpmn:parallelGateway",
    }
)
THROWING = frozenset({"bpmn:endEvent", "bpmn:intermediateThrowEvent"})
CATCHING = frozenset({"bpmn:boundaryEvent", "bpmn:intermediateCatchEvent", "bpmn:startEvent"})
EVENTS = THROWING | CATCHING
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
LEVELS = SUBPROCESSES | {"bpmn:process"}  # what holds flow nodes and the flows between them
EVENT_DEFINITIONS = frozenset(
    f"bpmn:{kind}EventDefinition"
    for kind in (
        "cancel", "compensate", "conditional", "error", "escalation", "link", "message", "signal", "terminate", "timer",
    )
)  # fmt: skip
GLOBAL_TASKS = frozenset(f"bpmn:global{kind}Task" for kind in ("", "BusinessRule", "Manual", "Script", "User"))
