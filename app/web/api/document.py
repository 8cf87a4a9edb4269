"""The OpenAPI 3.1 document, made of the operations: their addresses, signatures and shapes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

import msgspec

from app.i18n import N_
from app.web.answered_once import KEY, LONGEST_KEY
from app.web.api import guards
from app.web.api.subjects import JSON, PREFIX, Operation, Subject
from app.web.problem_details import MEDIA_TYPE, Refused
from app.web.texts import gettext

FORMAT, VERSION = "3.1.0", "1.0.0"
SCHEME = "token"
_COMPONENT = "#/components/schemas/{name}"
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
_TRANSLATED = ("summary", "description", "title")
_FILE: Mapping[str, str] = {"type": "string", "format": "binary"}
PLACES: Mapping[str, str] = {
    "clock_id": N_("The id of the clock in the diagram"),
    "customer_id": N_("The id of the customer's file"),
    "import_id": N_("The id of the import"),
    "instance_id": N_("The id of the case"),
    "month": N_("A month, such as 2026-10"),
    "number": N_("Which round of the clock, from 1"),
    "report_id": N_("The id of the issued report"),
    "site_id": N_("The id of the site"),
    "user_task_id": N_("The id of the user task"),
    "vehicle_id": N_("The id of the vehicle's file"),
}
# When an operation answers with which refusal.
REFUSALS: Mapping[int, str] = {
    400: N_("The request cannot be read: no JSON, or something is named twice."),
    401: N_("There is no token, or it is not known, expired or revoked."),
    403: N_("The token was not made for this (see the scope), or its person may not do it."),
    404: N_("There is no such thing, or the person may not know of it."),
    409: N_("It is not possible as things stand: somebody was quicker, or it is done already. Look at it again."),
    412: N_("The thing was changed since the version in If-Match. Ask for it again."),
    413: N_("The request is larger than allowed."),
    415: N_("The body is of another kind than described."),
    422: N_("A value is missing, not known or breaks a rule; “fields” says which and why."),
    429: N_("Too often. Wait as many seconds as Retry-After says."),
    503: N_("The database is busy. Nothing was changed; send it again after as many seconds as Retry-After says."),
    507: N_("The disk is full. Nothing was changed."),
}


def document(subjects: Sequence[Subject], scopes: Iterable[str]) -> dict[str, Any]:
    """The whole document in the reader's language. Arguments: scopes, all there are."""
    operations = [operation for subject in subjects for operation in subject.operations]
    schemas = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for subject in subjects:
        for operation in subject.operations:
            path = _PLACE.sub(r"{\1}", operation.rule)
            paths.setdefault(path, {})[operation.method.lower()] = _described(operation, subject, schemas)
    return {
        "openapi": FORMAT,
        "info": {
            "title": gettext("Aftercare: interface for programs"),
            "version": VERSION,
            "summary": gettext("What the interface of the Camunda 7 engine has no word for."),
        },
        "servers": [{"url": PREFIX}],
        "tags": [
            {"name": one.name, "description": gettext(one.about), "x-title": gettext(one.title)} for one in subjects
        ],
        "security": [{SCHEME: []}],
        "paths": paths,
        "components": {
            "schemas": _translated(schemas),
            "responses": {str(status): _refusal(status) for status in REFUSALS},
            "securitySchemes": {
                SCHEME: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": gettext("An access token of a person, made for some of the scopes: %(scopes)s.",
                                           scopes=", ".join(scopes)),
                }
            },
        },
    }  # fmt: skip


def _schemas(operations: Sequence[Operation]) -> dict[str, Any]:
    shapes = [Refused, *(kind for one in operations for kind in (one.gives, *one.takes.values()) if _is_shape(kind))]
    _, found = msgspec.json.schema_components(shapes, ref_template=_COMPONENT)
    for schema in found.values():
        schema.pop("title", None)
        schema.pop("description", None)  # what is said to who reads the code
        _say_kinds(schema)
    return dict(sorted(found.items()))


def _say_kinds(schema: Any) -> None:
    """Choices are texts: generators of clients want to be told."""
    for node in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(node, dict | list):
            _say_kinds(node)
    if isinstance(schema, dict) and isinstance(schema.get("enum"), list):
        schema.setdefault("type", "string")


