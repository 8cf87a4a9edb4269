"""What set a step off: the external input of a case, recorded so that the case can be replayed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

CauseType = Literal[
    "process_started",
    "user_task_completed",
    "timer_fired",
    "message_received",
    "job_completed",
    "process_cancelled",
    "signal_received",
    "case_continued",
    "case_modified",
    "case_migrated",
    "variables_set",
    "clock_paused",
    "clock_resumed",
    "ad_hoc_activity_begun",
    "job_failure_reported",
    "bpmn_error_reported",
    "bpmn_escalation_reported",
]


@dataclass(frozen=True, slots=True)
class Cause:
    """An answer of a person, a timer, a message, the result of a job.

    `remark` is what somebody wrote about the case, perhaps about its customer: it is kept under the customer's key,
    unlike `reason`. `inputs` are the FEEL values that came in; `facts` further plain JSON for the history; the time
    of the history event is the clock reading the step used.
    """

    type: CauseType
    element_id: str | None = None
    activity_id: str | None = None
    inputs: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    reason: str | None = None
    remark: str | None = None
