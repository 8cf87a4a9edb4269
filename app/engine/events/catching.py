"""Who catches what was thrown: the nearest handler, from the inside outwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask

if TYPE_CHECKING:
    from app.engine.elements.activity import Activity


@dataclass(frozen=True, slots=True)
class Catcher:
    """An event definition that may catch, the scope it belongs to, and what begins it, with what comes along.

    left: the called processes that what was thrown has come out of on its way, the inmost first.
    """

    definition: object
    scope: Scope
    begin: Callable[[Mapping[str, object]], None]
    left: tuple[Scope, ...] = ()

    def catch(self, payload: Mapping[str, object]) -> None:
        """Take what was thrown; each call that it has come out of hands over what there is by now."""
        for called in self.left:
            if called.owner is not None:
                called.owner.task_spec.hand_over(called.owner.workflow, called)
        self.begin(payload)


def nearest(
    scope: Scope, host: SpiffTask | None, fits: Callable[[object], bool], is_special: Callable[[object], bool]
) -> Catcher | None:
    """The first catcher whose definition fits; of several in the same place one for something special.

    Asked are the events on the boundary of `host`, where there is one, then the event subprocesses of `scope`, then
    the boundary of the activity around and so on (BPMN 2.0.2, 10.5.7).
    """
    for place in _places(scope, host):
        fitting = [catcher for catcher in place if fits(catcher.definition)]
        if fitting:
            chosen = next((catcher for catcher in fitting if is_special(catcher.definition)), fitting[0])
            return replace(chosen, left=tuple(_called_between(scope, chosen.scope)))
    return None


def _called_between(inside: Scope, outside: Scope) -> Iterator[Scope]:
    around = inside
    while around is not outside and around.owner is not None:
        if around.kind == "called":
            yield around
        around = around.owner.workflow


def _places(scope: Scope, host: SpiffTask | None) -> Iterator[Iterator[Catcher]]:
    around: Scope | None = scope
    while around is not None:
        if host is not None:
            yield _on_boundary(around, host)
        if around.spec.event_subprocesses and around.holds_a_level:
            yield _event_subprocesses(around, host)
        host = around.owner
        around = host.workflow if host is not None else None


def _on_boundary(scope: Scope, host: SpiffTask) -> Iterator[Catcher]:
    activity: Activity = host.task_spec
    for event in activity.boundary_events:
        for definition in event.definitions:
            yield Catcher(definition, scope, partial(event.catch, scope, host))


def _event_subprocesses(scope: Scope, thrower: SpiffTask | None) -> Iterator[Catcher]:
    """None once one of them has interrupted the scope; none catches what it throws itself (BPMN 2.0.2, 13.5.4)."""
    if any(handler.is_interrupting_now(scope) for handler in scope.spec.event_subprocesses):
        return
    for handler in scope.spec.event_subprocesses:
        if thrower is None or handler is not thrower.task_spec:
            for definition in handler.definitions:
                yield Catcher(definition, scope, partial(handler.catch, scope))
