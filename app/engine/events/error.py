"""Errors: thrown at an end event or by a job, caught by the nearest handler around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.engine.events.catching import nearest
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode


@dataclass(frozen=True, slots=True)
class ErrorEvent:
    """An error event definition (BPMN 2.0.2, 10.5.5). code: None catches every error.

    code_variable, message_variable: where a catching event puts what it caught.
    """

    code: str | None
    code_variable: str | None = None
    message_variable: str | None = None

    def throw(self, node: FlowNode, scope: Scope, activity_id: str) -> None:
        del activity_id
        throw_error(node, scope, None, self.code or "", "", node.sent(scope))


def throw_error(
    node: FlowNode,
    scope: Scope,
    host: SpiffTask | None,
    code: str,
    message: str,
    payload: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Let the nearest event subprocess or boundary event catch an error; nobody catching it fails the step.

    host: the activity whose boundary is asked first. payload: what comes with the error.
    """
    catcher = nearest(
        scope,
        host,
        lambda definition: isinstance(definition, ErrorEvent) and definition.code in {None, code},
        lambda definition: isinstance(definition, ErrorEvent) and definition.code is not None,
    )
    if catcher is None or not isinstance(catcher.definition, ErrorEvent):
        msgid = N_("“%(element)s” ends with the error “%(code)s”, which nothing catches.")
        raise node.failure("unhandled_error", msgid, code=code)
    catcher.catch(payload)
    caught = catcher.definition
    for name, value in ((caught.code_variable, code), (caught.message_variable, message)):
        if name:
            catcher.scope.set_variable(name, value)
