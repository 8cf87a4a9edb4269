"""Where each token of a case goes in another version, and every reason why one cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from app.engine import clocks
from app.engine.changes.followers import Followers, is_follower, leader_of, tokens_in
from app.engine.changes.level_tree import LevelTree
from app.engine.changes.refusal import Reason
from app.engine.context import StepContext
from app.engine.elements.activity import Activity
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.subprocess import SubProcess
from app.engine.elements.token_gathering import TokenGathering
from app.engine.parsed_process import ParsedProcess
from app.engine.runtime import RunningInstance
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.undoable import Undoable

# In the key of a mapping between a called process and its element; no id of XML has it.
INSIDE = "/"
# What joins and continuations remember, by the id of the flow.
_FLOWS_KEPT = ("arrived", "consumed", "flows", "tokens")


_NOWHERE = N_("“%(element)s” cannot go to “%(target)s”, which the new version does not have.")
_OTHER_KIND = N_("“%(element)s” cannot go to “%(target)s”, which is of another kind.")
_OTHER_WORK = N_(
    "“%(element)s” cannot go to “%(target)s”, which does or waits for something else: compare message or signal,"
    " topic or connector, called process, and how it is repeated."
)
_NOT_CALLED = N_("“%(element)s” has called the process “%(process)s”, which the new version does not come with.")
_ONE_PATH = N_("“%(element)s” has tokens of two paths that are one in the new version.")
_ONE_JOIN = N_("“%(element)s” cannot go to “%(target)s”: the tokens of another gateway go there as well.")


class MigrationPlan:
    """Made of a case as it was loaded; `carry_out` changes that case in memory, once there are no `reasons`."""

    def __init__(
        self, runtime: RunningInstance, target: ParsedProcess, mapping: Mapping[str, str], context: StepContext
    ) -> None:
        self.reasons: list[Reason] = []
        self.kept_tokens: dict[SpiffTask, str] = {}  # with the element each was at
        self._runtime = runtime
        self._mapping = mapping
        self._levels: dict[str, ScopeSpec] = {}  # scope id -> its level in the new version
        self._nodes: dict[str, FlowNode] = {}  # token id -> its node in the new version
        self._flows: dict[str, dict[str, str]] = {}  # token id -> flows renamed
        self._given_up: list[SpiffTask] = []
        self._known: set[tuple[str, FlowNode]] = set()  # events of both versions, with the token or scope they wait for
        self._undoable: list[tuple[Undoable, str]] = []  # records with the name of their node in the new version
        self._joins: dict[tuple[str, FlowNode], str] = {}  # scope id and node -> the node whose tokens go there
        self._scopes = sorted(runtime.scopes.values(), key=lambda scope: scope.depth)
        self._tokens = list(runtime.tokens.values())  # all are built now, with the old version
        self._target_tree = LevelTree(target)
        calls = {key: runtime.process_for(key) for key in map(called_key_of, mapping) if key}
        old = {"": LevelTree(runtime.process)} | {key: LevelTree(found) for key, found in calls.items() if found}
        runtime.process, runtime.context = target, context
        calls = {key: runtime.process_for(key) for key in calls}
        new = {"": self._target_tree} | {key: LevelTree(found) for key, found in calls.items() if found}
        self._check_mapping(old, new)
        for scope in self._scopes:
            self._plan_scope(scope)

    def carry_out(self) -> None:
        """Give up what the new version does not have, move the rest, and arm what is new."""
        for scope in self._scopes:
            clocks.withdraw_unknown(scope, self._levels[scope.id].clocks)
        for token in self._given_up:
            token.cancel()
        without_time = [token for token in self._tokens if clocks.is_waiting_for_a_clock(token)]
        self._exchange()
        followers = Followers(self._known)
        for scope in self._scopes:
            followers.arm_missing(scope)
        for token in self.kept_tokens:
            _take_in_missing(token)
            token.task_spec.migrated(token)
        for token in without_time:
            if token in self.kept_tokens and not clocks.is_waiting_for_a_clock(token):
                clocks.due_anew(token)  # nothing would, once the clock goes on

    def _exchange(self) -> None:
        """Let everything that is kept lie in the new version."""
        for scope in self._scopes:
            scope.spec = self._levels[scope.id]
            scope.touch()
            if scope.holds_a_level and scope.spec.data is not None:
                scope.spec.data.fill(scope)  # what only the new version names
        for token in self._tokens:
            if token.id in self._nodes:
                self.kept_tokens[token] = token.task_spec.element_id
                token.task_spec = self._nodes[token.id]
                _rename_flows(token, self._flows.get(token.id, {}))
        for record, name in self._undoable:
            record["node"] = name

    def _check_mapping(self, trees: Mapping[str, LevelTree], new_trees: Mapping[str, LevelTree]) -> None:
        """A mapping may say nothing that is not so, also where nothing is open at present."""
        for place, target in self._mapping.items():
            key, _, source = place.rpartition(INSIDE)
            node = trees[key].node(source) if key in trees else None
            other = new_trees[key].node(target) if key in new_trees else None
            if node is None:
                self._refuse(source, N_("“%(element)s” is no step of this version."))
            elif target and other is None:
                self._refuse(source, _NOWHERE, target)
            elif other is not None and not other.takes_over(node):
                self._refuse(source, _unlike(node, other), target)

    def _plan_scope(self, scope: Scope) -> None:
        level = self._level_for(scope)
        if level is None:
            return  # the reason lies with the token that owns it
        self._levels[scope.id] = level
        self._plan_known_events(scope, level)
        tokens = tokens_in(scope)
        self._plan_undoable(scope.undoable, level, called_around(scope))
        for token in tokens:
            if not is_follower(token):
                self._plan_token(token, level)
        for token in tokens:
            if is_follower(token):
                self._plan_follower(token, level)

    def _plan_known_events(self, scope: Scope, level: ScopeSpec) -> None:
        """What both versions have is not armed again: where it does not wait any more, it has happened already."""
        waited_for = [
            (token.id, event)
            for token in scope.tasks.values()
            if isinstance(token.task_spec, Activity)
            for event in token.task_spec.boundary_events
        ]
        if scope.holds_a_level:
            waited_for += [(scope.id, handler.listener) for handler in scope.spec.event_subprocesses]
        for leader, event in waited_for:
            wanted = self._wanted_of(event, scope)
            found = _node_of(level, wanted, event) if wanted is not None else None
            if found is not None and found.takes_over(event):
                self._known.add((leader, found))

    def _level_for(self, scope: Scope) -> ScopeSpec | None:
        if scope.owner is None:
            return self._target_tree.root
        owner = self._nodes.get(scope.owner.id)
        if not isinstance(owner, Activity):
            return None
        if scope.kind == "instance":
            return owner.level
        return owner.own_level(scope.owner.workflow) if scope.kind != "called" else self._called_level(scope)

    def _called_level(self, scope: Scope) -> ScopeSpec | None:
        """That of the process it has called, whatever the expression of the call would say by now."""
        key = scope.spec.process_key
        level = self._runtime.process_level(key)
        if level is None:
            self._refuse(scope.element_id, _NOT_CALLED, process=key)
        return level

    def _plan_token(self, token: SpiffTask, level: ScopeSpec) -> None:
        node: FlowNode = token.task_spec
        if "undoing" in token.kept_data:
            self._refuse(node.element_id, N_("“%(element)s” is just undoing what was done: wait until it is through."))
            return
        wanted = self._wanted(token)
        if wanted is None:
            self._refuse(node.element_id, N_("“%(element)s” is open: say where it goes in the new version."))
            return
        found = _node_of(level, wanted, node)
        if found is None:
            self._refuse(node.element_id, self._why_not_there(node, wanted, level), wanted)
        elif not found.takes_over(node):
            self._refuse(node.element_id, _unlike(node, found), wanted)
        elif found.is_join and self._joins.setdefault((token.workflow.id, found), node.name) != node.name:
            self._refuse(node.element_id, _ONE_JOIN, wanted)
        else:
            self._nodes[token.id] = found
            self._plan_flows(token, found, called_around(token.workflow))

    def _why_not_there(self, node: FlowNode, wanted: str, level: ScopeSpec) -> str:
        if isinstance(node, TokenGathering) and wanted in level.task_specs:
            return N_("“%(element)s” still waits for tokens, “%(target)s” begins with each: let it begin first.")
        if wanted in level.task_specs:
            return N_(
                "“%(element)s” waits for a job before or behind it, “%(target)s” does not: let the job run first."
            )
        if self._target_tree.node(wanted) is not None:
            return N_("“%(element)s” is open and cannot go to “%(target)s”: that lies in another subprocess.")
        return N_("“%(element)s” is open, and the new version has no “%(target)s”.")

    def _plan_flows(self, token: SpiffTask, found: FlowNode, called: str) -> None:
        old, new = token.task_spec.drawn_as(), found.drawn_as()
        renamed = dict(self._renamed(old, new, called))
        kept = {*_kept_flows(token)}
        if found.goes_by_flows and kept - renamed.keys():
            text = N_("“%(element)s” has a token of a path that does not lead there any more.")
            self._refuse(old.element_id, text)
        elif len({renamed.get(flow_id) for flow_id in kept}) < len(kept):
            self._refuse(old.element_id, _ONE_PATH)
        self._flows[token.id] = renamed

    def _renamed(self, old: FlowNode, new: FlowNode, called: str) -> Iterator[tuple[str, str]]:
        """The flows of a node and what they are in the new version: by their id, or by where they come from or go."""
        by_id = {flow.id: flow for flow in (*new.incoming, *new.outgoing)}
        by_source = {flow.source: flow for flow in new.incoming}
        by_target = {flow.target: flow for flow in new.outgoing}
        for flow in old.incoming:
            other = by_id.get(flow.id) or by_source.get(self._becomes(flow.source, called))
            if other is not None:
                yield flow.id, other.id
        for flow in old.outgoing:
            other = by_id.get(flow.id) or by_target.get(self._becomes(flow.target, called))
            if other is not None:
                yield flow.id, other.id

    def _plan_follower(self, token: SpiffTask, level: ScopeSpec) -> None:
        """It goes along with what it belongs to, if the new version has it there too."""
        leader = leader_of(token)
        if leader is not None and leader not in self._nodes:
            return  # the leader's reason is enough
        wanted = self._wanted(token)
        found = _node_of(level, wanted, token.task_spec) if wanted is not None else None
        leading = self._nodes[leader] if leader is not None else None
        if found is None or not found.takes_over(token.task_spec) or not found.follows(leading):
            self._given_up.append(token)
            return
        self._nodes[token.id] = found
        if leading is not None and "flow" in token.kept_data:
            flow = next(flow for flow in found.incoming if flow.source == leading.element_id)
            self._flows[token.id] = {token.kept_data["flow"]: flow.id}

    def _plan_undoable(self, records: Iterable[Undoable], level: ScopeSpec, called: str) -> None:
        """What was done and can be undone must be known to the new version, or nobody could undo it any more."""
        for record in records:
            inside = level
            if record["node"]:
                found = self._undoable_node(record, level, called)
                if found is None:
                    element_id = record["node"].partition("#")[0]
                    self._refuse(
                        element_id, N_("“%(element)s” was done and can be undone, in the new version it cannot.")
                    )
                    continue
                self._undoable.append((record, found.name))
                inside = found.inner if isinstance(found, SubProcess) else level
            if record["process"]:
                inside = self._runtime.process_level(record["process"]) or level
            self._plan_undoable(record["inner"], inside, record["process"] or called)

    def _undoable_node(self, record: Undoable, level: ScopeSpec, called: str) -> FlowNode | None:
        """What is undone by a handler, or by what is inside, needs one there too."""
        element_id, mark, part = record["node"].partition("#")
        wanted = self._becomes(element_id, called) + mark + part
        found = level.node(wanted) if wanted in level.task_specs else None
        return found if record["inner"] or self._has_handler(found, record) else None

    def _has_handler(self, node: FlowNode | None, record: Undoable) -> bool:
        inside = self._runtime.process_level(record["process"]) if record["process"] else None
        if isinstance(node, SubProcess):
            inside = inside or node.inner
        is_tied = isinstance(node, Activity) and node.compensation_handler is not None
        return is_tied or (inside is not None and inside.compensation is not None)

    def _wanted(self, token: SpiffTask) -> str | None:
        return self._wanted_of(token.task_spec, token.workflow)

    def _wanted_of(self, node: FlowNode, scope: Scope) -> str | None:
        """The element of the new version that a node becomes; in called processes by default the one of its id."""
        called = called_around(scope)
        if called:
            return self._mapping.get(f"{called}{INSIDE}{node.element_id}", node.element_id) or None
        return self._mapping.get(node.element_id) or None

    def _becomes(self, element_id: str, called: str) -> str:
        """What a node that tokens remember is called in the new version."""
        return self._mapping.get(f"{called}{INSIDE}{element_id}" if called else element_id, element_id)

    def _refuse(self, element_id: str, msgid: str, target: str = "", **params: object) -> None:
        reason = Reason(element_id, msgid, {"target": target, **params} if target else params)
        if reason not in self.reasons:
            self.reasons.append(reason)


def _unlike(node: FlowNode, other: FlowNode) -> str:
    return _OTHER_WORK if type(node) is type(other) else _OTHER_KIND


def _node_of(level: ScopeSpec, element_id: str, like: FlowNode) -> FlowNode | None:
    """The node of an element that plays the same part as `like`: a pass of it, for instance."""
    name = element_id + like.name.removeprefix(like.element_id)
    return level.node(name) if name in level.task_specs else None


def called_key_of(place: str) -> str:
    """The called process that a key of a mapping is about; empty for the case's own."""
    return place.rpartition(INSIDE)[0]


