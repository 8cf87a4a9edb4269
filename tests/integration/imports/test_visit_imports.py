"""Imports of exports: every good row once, customers and vehicles never twice, follow-ups planned with reasons."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Customer, Job, PlannedFollowUp, Site, Vehicle, VehicleHolding, Visit, VisitImportRow
from app.operations.actor import Actor
from app.operations.customers import consent_state
from app.operations.file_imports import FileAlreadyImported
from app.operations.visit_imports import ImportResult, import_good_rows, upload_visits
from app.visit_files import read_export, sample_csv, sample_table

NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)  # a Wednesday, ten o'clock in Shanghai
ADVISOR = Actor("crlin")
HEADER = "业务类型,单号,客户姓名,联系电话,车牌号,VIN,交车时间,开票日期,同意回访\n"
VIN_A, VIN_B = "ZZZFTRFX0TA000218", "ZZZSKVCH7TA000219"


@pytest.fixture
def site(session: Session) -> Site:
    site = Site(id="main", name="示范店", zone="Asia/Shanghai", is_outlet=False)
    session.add(site)
    session.flush()
    return site


def take(session: Session, rows: str, *, is_consent_assumed: bool = False) -> ImportResult:
    upload = upload_visits(
        session, read_export((HEADER + rows).encode(), "export.csv"), site_id="main", actor=ADVISOR, now=NOW
    )
    return import_good_rows(session, upload.id, is_consent_assumed=is_consent_assumed, actor=ADVISOR, now=NOW)


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("site")
def test_the_sample_is_imported_once_only(session: Session) -> None:
    content = sample_csv(sample_table(120, date(2026, 5, 20)), "gb18030")
    results = []
    for _ in range(2):
        upload = upload_visits(session, read_export(content, "export.csv"), site_id="main", actor=ADVISOR, now=NOW)
        results.append(import_good_rows(session, upload.id, is_consent_assumed=False, actor=ADVISOR, now=NOW))
    first, second = results
    assert first.imported == 120 - first.bad
    assert first.bad == 4  # three wrong rows and the order that stands twice
    assert second.imported == 0
    assert second.duplicate == first.imported
    assert count(session, Visit) == first.imported
    assert count(session, PlannedFollowUp) == first.planned + first.skipped
    assert count(session, Job) == first.planned


@pytest.mark.usefixtures("site")
def test_one_vehicle_one_file_and_its_holders_are_kept(session: Session) -> None:
    take(
        session,
        f"维修,R1,安宁,10011112222,示A11111,{VIN_A},2026-05-18,,是\n维修,R2,安宁,10011112222,示A11111,{VIN_A},2026-05-19,,是\n",
    )
    take(session, f"维修,R3,白帆,10033334444,示A99999,{VIN_A},2026-05-20,,是\n")
    assert count(session, Vehicle) == 1
    assert count(session, Customer) == 2
    vehicle = session.scalars(select(Vehicle)).one()
    assert vehicle.plate == "示A99999"
    holdings = session.scalars(select(VehicleHolding).order_by(VehicleHolding.since, VehicleHolding.id)).all()
    assert [holding.until is None for holding in holdings] == [False, True]
    assert vehicle.holder_id == holdings[1].customer_id


@pytest.mark.usefixtures("site")
def test_repairs_need_consent_and_deliveries_do_not(session: Session) -> None:
    take(
        session,
        f"维修,R1,安宁,10011112222,,{VIN_A},2026-05-18,,\n交车,S1,白帆,10033334444,,{VIN_B},2026-05-14,2026-05-13,\n",
    )
    plans = {plan.occasion: plan for plan in session.scalars(select(PlannedFollowUp))}
    assert plans["repair_3dc"].skip_reason == "no_consent"
    assert plans["new_car_7dc"].state == "planned"
    assert plans["new_car_7dc"].planned_on == date(2026, 5, 21)
    assert plans["year"].planned_on == date(2027, 5, 14)


@pytest.mark.usefixtures("site")
def test_consent_can_be_assumed_for_those_who_were_not_asked_but_not_against_a_no(session: Session) -> None:
    result = take(
        session,
        f"维修,R1,安宁,10011112222,,{VIN_A},2026-05-18,,\n维修,R2,白帆,10033334444,,{VIN_B},2026-05-18,,否\n",
        is_consent_assumed=True,
    )
    assert (result.planned, result.skipped) == (1, 1)
    states = {customer.name: consent_state(session, customer.id) for customer in session.scalars(select(Customer))}
    assert states == {"安宁": "given", "白帆": "refused"}


@pytest.mark.usefixtures("site")
def test_what_is_past_is_not_called_any_more(session: Session) -> None:
    take(session, f"维修,R1,安宁,10011112222,,{VIN_A},2025-05-18,,是\n")
    assert session.scalars(select(PlannedFollowUp.skip_reason)).one() == "past"


@pytest.mark.usefixtures("site")
def test_bad_rows_say_why_and_do_not_hinder_the_good_ones(session: Session) -> None:
    result = take(
        session,
        f"维修,R1,安宁,10011112222,,{VIN_A},2026-05-18,,是\n"
        f"维修,R1,安宁,10011112222,,{VIN_A},2026-05-18,,是\n"
        f"维修,,白帆,123,,{VIN_B},2026-05-18,,是\n",
    )
    assert (result.imported, result.bad) == (1, 2)
    rows = session.scalars(select(VisitImportRow).order_by(VisitImportRow.number)).all()
    assert [row.outcome for row in rows] == ["imported", "bad", "bad"]
    assert "order_number" in rows[2].problems
    assert "phone" in rows[2].problems


@pytest.mark.usefixtures("site")
def test_an_import_is_confirmed_once(session: Session) -> None:
    row = f"维修,R1,安宁,10011112222,,{VIN_A},2026-05-18,,是\n"
    export = read_export((HEADER + row).encode(), "export.csv")
    upload = upload_visits(session, export, site_id="main", actor=ADVISOR, now=NOW)
    import_good_rows(session, upload.id, is_consent_assumed=False, actor=ADVISOR, now=NOW)
    with pytest.raises(FileAlreadyImported):
        import_good_rows(session, upload.id, is_consent_assumed=False, actor=ADVISOR, now=NOW)
