"""The second factor: codes of six digits that change every 30 seconds (RFC 6238), and recovery codes."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotFound
from app.i18n import N_
from app.models.organisation import Group, Membership
from app.models.second_factor import RecoveryCode, SecondFactor
from app.models.sign_in import WebSession
from app.operations.actor import Actor
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.sealed_secrets import SealedSecrets

STEP_SECONDS = 30
ALLOWED_DRIFT = (-1, 0, 1)  # steps: a phone's clock may be a little wrong
SECRET_CHARACTERS = 32  # of base32: 160 bits
RECOVERY_CODES = 10
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


class WrongCode(InvalidInput):
    """The code is not the one of this moment, or was used before."""

    def __init__(self) -> None:
        text = N_("This code is wrong or was used before. Wait for the next one.")
        super().__init__(text, fields={"code": text})


class FactorSetUpAlready(Conflict):
    """There is an authenticator; remove it first."""


def has_second_factor(session: Session, user_id: str) -> bool:
    """Whether this person's authenticator is asked for at sign-in."""
    found = session.scalar(
        select(SecondFactor.user_id).where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None))
    )
    return found is not None


def wanted_of_session(session: Session, user_id: str) -> str:
    """How a session that begins with the password alone stands to the second factor (see `WebSession`)."""
    if has_second_factor(session, user_id):
        return "awaited"
    is_required = session.scalar(
        select(Group.id)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.user_id == user_id, Group.requires_second_factor)
        .limit(1)
    )
    return "missing" if is_required is not None else ""


def require_second_factor(session: Session, group_id: str, *, is_required: bool, actor: Actor, now: datetime) -> None:
    """Let a group's members in with a second factor only; who has none must set one up before anything else.

    Raises NotFound for an unknown group.
    """
    group = session.get(Group, group_id)
    if group is None:
        raise NotFound(N_("There is no group “%(group)s”."), group=group_id)
    if group.requires_second_factor == is_required:
        return
    group.requires_second_factor = is_required
    session.flush()
    event = Event("second_factor_required" if is_required else "second_factor_not_required", {"group": group_id})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
    if is_required:
        demand_of_sessions(session, session.scalars(select(Membership.user_id).where(Membership.group_id == group_id)))


def demand_of_sessions(session: Session, user_ids: Iterable[str]) -> None:
    """Those of these people who must have a second factor and have none set it up now, even in the middle of work."""
    required = (
        select(Membership.user_id)
        .join(Group, Group.id == Membership.group_id)
        .where(Group.requires_second_factor, Membership.user_id.in_(list(user_ids)))
    )
    equipped = select(SecondFactor.user_id).where(SecondFactor.confirmed_at.is_not(None))
    session.flush()
    session.execute(
        update(WebSession)
        .where(WebSession.user_id.in_(required), WebSession.user_id.not_in(equipped))
        .values(second_factor="missing")
    )


def begin_set_up(session: Session, user_id: str, sealed: SealedSecrets, *, now: datetime) -> None:
    """Make a new secret, to be confirmed with a first code. Raises FactorSetUpAlready."""
    factor = session.get(SecondFactor, user_id, with_for_update=True)
    if factor is not None and factor.confirmed_at is not None:
        raise FactorSetUpAlready(N_("An authenticator is set up already. Remove it first."))
    secret = sealed.seal(pyotp.random_base32(SECRET_CHARACTERS).encode(), user_id)
    if factor is None:
        session.add(SecondFactor(user_id=user_id, secret=secret, created_at=now, last_step=0))
    else:
        factor.secret, factor.created_at = secret, now
    session.flush()


def secret_to_confirm(session: Session, user_id: str, sealed: SealedSecrets) -> str | None:
    """The secret that waits for its first code, base32; None where there is none (any more)."""
    factor = session.get(SecondFactor, user_id)
    if factor is None or factor.confirmed_at is not None:
        return None
    return sealed.open(factor.secret, user_id).decode()


def confirm_set_up(session: Session, user_id: str, code: str, sealed: SealedSecrets, *, now: datetime) -> list[str]:
    """A first right code: from now on codes are asked for. Returns the recovery codes, shown this once.

    Raises WrongCode, FactorSetUpAlready.
    """
    factor = session.get(SecondFactor, user_id, with_for_update=True)
    if factor is not None and factor.confirmed_at is not None:
        raise FactorSetUpAlready(N_("An authenticator is set up already. Remove it first."))
    if factor is None or not _is_right(factor, code, sealed, now):
        raise WrongCode
    factor.confirmed_at = now
    _tell(session, user_id, "second_factor_set_up", Actor(user_id), now)
    return renew_recovery_codes(session, user_id, now=now)


def renew_recovery_codes(session: Session, user_id: str, *, now: datetime) -> list[str]:
    """Ten new codes; the old ones count no more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_hash(code), created_at=now) for code in codes)
    session.flush()
    _tell(session, user_id, "recovery_codes_renewed", Actor(user_id), now)
    return codes


def check_code(
    session: Session, user_id: str, code: str, sealed: SealedSecrets, *, address: str, now: datetime
) -> None:
    """Let a person pass with the authenticator's code or an unused recovery code, each good for once.

    Raises WrongCode. The caller counts the attempts.
    """
    factor = session.get(SecondFactor, user_id, with_for_update=True)
    if factor is None or factor.confirmed_at is None:
        raise WrongCode
    if _is_right(factor, code, sealed, now):
        session.flush()
        return
    used = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _hash(code), RecoveryCode.used_at.is_(None))
        .values(used_at=now, used_from=address[:64])
        .returning(RecoveryCode.user_id)
    ).first()
    if used is None:
        raise WrongCode
    _tell(session, user_id, "recovery_code_used", Actor(user_id), now)


def recovery_codes_left(session: Session, user_id: str) -> int:
    """How many unused recovery codes a person has."""
    unused = select(func.count()).select_from(RecoveryCode)
    return session.scalar(unused.where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))) or 0


def remove_second_factor(
    session: Session, user_id: str, *, reason: str | None = None, actor: Actor, now: datetime
) -> None:
    """The authenticator and its recovery codes count no more; removing none is no error."""
    removed = session.execute(
        delete(SecondFactor).where(SecondFactor.user_id == user_id).returning(SecondFactor.user_id)
    ).first()
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    if removed is not None:
        _tell(session, user_id, "second_factor_removed", actor, now, reason)


def _is_right(factor: SecondFactor, code: str, sealed: SealedSecrets, now: datetime) -> bool:
    """Whether it is a code of this moment later than the last one used; takes note of it."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return False
    generator = pyotp.TOTP(sealed.open(factor.secret, factor.user_id).decode(), interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    for step in (present + drift for drift in ALLOWED_DRIFT):
        if hmac.compare_digest(generator.generate_otp(step), digits) and step > factor.last_step:
            factor.last_step = step
            return True
    return False


def _recovery_code() -> str:
    signs = [secrets.choice(_READABLE) for _ in range(16)]  # 79 bits
    return "-".join("".join(signs[start : start + 4]) for start in range(0, 16, 4))


def _hash(code: str) -> bytes:
    """Codes are random and long: a plain hash cannot be searched. Blanks, dashes and case do not matter."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(plain.encode()).digest()


def _tell(
    session: Session, user_id: str, event_type: str, actor: Actor, now: datetime, reason: str | None = None
) -> None:
    event = Event(event_type, {"user": user_id}, reason=reason)
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
