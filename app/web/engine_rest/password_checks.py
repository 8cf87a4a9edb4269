"""/identity/verify and /identity/password-policy: whether a password is right, and whether one would be taken."""

from collections.abc import Iterable
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.password_bearer import find_password_bearer
from app.operations.passwords import LONGEST, SHORTEST, PasswordRefused, check_new_password
from app.web.bearers import needs_scope
from app.web.current import session_time
from app.web.engine_rest.bodies import needed_text, object_in, read_body, text_in
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission, requires
from app.web.proofs import has_proved_password
from app.web.transactions import commits_itself

blueprint = resource("password_checks", "/identity")

GUESSED, OWN_NAMES = "PASSWORD_POLICY_GUESSED_EASILY", "PASSWORD_POLICY_USER_DATA"
LENGTH = {"placeholder": "PASSWORD_POLICY_LENGTH", "parameter": {"minLength": f"{SHORTEST}", "maxLength": f"{LONGEST}"}}
RULES: tuple[dict[str, Any], ...] = (
    LENGTH,
    {"placeholder": GUESSED, "parameter": {}},
    {"placeholder": OWN_NAMES, "parameter": {}},
)


@blueprint.post("/verify")
@requires(Permission.WORK)
@needs_scope("read")
@commits_itself  # the password is checked between two transactions
def verify() -> ResponseReturnValue:
    """Whether it is the person's password, counted as an attempt to sign in.

    As with Basic nobody is let in by it who has a second factor.
    """
    body = read_body()
    user_id, password = needed_text(body, "username"), needed_text(body, "password")
    is_right = has_proved_password(user_id, password)
    found = find_password_bearer(db.engine, user_id, session_time())
    is_authenticated = is_right and found is not None and not found.has_second_factor
    return {"authenticatedUser": user_id, "isAuthenticated": is_authenticated, "tenants": None, "groups": None}


@blueprint.get("/password-policy")
@requires(Permission.WORK)
@needs_scope("read")
def policy() -> ResponseReturnValue:
    """The rules for new passwords."""
    return {"rules": RULES}


@blueprint.post("/password-policy")
@requires(Permission.WORK)
@needs_scope("read")
@commits_itself  # only computes
def check() -> ResponseReturnValue:
    """Whether a password would be taken, and by which rule not."""
    body = read_body()
    rules = [*_judged(needed_text(body, "password"), object_in(body, "profile"))]
    return {"rules": rules, "valid": all(rule["valid"] for rule in rules)}


def _judged(password: str, profile: dict[str, Any]) -> Iterable[dict[str, Any]]:
    about = [text for name in ("id", "firstName", "lastName", "email") if (text := text_in(profile, name))]
    has_length = SHORTEST <= len(password) <= LONGEST
    is_hard = not has_length or _is_taken(password)  # of what has no good length nothing else is said
    is_free_of_names = not (has_length and is_hard) or _is_taken(password, *about)
    for rule, is_kept in zip(RULES, (has_length, is_hard, is_free_of_names), strict=True):
        yield {**rule, "valid": is_kept}


def _is_taken(password: str, *about: str) -> bool:
    try:
        check_new_password(password, *about)
    except PasswordRefused:
        return False
    return True
