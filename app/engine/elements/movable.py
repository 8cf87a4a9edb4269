"""What every node says about being changed by hand: whether a token may be put there or taken away, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from app.engine.events.likeness import are_alike
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask, SpiffTaskSpec
from app.i18n import N_

if TYPE_CHECKING:
    from app.engine.elements.flow_node import FlowNode
    from app.engine.flows import SequenceFlow


class Movable(SpiffTaskSpec):
    """The part of a flow node that moving tokens asks; refusals are msgids with the place %(element)s."""

    is_join: ClassVar[bool] = False
    definitions: tuple[object, ...] = ()  # of an event
    incoming: tuple[SequenceFlow, ...]
    outgoing: tuple[SequenceFlow, ...]

    def why_not_before(self) -> str | None:
        """Why nobody can put a token before this node; None where it can be done."""
        return None

    def why_not_after(self) -> str | None:
        """Why nobody can put a token behind this node; None where it can be done."""
        return None if self.outgoing else N_("Nothing follows “%(element)s”.")

    def why_not_withdrawn(self, my_task: SpiffTask) -> str | None:
        """Why nobody can take this token away for itself; None where it can be done."""
        if "undoing" in my_task.kept_data:
            return N_("“%(element)s” is just undoing what was done: wait until it is through.")
        return None

    def why_not_opened(self) -> str | None:
        """Why it cannot be opened for a token that is put inside; None where it can be done."""
        return N_("“%(element)s” has no inside.")

    def start_before(self, scope: Scope) -> None:
        """Let in a token that somebody puts before this node; at a join it is one of those the join waits for."""
        self.enter(scope)

    def start_after(self, scope: Scope) -> None:
        """Send on a token that somebody puts behind this node."""
        for flow in self.chosen_flows(scope):
            scope.take(flow)

    def withdraw(self, my_task: SpiffTask) -> None:
        """Take a token away, and what belongs to it."""
        my_task.cancel()

    def open(self, scope: Scope) -> Scope:
        """Begin a subprocess without letting a token in; only asked for where `why_not_opened` has nothing to say."""
        raise NotImplementedError

    def takes_over(self, other: FlowNode) -> bool:
        """Whether a token that waits at `other`, a node of another version, can go on waiting here."""
        return type(self) is type(other) and are_alike(self.definitions, other.definitions)

    def follows(self, leader: FlowNode | None) -> bool:
        """Whether tokens wait here for the sake of the node `leader`, or of the scope where that is None."""
        del leader
        return False

    def drawn_as(self) -> FlowNode:
        """The node of the diagram whose flows tokens remember here."""
        node: FlowNode = self
        return node

    @property
    def goes_by_flows(self) -> bool:
        """Whether it matters which flows a token remembers."""
        return True

    def migrated(self, my_task: SpiffTask) -> None:
        """A token of another version has come to wait here."""

    def enter(self, scope: Scope, **internal: str) -> SpiffTask:
        raise NotImplementedError

    def chosen_flows(self, scope: Scope) -> list[SequenceFlow]:
        raise NotImplementedError
