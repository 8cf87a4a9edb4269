"""The BPMN engine: diagrams and states in, values out. The only package that knows SpiffWorkflow."""

from app.engine.ad_hoc import EnabledActivity, enabled_activities, start_ad_hoc
from app.engine.budgets import MAX_CPU_SECONDS, TOO_MUCH_TIME, StepMeter
from app.engine.changes.clock_pause import pause_clock, resume_clock
from app.engine.changes.instructions import CancelActivity, Instruction, StartAfter, StartBefore
from app.engine.changes.migration import Migrated, MigratedActivity, generate_mapping, mapping_candidates, migrate
from app.engine.changes.migration_plan import INSIDE
from app.engine.changes.modification import modify
from app.engine.changes.overview import MoveTarget, OpenActivity, move_targets, open_activities
from app.engine.changes.refusal import ChangeRefused, Reason
from app.engine.changes.variable_change import set_variables
from app.engine.clocks import Clock
from app.engine.context import StepContext
from app.engine.declared_work import BackgroundWork, background_work, called_by_activity
from app.engine.errors import (
    ActivityNotEnabled,
    ActivityNotWaiting,
    ClockNotRunning,
    EscalationNotCaught,
    StartNotPossible,
    StateNotReadable,
    StepFailed,
    UserTaskNotOpen,
    ValueTooLarge,
)
from app.engine.outcome import Outcome
from app.engine.parsed_process import ElementName, FlowEnds, ParsedProcess, StartTrigger
from app.engine.problems import DeploymentRefused, Problem
from app.engine.reading.definition import parse, parse_deployed
from app.engine.saved_state import VERSION as STATE_VERSION
from app.engine.saved_state import state_document
from app.engine.starting import DueStart, first_due, next_due, start_condition_holds
from app.engine.steps import (
    cancel,
    case_title,
    complete,
    continue_after,
    correlate,
    escalate,
    fail_job,
    finish_job,
    fire_timer,
    receive_signal,
    report_failure,
    start,
    timer_due,
)

__all__ = [
    "INSIDE",
    "MAX_CPU_SECONDS",
    "STATE_VERSION",
    "TOO_MUCH_TIME",
    "ActivityNotEnabled",
    "ActivityNotWaiting",
    "BackgroundWork",
    "CancelActivity",
    "ChangeRefused",
    "Clock",
    "ClockNotRunning",
    "DeploymentRefused",
    "DueStart",
    "ElementName",
    "EnabledActivity",
    "EscalationNotCaught",
    "FlowEnds",
    "Instruction",
    "Migrated",
    "MigratedActivity",
    "MoveTarget",
    "OpenActivity",
    "Outcome",
    "ParsedProcess",
    "Problem",
    "Reason",
    "StartAfter",
    "StartBefore",
    "StartNotPossible",
    "StartTrigger",
    "StateNotReadable",
    "StepContext",
    "StepFailed",
    "StepMeter",
    "UserTaskNotOpen",
    "ValueTooLarge",
    "background_work",
    "called_by_activity",
    "cancel",
    "case_title",
    "complete",
    "continue_after",
    "correlate",
    "enabled_activities",
    "escalate",
    "fail_job",
    "finish_job",
    "fire_timer",
    "first_due",
    "generate_mapping",
    "mapping_candidates",
    "migrate",
    "modify",
    "move_targets",
    "next_due",
    "open_activities",
    "parse",
    "parse_deployed",
    "pause_clock",
    "receive_signal",
    "report_failure",
    "resume_clock",
    "set_variables",
    "start",
    "start_ad_hoc",
    "start_condition_holds",
    "state_document",
    "timer_due",
]
