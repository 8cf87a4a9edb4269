"""Which texts of a case can be found. A kind of text that should be found as well gets its statement here."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, String, select, type_coerce
from sqlalchemy.orm import Session

from app import feel
from app.models.case_content import Attachment, Comment
from app.models.customer import Customer, Vehicle, Visit
from app.models.history import Erasure
from app.models.process_instance import ProcessInstance, Variable
from app.models.search_index import PART
from app.models.search_words import plain_words

LONGEST_CASE = 50_000  # signs of a case that are kept; people search for what stands at its beginning

SHOWN_FILES = ("pending", "available")

_ID = re.compile(r"[0-9a-f]{32}(\.\d+)?")
_CASES = (
    select(
        ProcessInstance.id, ProcessInstance.site_id, ProcessInstance.case_number, ProcessInstance.business_key,
        ProcessInstance.title, Customer.name, Customer.phone, Vehicle.plate, Vehicle.vin, Vehicle.model,
        Visit.order_number, Visit.contact_phone, Visit.sent_in_by,
        Customer.erased_at, Erasure.subject_id.label("erased_id"),
    )
    .outerjoin(Customer, Customer.id == ProcessInstance.customer_id)
    .outerjoin(Vehicle, Vehicle.id == ProcessInstance.vehicle_id)
    .outerjoin(Visit, Visit.id == ProcessInstance.visit_id)
    .outerjoin(Erasure, Erasure.subject_id.in_((ProcessInstance.customer_id, ProcessInstance.id)))
)  # fmt: skip


@dataclass(slots=True)
class CaseTexts:
    """The texts of a case by place; of a customer who was erased nothing but the case's number is found any more."""

    instance_id: str
    site_id: str
    identity: list[str]
    heading: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    is_erased: bool = False

    @property
    def content(self) -> str:
        """As `SearchCase.content` has it."""
        parts = (self.identity, self.heading, self.texts)
        return PART.join("\n".join(_plain(part)) for part in parts)[:LONGEST_CASE]


def texts_of_cases(session: Session, instance_ids: Collection[str]) -> list[CaseTexts]:
    """What is to be found of some cases, in the order in which they were started."""
    cases = {row.id: _case(row) for row in session.execute(_CASES.where(ProcessInstance.id.in_(instance_ids)))}
    told = [case.instance_id for case in cases.values() if not case.is_erased]
    for statement in _texts(told):
        for instance_id, text in session.execute(statement):
            cases[instance_id].texts.append(text)
    for instance_id, value in session.execute(_variables(told)):
        cases[instance_id].texts += _strings(feel.decode(json.loads(value)))
    return [cases[instance_id] for instance_id in sorted(cases)]


def _case(row: Sequence[str | None]) -> CaseTexts:
    (instance_id, site_id, number, key, title, name, phone, plate, vin, model, order, contact, sender, *erased) = row
    if any(erased):
        return CaseTexts(str(instance_id), str(site_id), [str(number)], is_erased=True)
    return CaseTexts(
        str(instance_id),
        str(site_id),
        [text for text in (number, key, phone, plate, vin, order, contact) if text],
        [text for text in (title, name, model, sender) if text],
    )


def _texts(instance_ids: Collection[str]) -> Iterator[Select[str, str]]:
    yield (
        select(Comment.instance_id, Comment.text)
        .where(Comment.instance_id.in_(instance_ids))
        .order_by(Comment.written_at, Comment.id)
    )
    yield (
        select(type_coerce(Attachment.instance_id, String), Attachment.original_name)
        .where(Attachment.instance_id.in_(instance_ids), Attachment.state.in_(SHOWN_FILES))
        .order_by(Attachment.uploaded_at, Attachment.id)
    )


def _variables(instance_ids: Collection[str]) -> Select[str, str]:
    """Texts, alone or inside of lists and contexts; numbers, dates and yes or no tell nothing without their name."""
    return (
        select(Variable.instance_id, Variable.value)
        .where(Variable.instance_id.in_(instance_ids), Variable.value.contains('"', autoescape=True))
        .order_by(Variable.instance_id, Variable.name, Variable.execution_id)
    )


def _strings(value: object) -> Iterator[str]:
    """The texts in a variable's value; identifiers of persons and vehicles are no words."""
    match value:
        case str():
            if not _ID.fullmatch(value):
                yield value
        case list():
            for part in value:
                yield from _strings(part)
        case dict():
            for part in value.values():
                yield from _strings(part)


def _plain(texts: Iterable[str]) -> Iterator[str]:
    """Each text once."""
    return (plain for plain in dict.fromkeys(map(plain_words, texts)) if plain)
