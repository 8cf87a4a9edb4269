"""An import is taken back but for what somebody was called about."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.models import (
    Consent,
    FollowUpList,
    FollowUpListEntry,
    PlannedFollowUp,
    Site,
    Vehicle,
    Visit,
    VisitImport,
    VisitImportRow,
)
from app.models.visit_import_undo import undo_lines
from app.operations.customers import consent_state
from app.operations.history import customer_stream
from app.operations.history_reading import read_events
from app.operations.visit_import_undo import NothingToTakeBack, UndoResult, undo_import
from app.operations.visit_imports import import_good_rows, upload_visits
from app.visit_files import read_export
from tests.integration.follow_ups.conftest import BAI, NOW, NewVisit

ROWS = (
    "业务类型,单号,客户姓名,联系电话,VIN,交车时间,同意回访\n"
    "维修,R1,安宁,10011112222,ZZZFTRFX0TA000218,2026-05-17,\n"
    "维修,R2,白帆,10033334444,ZZZFTRFX0TA000001,2026-05-17,\n"
)


def take(session: Session) -> str:
    upload = upload_visits(session, read_export(ROWS.encode(), "export.csv"), site_id="main", actor=BAI, now=NOW)
    import_good_rows(session, upload.id, is_consent_assumed=True, actor=BAI, now=NOW)
    session.flush()
    return upload.id


def test_visits_nobody_was_called_about_go(session: Session, site: Site, new_visit: NewVisit) -> None:
    before = new_visit(1, 300, order="R0")  # the vehicle of R2, whose holder the import changes
    import_id = take(session)
    visits = {visit.order_number: visit for visit in session.scalars(select(Visit))}
    made = session.scalars(select(PlannedFollowUp).where(PlannedFollowUp.visit_id == visits["R1"].id)).one()
    made.state = "started"
    session.flush()
    customer_id = visits["R2"].customer_id
    assert consent_state(session, customer_id) == "given"
    listed = FollowUpList(
        id="list", site_id="main", occasion="quarter_repair", first_day=NOW.date(), last_day=NOW.date(),
        state="supplied", supplied_by="lu", supplied_at=NOW,
    )  # fmt: skip
    session.add(listed)
    session.flush()
    entry = FollowUpListEntry(list_id="list", visit_id=visits["R2"].id, ground="", picked="random")
    session.add(entry)
    session.flush()
    assert {line.order_number: line.obstacle for line in undo_lines(session, import_id)}["R2"] == "on_list"
    entry.picked = ""
    session.flush()
    obstacles = {line.order_number: line.obstacle for line in undo_lines(session, import_id)}
    assert obstacles == {"R1": "called", "R2": ""}
    with pytest.raises(InvalidInput):
        undo_import(session, import_id, reason="", actor=BAI, now=NOW)
    assert undo_import(session, import_id, reason="导错了", actor=BAI, now=NOW) == UndoResult(1, 1)
    session.expire_all()
    assert set(session.scalars(select(Visit.order_number))) == {"R1", before.order_number}
    assert session.scalars(select(Consent).where(Consent.customer_id == customer_id)).all() == []
    vehicle = session.scalars(select(Vehicle).where(Vehicle.vin == "ZZZFTRFX0TA000001")).one()
    assert vehicle.holder_id == before.customer_id
    types = [event.type for event in read_events(session, customer_stream(customer_id))]
    assert types[-2:] == ["visit_taken_back", "consent_taken_back"]
    rows = select(VisitImportRow.outcome).where(VisitImportRow.import_id == import_id).order_by(VisitImportRow.number)
    assert list(session.scalars(rows)) == ["imported", "taken_back"]
    assert session.get_one(VisitImport, import_id).state == "imported"
    with pytest.raises(NothingToTakeBack):
        undo_import(session, import_id, reason="again", actor=BAI, now=NOW)
    take(session)
    assert set(session.scalars(select(Visit.order_number))) == {"R1", "R2", before.order_number}
