"""Versions of user tasks: `ETag` says which one was read, `If-Match` changes only that one (RFC 9110, 13.1.1)."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from flask import make_response
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.errors import AppError
from app.extensions import db
from app.i18n import N_
from app.models import UserTask
from app.operations.user_task_rows import UserTaskChanged
from app.web.current import this_request
from app.web.user_task_detail import find_place

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class UserTaskNotAsRead(AppError):
    """The user task is no longer the one that the program read."""

    http_status = 412

    def __init__(self) -> None:
        super().__init__(N_("This task was changed in the meantime. Read it again, then decide."))


def etag(revision: int) -> str:
    """The version of a user task, as the header says it."""
    return f'"{revision}"'


def if_match(view: View) -> View:
    """For views that change a user task: with `If-Match` only the version it names, and the answer tells the new one.

    The version is that of the task itself, not of the values in its case. Without the header all is as before.
    """

    @wraps(view)
    def guarded(user_task_id: str) -> ResponseReturnValue:
        wanted = this_request().if_match
        if not wanted:
            return view(user_task_id)
        read = find_place(user_task_id).user_task.revision
        if str(read) not in wanted:
            raise UserTaskNotAsRead
        try:
            answer = make_response(view(user_task_id))
        except UserTaskChanged as error:
            raise UserTaskNotAsRead from error
        now = db.session.scalar(select(UserTask.revision).where(UserTask.id == user_task_id))
        answer.headers["ETag"] = etag(now or read)
        return answer

    return guarded  # type: ignore[return-value]
