"""Every kind of event at every place: it happens and leads on, or the diagram is refused (BPMN 2.0.2, table 10.93)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app import engine
from tests.unit.engine.case import Case, document, flows, read

DECLARED = (
    '<bpmn:message id="m" name="M"/><bpmn:signal id="sig" name="alarm"/><bpmn:error id="err" errorCode="lost"/>'
    '<bpmn:escalation id="esc" escalationCode="late"/>'
)


def timer(kind: str, text: str) -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


MESSAGE, SIGNAL = '<bpmn:messageEventDefinition messageRef="m"/>', '<bpmn:signalEventDefinition signalRef="sig"/>'
HOUR = timer("timeDuration", "PT1H")
CONDITION = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>n &gt; 5</bpmn:condition></bpmn:conditionalEventDefinition>"
)
SEVERAL = MESSAGE + SIGNAL + HOUR + CONDITION
DEFINITIONS = {
    "none": "",
    "message": MESSAGE,
    "date": timer("timeDate", "2026-03-09T09:00:00"),
    "duration": HOUR,
    "cycle": timer("timeCycle", "R2/PT1H"),
    "cron": timer("timeCycle", "0 9 * * *"),
    "signal": SIGNAL,
    "error": '<bpmn:errorEventDefinition errorRef="err"/>',
    "any error": "<bpmn:errorEventDefinition/>",
    "escalation": '<bpmn:escalationEventDefinition escalationRef="esc"/>',
    "any escalation": "<bpmn:escalationEventDefinition/>",
    "conditional": CONDITION,
    "terminate": "<bpmn:terminateEventDefinition/>",
    "cancel": "<bpmn:cancelEventDefinition/>",
    "compensation": "<bpmn:compensateEventDefinition/>",
    "link": '<bpmn:linkEventDefinition name="L"/>',
    "multiple": SEVERAL,
    "parallel multiple": SEVERAL,
}
WAITED = {"message", "date", "duration", "cycle", "cron", "signal", "conditional", "multiple", "parallel multiple"}
ESCALATIONS = {"escalation", "any escalation"}
# What is executed at each place; all else is refused. Compensation on boundaries and as a start: test_compensation.py.
EXECUTED = {
    "start": WAITED | {"none"},
    "catch": WAITED,
    "behind a gateway": WAITED,
    "boundary": WAITED | ESCALATIONS | {"error", "any error"},
    "boundary beside": WAITED | ESCALATIONS,
    "event subprocess": WAITED | ESCALATIONS | {"error", "any error"},
    "event subprocess beside": WAITED | ESCALATIONS,
    "throw": {"none", "message", "signal", "escalation", "compensation"},
    "end": {"none", "message", "signal", "escalation", "compensation", "terminate", "error"},
}
START, TOLD, END = '<bpmn:startEvent id="s"/>', '<bpmn:userTask id="told"/>', '<bpmn:endEvent id="e"/>'
WORK = '<bpmn:userTask id="work"/><bpmn:serviceTask id="job" camunda:type="external" camunda:topic="t"/>'


def event(tag: str, kind: str, attributes: str = "") -> str:
    parallel = 'parallelMultiple="true"' if kind == "parallel multiple" else ""
    return f'<bpmn:{tag} id="x" {attributes} {parallel}>{DEFINITIONS[kind]}</bpmn:{tag}>'


def in_the_flow(tag: str, kind: str) -> str:
    return START + event(tag, kind) + TOLD + END + flows("s x", "x told", "told e")


def at_a_gateway(kind: str) -> str:
    other = f'<bpmn:intermediateCatchEvent id="y">{timer("timeDuration", "P9D")}</bpmn:intermediateCatchEvent>'
    ways = flows("s g", "g x", "g y", "x told", "told e", "y e")
    return f'{START}<bpmn:eventBasedGateway id="g"/>{event("intermediateCatchEvent", kind)}{other}{TOLD}{END}{ways}'


def boundary(kind: str, *, beside: bool) -> str:
    host = f'<bpmn:subProcess id="host">{WORK}</bpmn:subProcess>'
    attached = event("boundaryEvent", kind, f'attachedToRef="host" cancelActivity="{str(not beside).lower()}"')
    return START + host + attached + TOLD + END + flows("s host", "host e", "x told", "told e")


def event_subprocess(kind: str, *, beside: bool) -> str:
    start = event("startEvent", kind, f'isInterrupting="{str(not beside).lower()}"')
    handler = f'<bpmn:subProcess id="h" triggeredByEvent="true">{start}{TOLD}{flows("x told")}</bpmn:subProcess>'
    return WORK + handler


def at_an_end(kind: str) -> str:
    """Of a subprocess, for whose errors there is a way."""
    host = f'<bpmn:subProcess id="host">{TOLD}{event("endEvent", kind)}{flows("told x")}</bpmn:subProcess>'
    caught = '<bpmn:boundaryEvent id="b" attachedToRef="host"><bpmn:errorEventDefinition/></bpmn:boundaryEvent>'
    return START + host + caught + END + flows("s host", "host e", "b e")


PLACES: dict[str, Callable[[str], str]] = {
    "start": lambda kind: event("startEvent", kind) + TOLD + END + flows("x told", "told e"),
    "catch": lambda kind: in_the_flow("intermediateCatchEvent", kind),
    "behind a gateway": at_a_gateway,
    "boundary": lambda kind: boundary(kind, beside=False),
    "boundary beside": lambda kind: boundary(kind, beside=True),
    "event subprocess": lambda kind: event_subprocess(kind, beside=False),
    "event subprocess beside": lambda kind: event_subprocess(kind, beside=True),
    "throw": lambda kind: in_the_flow("intermediateThrowEvent", kind),
    "end": at_an_end,
}
HAPPENS: dict[str, Callable[[Case], object]] = {
    "message": lambda case: case.receive("x"),
    "signal": lambda case: case.hear("x"),
    "conditional": lambda case: case.set(case.root, n=9),
    "multiple": lambda case: case.fire("x"),
    "parallel multiple": lambda case: case.hear("x").fire("x").receive("x").set(case.root, n=9),
    **dict.fromkeys(("date", "duration", "cycle", "cron"), lambda case: case.fire("x")),
    **dict.fromkeys(("error", "any error"), lambda case: case.fail("job", "lost")),
    **dict.fromkeys(ESCALATIONS, lambda case: case.escalate("work", "late")),
}


def reached(place: str, kind: str) -> Case:
    """A case in which the event has happened."""
    body = PLACES[place](kind)
    process = read(document(DECLARED, f'<bpmn:process id="p" isExecutable="true">{body}</bpmn:process>'))
    if place != "start":
        case = Case(process, is_saved=True).start({"n": 1}, business_key="K")
        if place not in {"throw", "end"}:
            assert "told" not in case.open
            HAPPENS[kind](case)
        return case
    case = Case(process, is_saved=True)
    case.start({"n": 1}, trigger=case.process.start_triggers[0], business_key="K")
    if kind == "parallel multiple":
        case.hear("x").fire("x").set(case.root, n=9)
    return case


@pytest.mark.parametrize("place", EXECUTED)
def test_every_kind_of_event_happens_there_or_is_refused(place: str) -> None:
    for kind in DEFINITIONS.keys() - ({"compensation"} if "boundary" in place or "subprocess" in place else set()):
        if kind not in EXECUTED[place]:
            with pytest.raises(engine.DeploymentRefused):
                reached(place, kind)
            continue
        case = reached(place, kind)
        assert case.open == (["told", "work"] if "beside" in place else ["told"]), kind
        for user_task in case.open:
            case.do(user_task)
        for job in [job.element_id for job in case.jobs.values()]:
            case.finish(job)
        assert case.is_ended, kind
        case.play_again()
