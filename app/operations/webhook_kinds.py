"""Events that other programs can be told of, each by the type it has in the history."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.i18n import N_


@dataclass(frozen=True, slots=True)
class WebhookKind:
    """`key` is what programs read, `types` are the events of the history it stands for."""

    key: str
    name: str
    types: tuple[str, ...]


OVERDUE = "user_task.overdue"
TEST = "test"  # sent when somebody asks for it; nobody subscribes to it
WEBHOOK_KINDS: tuple[WebhookKind, ...] = (
    WebhookKind("case.started", N_("A case is started"), ("process_started",)),
    WebhookKind("case.ended", N_("A case has ended or is cancelled"), ("process_ended", "process_cancelled")),
    WebhookKind("user_task.created", N_("A task is there to be done"), ("user_task_opened",)),
    WebhookKind(
        "user_task.assigned", N_("A task is claimed or given to somebody"),
        (
            "user_task_claimed", "user_task_assigned", "user_task_delegated", "user_task_resolved",
            "user_task_handed_over",
        ),
    ),
    WebhookKind("user_task.completed", N_("A task is done"), ("user_task_completed",)),
    WebhookKind(OVERDUE, N_("A task is overdue"), ()),
    WebhookKind("incident.raised", N_("A step could not be done"), ("incident_raised",)),
)  # fmt: skip
KIND_OF_TYPE: Mapping[str, str] = {type_: kind.key for kind in WEBHOOK_KINDS for type_ in kind.types}
KIND_KEYS = frozenset(kind.key for kind in WEBHOOK_KINDS)
