"""How much a request may bring: little, but for the few views that take files."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Request, current_app

MARK = "aftercare_receives_files"
LARGEST_REQUEST = 2 * 1024 * 1024  # bytes
View = TypeVar("View", bound=Callable[..., Any])


def receives_files(view: View) -> View:
    """For views that take files: their requests may be as large as the settings allow."""
    setattr(view, MARK, True)
    return view


def allow_uploads(asking: Request) -> None:
    """Before each request, before anything reads its body."""
    if asking.method == "POST" and getattr(current_app.view_functions.get(asking.endpoint or ""), MARK, False):
        asking.max_content_length = max(current_app.config["LARGEST_UPLOAD"], LARGEST_REQUEST)
