"""Where variables are asked for: the whole case, one scope of it, or what a user task sees."""

from dataclasses import dataclass

from app.extensions import db
from app.models.case_change_queries import open_scopes
from app.models.case_details import variables_of
from app.models.program_executions import EXECUTIONS
from app.operations.cases import CaseNotFound
from app.operations.encoding import value_of
from app.web.engine_rest.cases import open_case
from app.web.engine_rest.lists import found_in
from app.web.looks import log_look
from app.web.user_task_detail import find_place


@dataclass(frozen=True, slots=True)
class Place:
    """Scopes of a case from the inside outwards: variables of inner ones hide those of outer ones."""

    instance_id: str
    scope_ids: tuple[str, ...]

    def values(self) -> dict[str, object]:
        """FEEL values by name."""
        return {name: value for name, (_scope_id, value) in self._found().items()}

    def scope_of(self, name: str) -> str:
        """Where a variable is, or would be set: in the outermost scope where there is none of the name."""
        found = self._found().get(name)
        return found[0] if found else self.scope_ids[-1]

    def _found(self) -> dict[str, tuple[str, object]]:
        rank = {scope_id: number for number, scope_id in enumerate(self.scope_ids)}
        stored = [one for one in variables_of(db.session(), self.instance_id) if one.execution_id in rank]
        stored.sort(key=lambda one: rank[one.execution_id], reverse=True)
        return {one.name: (one.execution_id, value_of(one.value)) for one in stored}


def place_of_case(instance_id: str) -> Place:
    """The whole case; raises CaseNotFound."""
    log_look(open_case(instance_id).customer_id)
    return Place(instance_id, (instance_id,))


def place_of_scope(execution_id: str) -> Place:
    """One open scope; raises CaseNotFound."""
    found = found_in(EXECUTIONS, execution_id, CaseNotFound)
    log_look(open_case(found.instance_id).customer_id)
    return Place(found.instance_id, (execution_id,))


def place_of_user_task(user_task_id: str) -> Place:
    """All scopes around a user task; raises UserTaskNotFound."""
    place = find_place(user_task_id)
    log_look(place.instance.customer_id)
    parents = {scope.id: scope.parent_id for scope in open_scopes(db.session(), place.instance.id)}
    scope_id: str | None = place.user_task.execution_id
    found: list[str] = []
    while scope_id is not None and scope_id not in found:
        found.append(scope_id)
        scope_id = parents.get(scope_id)
    return Place(place.instance.id, tuple(found))


def place_at_user_task(user_task_id: str) -> Place:
    """The scope a user task is directly in; raises UserTaskNotFound."""
    around = place_of_user_task(user_task_id)
    return Place(around.instance_id, around.scope_ids[:1])
