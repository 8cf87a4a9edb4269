"""The same addresses for every list: rows and their count, with filters in the address or in a body; one row."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.models.program_lists import ProgramList
from app.web.bearers import needs_scope
from app.web.engine_rest.lists import Complete, counted, found_in, listed
from app.web.permissions import Permission, requires
from app.web.transactions import commits_itself

View = Callable[..., ResponseReturnValue]
Shape = Callable[[Any], dict[str, Any]]
BOTH, BY_ADDRESS = ("GET", "POST"), ("GET",)


def add_list(
    blueprint: Blueprint,
    path: str,
    wanted_list: ProgramList,
    shape: Shape,
    permission: Permission = Permission.READ_CASES,
    *,
    scope: str = "read",
    methods: tuple[str, ...] = BOTH,
    complete: Complete | None = None,
) -> None:
    """Add the addresses of a list to a resource.

    Arguments: methods, with which clients ask for it; complete, gives rows with what else their shape needs.
    """

    def query() -> ResponseReturnValue:
        return listed(wanted_list, shape, complete)

    def count() -> ResponseReturnValue:
        return counted(wanted_list)

    add_reading(blueprint, path, methods, query, permission, scope=scope)
    add_reading(blueprint, f"{path}/count", methods, count, permission, scope=scope)


def add_one(
    blueprint: Blueprint,
    rule: str,
    wanted_list: ProgramList,
    shape: Shape,
    missing: Callable[[], AppError],
    permission: Permission = Permission.READ_CASES,
    *,
    scope: str = "read",
    version: Callable[[Any], str] | None = None,
) -> None:
    """Add the address of one row of a list; `rule` ends in its key, `missing` makes the error where there is none.

    Arguments: version, what the ETag says of a row.
    """

    def one(**named: str) -> ResponseReturnValue:
        (key,) = named.values()
        row = found_in(wanted_list, key, missing)
        return (shape(row), {"ETag": version(row)}) if version else shape(row)

    add_reading(blueprint, rule, BY_ADDRESS, one, permission, scope=scope)


def completed(shape: Shape, complete: Complete) -> Shape:
    """The shape of a single row that needs more than the row."""

    def shape_one(row: Any) -> dict[str, Any]:
        (found,) = complete([row])
        return shape(found)

    return shape_one


def add_reading(
    blueprint: Blueprint,
    path: str,
    methods: tuple[str, ...],
    view: View,
    permission: Permission = Permission.READ_CASES,
    *,
    scope: str = "read",
) -> None:
    """Add an address that is only read, whatever the method: it opens no transaction that writes."""
    marked = requires(permission)(needs_scope(scope)(commits_itself(view)))
    for method in methods:
        blueprint.add_url_rule(path, f"{method} {path}".replace(".", "_"), marked, methods=[method])
