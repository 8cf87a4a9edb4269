"""Refusals of /api/v1 as programs read them: `application/problem+json` (RFC 9457), in the person's language."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from flask import Response
from msgspec import Meta

from app.i18n import N_
from app.web.current import this_request

MEDIA_TYPE = "application/problem+json"
EXPLAINED_AT = "/api-reference"


class Refused(msgspec.Struct, frozen=True):
    """A refusal; its names are those of RFC 9457, and three of our own."""

    type: Annotated[str, Meta(description=N_("What kind of problem it is: the address of an explanation"))]
    title: Annotated[str, Meta(description=N_("The status in words"))]
    status: int
    detail: Annotated[str, Meta(description=N_("What happened and what to do, in the person's language"))]
    instance: Annotated[str, Meta(description=N_("The address that was asked"))]
    error: Annotated[str, Meta(description=N_("The name of the problem, for programs: it stays the same"))]
    fields: Annotated[dict[str, str], Meta(description=N_("What is wrong with which field of the request"))]
    incident: Annotated[
        str | None, Meta(description=N_("The number of the request in the log, for the administrator"))
    ] = None
    current: Annotated[
        Any, Meta(description=N_("What there is now, where somebody was quicker and the operation tells it"))
    ] = None


def wants_problem_details() -> bool:
    """Whether the request is one for that interface."""
    return this_request().path.startswith("/api/")


def refusal(
    status: int, title: str, detail: str, name: str, *, fields: Mapping[str, str], incident: str | None,
    current: object = None,
) -> Response:  # fmt: skip
    """The answer. Arguments: name, of the error; current, a shape, where somebody was quicker."""
    told = Refused(
        type=f"{EXPLAINED_AT}#status-{status}", title=title, status=status, detail=detail, instance=this_request().path,
        error=name, fields={_camel(place): text for place, text in fields.items()}, incident=incident,
        current=current,
    )  # fmt: skip
    answer = Response(msgspec.json.encode(told), status, content_type=MEDIA_TYPE)
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _camel(name: str) -> str:
    """A field by the name that the interface gives it."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
