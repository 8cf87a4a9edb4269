"""What each view demands of who asks, declared at the view and enforced before it runs; undeclared = no start."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

import structlog
from flask import Flask, Request, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.errors import AppError, NotAllowed
from app.i18n import N_
from app.models.customer_access import FILE_CHANGERS, FILE_READERS
from app.models.signed_in_person import Person
from app.operations.customer_authority import EXPORTERS, FILERS, MERGERS, REVIEWERS
from app.web.answers import PROGRAM_PATHS, wants_page
from app.web.redirects import here

View = TypeVar("View", bound=Callable[..., Any])
MARK = "aftercare_permission"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

log = structlog.get_logger(__name__)


class Permission(StrEnum):
    """What a view may demand. Which cases somebody sees is decided by the queries, not here."""

    WORK = "work"
    READ_CASES = "read_cases"
    READ_HISTORY = "read_history"
    START_PROCESS = "start_process"
    IMPORT_VISITS = "import_visits"
    DEPLOY = "deploy"
    CHANGE_CASES = "change_cases"
    ADMINISTER = "administer"
    SET_UP_WEBHOOKS = "set_up_webhooks"
    SEE_SUBSTITUTIONS = "see_substitutions"
    READ_CONFIGURATION = "read_configuration"
    READ_REPORTS = "read_reports"
    EXPORT_REPORTS = "export_reports"
    SEE_DASHBOARD = "see_dashboard"
    CALL_CUSTOMERS = "call_customers"
    EDIT_QUESTIONNAIRES = "edit_questionnaires"
    READ_CUSTOMERS = "read_customers"
    CHANGE_CUSTOMERS = "change_customers"
    REVIEW_CUSTOMERS = "review_customers"
    FILE_CUSTOMERS = "file_customers"
    MERGE_CUSTOMERS = "merge_customers"
    EXPORT_CUSTOMERS = "export_customers"
    SEE_PLAN = "see_plan"
    CHANGE_PLAN = "change_plan"
    SET_PLAN = "set_plan"
    USE_LISTS = "use_lists"


PUBLIC, SIGNED_IN = "public", "signed_in"
EVERYBODY = frozenset({Permission.WORK, Permission.READ_CASES, Permission.READ_HISTORY, Permission.START_PROCESS})
READ_ONLY = frozenset({Permission.WORK, Permission.READ_CASES, Permission.READ_HISTORY})
# All that somebody may do who signed in with a password that somebody else knows.
BEFORE_PASSWORD_CHANGE = ("account.password", "account.change_password", "sign_in.sign_out")
# All that somebody may do whose code was not yet asked for, and who must set up an authenticator first (W27).
BEFORE_SECOND_FACTOR = ("second_factor.form", "second_factor.check", "sign_in.sign_out")
BEFORE_SET_UP = ("second_factor.set_up", "second_factor.begin", "second_factor.confirm", "sign_in.sign_out")
READ_ONLY_GROUPS = frozenset({"auditor"})
# Reports have figures and no word of a customer; to carry them out of the house is a permission of its own.
REPORTS = frozenset({Permission.READ_REPORTS, Permission.EXPORT_REPORTS})
MANAGEMENT = REPORTS | {Permission.SEE_DASHBOARD}
# The plan of follow-ups: operations ask once more, by level and occasion.
PLANNERS = frozenset({Permission.SEE_PLAN, Permission.CHANGE_PLAN, Permission.USE_LISTS})
PLAN_LEADERS = PLANNERS | {Permission.SET_PLAN}
MANAGERS = ("business_manager", "customer_service_manager", "department_head", "general_manager", "service_manager")
GRANTS: dict[str, frozenset[Permission]] = {
    "auditor": READ_ONLY
    | {
        Permission.SEE_SUBSTITUTIONS,
        Permission.READ_CONFIGURATION,
        Permission.READ_REPORTS,
        Permission.SEE_DASHBOARD,
        Permission.SEE_PLAN,
        Permission.USE_LISTS,
    },
    "service_advisor": EVERYBODY | {Permission.IMPORT_VISITS, Permission.USE_LISTS},
    "cr_advisor": EVERYBODY
    | REPORTS
    | {Permission.IMPORT_VISITS, Permission.CALL_CUSTOMERS, Permission.SEE_PLAN, Permission.CHANGE_PLAN},
    "customer_service": EVERYBODY | PLANNERS | {Permission.READ_REPORTS, Permission.CALL_CUSTOMERS},
    "technical_expert": EVERYBODY | {Permission.READ_REPORTS},
    "gm_office": EVERYBODY | MANAGEMENT | PLANNERS | {Permission.CALL_CUSTOMERS},
    "records_clerk": EVERYBODY | {Permission.IMPORT_VISITS},
    "front_desk": EVERYBODY | {Permission.IMPORT_VISITS, Permission.USE_LISTS},
    **{
        group: EVERYBODY | MANAGEMENT | PLAN_LEADERS | {Permission.SEE_SUBSTITUTIONS, Permission.EDIT_QUESTIONNAIRES}
        for group in MANAGERS
    },
    "process_owner": EVERYBODY
    | PLAN_LEADERS
    | {
        Permission.DEPLOY,
        Permission.CHANGE_CASES,
        Permission.SET_UP_WEBHOOKS,
        Permission.SEE_SUBSTITUTIONS,
        Permission.READ_REPORTS,
        Permission.SEE_DASHBOARD,
    },
    "admin": EVERYBODY
    | PLAN_LEADERS
    | {
        Permission.ADMINISTER,
        Permission.CHANGE_CASES,
        Permission.SET_UP_WEBHOOKS,
        Permission.IMPORT_VISITS,
        Permission.SEE_SUBSTITUTIONS,
        Permission.READ_CONFIGURATION,
    },
}


# Customer and vehicle files are for those who need to know them: not for administrators and owners of processes.
FILE_GRANTS: dict[Permission, frozenset[str]] = {
    Permission.READ_CUSTOMERS: FILE_READERS,
    Permission.CHANGE_CUSTOMERS: FILE_CHANGERS,
    Permission.REVIEW_CUSTOMERS: REVIEWERS,
    Permission.FILE_CUSTOMERS: FILERS,
    Permission.MERGE_CUSTOMERS: MERGERS,
    Permission.EXPORT_CUSTOMERS: EXPORTERS,
}


class SignInNeeded(AppError):
    """Nobody is signed in, or the session has ended."""

    http_status = 401


def public(view: View) -> View:
    """Anybody may ask, signed in or not."""
    return _mark(view, PUBLIC)


def signed_in(view: View) -> View:
    """Anybody signed in may ask."""
    return _mark(view, SIGNED_IN)


def requires(permission: Permission) -> Callable[[View], View]:
    """Only who has the permission at one site or more may ask; views narrow it down with `sites_with`."""
    return lambda view: _mark(view, permission)


def permissions_of(person: Person) -> frozenset[Permission]:
    """All permissions of a person, at any site."""
    return frozenset().union(*(granted(group) for group in person.groups))


@cache
def granted(group: str) -> frozenset[Permission]:
    """What the members of a group may do at its site."""
    of_files = (permission for permission, groups in FILE_GRANTS.items() if group in groups)
    return GRANTS.get(group, EVERYBODY) | frozenset(of_files)


def sites_with(person: Person, permission: Permission) -> frozenset[str]:
    """The sites at which a person has a permission."""
    return frozenset(site for group, site in person.memberships if permission in granted(group))


def is_read_only(person: Person) -> bool:
    """Auditors read everything at their sites and change nothing (domain page, section 1)."""
    return bool(person.groups) and person.groups <= READ_ONLY_GROUPS


def declared(app: Flask) -> dict[str, str]:
    """Endpoint -> what its view demands; endpoints without a declaration are missing."""
    return {name: getattr(view, MARK) for name, view in app.view_functions.items() if hasattr(view, MARK)}


def check_all_routes_declare(app: Flask) -> None:
    """Refuse to start when a view forgot to say who may use it."""
    undeclared = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - declared(app).keys())
    if undeclared:
        raise LookupError(f"no permission declared by the views {', '.join(undeclared)}")


def is_public(endpoint: str | None) -> bool:
    """Whether anybody may ask; of what does not exist the router says so."""
    view = current_app.view_functions.get(endpoint or "")
    return view is None or getattr(view, MARK, None) == PUBLIC


def enforce(asking: Request, person: Person | None) -> Response | None:
    """Before each request: refuse, or send to sign in, who may not do this."""
    if is_public(asking.endpoint):
        return None
    view = current_app.view_functions[asking.endpoint or ""]
    if person is None:
        return _ask_to_sign_in()
    if person.second_factor or person.must_change_password:
        unfinished = _finish_sign_in(person)
        if unfinished is not None:
            return unfinished
    demanded = getattr(view, MARK, None)
    if not _may(person, demanded, asking.method):
        log.warning("access_denied", user=person.id, endpoint=asking.endpoint, demanded=demanded)
        raise NotAllowed(N_("Your groups do not allow this. Ask your administrator if you need it."))
    return None


def _may(person: Person, demanded: str | None, method: str) -> bool:
    if demanded == SIGNED_IN:
        return True
    if demanded not in permissions_of(person):
        return False
    return method in SAFE_METHODS or not is_read_only(person)


def _ask_to_sign_in() -> Response:
    if request.method == "GET" and wants_page():
        return redirect(url_for("sign_in.form", next=here()))
    raise SignInNeeded(N_("You are not signed in any more. Sign in again in another tab; what you typed stays here."))


def _finish_sign_in(person: Person) -> Response | None:
    """What has to happen before anything else: the code, then a password of one's own, then an authenticator."""
    if person.second_factor == "awaited":
        return _only(BEFORE_SECOND_FACTOR, "second_factor.form")
    if person.must_change_password:
        return _only(BEFORE_PASSWORD_CHANGE, "account.password")
    if person.second_factor == "missing":
        return _only(BEFORE_SET_UP, "second_factor.set_up")
    return None


def _only(allowed: tuple[str, ...], page: str) -> Response | None:
    if request.endpoint in allowed:
        return None
    is_program = request.path.startswith(PROGRAM_PATHS)
    if page == "account.password" and not is_program:  # which ends in a new session, at its beginning
        return redirect(url_for(page))
    if request.method == "GET" and wants_page():
        return redirect(url_for(page, next=here()))
    raise NotAllowed(N_("Finish signing in first: open any page and follow it."))


def _mark(view: View, demanded: str) -> View:
    setattr(view, MARK, demanded)
    return view
