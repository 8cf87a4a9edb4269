"""The one place where errors become answers: a page, a piece of one or JSON, in the reader's language."""

from dataclasses import dataclass, field

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from app.errors import AppError, Conflict, InvalidInput
from app.extensions import db
from app.i18n import N_
from app.operations.four_eyes import OwnWork
from app.web.answers import wants_json, wants_partial
from app.web.basic_passwords import challenge
from app.web.bearers import takes_no_cookie
from app.web.camunda_errors import camunda_error
from app.web.own_work import tell_refused_own_work
from app.web.permissions import SignInNeeded
from app.web.problem_details import refusal, wants_problem_details
from app.web.sessions import BACKGROUND_HEADER
from app.web.texts import gettext

TITLES = {
    400: N_("The request cannot be understood"),
    401: N_("Please sign in"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Not possible here"),
    409: N_("Somebody else was quicker"),
    413: N_("Too large"),
    422: N_("Something is not filled in correctly"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong"),
    503: N_("Busy at the moment"),
    507: N_("The disk is full"),
}
MESSAGES = {
    400: N_("Go back, reload the page and try again."),
    404: N_("There is nothing at this address, or nothing that you may see."),
    405: N_("This address does not take requests of this kind. Go back and use the buttons of the page."),
    413: N_("What you sent is larger than allowed. Send a smaller file or less text."),
}
FOR_PROGRAMS = {
    401: N_("Send “Authorization: Bearer …” with a token that is good. People make one under “Tokens for programs”."),
    405: N_("This address does not take requests of this kind."),
}
OTHER_TITLE, OTHER_MESSAGE = N_("This did not work"), N_("Go back and try again.")

UNFORESEEN = "UnforeseenError"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Problem:
    """What the asker is told; `incident` is the number to give to the operator: it is on the log's line (W52)."""

    status: int
    message: str
    error: str
    retry_after: int | None = None
    fields: dict[str, str] = field(default_factory=dict)
    current: object = None

    @property
    def incident(self) -> str | None:
        number = structlog.contextvars.get_contextvars().get("request_id")
        return str(number) if number else None

    @property
    def title(self) -> str:
        return str(gettext(TITLES.get(self.status, OTHER_TITLE)))


def install(app: Flask) -> None:
    """Register the handlers: our own errors, Flask's, and whatever nobody foresaw."""
    app.register_error_handler(AppError, answer_app_error)
    app.register_error_handler(SecurityError, _answer_unknown_host)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(InternalServerError, _answer_unforeseen_error)


def answer_app_error(error: AppError) -> Response:
    """An error of ours in the form the asker can read."""
    db.session.rollback()
    texts = error.fields if isinstance(error, InvalidInput) else {}
    message = tell_refused_own_work(error) if isinstance(error, OwnWork) else gettext(error.msgid, **error.params)
    if isinstance(error, SignInNeeded) and takes_no_cookie(request):
        message = gettext(FOR_PROGRAMS[401])
    return answer_problem(
        Problem(
            status=error.http_status,
            message=message,
            error=type(error).__name__,
            retry_after=getattr(error, "retry_after", None),
            fields={name: gettext(text, **error.params) for name, text in texts.items()},
            current=error.present if isinstance(error, Conflict) else None,
        )
    )


def _answer_unknown_host(_error: SecurityError) -> Response:
    # No page: its links would be built from the name that is not to be trusted.
    structlog.contextvars.bind_contextvars(error="UnknownHost")
    text = gettext("This host name is not one of the product's. Use the address your administrator gave you.")
    return Response(text, status=400, mimetype="text/plain")


def _answer_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    texts = {**MESSAGES, **FOR_PROGRAMS} if takes_no_cookie(request) else MESSAGES
    problem = Problem(status=status, message=gettext(texts.get(status, OTHER_MESSAGE)), error=type(error).__name__)
    answer = answer_problem(problem)
    if allowed := dict(error.get_headers()).get("Allow"):
        answer.headers["Allow"] = allowed
    return answer


def _answer_unforeseen_error(_error: InternalServerError) -> Response:
    # Flask has logged the exception with its stack; the request's id on that line is the incident number.
    db.session.rollback()
    message = gettext("This is our fault. Try again; if it happens again, tell your administrator the incident number.")
    return answer_problem(Problem(status=500, message=message, error=UNFORESEEN))


def answer_problem(problem: Problem) -> Response:
    """A problem in the form the asker can read."""
    structlog.contextvars.bind_contextvars(error=problem.error)  # for the line of the request
    if takes_no_cookie(request):
        return _answer_program(problem)
    answer = _answer_api(problem) if wants_problem_details() else make_response(_render(problem), problem.status)
    if problem.retry_after:
        answer.headers["Retry-After"] = str(problem.retry_after)
    if problem.status == 401 and wants_partial() and _leaves_nothing_behind():
        answer.headers["HX-Redirect"] = url_for("sign_in.form")
    return answer


def _answer_program(problem: Problem) -> Response:
    """As clients of the Camunda 7 engine expect it."""
    status, body = camunda_error(request, problem.error, problem.status, problem.message)
    answer = make_response(jsonify(body), status)
    if problem.retry_after:
        answer.headers["Retry-After"] = str(problem.retry_after)
    if status == 401:
        answer.headers["WWW-Authenticate"] = challenge()
    return answer


def _answer_api(problem: Problem) -> Response:
    return refusal(
        problem.status, problem.title, problem.message, problem.error, fields=problem.fields, incident=problem.incident,
        current=problem.current,
    )


def _leaves_nothing_behind() -> bool:
    """Only who went somewhere is sent to sign in: what is typed into a page must outlive the end of the session."""
    return request.method == "GET" and BACKGROUND_HEADER not in request.headers


def _render(problem: Problem) -> Response | str:
    if wants_json():
        return jsonify(
            error=problem.error, message=problem.message, incident=problem.incident, fields=problem.fields
        )
    if wants_partial():
        return render_template("errors/_message.html", problem=problem)
    template = "errors/unforeseen.html" if problem.error == UNFORESEEN else "errors/page.html"
    return render_template(template, problem=problem)
