"""Errors: thrown at an end event or by a job, caught on the boundary of the nearest activity around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.activity import Activity
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
        throw_error(node, scope.owner, self.code or "", "")


def throw_error(node: FlowNode, host: SpiffTask | None, code: str, message: str) -> None:
    """Let the nearest boundary event around catch an error; nobody catching it fails the step.

    host: the activity whose boundary is asked first.
    """
    while host is not None:
        activity: Activity = host.task_spec
        for event in activity.boundary_events:
            caught = event.event
            if isinstance(caught, ErrorEvent) and caught.code in {None, code}:
                around: Scope = host.workflow
                event.catch(around, host)
                for name, value in ((caught.code_variable, code), (caught.message_variable, message)):
                    if name:
                        around.set_variable(name, value)
                return
        host = host.workflow.owner
    raise node.failure(
        "unhandled_error", N_("“%(element)s” ends with the error “%(code)s”, which nothing catches."), code=code
    )
