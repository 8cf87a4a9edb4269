"""The BPMN engine: diagrams and states in, values out. The only package that knows SpiffWorkflow."""

from app.engine.context import StepContext
from app.engine.errors import ActivityNotWaiting, StartNotPossible, StateNotReadable, StepFailed, UserTaskNotOpen
from app.engine.outcome import Outcome
from app.engine.parsed_process import ElementName, FlowEnds, ParsedProcess
from app.engine.problems import DeploymentRefused, Problem
from app.engine.reading.definition import parse
from app.engine.state_codec import VERSION as STATE_VERSION
from app.engine.steps import cancel, case_title, complete, correlate, fail_job, finish_job, fire_timer, start

__all__ = [
    "STATE_VERSION",
    "ActivityNotWaiting",
    "DeploymentRefused",
    "ElementName",
    "FlowEnds",
    "Outcome",
    "ParsedProcess",
    "Problem",
    "StartNotPossible",
    "StateNotReadable",
    "StepContext",
    "StepFailed",
    "UserTaskNotOpen",
    "cancel",
    "case_title",
    "complete",
    "correlate",
    "fail_job",
    "finish_job",
    "fire_timer",
    "parse",
    "start",
]
