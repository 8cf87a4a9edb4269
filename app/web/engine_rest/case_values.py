"""The variables of a case, read for programs."""

from app.extensions import db
from app.models.case_details import variables_of
from app.models.form_data import variables_in_scope
from app.operations.encoding import value_of
from app.web.engine_rest.variables import Typed, write_variables


def values_in_scope(instance_id: str, execution_id: str) -> dict[str, object]:
    """FEEL values of all that a scope sees, by name."""
    stored = variables_in_scope(db.session(), instance_id, execution_id)
    return {name: value_of(value) for name, value in stored.items()}


def variables_of_case(instance_id: str) -> dict[str, Typed]:
    """The typed variables of the whole case."""
    found = variables_of(db.session(), instance_id)
    return write_variables({one.name: value_of(one.value) for one in found if one.execution_id == instance_id})
