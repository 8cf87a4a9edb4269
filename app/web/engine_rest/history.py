"""/history: cases, passes, user tasks, variables and what people did, also of what is over."""

from app.models.program_activities import PAST_ACTIVITIES
from app.models.program_cases import PAST_CASES
from app.models.program_history import PAST_USER_TASKS, USER_OPERATIONS
from app.models.program_lists import ProgramList
from app.models.program_variables import PAST_VARIABLES
from app.operations.cases import CaseNotFound
from app.web.engine_rest.history_shapes import past_activity, past_case, past_user_task, past_variable, user_operation
from app.web.engine_rest.list_routes import BY_ADDRESS, Shape, add_list, add_one
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission

blueprint = resource("history", "/history")

LISTS: tuple[tuple[str, ProgramList, Shape], ...] = (
    ("/process-instance", PAST_CASES, past_case),
    ("/activity-instance", PAST_ACTIVITIES, past_activity),
    ("/task", PAST_USER_TASKS, past_user_task),
    ("/variable-instance", PAST_VARIABLES, past_variable),
)


for described in LISTS:
    add_list(blueprint, *described)
add_one(blueprint, "/process-instance/<instance_id>", PAST_CASES, past_case, CaseNotFound)
add_one(blueprint, "/activity-instance/<activity_id>", PAST_ACTIVITIES, past_activity, CaseNotFound)
add_list(blueprint, "/user-operation", USER_OPERATIONS, user_operation, Permission.READ_HISTORY, methods=BY_ADDRESS)
