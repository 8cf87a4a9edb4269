"""Rows of exports: what passes, and what is said of what does not."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.visit_files import check_row, read_table, sample_csv, sample_table

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
GOOD = {
    "kind": "维修",
    "order_number": "RO1",
    "customer_name": "安宁",
    "phone": "100 1234 5678",
    "vin": "zzzftrfx0ta000218",
    "handed_over_at": "2026/5/18 16:30",
}


def test_a_good_row() -> None:
    written = {"amount": "¥1,280.5", "mileage": "12,300公里", "plate": "示a·12345", "consent": "是"}
    visit, problems = check_row({**GOOD, **written}, ZONE, NOW)
    assert problems == ()
    assert visit is not None
    assert (visit.phone, visit.vin, visit.plate) == ("10012345678", "ZZZFTRFX0TA000218", "示A12345")
    assert (visit.amount, visit.mileage, visit.consent) == (Decimal("1280.50"), 12300, True)
    assert visit.handed_over_at == datetime(2026, 5, 18, 16, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("kind", "其他", "no kind of business"),
        ("order_number", "", "empty"),
        ("customer_name", "x" * 121, "too long"),
        ("phone", "12345", "no phone number"),
        ("vin", "ZZZFTRFX0TA00021I", "no VIN"),
        ("plate", "12345", "no plate"),
        ("handed_over_at", "18.5.2026", "no date"),
        ("handed_over_at", "2026-05-21", "future"),
        ("handed_over_at", "0026-05-18", "past"),
        ("invoiced_on", "yesterday", "no date"),
        ("amount", "NaN", "no amount"),
        ("amount", "-1", "no amount"),
        ("mileage", "many", "no mileage"),
        ("consent", "maybe", "neither yes nor no"),
    ],
)
def test_every_fault_is_named(field: str, text: str, says: str) -> None:
    visit, problems = check_row({**GOOD, field: text}, ZONE, NOW)
    assert visit is None
    assert [problem.field for problem in problems] == [field]
    assert says in problems[0].msgid % problems[0].params


def test_all_faults_of_a_row_are_told_at_once() -> None:
    _, problems = check_row({}, ZONE, NOW)
    needed = {"order_number", "customer_name", "phone", "vin", "handed_over_at"}
    assert {problem.field for problem in problems} == needed


def test_without_a_kind_the_invoice_makes_a_delivery() -> None:
    visit, _ = check_row({**GOOD, "kind": "", "invoiced_on": "2026年5月17日"}, ZONE, NOW)
    assert visit is not None
    assert visit.kind == "delivery"


def test_a_day_without_a_time_stays_the_same_day_everywhere() -> None:
    visit, _ = check_row({**GOOD, "handed_over_at": "20260518"}, ZONE, NOW)
    assert visit is not None
    assert visit.handed_over_at.astimezone(UTC).date() == visit.handed_over_at.date()


def test_the_sample_is_good_but_for_its_faults() -> None:
    table = sample_table(420, NOW.date())
    assert table == sample_table(420, NOW.date())
    results = [check_row(row.texts, ZONE, NOW) for row in read_table(sample_csv(table, "gb18030")).rows]
    assert sum(visit is None for visit, _ in results) == 6
    assert all(visit.phone.startswith("100") for visit, _ in results if visit)
