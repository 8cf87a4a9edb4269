"""What a scope remembers of completed activities that can be undone; nothing of all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from app.engine.variables import Packed

if TYPE_CHECKING:
    from app.engine.elements.compensation_run import Frame
    from app.engine.runtime import RunningInstance
    from app.engine.scopes import Scope, ScopeKind, ScopeSpec
    from app.engine.spiff import SpiffTask


class Undoable(TypedDict):
    """A completed activity, or one instance of a multi-instance activity, as it lies in the saved state.

    node: empty for an instance. process: the key of the called process, empty unless kind is called. variables:
    those of its own scope when it completed, encoded; handlers see the others as they are now (BPMN 2.0.2, 13.5.5).
    inner: what can be undone inside, in the order of completion. is_unfinished: it was withdrawn by a cancelled
    transaction; only what was completed inside is undone.
    """

    node: str
    kind: ScopeKind
    process: str
    variables: dict[str, object]
    inner: list[Undoable]
    is_unfinished: bool


def undoable(node: str, own: Scope | None, inner: list[Undoable], *, is_unfinished: bool = False) -> Undoable:
    """The record of what has its own scope `own`, if it has one."""
    variables = {} if own is None else own.variables.encoded()
    plain = {name: data.data() if isinstance(data, Packed) else data for name, data in variables.items()}
    kind: ScopeKind = "local" if own is None else own.kind
    process = own.spec.process_key if own is not None and kind == "called" else ""
    return Undoable(node=node, kind=kind, process=process, variables=plain, inner=inner, is_unfinished=is_unfinished)


def unfinished(scope: Scope) -> list[Undoable]:
    """What was completed inside the activities and instances that are still going on in a scope."""
    found = _left_by_undoings(scope)
    owned = ((token.task_spec.name, scope.runtime.scope_owned_by(token)) for token in tuple(scope.tasks.values()))
    instances = (("", inner) for inner in scope.inner_scopes() if inner.kind == "instance")
    for name, own in (*owned, *instances):
        found += [] if own is None else _partly(name, own, [*own.undoable, *unfinished(own)])
    return found


def _left_by_undoings(scope: Scope) -> list[Undoable]:
    """What was completed in a scope and is just being undone, but not yet: the undoing is withdrawn as well."""
    tokens = tuple(scope.runtime.tokens.values())
    return [record for token in tokens for record in _left_by(scope, token)]


def give_back(runtime: RunningInstance, token: SpiffTask) -> None:
    """An undoing is withdrawn: what it has not undone yet is remembered again where it was completed."""
    for frame in _begun(token):
        scope = runtime.scopes.get(frame["scope"])
        records = [] if scope is None else _left_by(scope, token)
        if scope is not None and records:
            scope.undoable = [*records, *scope.undoable]
            scope.touch()


def _begun(token: SpiffTask) -> list[Frame]:
    """The scopes an undoing takes from, the one it works at last."""
    return [frame for frame in token.kept_data.get("undoing", ()) if not frame["is_reopened"]]


def _left_by(scope: Scope, token: SpiffTask) -> list[Undoable]:
    """What an undoing has left to do of what was completed in a scope."""
    begun = _begun(token)
    left = [record for frame in begun if frame["scope"] == scope.id for record in frame["left"]]
    return [*left, *_left_inside(scope.runtime, token)] if begun and begun[-1]["scope"] == scope.id else left


def _left_inside(runtime: RunningInstance, token: SpiffTask) -> list[Undoable]:
    """What is left in the activities that an undoing has opened again, one inside the other."""
    frames = [frame for frame in token.kept_data["undoing"] if frame["is_reopened"]]
    if any("node" not in frame for frame in frames):
        return []  # a state of an older version does not tell which activities these are
    left: list[Undoable] = []
    by_event = token.kept_data.get("undone_by_event")
    if by_event is not None:
        own = runtime.scopes[by_event["scope"]]
        left = _partly(by_event["node"], own, [*own.undoable, *unfinished(own)])
    for frame in reversed(frames):
        left = _partly(frame["node"], runtime.scopes[frame["scope"]], [*frame["left"], *left])
    return left


def _partly(node: str, own: Scope, inner: list[Undoable]) -> list[Undoable]:
    return [undoable(node, own, inner, is_unfinished=True)] if inner else []


def in_order(level: ScopeSpec, records: list[Undoable]) -> list[Undoable]:
    """The order of completion, but what an event on the boundary of an activity led to counts as later than it.

    It may have been completed while the activity still went on, and is undone first all the same (BPMN 2.0.2,
    13.5.5).
    """
    ordered: list[Undoable] = []
    names = {record["node"] for record in records if record["node"]}
    besides = {name: beside for name in names if (beside := _led_to_beside(level, name) & names)}
    for record in records:
        beside = besides.get(record["node"], frozenset())
        place = len(ordered)
        for index in range(len(ordered) - 1, -1, -1) if beside else ():
            name = ordered[index]["node"]
            if name == record["node"]:
                break
            if name in beside:
                place = index
        ordered.insert(place, record)
    return ordered


def _led_to_beside(level: ScopeSpec, name: str) -> frozenset[str]:
    """The nodes to which non-interrupting events on the boundary of a node lead."""
    found: set[str] = set()
    pending = [
        flow for event in level.node(name).boundary_events if not event.is_interrupting for flow in event.outgoing
    ]
    while pending:
        flow = pending.pop()
        if flow.target not in found:
            found.add(flow.target)
            pending += level.node(flow.target).outgoing
    return frozenset(found)