def called_around(scope: Scope) -> str:
    """The key of the called process that a scope belongs to; empty for the case's own."""
    around: Scope | None = scope
    while around is not None and around.kind != "called":
        around = around.parent
    return around.spec.process_key if around is not None else ""


def _kept_flows(token: SpiffTask) -> Iterator[str]:
    for name in _FLOWS_KEPT:
        yield from token.kept_data.get(name, ())
    if token.kept_data.get("flow"):
        yield token.kept_data["flow"]


def _rename_flows(token: SpiffTask, renamed: Mapping[str, str]) -> None:
    for name in _FLOWS_KEPT:
        kept = token.kept_data.get(name)
        if isinstance(kept, dict):
            token.internal_data[name] = {renamed[flow_id]: number for flow_id, number in kept.items()}
        elif kept is not None:
            token.internal_data[name] = [renamed[flow_id] for flow_id in kept]
    if token.kept_data.get("flow"):
        token.internal_data["flow"] = renamed.get(token.kept_data["flow"])


def _take_in_missing(token: SpiffTask) -> None:
    """What an activity takes in by the new version only comes into its scope now, which it may not have had."""
    node, scope = token.task_spec, token.workflow
    if not isinstance(node, Activity) or not node.has_own_scope:
        return
    own = scope.runtime.scope_owned_by(token)
    if own is None:
        own = scope.runtime.open_scope(node.own_level(scope), node.own_kind, token)
        token.internal_data["scope"] = own.id
    node.take_in_missing(scope, own)
