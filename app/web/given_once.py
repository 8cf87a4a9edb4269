"""A parameter or field that is sent twice where one value is meant is refused, not guessed at (W40)."""

from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from app.errors import AppError
from app.i18n import N_


class GivenTwice(AppError):
    """The request names something more than once, and what is meant is one value."""

    http_status = 400

    def __init__(self, name: str) -> None:
        super().__init__(
            N_("“%(name)s” was sent more than once, and only one value is meant. Reload the page and try again."),
            name=name[:80],
        )


class GivenOnce(ImmutableMultiDict[str, str]):
    """Parameters of which each has one value, or is read with `getlist` where several are meant."""

    def __getitem__(self, key: str) -> str:
        found: list[str] = dict.get(self, key, ())  # type: ignore[arg-type]
        if len(found) == 1:
            return found[0]
        if found:
            raise GivenTwice(key)
        return super().__getitem__(key)


class OnceRequest(Request):
    """A request whose query and form are `GivenOnce`."""

    parameter_storage_class: Any = GivenOnce


def refuse_repeated_parameters(asking: Request) -> None:
    """Before each request: no parameter of an address has several values, or another in the form. Raises GivenTwice."""
    if not asking.query_string:
        return
    for name, values in asking.args.lists():
        if len(values) > 1 or name in asking.form:
            raise GivenTwice(name)
