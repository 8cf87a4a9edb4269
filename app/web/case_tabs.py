"""The views of a case that its own page and the pages of its user tasks both have, each under an address of its own."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.web.permissions import Permission, requires

CASE_TABS = {
    "history": Permission.READ_HISTORY,
    "diagram": Permission.READ_CASES,
    "discussion": Permission.READ_CASES,
    "files": Permission.READ_CASES,
}


def add_case_tabs(blueprint: Blueprint, page: str, show: Callable[..., ResponseReturnValue]) -> None:
    """A view for each, called after its tab.

    Arguments: page, the rule of the page they belong to; show, which takes what that rule names, and `tab`.
    """
    for tab, permission in CASE_TABS.items():
        view = requires(permission)(partial(show, tab=tab))
        blueprint.add_url_rule(f"{page}/{tab}", endpoint=tab, view_func=view, methods=["GET"])
