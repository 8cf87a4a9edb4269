"""What loops and multi-instance activities share: an activity around the one that is repeated."""

from __future__ import annotations

from app.engine.elements.activity import Activity, ActivityHead
from app.engine.elements.flow_node import FlowNode
from app.engine.scopes import Scope, ScopeSpec
from app.engine.spiff import SpiffTask
from app.i18n import N_


class RepeatedActivity(Activity):
    """The activity as a whole: what the flows and boundary events belong to.

    Its scope holds the counters; `inner` runs in it once for each pass.
    """

    own_kind = "body"

    def __init__(self, level: ScopeSpec, head: ActivityHead, inner: Activity) -> None:
        self.element_type = inner.element_type  # type: ignore[misc]  # stands for the activity it repeats
        super().__init__(level, head)
        self.inner = inner

    @property
    def has_own_scope(self) -> bool:
        return True

    def takes_over(self, other: FlowNode) -> bool:
        return super().takes_over(other) and isinstance(other, RepeatedActivity) and self.inner.takes_over(other.inner)

    def leave_out(self, my_task: SpiffTask, scope: Scope) -> None:
        """Withdraw one pass, the one in this scope; the activity goes on with the others and is done without it."""
        raise NotImplementedError

    def why_not_opened(self) -> str | None:
        return N_("“%(element)s” is done several times: start it as a whole, or choose one of its open passes.")
