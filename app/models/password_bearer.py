"""Who comes in with a name and a password, for programs that know nothing else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, bindparam, exists, select

from app.models.organisation import Group, Membership, User
from app.models.prepared import Prepared, table_of
from app.models.second_factor import SecondFactor
from app.models.signed_in_person import Person, person_of, select_person


@dataclass(frozen=True, slots=True)
class PasswordBearer:
    """An active person; `has_second_factor` is true also where a group demands one."""

    person: Person
    password_hash: str
    has_second_factor: bool


_GROUP, _FACTOR, _OF_GROUPS = table_of(Group), table_of(SecondFactor), table_of(Membership).alias()
_USER = table_of(User).alias("named_user")
_NAMED = select(_USER.c.id.label("user_id"), _USER.c.password_hash).where(_USER.c.id == bindparam("user_id")).subquery()
_HAS_FACTOR = exists().where(_FACTOR.c.user_id == _NAMED.c.user_id, _FACTOR.c.confirmed_at.is_not(None))
_MUST_HAVE_FACTOR = exists().where(
    _OF_GROUPS.c.user_id == _NAMED.c.user_id, _GROUP.c.id == _OF_GROUPS.c.group_id, _GROUP.c.requires_second_factor
)
_PERSON = Prepared(
    select_person(
        _NAMED, _NAMED.c.password_hash, _HAS_FACTOR.label("has_factor"), _MUST_HAVE_FACTOR.label("must_have_factor")
    )
)


def find_password_bearer(engine: Engine, user_id: str, now: datetime) -> PasswordBearer | None:
    """The active person of this name, if there is one with a password; whether it is right is another question."""
    rows = _PERSON.rows_alone(engine, {"user_id": user_id})
    if not rows or rows[0][-3] is None:
        return None
    password_hash, has_factor, must_have_factor = rows[0][-3:]
    person = person_of(rows, token_hash=b"", last_seen_at=now, second_factor="")
    return PasswordBearer(person, password_hash, bool(has_factor or must_have_factor))
