"""…/variables and …/localVariables of cases, scopes and user tasks: read by who sees them, set by owners of cases."""

import base64
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.operations.case_changes import VariableEdit, set_case_variables
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest, NotOffered, missing_is
from app.web.current import current_actor, current_time, this_request
from app.web.downloads import download
from app.web.engine_rest.bodies import object_in, read_body, texts_in
from app.web.engine_rest.resource import DONE, REASON, resource
from app.web.engine_rest.variable_places import (
    Place,
    place_at_user_task,
    place_of_case,
    place_of_scope,
    place_of_user_task,
)
from app.web.engine_rest.variables import file_in, read_variable, read_variables, write_variable, write_variables
from app.web.permissions import Permission, requires

PlaceOf = Callable[[str], Place]
ONE = "/<variable_name>"
FILE = "File"


class VariableNotFound(NotFound):
    """There is no such variable, or it cannot be seen from there."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("There is no variable “%(name)s”."), name=name[:80])


def _routes(name: str, path: str, place_of: PlaceOf) -> Blueprint:
    """The same addresses for each place; `path` ends in the id that `place_of` wants."""
    blueprint = resource(name, path)
    read, change = (Permission.READ_CASES, "read"), (Permission.CHANGE_CASES, "change")

    def add(rule: str, method: str, asked: tuple[Permission, str], view: Callable[..., ResponseReturnValue]) -> None:
        def answer(variable_name: str = "", **place_id: str) -> ResponseReturnValue:
            (found_id,) = place_id.values()
            place = place_of(found_id)
            return view(place, variable_name) if rule.startswith(ONE) else view(place)

        permission, scope = asked
        answer.__doc__ = view.__doc__
        marked = requires(permission)(needs_scope(scope)(missing_is(404 if method == "GET" and rule else 500)(answer)))
        blueprint.add_url_rule(rule, f"{view.__name__}_{method}".lower(), marked, methods=[method])

    add("", "GET", read, _all)
    add("", "POST", change, _modify)
    add(ONE, "GET", read, _one)
    add(ONE, "PUT", change, _put)
    add(ONE, "DELETE", change, _remove)
    add(f"{ONE}/data", "GET", read, _data)
    add(f"{ONE}/data", "POST", change, _put_file)
    return blueprint


def _all(place: Place) -> ResponseReturnValue:
    """All variables that can be seen there."""
    return write_variables(place.values())


def _one(place: Place, name: str) -> ResponseReturnValue:
    """One variable."""
    return write_variable(_value(place, name))


def _data(place: Place, name: str) -> ResponseReturnValue:
    """The content of a file."""
    return file_content(name, _value(place, name))


def file_content(name: str, value: object) -> Response:
    """The content of a file that is kept as a value; raises VariableNotFound for another value."""
    file = file_in(value)
    if file is None:
        raise VariableNotFound(name)
    return download(base64.b64decode(str(file["content"])), str(file["filename"]) or name, "application/octet-stream")


def _put_file(place: Place, name: str) -> ResponseReturnValue:
    """Set one to a file sent as a form (multipart)."""
    sent = this_request()
    upload, kind = sent.files.get("data"), sent.form.get("valueType", FILE)
    if upload is None:
        raise MalformedRequest(N_("Send at least one file."))
    if kind != FILE:
        raise NotOffered(f"{kind:.40} ({name:.80})")
    info = {"filename": upload.filename or "", "mimetype": upload.mimetype}
    typed = {"type": FILE, "value": base64.b64encode(upload.read()).decode(), "valueInfo": info}
    return _edit(place, {name: read_variable(name, typed)}, [])


def _put(place: Place, name: str) -> ResponseReturnValue:
    """Set one."""
    return _edit(place, {name: read_variable(name, read_body())}, [])


def _remove(place: Place, name: str) -> ResponseReturnValue:
    """Remove one."""
    _value(place, name)
    return _edit(place, {}, [name])


def _modify(place: Place) -> ResponseReturnValue:
    """Set some and remove others."""
    body = read_body()
    present = place.values()
    removed = [name for name in texts_in(body, "deletions") if name in present]
    return _edit(place, read_variables(object_in(body, "modifications")), removed)


def _edit(place: Place, values: dict[str, object], removed: list[str]) -> ResponseReturnValue:
    by_scope: dict[str, tuple[dict[str, object], list[str]]] = {}
    for name, value in values.items():
        by_scope.setdefault(place.scope_of(name), ({}, []))[0][name] = value
    for name in removed:
        by_scope.setdefault(place.scope_of(name), ({}, []))[1].append(name)
    for scope_id, (changed, gone) in by_scope.items():
        edit = VariableEdit(scope_id, changed, removed=gone)
        set_case_variables(
            db.session(), place.instance_id, edit, REASON, revision=None, actor=current_actor(), now=current_time()
        )
    return DONE


def _value(place: Place, name: str) -> Any:
    values = place.values()
    if name not in values:
        raise VariableNotFound(name)
    return values[name]


BLUEPRINTS = (
    _routes("case_variables", "/process-instance/<instance_id>/variables", place_of_case),
    _routes("scope_variables", "/execution/<execution_id>/localVariables", place_of_scope),
    _routes("task_variables", "/task/<user_task_id>/variables", place_of_user_task),
    _routes("task_local_variables", "/task/<user_task_id>/localVariables", place_at_user_task),
)
