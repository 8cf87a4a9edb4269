"""What is declared at the root: messages, signals, errors and escalations, each with a name or code of its own."""

from __future__ import annotations

from app.engine.reading.constraints.drawn_level import levels
from app.engine.reading.constraints.kinds import EVENTS, THROWING
from app.engine.reading.diagram import Diagram, attribute, has_juel, local_id
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

# element -> what tells one from another
_MARKS = {
    "bpmn:message": "name",
    "bpmn:signal": "name",
    "bpmn:error": "errorCode",
    "bpmn:escalation": "escalationCode",
}


def check_declarations(diagram: Diagram) -> None:
    """Names are how messages and signals are found, codes how errors and escalations are caught (8.4 and 10.5.5)."""
    for name, mark in _MARKS.items():
        seen: set[str] = set()
        for element in diagram.elements(name):
            value = attribute(element, mark) or ""
            if value and value in seen:
                msgid = N_("%(name)s “%(value)s” is declared already. Refer to that one, and delete this.")
                diagram.refuse(element, "declared_twice", msgid, name=name, value=value)
            seen.add(value)
            if value.startswith("=") or has_juel(value):
                msgid = N_(
                    "%(name)s “%(value)s”: what is declared here is taken as it is written, never as an expression."
                    " Write the name itself; a correlationKey tells messages of one name apart."
                )
                diagram.refuse(element, "name_expression", msgid, name=name, value=value)
            if not value and mark == "name":
                msgid = N_("The message has no name.") if name == "bpmn:message" else N_("The signal has no name.")
                diagram.refuse(element, "missing_name", msgid)


def check_thrown_codes(diagram: Diagram) -> None:
    """What throws an error or an escalation says which (BPMN 2.0.2, 10.5.5)."""
    for level in levels(diagram):
        for event in level.of(*(EVENTS & THROWING)):
            for definition in event:
                for kind, code in (("error", "errorCode"), ("escalation", "escalationCode")):
                    if tag(definition) == f"bpmn:{kind}EventDefinition":
                        _check_code(diagram, definition, kind, code)


def _check_code(diagram: Diagram, definition: Element, kind: str, code: str) -> None:
    declared = diagram.by_id.get(local_id(attribute(definition, f"{kind}Ref") or ""))
    if declared is None or not attribute(declared, code):
        msgid = N_("What throws says what: set %(reference)s to a declaration with %(code)s.")
        diagram.refuse(definition, "no_code", msgid, reference=f"{kind}Ref", code=code)
