"""Errors as clients of the Camunda 7 engine know them: status, type and message."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Request, current_app

from app.errors import AppError
from app.i18n import N_

View = TypeVar("View", bound=Callable[..., Any])
MARK = "aftercare_status_where_missing"

# By the name of our own error, else by our status: what Camunda 7 says in its place (docs of its REST interface).
_BY_NAME: Mapping[str, tuple[int, str]] = {
    "UserTaskAssignedToOther": (500, "TaskAlreadyClaimedException"),
    "UserTaskAlreadyCompleted": (500, "NullValueException"),
    "UserTaskCancelled": (500, "NullValueException"),
    "UserTaskChanged": (500, "OptimisticLockingException"),
    "CaseChanged": (500, "OptimisticLockingException"),
    "CaseSuspended": (400, "SuspendedEntityInteractionException"),
    "ProcessSuspended": (400, "SuspendedEntityInteractionException"),
    "MessageNotCorrelated": (400, "MismatchingMessageCorrelationException"),
    "MessageAmbiguous": (400, "MismatchingMessageCorrelationException"),
    "BundleRefused": (400, "ParseException"),
    "StepNotDone": (500, "ProcessEngineException"),
    "ChangeRefused": (400, "InvalidRequestException"),
    "UserTaskNotAsRead": (412, "OptimisticLockingException"),
    "KeyUsedDifferently": (422, "InvalidRequestException"),
    "RequestUnderWay": (409, "InvalidRequestException"),
    "AnswerLost": (409, "InvalidRequestException"),
    "ExternalTaskOfOther": (400, "BadUserRequestException"),
}
_BY_STATUS: Mapping[int, tuple[int, str]] = {
    400: (400, "InvalidRequestException"),
    401: (401, "AuthenticationException"),
    403: (403, "AuthorizationException"),
    404: (404, "InvalidRequestException"),
    405: (405, "RestException"),
    409: (500, "ProcessEngineException"),
    413: (413, "InvalidRequestException"),
    415: (415, "RestException"),
    422: (400, "InvalidRequestException"),
    501: (501, "NotImplementedException"),
}


class NotOffered(AppError):
    """The interface of Camunda 7 has this, and this product has not (docs/rest.md)."""

    http_status = 501

    def __init__(self, name: str) -> None:
        super().__init__(N_("This is not offered here: %(name)s. See the list in the documentation."), name=name)


class MalformedRequest(AppError):
    """The request is not of the form that the interface describes."""

    http_status = 400


class UnknownMediaType(AppError):
    """The body is not of a kind that is read here."""

    http_status = 415


def missing_is(status: int) -> Callable[[View], View]:
    """For views whose callers are told of something missing with this status instead of 404, as Camunda 7 does."""

    def mark(view: View) -> View:
        setattr(view, MARK, status)
        return view

    return mark


def camunda_error(asking: Request, name: str, status: int, message: str) -> tuple[int, dict[str, object]]:
    """(status, body) of an error of ours."""
    told_status, told_type = _BY_NAME.get(name) or _BY_STATUS.get(status, (status, "RestException"))
    if told_status == 404:
        view = current_app.view_functions.get(asking.endpoint or "")
        told_status = getattr(view, MARK, told_status)
        told_type = "NullValueException" if told_status >= 500 else told_type
    return told_status, {"type": told_type, "message": message, "code": 0}
