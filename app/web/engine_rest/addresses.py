"""Addresses as clients of Camunda 7 write them: named engine, superfluous slashes, identifiers as UUIDs with dashes."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.web.answers import ENGINE_PATH

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NAMED_ENGINE = ["engine", "default"]
# Behind these stand names that people or other systems gave: they stay as they are.
_NAMES_FOLLOW = frozenset(
    {
        "user", "group", "tenant", "members", "group-members", "user-members", "tenant-id", "key",
        "variables", "localVariables", "resources",
    }
)  # fmt: skip
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_OF_IDENTIFIERS = re.compile(
    r".*(instance|execution|task|job|incident|deployment|definition|variable|batch)Ids?(In|NotIn)?", re.IGNORECASE
)


class PlainAddresses:
    """WSGI middleware: everything behind it sees one way to write an address of this interface."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(ENGINE_PATH) and path[len(ENGINE_PATH) :][:1] in ("", "/"):
            environ["PATH_INFO"] = plain_address(path)
        return self._application(environ, start_response)


def plain_address(path: str) -> str:
    """An address without the name of the engine, empty parts, and dashes in identifiers."""
    parts = [part for part in path.removeprefix(ENGINE_PATH).split("/") if part]
    if parts[:2] == NAMED_ENGINE and len(parts) > len(NAMED_ENGINE):
        del parts[:2]
    before = ["", *parts]
    plain = (
        part if name in _NAMES_FOLLOW else plain_identifier(part) for name, part in zip(before, parts, strict=False)
    )
    return f"{ENGINE_PATH}/{'/'.join(plain)}"


def plain_identifier(text: str) -> str:
    """Typed clients read our identifiers as UUIDs and write them with dashes."""
    return text.replace("-", "").lower() if _UUID.fullmatch(text) else text


def plain_value(name: str, text: str) -> str:
    """A value that stands under a name in a body or a query, as an identifier without its dashes."""
    return plain_identifier(text) if names_identifiers(name) else text


def names_identifiers(name: str) -> bool:
    """Whether values of this name are identifiers that were given here, not names of people or other systems."""
    return _OF_IDENTIFIERS.fullmatch(name) is not None
