"""What the interface of Camunda 7 has and this product has not: 501 with its name. docs/rest.md lists it."""

import re
from collections.abc import Iterator
from typing import NoReturn

from flask import abort

from app.web.answers import ENGINE_PATH
from app.web.bearers import needs_scope
from app.web.camunda_errors import NotOffered
from app.web.current import this_request
from app.web.engine_rest.not_offered import NOT_OFFERED
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission, requires

blueprint = resource("missing")


@blueprint.route("/<path:rest>", methods=["GET", "POST", "PUT", "DELETE"])
@requires(Permission.WORK)
@needs_scope("read")
def missing(rest: str) -> NoReturn:
    """Say what is missing; of what nobody knows that it is unknown."""
    found = next((name for name, pattern in _PATTERNS if pattern.fullmatch(f"{this_request().method} /{rest}")), None)
    if found is None:
        abort(404)
    method, path = found.split(" ")
    raise NotOffered(f"{method} {ENGINE_PATH}{path}")


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for name in NOT_OFFERED:
        parts = re.split(r"\{[^}]*\}", name)
        yield name, re.compile("[^/]+".join(map(re.escape, parts)))


_PATTERNS = tuple(_patterns())
