"""Cases: found, shown, with their history and whether it is as it was recorded; the diagram as a document."""

from typing import Annotated, Any, Literal

from flask import Response
from msgspec import Meta

from app.extensions import db
from app.i18n import N_
from app.models.case_list import CaseFilter, CaseRow, case_page
from app.operations.history import case_stream
from app.operations.history_chains_check import verify_chains
from app.operations.history_reading import RecordedEvent, read_events
from app.web.api.shapes import Cursor, Moment, Next, Received, Shape
from app.web.api.subjects import Subject, Told
from app.web.case_documents import diagram_pdf
from app.web.content_places import existing_case
from app.web.current import current_person
from app.web.looks import log_look
from app.web.permissions import Permission
from app.web.searched_words import searched_words
from app.web.texts import gettext

CASES = Subject(
    "cases", N_("Cases"),
    N_("What happened in a case, by whom and why. Starting and changing cases is done through /engine-rest."),
)  # fmt: skip
MOST_EVENTS = 500


class ListedCase(Shape, frozen=True):
    """A case of a list."""

    id: str
    number: str
    title: str
    process: str
    state: str
    is_suspended: bool
    started_at: Moment
    started_by: str
    ended_at: Moment | None
    customer: str | None
    plate: str | None


class CaseList(Shape, frozen=True):
    """A page of cases."""

    cases: list[ListedCase]
    next: Next


class ShownCase(Shape, frozen=True):
    """A case."""

    id: str
    number: str
    title: str
    process: str
    definition: str
    site: str
    state: str
    is_suspended: bool
    business_key: str | None
    started_at: Moment
    started_by: str
    ended_at: Moment | None
    customer: Annotated[str | None, Meta(description=N_("The id of the file"))]
    vehicle: Annotated[str | None, Meta(description=N_("The id of the file"))]
    origin: Annotated[str | None, Meta(description=N_("The case this one came from"))]


class RecordedStep(Shape, frozen=True):
    """An event as it was recorded."""

    number: Annotated[int, Meta(description=N_("Its place in the history of the case, from 1"))]
    type: str
    at: Moment
    person: str
    on_behalf_of: str | None
    program: Annotated[
        str | None, Meta(description=N_("The program that the person acted through, by its token's name"))
    ]
    element: Annotated[str | None, Meta(description=N_("The element of the diagram"))]
    activity: Annotated[str | None, Meta(description=N_("The pass through the element; of a user task its id"))]
    reason: str | None
    facts: dict[str, Any]
    personal: Annotated[
        dict[str, Any] | None,
        Meta(description=N_("What is about people; null where there is nothing or it was erased")),
    ]
    is_erased: bool
    hash: Annotated[str, Meta(description=N_("SHA-256 over it and the event before, in hexadecimal digits"))]


class CaseHistory(Shape, frozen=True):
    """A part of a history, in order."""

    events: list[RecordedStep]
    next: Annotated[int | None, Meta(description=N_("What to give as “after” for what follows; null at the end"))]


class CaseVerification(Shape, frozen=True):
    """Whether the history of a case is as it was recorded."""

    is_intact: bool
    events: int
    problem: Annotated[str, Meta(description=N_("The first thing that is not as it was; empty where all is"))]


class WantedCases(Received, frozen=True):
    """Which of them."""

    state: Literal["open", "incident", "completed", "cancelled", "all"] = "open"
    process: Annotated[str, Meta(max_length=255, description=N_("The key of the process"))] = ""
    q: Annotated[str, Meta(max_length=200, description=N_("Words: number, customer, plate, phone, title"))] = ""
    after: Cursor | None = None


class WantedEvents(Received, frozen=True):
    """Which part of the history."""

    after: Annotated[int, Meta(ge=0, lt=2**31, description=N_("The number of the last event you have"))] = 0
    limit: Annotated[int, Meta(ge=1, le=MOST_EVENTS, description=N_("How many at most"))] = 100


@CASES.offers("GET", "/cases", Permission.READ_CASES, "read", Told(N_("List or find cases, the newest first")))
def list_cases(query: WantedCases) -> CaseList:
    """Those the person may see."""
    wanted = CaseFilter(query.state, query.process or None, searched_words())
    page = case_page(db.session(), current_person().id, wanted, after=query.after)
    return CaseList([listed_case(row) for row in page.rows], page.next_cursor)


@CASES.offers("GET", "/cases/<instance_id>", Permission.READ_CASES, "read", Told(N_("Show a case")))
def show_case(instance_id: str) -> ShownCase:
    """One of them; its customer counts as looked at."""
    log_look(existing_case(instance_id).customer_id)
    case = existing_case(instance_id)
    return ShownCase(
        id=case.id, number=case.case_number, title=case.title, process=case.process_key, definition=case.definition_id,
        site=case.site_id, state=case.state, is_suspended=case.is_suspended, business_key=case.business_key,
        started_at=case.started_at, started_by=case.started_by, ended_at=case.ended_at, customer=case.customer_id,
        vehicle=case.vehicle_id, origin=case.origin_id,
    )  # fmt: skip


@CASES.offers(
    "GET", "/cases/<instance_id>/history", Permission.READ_CASES, "read",
    Told(N_("Read the history of a case"), N_("Every step in order: who, when, for whom, why, old and new values.")),
)  # fmt: skip
def case_history(instance_id: str, query: WantedEvents) -> CaseHistory:
    """As it was recorded; the customer counts as looked at."""
    log_look(existing_case(instance_id).customer_id)
    instance = existing_case(instance_id)
    found = read_events(db.session(), case_stream(instance.id), after=query.after, limit=query.limit + 1)
    events, has_more = found[: query.limit], len(found) > query.limit
    return CaseHistory([_step(event) for event in events], events[-1].stream_sequence if has_more else None)


@CASES.offers(
    "GET", "/cases/<instance_id>/history/verification", Permission.READ_HISTORY, "read",
    Told(
        N_("Verify the history of a case"),
        N_("Computes the chain of hashes anew. That nobody wrote it anew as a whole, the checkpoints show."),
    ),
)  # fmt: skip
def verify_case_history(instance_id: str) -> CaseVerification:
    """Whether anything in it was changed, removed or added."""
    instance = existing_case(instance_id)
    events, _streams, broken = verify_chains(db.session(), case_stream(instance.id))
    problem = gettext(broken.msgid, **broken.params) if broken else ""
    return CaseVerification(broken is None, events, problem)


@CASES.offers(
    "GET", "/cases/<instance_id>/diagram.pdf", Permission.READ_CASES, "read",
    Told(N_("Get the diagram of a case with the path taken, as PDF"), files=("application/pdf",)),
)  # fmt: skip
def case_diagram_pdf(instance_id: str) -> Response:
    """The same document as the button of the page gives."""
    return diagram_pdf(instance_id)


def listed_case(row: CaseRow) -> ListedCase:
    """A row of a list."""
    return ListedCase(
        id=row.id, number=row.case_number, title=row.title, process=row.process_key, state=row.state,
        is_suspended=row.is_suspended, started_at=row.started_at, started_by=row.started_by, ended_at=row.ended_at,
        customer=row.customer, plate=row.plate,
    )  # fmt: skip


def _step(event: RecordedEvent) -> RecordedStep:
    return RecordedStep(
        number=event.stream_sequence, type=event.type, at=event.at, person=event.actor_id,
        on_behalf_of=event.on_behalf_of_id, program=event.program, element=event.element_id,
        activity=event.activity_id, reason=event.reason, facts=event.body, personal=event.personal,
        is_erased=event.is_erased, hash=event.hash.hex(),
    )  # fmt: skip