def _is_shape(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _described(operation: Operation, subject: Subject, schemas: Mapping[str, Any]) -> dict[str, Any]:
    told = operation.told
    description = gettext(told.about) if told.about else ""
    found: dict[str, Any] = {
        "tags": [subject.name],
        "operationId": operation.name,
        "summary": gettext(told.summary),
        "description": description,
        "x-scope": operation.scope,
        "parameters": list(_parameters(operation, schemas)),
        "responses": _answers(operation),
        "security": [{SCHEME: [operation.scope]}],
    }
    if body := _body(operation, schemas):
        found["requestBody"] = {"required": True, "content": body}
    return found


def _parameters(operation: Operation, schemas: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, kind in operation.places.items():
        (schema,), _ = msgspec.json.schema_components([kind])
        yield _parameter(name, "path", {**schema, "description": PLACES[name]}, is_required=True)
    if "query" in operation.takes:
        shape = schemas[operation.takes["query"].__name__]
        for name, schema in shape["properties"].items():
            yield _parameter(name, "query", schema, is_required=name in shape.get("required", ()))
    if "guard" in operation.takes:
        about = N_("The ETag of the thing as you have seen it; if it was changed since, nothing is done (412)")
        yield _parameter(guards.HEADER, "header", {"type": "string", "description": about}, is_required=False)
    if operation.method != "GET":
        about = N_("Your own word for this request: sent again within a day, it is done once and answered alike")
        schema = {"type": "string", "maxLength": LONGEST_KEY, "description": about}
        yield _parameter(KEY, "header", schema, is_required=False)


def _parameter(name: str, place: str, schema: Mapping[str, Any], *, is_required: bool) -> dict[str, Any]:
    plain = _without_null(schema)
    about = plain.pop("description", "")
    found = {"name": name, "in": place, "required": is_required, "schema": plain}
    return {**found, "description": gettext(about)} if about else found


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter is there or not; nothing in an address is null."""
    plain = {key: value for key, value in schema.items() if key != "default" or value is not None}
    kinds = [kind for kind in plain.get("anyOf", ()) if kind.get("type") != "null"]
    if len(kinds) != 1:
        return plain
    return {**kinds[0], **{key: value for key, value in plain.items() if key != "anyOf"}}


def _body(operation: Operation, schemas: Mapping[str, Any]) -> dict[str, Any]:
    if "body" in operation.takes:
        return {JSON: {"schema": _reference(operation.takes["body"])}}
    if "form" not in operation.takes:
        return {}
    fields = deepcopy(schemas[operation.takes["form"].__name__])
    fields["properties"]["file"] = dict(_FILE)
    fields["required"] = [*fields.get("required", ()), "file"]
    return {"multipart/form-data": {"schema": _translated(fields)}}


def _answers(operation: Operation) -> dict[str, Any]:
    told = operation.told
    found: dict[str, Any] = {"description": gettext(HTTP_WORDS[told.status])}
    if told.files:
        found["content"] = {kind: {"schema": dict(_FILE)} for kind in told.files}
    else:
        found["content"] = {JSON: {"schema": _reference(operation.gives)}}
    if operation.is_versioned:
        about = gettext("The version of the thing, for If-Match")
        found["headers"] = {"ETag": {"description": about, "required": True, "schema": {"type": "string"}}}
    refused = {str(status): {"$ref": f"#/components/responses/{status}"} for status in refusals_of(operation)}
    return {str(told.status): found, **refused}


HTTP_WORDS: Mapping[int, str] = {200: N_("Done, or found."), 201: N_("Made.")}


def refusals_of(operation: Operation) -> list[int]:
    """The refusals that an operation may answer with."""
    takes = operation.takes
    found = {400, 401, 403, 429, 503, *operation.told.refuses}
    found |= {404} if operation.places else set()
    found |= {422} if takes.keys() & {"query", "body", "form"} or operation.method != "GET" else set()
    found |= {412} if "guard" in takes else set()
    found |= {409, 413, 507} if operation.method != "GET" else set()
    found |= {415} if "body" in takes else set()
    return sorted(found)


def _refusal(status: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": gettext(REFUSALS[status]),
        "content": {MEDIA_TYPE: {"schema": _reference(Refused)}},
    }
    if status in (429, 503, 507):
        found["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
    if status == 401:
        found["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return found


def _reference(kind: Any) -> dict[str, str]:
    return {"$ref": _COMPONENT.format(name=kind.__name__)}


def _translated(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {
            name: gettext(value) if name in _TRANSLATED and isinstance(value, str) and value else _translated(value)
            for name, value in node.items()
        }
    return [_translated(one) for one in node] if isinstance(node, list) else node
