"""Reading who may do a user task: camunda: attributes, and the roles of BPMN (2.0.2, 10.3.4.1 and 8.4.12)."""

from __future__ import annotations

import re

from app.engine.expressions import Literal, TextOrFeel
from app.engine.reading.diagram import Diagram, child, children, is_expression, text_of
from app.engine.reading.xml_names import Element
from app.i18n import N_

_NAME = re.compile(r"(?:(?P<kind>user|group)\s*\(\s*(?P<name>[^(){}$#]+?)\s*\)|(?P<plain>[^(){}$#,]+))")


def assignee(diagram: Diagram, element: Element) -> TextOrFeel | None:
    """camunda:assignee, or the one bpmn:humanPerformer or bpmn:performer."""
    given = diagram.attribute_or_feel(element, "camunda:assignee")
    roles = children(element, "bpmn:humanPerformer", "bpmn:performer")
    if len(roles) + (given is not None) > 1:
        diagram.refuse(element, "assignment", N_("The assignee is said twice. Say it once."))
    if given is not None or not roles:
        return given
    text = _expression(diagram, roles[0])
    if not isinstance(text, Literal):
        return text  # FEEL, or refused
    found = _NAME.fullmatch(text.value)
    if found is None or found["kind"] == "group":
        diagram.refuse(roles[0], "assignment", N_("Name one user, or write FEEL after an equals sign."))
        return None
    return Literal(found["name"] or found["plain"].strip())


def candidates(diagram: Diagram, element: Element) -> tuple[TextOrFeel | None, TextOrFeel | None]:
    """Users and groups: of the camunda: attributes and of every bpmn:potentialOwner."""
    users = diagram.attribute_or_feel(element, "camunda:candidateUsers")
    groups = diagram.attribute_or_feel(element, "camunda:candidateGroups")
    for role in children(element, "bpmn:potentialOwner"):
        text = _expression(diagram, role)
        if not isinstance(text, Literal):
            groups = _both(diagram, role, groups, text)
            continue
        more_users, more_groups = _names(diagram, role, text.value)
        users, groups = _both(diagram, role, users, more_users), _both(diagram, role, groups, more_groups)
    return users, groups


def _expression(diagram: Diagram, role: Element) -> TextOrFeel | None:
    text = text_of(child(role, "bpmn:resourceAssignmentExpression"))
    if is_expression(text):
        return diagram.feel(role, text, "resourceAssignmentExpression")
    if not text:
        diagram.refuse(role, "assignment", N_("Say who: write a resourceAssignmentExpression."))
    return Literal(text) if text else None


def _names(diagram: Diagram, role: Element, text: str) -> tuple[Literal | None, Literal | None]:
    """`user(anna), group(sales), stock`: users and groups, without a word a group (as Camunda 7 has it)."""
    users, groups = [], []
    for part in filter(None, map(str.strip, text.split(","))):
        found = _NAME.fullmatch(part)
        if found is None:
            msgid = N_("“%(part)s” is no name. Write user(anna), group(sales), or FEEL after an equals sign.")
            diagram.refuse(role, "assignment", msgid, part=part)
        elif found["kind"] == "user":
            users.append(found["name"])
        else:
            groups.append(found["name"] or found["plain"].strip())
    return Literal(",".join(users)) if users else None, Literal(",".join(groups)) if groups else None


def _both(diagram: Diagram, role: Element, one: TextOrFeel | None, other: TextOrFeel | None) -> TextOrFeel | None:
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, Literal) and isinstance(other, Literal):
        return Literal(f"{one.value},{other.value}")
    diagram.refuse(role, "assignment", N_("Candidates in FEEL cannot be joined with others. Write one expression."))
    return one
