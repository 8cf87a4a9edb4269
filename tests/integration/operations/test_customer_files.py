"""Customer and vehicle files: four eyes, reviewed changes, merges, erasure, and who sees what."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Base
from app.errors import Conflict, InvalidInput, NotAllowed
from app.models import (
    CardRequest,
    Consent,
    Customer,
    CustomerCard,
    Membership,
    OutgoingMessage,
    ProcessInstance,
    SecondPairOfEyes,
    Site,
    User,
    Variable,
    Vehicle,
    Visit,
    VisitImport,
    VisitImportRow,
)
from app.models.card_lists import cards_not_checked_since, open_requests, waiting_cards
from app.models.customer_file_facts import known_customer, known_vehicle, open_request_of, visits_of
from app.models.customer_search import find_customers, is_known_elsewhere
from app.models.duplicates import has_possible_twin, possible_pairs
from app.operations.actor import SYSTEM, Actor
from app.operations.card_fields import card_values
from app.operations.card_requests import OwnRequest, change_card, content_of, decide_request, request_removal
from app.operations.customer_authority import MERGERS, CardNotFound
from app.operations.customer_erasure import OpenCases, erase_customer
from app.operations.customer_merge import LEFT, MOVED, keep_apart, merge_customers, undo_merge
from app.operations.customer_wishes import change_consent, set_do_not_contact
from app.operations.customers import (
    CustomerData,
    consent_state,
    correct_customer,
    find_or_create_customer,
    find_or_create_vehicle,
    record_consent,
)
from app.operations.file_steps import OwnCard, do_step, do_steps
from app.operations.groups import ensure_default_groups
from app.operations.history import customer_stream
from app.operations.history_reading import read_events
from app.operations.outgoing import lay_out_letter
from app.operations.process_instances import cancel_instance
from app.operations.projections import deviations
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import CUSTOMER, Dealership

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
VIN, PLATE = "ZZZFTRFX0TA000218", "示A11111"
PEOPLE = {
    "adv": (("service_advisor", "main"),),
    "head": (("department_head", "main"),),
    "boss": (("service_manager", "main"),),
    "clerk": (("records_clerk", "main"),),
    "aud": (("auditor", "main"),),
    "dual": (("auditor", "main"), ("records_clerk", "main")),
    "east": (("department_head", "east"), ("service_advisor", "east")),
    "owner": (("process_owner", "main"),),
}
ADVISOR, HEAD, BOSS, CLERK = (Actor(name) for name in ("adv", "head", "boss", "clerk"))


@pytest.fixture
def files(session: Session) -> Session:
    session.add_all([Site(id="main", name="Main"), Site(id="east", name="East", is_outlet=True)])
    ensure_default_groups(session)
    session.add_all(User(id=name, display_name=name, created_at=NOW) for name in PEOPLE)
    session.flush()
    for name, memberships in PEOPLE.items():
        session.add_all(Membership(user_id=name, group_id=group, site_id=site) for group, site in memberships)
    session.flush()
    return session


def customer(session: Session, name: str = "王小明", phone: str = "10012345678", site: str = "main") -> Customer:
    data = CustomerData(name, "mr", phone)
    return find_or_create_customer(session, data, site_id=site, actor=ADVISOR, now=NOW)


def vehicle(session: Session, holder: Customer, vin: str = VIN) -> Vehicle:
    return find_or_create_vehicle(
        session, vin, plate=PLATE, model="X1", holder=holder, site_id=holder.site_id, actor=ADVISOR, now=NOW
    )


def visit(session: Session, of: Customer, car: Vehicle, site: str, number: str = "R1") -> Visit:
    made = Visit(
        id=number, site_id=site, kind="repair", order_number=number, customer_id=of.id, vehicle_id=car.id,
        handed_over_at=NOW, sent_in_by="李四", contact_phone="10099990000", created_at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def filed(session: Session, card: Customer | Vehicle) -> None:
    kind = "customer" if isinstance(card, Customer) else "vehicle"
    do_step(session, kind, card.id, "verified", actor=HEAD, now=NOW)
    do_step(session, kind, card.id, "filed", actor=CLERK, now=NOW)


@only_sqlite
def test_a_card_is_entered_checked_and_filed_by_three_people(files: Session) -> None:
    person = customer(files)
    with pytest.raises(Conflict, match="before it is filed"):
        do_step(files, "customer", person.id, "filed", actor=CLERK, now=NOW)
    do_step(files, "customer", person.id, "verified", actor=HEAD, now=NOW)
    for own in (HEAD, Actor("clerk", on_behalf_of="head"), Actor("head", on_behalf_of="clerk")):
        with pytest.raises(OwnCard):
            do_step(files, "customer", person.id, "filed", actor=own, now=NOW)
    do_step(files, "customer", person.id, "filed", actor=CLERK, now=NOW)
    assert (person.verification, person.fully_checked_at) == ("filed", NOW)
    types = [event.type for event in read_events(files, customer_stream(person.id))]
    assert types == ["customer_created", "card_verified", "card_filed"]


@only_sqlite
@pytest.mark.parametrize("actor", [Actor("head"), Actor("boss", on_behalf_of="head"), Actor("head", "boss")])
def test_nobody_checks_what_they_corrected(files: Session, actor: Actor) -> None:
    person = customer(files)
    filed(files, person)
    correct_customer(files, person.id, name=None, phone="10012340000", actor=HEAD, now=NOW)
    assert (person.verification, person.unverified_fields) == ("unverified", ["phone"])
    correct_customer(files, person.id, name="王晓明", phone=None, actor=ADVISOR, now=NOW)
    assert person.unverified_fields == ["name", "phone"]
    with pytest.raises(OwnCard):  # the first of two who corrected it, too
        do_step(files, "customer", person.id, "verified", actor=actor, now=NOW)
    do_step(files, "customer", person.id, "verified", actor=BOSS, now=NOW)


@only_sqlite
def test_a_batch_tells_what_became_of_each_row(files: Session) -> None:
    done, own = customer(files), customer(files, "李红", "10000000002")
    correct_customer(files, own.id, name="李虹", phone=None, actor=HEAD, now=NOW)
    results = do_steps(files, "customer", [done.id, own.id, "nobody", done.id], "verified", actor=HEAD, now=NOW)
    assert [(result.card_id, type(result.refusal)) for result in results] == [
        (done.id, type(None)), (own.id, OwnCard), ("nobody", CardNotFound)
    ]  # fmt: skip
    assert (done.verification, own.verification) == ("verified", "unverified")


@only_sqlite
@pytest.mark.parametrize(
    ("person", "refusal"),
    [("adv", NotAllowed), ("aud", NotAllowed), ("dual", NotAllowed), ("east", CardNotFound), ("owner", CardNotFound)],
)
def test_who_may_check_a_card(files: Session, person: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        do_step(files, "customer", customer(files).id, "verified", actor=Actor(person), now=NOW)


@only_sqlite
def test_a_small_outlet_names_a_second_pair_of_eyes(files: Session) -> None:
    person = customer(files, site="east")
    files.add(SecondPairOfEyes(site_id="east", user_id="head", named_by="east", named_at=NOW))
    files.flush()
    assert [row.id for row in waiting_cards(files, "head", "customer", "unverified", ["east"]).rows] == [person.id]
    do_step(files, "customer", person.id, "verified", actor=HEAD, now=NOW)


@only_sqlite
def test_an_import_does_not_bypass_the_check(files: Session) -> None:
    car = vehicle(files, customer(files))
    filed(files, car)
    find_or_create_vehicle(
        files, VIN, plate="示B22222", model="X1", holder=customer(files, "李红", "10000000002"), actor=ADVISOR, now=NOW
    )
    assert (car.verification, car.unverified_fields) == ("unverified", ["holder", "plate"])


@only_sqlite
def test_a_filed_card_is_changed_by_request_and_filed_again_by_a_third(files: Session) -> None:
    person = customer(files)
    filed(files, person)
    values = {"phone": "100 1234-0000", "postal_address": "示例路1号", "birth_date": "1980-02-03"}
    with pytest.raises(InvalidInput):
        change_card(files, "customer", person.id, values, " ", actor=BOSS, now=NOW)
    assert change_card(files, "customer", person.id, values, "moved", actor=BOSS, now=NOW) == "requested"
    assert person.phone == "10012345678"
    request = open_request_of(files, "customer", person.id)
    assert request is not None
    content = content_of(files, request)
    assert content is not None
    assert content.changes["phone"] == {"old": "10012345678", "new": "10012340000"}
    for own in (BOSS, Actor("head", on_behalf_of="boss")):
        with pytest.raises(OwnRequest):
            decide_request(files, request.id, is_approved=True, actor=own, now=NOW)
    with pytest.raises(NotAllowed):
        decide_request(files, request.id, is_approved=True, actor=ADVISOR, now=NOW)
    assert open_requests(files, "east").rows == ()
    decide_request(files, request.id, is_approved=True, actor=HEAD, now=NOW)
    assert card_values(files, person)["postal_address"] == "示例路1号"
    assert (person.phone, person.verification) == ("10012340000", "verified")
    assert person.unverified_fields == ["birth_date", "phone", "postal_address"]
    for own in (HEAD, BOSS):
        with pytest.raises((OwnCard, NotAllowed)):
            do_step(files, "customer", person.id, "filed", actor=own, now=NOW)
    do_step(files, "customer", person.id, "filed", actor=CLERK, now=NOW)
    assert person.unverified_fields == []


@only_sqlite
def test_an_approval_of_what_has_changed_meanwhile_is_refused(files: Session) -> None:
    person = customer(files)
    filed(files, person)
    change_card(files, "customer", person.id, {"phone": "10012340000"}, "new", actor=ADVISOR, now=NOW)
    correct_customer(files, person.id, name=None, phone="10077770000", actor=CLERK, now=NOW)
    request = files.scalars(select(CardRequest)).one()
    with pytest.raises(Conflict, match="changed since"):
        decide_request(files, request.id, is_approved=True, actor=HEAD, now=NOW)


@only_sqlite
def test_a_card_not_filed_yet_is_corrected_at_once_and_field_by_field_refused(files: Session) -> None:
    car = vehicle(files, customer(files))
    values = {"insured_until": "2026-13-40", "vin": "SHORT", "origin": "moon", "plate": "示b·33333"}
    with pytest.raises(InvalidInput) as refused:
        change_card(files, "vehicle", car.id, values, "", actor=ADVISOR, now=NOW)
    assert set(refused.value.fields) == {"insured_until", "vin", "origin"}
    assert change_card(files, "vehicle", car.id, {"plate": "示b·33333"}, "", actor=ADVISOR, now=NOW) == "changed"
    assert car.plate == "示B33333"
    assert change_card(files, "vehicle", car.id, {"plate": "示B33333"}, "", actor=ADVISOR, now=NOW) == "nothing"


@only_sqlite
def test_sealed_fields_are_not_in_the_database_as_text(files: Session) -> None:
    person = customer(files)
    change_card(files, "customer", person.id, {"id_number": "ID-SECRET-7"}, "", actor=ADVISOR, now=NOW)
    stored = files.get_one(CustomerCard, person.id).content
    assert b"SECRET" not in stored
    assert card_values(files, person)["id_number"] == "ID-SECRET-7"
    event = read_events(files, customer_stream(person.id))[-1]
    assert (event.body["field"], event.personal) == ("id_number", {"old": "", "new": "ID-SECRET-7"})


def test_files_are_known_by_site_and_group(files: Session) -> None:
    here, there = customer(files), customer(files, "李红", "10000000002", site="east")
    car = vehicle(files, here)
    visit(files, here, car, "main")
    for reader, found in {"adv": [here.id], "aud": [here.id], "east": [there.id], "owner": []}.items():
        assert [row.id for row in find_customers(files, reader, "").rows] == found
    for words in ("小明", "10012345678", "5678", PLATE, "a11111", VIN, VIN[-6:], "R1"):
        assert [row.id for row in find_customers(files, "adv", words).rows] == [here.id], words
        assert find_customers(files, "east", words).rows == ()
    assert [is_known_elsewhere(files, "east", words) for words in ("小明", "5678", PLATE, here.phone)] == [
        False, False, True, True
    ]  # fmt: skip
    assert known_customer(files, "east", here.id) is None
    assert known_vehicle(files, "east", car.id) is None
    visit(files, here, car, "east", "E1")
    assert known_customer(files, "east", here.id) is here
    assert [row.id for row in visits_of(files, "east", customer_id=here.id)] == ["E1"]
    assert [row.id for row in visits_of(files, "adv", vehicle_id=car.id)] == ["R1"]


def test_duplicates_are_found_merged_and_taken_apart_again(files: Session) -> None:
    kept, other = customer(files), customer(files, "王先生")
    typo = customer(files, "王小明", "10012345679")
    car = vehicle(files, other)
    visit(files, other, car, "main")
    change_card(files, "customer", other.id, {"occupation": "driver"}, "", actor=ADVISOR, now=NOW)
    for person, state in ((kept, "given"), (other, "withdrawn")):
        record_consent(files, person.id, state, source="call", actor=ADVISOR, now=NOW)
    record_consent(files, kept.id, "given", source="counter", actor=ADVISOR, now=NOW + timedelta(days=1))
    pairs = possible_pairs(files, "head", MERGERS).rows
    assert {frozenset((pair.first.id, pair.second.id)) for pair in pairs} == {
        frozenset((kept.id, other.id)), frozenset((kept.id, typo.id))
    }  # fmt: skip
    assert possible_pairs(files, "east", MERGERS).rows == ()
    assert all(has_possible_twin(files, "head", MERGERS, one) for one in (kept, other, typo))
    keep_apart(files, kept.id, typo.id, actor=HEAD, now=NOW)
    assert [has_possible_twin(files, "head", MERGERS, one) for one in (kept, other, typo)] == [True, True, False]
    assert not has_possible_twin(files, "east", MERGERS, kept)
    pair = merge_customers(files, kept.id, other.id, actor=HEAD, now=NOW + timedelta(days=2))
    assert possible_pairs(files, "head", MERGERS).rows == ()
    assert (car.holder_id, other.merged_into_id) == (kept.id, kept.id)
    assert card_values(files, kept)["occupation"] == "driver"
    assert consent_state(files, kept.id) == "withdrawn"
    assert customer(files, "王先生") is kept, "who is imported under the old name is found"
    correct_customer(files, other.id, name=None, phone="10055550000", actor=ADVISOR, now=NOW)
    assert kept.phone == "10055550000", "a case that names the old file corrects the new one"
    undo_merge(files, pair.id, actor=HEAD, now=NOW + timedelta(days=3))
    assert (car.holder_id, other.merged_into_id) == (other.id, None)
    assert files.scalars(select(Visit.customer_id)).one() == other.id
    assert consent_state(files, other.id) == "withdrawn"
    with pytest.raises(Conflict):
        undo_merge(files, pair.id, actor=HEAD, now=NOW)


@only_sqlite
def test_pairs_are_shown_page_by_page(files: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.duplicates.PAIRS", 1)
    for name in ("王小明", "王先生", "小王"):
        customer(files, name)
    seen, after = [], None
    while True:
        page = possible_pairs(files, "head", MERGERS, after=after)
        seen += [(pair.first.id, pair.second.id) for pair in page.rows]
        after = page.next_cursor
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 3


@only_sqlite
def test_a_merge_needs_the_right_at_a_site_of_each_file(files: Session) -> None:
    here, there = customer(files), customer(files, "王先生", site="east")
    for actor, refusal in ((HEAD, CardNotFound), (ADVISOR, NotAllowed)):
        with pytest.raises(refusal):
            merge_customers(files, here.id, there.id, actor=actor, now=NOW)
    with pytest.raises(InvalidInput):
        merge_customers(files, here.id, here.id, actor=HEAD, now=NOW)


def test_every_table_with_a_customer_is_moved_or_left_on_purpose() -> None:
    named = {table.name for table in Base.metadata.sorted_tables if "customer_id" in table.c}
    assert named == {*MOVED, *LEFT}


@only_sqlite
def test_deletion_is_reviewed_and_leaves_nothing_that_can_be_read(files: Session) -> None:
    person, merged = customer(files), customer(files, "王先生")
    car = vehicle(files, person)
    came = visit(files, person, car, "main")
    files.add(
        VisitImport(
            id="i", site_id="main", file_name="x", sha256="x", state="preview", uploaded_by="adv", uploaded_at=NOW
        )
    )
    files.flush()
    for number, text in enumerate((person.phone, "10000000009")):
        files.add(VisitImportRow(import_id="i", number=number, content=f'{{"phone": "{text}"}}', outcome="bad"))
    files.flush()
    values = {"id_number": "7", "postal_address": "示例路1号"}
    change_card(files, "customer", person.id, values, "", actor=ADVISOR, now=NOW)
    merge_customers(files, person.id, merged.id, actor=HEAD, now=NOW)
    request_removal(files, person.id, "deletion", "asked for by letter", actor=ADVISOR, now=NOW)
    request = files.scalars(select(CardRequest)).one()
    with pytest.raises(Conflict):
        request_removal(files, person.id, "lost_contact", "nobody answers", actor=CLERK, now=NOW)
    decide_request(files, request.id, is_approved=True, actor=HEAD, now=NOW)
    for gone in (person, merged):
        assert (gone.name, gone.phone, gone.erased_at) == ("", "", NOW)
        events = read_events(files, customer_stream(gone.id))
        assert all(event.personal is None for event in events)
    assert (came.sent_in_by, came.contact_phone, car.plate, car.holder_id) == ("", "", None, None)
    assert files.get(CustomerCard, person.id) is None
    rows = files.scalars(select(VisitImportRow.content).order_by(VisitImportRow.number)).all()
    assert rows == ["{}", '{"phone": "10000000009"}']
    assert content_of(files, request) is None
    assert find_customers(files, "adv", "").rows == ()
    with pytest.raises(CardNotFound):
        change_card(files, "customer", person.id, {"name": "x"}, "", actor=ADVISOR, now=NOW)
    erase_customer(files, person.id, "again", actor=SYSTEM, now=NOW)


@only_sqlite
def test_wishes_hold_at_once_for_readers_of_the_site(files: Session) -> None:
    person = customer(files)
    change_consent(files, person.id, "withdrawn", "counter", actor=ADVISOR, now=NOW)
    set_do_not_contact(files, person.id, is_do_not_contact=True, actor=ADVISOR, now=NOW)
    assert (consent_state(files, person.id), person.is_do_not_contact) == ("withdrawn", True)
    with pytest.raises(CardNotFound):
        set_do_not_contact(files, person.id, is_do_not_contact=False, actor=Actor("east"), now=NOW)
    with pytest.raises(NotAllowed):
        change_consent(files, person.id, "given", "counter", actor=Actor("aud"), now=NOW)
    assert files.scalars(select(Consent.state)).all() == ["withdrawn"]


@only_sqlite
def test_cards_nobody_checked_for_a_year_are_listed_until_somebody_does(files: Session) -> None:
    person, later = customer(files), NOW + timedelta(days=366)
    year_ago = later - timedelta(days=365)
    assert [row.id for row in cards_not_checked_since(files, "adv", "customer", year_ago, ["main"]).rows] == [person.id]
    assert cards_not_checked_since(files, "east", "customer", year_ago, ["main"]).rows == ()
    do_step(files, "customer", person.id, "full_check", actor=ADVISOR, now=later)
    assert cards_not_checked_since(files, "adv", "customer", year_ago, ["main"]).rows == ()
    assert person.verification == "unverified"


@only_sqlite
def test_nobody_is_erased_while_cases_are_open_and_then_no_variable_tells_them(dealership: Dealership) -> None:
    session = dealership.session
    letter = lay_out_letter(session, to="王小明", text="Dear 王小明", site_id="main", now=NOW)
    case = dealership.start(note="王小明 wants a call", subject=letter)
    with pytest.raises(OpenCases):
        erase_customer(session, CUSTOMER, "asked for it", actor=SYSTEM, now=NOW)
    cancel_instance(session, case.id, "erased", actor=Actor("own"), now=NOW)
    erase_customer(session, CUSTOMER, "asked for it", actor=SYSTEM, now=NOW)
    variables = session.execute(select(Variable.name, Variable.value).where(Variable.instance_id == case.id)).all()
    assert dict(variables)["note"] == "null"
    assert session.get_one(ProcessInstance, case.id).title == case.case_number
    message = session.get_one(OutgoingMessage, letter)
    assert (message.recipient, message.text) == ("", "")
    assert deviations(session, case.id) == []
