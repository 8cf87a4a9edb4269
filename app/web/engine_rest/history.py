"""/history: cases, passes, user tasks, variables and what people did, also of what is over."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from app.models.program_activities import PAST_ACTIVITIES
from app.models.program_cases import PAST_CASES
from app.models.program_events import DECISIONS, DETAILS, EXTERNAL_LOG, JOB_LOG
from app.models.program_history import PAST_USER_TASKS, USER_OPERATIONS
from app.models.program_incidents import PAST_INCIDENTS
from app.models.program_lists import ProgramList
from app.models.program_variables import PAST_VARIABLES
from app.operations.cases import CaseNotFound
from app.operations.encoding import value_of
from app.operations.history_reading import RecordedEvent
from app.web.engine_rest.annotations import notes_on_incidents, notes_on_operations
from app.web.engine_rest.case_looks import looked_at
from app.web.engine_rest.case_variables import file_content
from app.web.engine_rest.history_events import (
    decision,
    detail,
    details_of,
    external_task_log,
    job_log,
    message_of,
    told_events,
    value_after,
)
from app.web.engine_rest.history_shapes import (
    past_activity,
    past_case,
    past_user_task,
    past_variable,
    user_operation,
)
from app.web.engine_rest.incident_shapes import past_incident
from app.web.engine_rest.list_routes import BOTH, BY_ADDRESS, Shape, View, add_list, add_one, add_reading, completed
from app.web.engine_rest.lists import found_in
from app.web.engine_rest.missing_rows import nothing_there
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission

blueprint = resource("history", "/history")

HISTORY = Permission.READ_HISTORY

LISTS: tuple[tuple[str, ProgramList, Shape], ...] = (
    ("/process-instance", PAST_CASES, past_case),
    ("/activity-instance", PAST_ACTIVITIES, past_activity),
    ("/task", PAST_USER_TASKS, past_user_task),
)


EVENTS: tuple[tuple[str, ProgramList, Shape, tuple[str, ...]], ...] = (
    ("/decision-instance", DECISIONS, decision, BY_ADDRESS),
    ("/detail", DETAILS, detail, BOTH),
    ("/job-log", JOB_LOG, job_log, BOTH),
    ("/external-task-log", EXTERNAL_LOG, external_task_log, BOTH),
)


def text_of_event(wanted_list: ProgramList, text_of: Callable[[RecordedEvent], str | None]) -> View:
    """A view of what one event says in many words."""

    def view(event_id: str) -> ResponseReturnValue:
        row = found_in(wanted_list, event_id, nothing_there)
        (told,) = told_events([row])
        return text_of(told.event) or "", 200, {"Content-Type": "text/plain; charset=utf-8"}

    return view


def detail_data(event_id: str) -> ResponseReturnValue:
    """The content of a file that a variable was given."""
    (told,) = told_events([found_in(DETAILS, event_id, nothing_there)])
    return file_content(told.event.body["name"], value_after(told.event))


def variable_data(variable_id: str) -> ResponseReturnValue:
    """The content of a file that is its value."""
    (found,) = looked_at([found_in(PAST_VARIABLES, variable_id, nothing_there)])
    return file_content(found.name, value_of(found.value))


for described in LISTS:
    add_list(blueprint, *described)
add_list(blueprint, "/variable-instance", PAST_VARIABLES, past_variable, complete=looked_at)
add_one(
    blueprint, "/variable-instance/<variable_id>", PAST_VARIABLES, completed(past_variable, looked_at), nothing_there
)
for path, wanted_list, shape, methods in EVENTS:
    add_list(blueprint, path, wanted_list, shape, HISTORY, methods=methods, complete=told_events)
    add_one(blueprint, f"{path}/<event_id>", wanted_list, completed(shape, told_events), nothing_there, HISTORY)
for path, view in (
    ("/job-log/<event_id>/stacktrace", text_of_event(JOB_LOG, message_of)),
    ("/external-task-log/<event_id>/error-details", text_of_event(EXTERNAL_LOG, details_of)),
    ("/detail/<event_id>/data", detail_data),
    ("/variable-instance/<variable_id>/data", variable_data),
):
    add_reading(blueprint, path, BY_ADDRESS, view, HISTORY)
add_list(
    blueprint, "/incident", PAST_INCIDENTS, past_incident, HISTORY, methods=BY_ADDRESS, complete=notes_on_incidents
)
add_one(blueprint, "/process-instance/<instance_id>", PAST_CASES, past_case, CaseNotFound)
add_one(blueprint, "/activity-instance/<activity_id>", PAST_ACTIVITIES, past_activity, CaseNotFound)
add_list(
    blueprint, "/user-operation", USER_OPERATIONS, user_operation, HISTORY,
    methods=BY_ADDRESS, complete=notes_on_operations,
)  # fmt: skip
