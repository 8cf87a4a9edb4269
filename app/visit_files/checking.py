"""Checks one row of an export: what is wrong with it, in words a person can act on."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from app.i18n import N_
from app.spreadsheets import Problem

REPAIR_WORDS = frozenset({"维修", "售后", "保养", "修理", "事故", "索赔", "repair", "service", "首保"})
DELIVERY_WORDS = frozenset({"交车", "销售", "新车", "提车", "新车交付", "delivery", "sale"})
YES = frozenset({"是", "同意", "接受", "愿意", "y", "yes", "1", "true"})
NO = frozenset({"否", "不同意", "拒绝", "不接受", "不愿意", "n", "no", "0", "false"})
TITLES = {
    **dict.fromkeys(("先生", "男", "mr"), "mr"),
    **dict.fromkeys(("女士", "小姐", "女", "ms"), "ms"),
    **dict.fromkeys(("公司", "单位", "company"), "company"),
}
PHONE = re.compile(r"1\d{10}|0\d{2,3}\d{7,8}|400\d{7}")
VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{4,6}[\u4e00-\u9fffA-Z0-9]?")
MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y%m%d")
NOON = time(12)

T = TypeVar("T")
Kind = Literal["repair", "delivery"]


@dataclass(frozen=True, slots=True)
class CheckedVisit:
    """A row that can be imported. `consent` is None where the file does not tell."""

    kind: Kind
    order_number: str
    customer_name: str
    customer_title: str
    phone: str
    vin: str
    plate: str | None
    model: str
    handed_over_at: datetime
    invoiced_on: date | None
    sent_in_by: str
    contact_phone: str
    best_time: str
    advisor: str
    work_done: str
    amount: Decimal | None
    mileage: int | None
    consent: bool | None


class _Refused(Exception):
    def __init__(self, msgid: str) -> None:
        super().__init__(msgid)
        self.msgid = msgid


class _Cells:
    """The cells of one row; collects the problems while they are read."""

    def __init__(self, texts: Mapping[str, str], problems: list[Problem]) -> None:
        self._texts = texts
        self._problems = problems

    def read(self, field: str, parse: Callable[[str], T], default: T) -> T:
        text = self._texts.get(field, "")
        try:
            return parse(text)
        except _Refused as refusal:
            self._problems.append(Problem(field, refusal.msgid, {"text": text[:80]}))
            return default


def check_row(
    texts: Mapping[str, str], zone: ZoneInfo, now: datetime
) -> tuple[CheckedVisit | None, tuple[Problem, ...]]:
    """Read a row's texts into values.

    Arguments: texts by our field names; zone of the site, in which the export's times are meant; now, to refuse
    visits of the future. Returns the visit, or None with every problem of the row (not only the first).
    """
    problems: list[Problem] = []

    cells = _Cells(texts, problems)
    visit = CheckedVisit(
        kind=cells.read("kind", lambda text: _kind(text, texts), "repair"),
        order_number=cells.read("order_number", lambda text: _needed(text, 60), ""),
        customer_name=cells.read("customer_name", lambda text: _needed(text, 120), ""),
        customer_title=cells.read("customer_title", lambda text: TITLES.get(text.lower(), ""), ""),
        phone=cells.read("phone", lambda text: _phone(_needed(text, 40)), ""),
        vin=cells.read("vin", lambda text: _vin(_needed(text, 40)), ""),
        plate=cells.read("plate", _plate, None),
        model=cells.read("model", lambda text: _limited(text, 120), ""),
        handed_over_at=cells.read("handed_over_at", lambda text: _past_moment(text, zone, now), now),
        invoiced_on=cells.read("invoiced_on", _day, None),
        sent_in_by=cells.read("sent_in_by", lambda text: _limited(text, 120), ""),
        contact_phone=cells.read("contact_phone", lambda text: _phone(text) if text else "", ""),
        best_time=cells.read("best_time", lambda text: _limited(text, 60), ""),
        advisor=cells.read("advisor", lambda text: _limited(text, 120), ""),
        work_done=cells.read("work_done", lambda text: text, ""),
        amount=cells.read("amount", _amount, None),
        mileage=cells.read("mileage", _mileage, None),
        consent=cells.read("consent", _consent, None),
    )
    return (None if problems else visit), tuple(problems)


def _kind(text: str, texts: Mapping[str, str]) -> Kind:
    """Without a column for it, a row with an invoice date or no work done is a delivery."""
    word = text.strip().lower()
    if word in REPAIR_WORDS:
        return "repair"
    if word in DELIVERY_WORDS:
        return "delivery"
    if word:
        raise _Refused(N_("“%(text)s” is no kind of business we know. Write 维修 (repair) or 交车 (delivery)."))
    return "delivery" if texts.get("invoiced_on") and not texts.get("work_done") else "repair"


def _needed(text: str, length: int) -> str:
    if not text:
        raise _Refused(N_("This cell is empty. Fill it in."))
    return _limited(text, length)


def _limited(text: str, length: int) -> str:
    if len(text) > length:
        raise _Refused(N_("“%(text)s…” is too long. Shorten it."))
    return text


def _phone(text: str) -> str:
    digits = re.sub(r"[\s\-()（）]", "", text)
    digits = digits.removeprefix("+86")
    if not PHONE.fullmatch(digits):
        raise _Refused(N_("“%(text)s” is no phone number. Write 11 digits, or area code and number."))
    return digits


def _vin(text: str) -> str:
    vin = text.upper().replace(" ", "")
    if not VIN.fullmatch(vin):
        raise _Refused(N_("“%(text)s” is no VIN. It has 17 letters and digits, without I, O and Q."))
    return vin


def _plate(text: str) -> str | None:
    plate = re.sub(r"[\s·•\-]", "", text).upper()
    if not plate:
        return None  # a new car may not have one yet
    if not PLATE.fullmatch(plate):
        raise _Refused(N_("“%(text)s” is no plate. Write it like 沪A12345."))
    return plate


def _moment(text: str) -> datetime:
    plain = text.strip().replace("/", "-").replace("年", "-").replace("月", "-").replace("日", "").replace("T", " ")
    for pattern in MOMENTS:
        try:
            moment = datetime.strptime(plain, pattern)  # noqa: DTZ007 - the caller knows the site's zone
        except ValueError:
            continue
        # A date without a time is put at noon, so that no zone moves it to another day.
        return datetime.combine(moment.date(), NOON) if pattern in MOMENTS[2:] else moment
    raise _Refused(N_("“%(text)s” is no date. Write it like 2026-05-31 or 2026-05-31 16:30."))


def _past_moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    moment = _moment(_needed(text, 40)).replace(tzinfo=zone)
    if moment.date() > now.astimezone(zone).date():
        raise _Refused(N_("“%(text)s” lies in the future. A visit is imported after the hand-over."))
    if moment.year < 1990:
        raise _Refused(N_("“%(text)s” lies too far in the past. Check the year."))
    return moment


def _day(text: str) -> date | None:
    return _moment(text).date() if text else None


def _amount(text: str) -> Decimal | None:
    plain = text.replace(",", "").replace("，", "").lstrip("¥￥").removesuffix("元").strip()
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation as error:
        raise _Refused(N_("“%(text)s” is no amount. Write it like 1280.50.")) from error
    if not amount.is_finite() or not Decimal(0) <= amount < Decimal(10) ** 10:
        raise _Refused(N_("“%(text)s” is no amount. Write it like 1280.50."))
    return amount.quantize(Decimal("0.01"))


def _mileage(text: str) -> int | None:
    plain = text.replace(",", "").lower().removesuffix("km").removesuffix("公里").strip()
    if not plain:
        return None
    if not plain.isdecimal() or len(plain) > 7:
        raise _Refused(N_("“%(text)s” is no mileage. Write whole kilometres."))
    return int(plain)


def _consent(text: str) -> bool | None:
    word = text.strip().lower()
    if not word:
        return None
    if word in YES:
        return True
    if word in NO:
        return False
    raise _Refused(N_("“%(text)s” says neither yes nor no. Write 是 or 否."))
