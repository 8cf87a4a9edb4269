"""Operations by subject. What an operation takes and gives is said once, by the signature of its view.

Of a view's arguments `query` is read from the address, `body` from JSON, `form` from the fields beside a file, `guard`
compares versions (If-Match); all others are places of the address. Nothing else is taken, and the document says exactly
this (document.py). What is sent again with its Idempotency-Key never comes here (answered_once.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, get_type_hints

import msgspec
from flask import Blueprint, Response, current_app

from app.web.answers import API_PATH
from app.web.api.guards import Guard
from app.web.api.received import read_form, read_json, read_query, refuse_impossible
from app.web.api.shapes import VersionedShape
from app.web.bearers import needs_scope, refuse_missing_scope
from app.web.current import this_request
from app.web.permissions import Permission, requires, signed_in
from app.web.rate_limits import within_limit

PREFIX = f"{API_PATH}/v1"
JSON = "application/json"
View = TypeVar("View", bound=Callable[..., Any])

_READ: Mapping[str, Callable[[Any], Any]] = {"query": read_query, "body": read_json, "form": read_form}
_MADE: Mapping[str, Callable[[], Any]] = {"guard": Guard}


@dataclass(frozen=True, slots=True)
class Told:
    """What the reader is told of an operation besides its signature: `summary` in a few words, `about` in sentences."""

    summary: str
    about: str = ""
    status: int = 200
    refuses: Sequence[int] = ()  # besides those that follow from the signature
    files: Sequence[str] = ()  # media types, where the answer is a file


@dataclass(frozen=True, slots=True)
class Operation:
    """An address with a method; `takes` has the arguments of its view with their types, `gives` what it returns."""

    name: str
    method: str
    rule: str
    scope: str
    told: Told
    takes: Mapping[str, Any]
    gives: Any

    @property
    def places(self) -> dict[str, Any]:
        """The places of its address."""
        return {name: kind for name, kind in self.takes.items() if name not in _READ and name not in _MADE}

    @property
    def is_versioned(self) -> bool:
        """Whether the answer has an ETag."""
        return isinstance(self.gives, type) and issubclass(self.gives, VersionedShape)


@dataclass
class Subject:
    """Operations that belong together; `title` and `about` are for the reader."""

    name: str
    title: str
    about: str
    operations: list[Operation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blueprint = Blueprint(f"api_{self.name}", __name__, url_prefix=PREFIX)
        self.blueprint.before_request(_admit)

    def offers(
        self, method: str, rule: str, permission: Permission | None, scope: str, told: Told
    ) -> Callable[[View], View]:
        """Make a view an operation. Arguments: permission, None where anybody signed in may; scope, of the token."""

        def offer(view: View) -> View:
            types = get_type_hints(view, include_extras=True)
            gives = types.pop("return")
            operation = Operation(view.__name__, method, rule, scope, told, types, gives)
            self.operations.append(operation)
            marked = (signed_in if permission is None else requires(permission))(_answering(view, operation))
            self.blueprint.add_url_rule(rule, view.__name__, needs_scope(scope)(marked), methods=[method])
            return view

        return offer


def _answering(view: Callable[..., Any], operation: Operation) -> Callable[..., Response]:
    reads = [(name, _READ[name], kind) for name, kind in operation.takes.items() if name in _READ]
    makes = [(name, _MADE[name]) for name in operation.takes if name in _MADE]

    @wraps(view)
    def answer(**places: Any) -> Response:
        refuse_impossible(places)
        taken = {name: read(kind) for name, read, kind in reads}
        given = view(**places, **taken, **{name: make() for name, make in makes})
        return given if isinstance(given, Response) else _json(given, operation.told.status)

    return answer


def _json(given: Any, status: int) -> Response:
    answer = Response(msgspec.json.encode(given), status, mimetype=JSON)
    if isinstance(given, VersionedShape):
        answer.headers["ETag"] = given.version
    return answer


def _admit() -> None:
    within_limit("api")
    refuse_missing_scope(current_app.view_functions[this_request().endpoint or ""])
