"""The variables of a case, read for programs."""

import json

from app import feel
from app.extensions import db
from app.models.case_details import variables_of
from app.models.form_data import variables_in_scope
from app.web.engine_rest.variables import Typed, write_variables


def values_in_scope(instance_id: str, execution_id: str) -> dict[str, object]:
    """FEEL values of all that a scope sees, by name."""
    stored = variables_in_scope(db.session(), instance_id, execution_id)
    return {name: feel.decode(json.loads(value)) for name, value in stored.items()}


def values_of_scope(instance_id: str, execution_id: str) -> dict[str, object]:
    """FEEL values of the variables of this very scope."""
    found = variables_of(db.session(), instance_id)
    return {one.name: feel.decode(json.loads(one.value)) for one in found if one.execution_id == execution_id}


def variables_of_case(instance_id: str) -> dict[str, Typed]:
    """The typed variables of the whole case."""
    return write_variables(values_of_scope(instance_id, instance_id))
