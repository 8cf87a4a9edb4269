"""Four eyes: who did the steps that a user task must not share a performer with, and who is the second pair of eyes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from sqlalchemy import ForeignKey, String, bindparam, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Base, UtcDateTime
from app.models.prepared import Prepared, placed, places, table_of
from app.models.user_task import UserTask

_USER_TASK = table_of(UserTask)
_ITEM = "@"


class SecondPairOfEyes(Base):
    """A person of another site who does what nobody of this site may do, because all of them have done the rest."""

    __tablename__ = "second_pair_of_eyes"
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    named_by: Mapped[str] = mapped_column(String(64))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class PartTaken:
    """A step of a case that somebody did, or that was done on that person's behalf."""

    element_id: str
    name: str
    person_id: str
    not_performer_of: str | None = None  # what it excludes itself: says of which item it was

    def bars_from(self, exclusions: Iterable[str]) -> bool:
        """Whether one of these exclusions of a user task means this part.

        `element@item` means the parts in the same multi-instance item; those of before items were told all count.
        """
        items = {exclusion.partition(_ITEM)[2] for exclusion in (self.not_performer_of or "").split()} - {""}
        for exclusion in exclusions:
            element_id, _, item = exclusion.partition(_ITEM)
            if element_id == self.element_id and (not item or not items or item in items):
                return True
        return False


class Exclusive(Protocol):
    """What is asked of a user task here."""

    @property
    def id(self) -> str: ...
    @property
    def instance_id(self) -> str: ...
    @property
    def not_performer_of(self) -> str | None: ...


def element_ids(not_performer_of: str | None) -> list[str]:
    """The elements that the column of this name lists."""
    return [exclusion.partition(_ITEM)[0] for exclusion in (not_performer_of or "").split()]


def parts_taken(session: Session, instance_id: str, elements: Collection[str]) -> list[PartTaken]:
    """Who did these elements of a case, the persons acted for among them."""
    if not elements:
        return []
    values = placed("element", elements)
    rows = _parts(len(values)).rows(session, {**values, "instance_id": instance_id})
    return [
        PartTaken(element, name, person, excluded)
        for element, name, excluded, *people in rows
        for person in people
        if person
    ]


def performed_under_four_eyes(session: Session, instance_id: str) -> frozenset[str]:
    """The elements of a case that somebody did and that exclude others."""
    found = select(_USER_TASK.c.element_id).where(
        _USER_TASK.c.instance_id == instance_id,
        _USER_TASK.c.state == "completed",
        _USER_TASK.c.not_performer_of.is_not(None),
    )
    return frozenset(session.scalars(found))


def own_parts(session: Session, people: Collection[str], user_tasks: Iterable[Exclusive]) -> dict[str, PartTaken]:
    """Id of a user task -> what keeps these people from doing it; nothing is asked where nothing is excluded."""
    exclusive = [user_task for user_task in user_tasks if user_task.not_performer_of]
    if not exclusive or not people:
        return {}
    cases, persons = placed("case", {one.instance_id for one in exclusive}), placed("person", people)
    found = _own(len(cases), len(persons)).rows(session, cases | persons)
    kept: dict[str, PartTaken] = {}
    for user_task in exclusive:
        exclusions = (user_task.not_performer_of or "").split()
        for instance_id, *of_part in found:
            part = PartTaken(*of_part)
            if instance_id == user_task.instance_id and part.bars_from(exclusions):
                kept.setdefault(user_task.id, part)
    return kept


@lru_cache(maxsize=16)
def _parts(count: int) -> Prepared:
    return Prepared(
        select(
            _USER_TASK.c.element_id,
            _USER_TASK.c.name,
            _USER_TASK.c.not_performer_of,
            _USER_TASK.c.ended_by,
            _USER_TASK.c.ended_for,
        ).where(
            _USER_TASK.c.instance_id == bindparam("instance_id"),
            _USER_TASK.c.state == "completed",
            _USER_TASK.c.element_id.in_(places("element", count)),
        )
    )


@lru_cache(maxsize=64)
def _own(cases: int, persons: int) -> Prepared:
    people = places("person", persons)
    return Prepared(
        select(
            _USER_TASK.c.instance_id,
            _USER_TASK.c.element_id,
            _USER_TASK.c.name,
            _USER_TASK.c.ended_by,
            _USER_TASK.c.not_performer_of,
        )
        .where(
            _USER_TASK.c.instance_id.in_(places("case", cases)),
            _USER_TASK.c.state == "completed",
            or_(_USER_TASK.c.ended_by.in_(people), _USER_TASK.c.ended_for.in_(people)),
        )
        .order_by(_USER_TASK.c.ended_at)
    )
