"""The search among few and among many cases: numbers, names, common and rare words, in the case list and the inbox."""

import gc
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from app.database import writing
from app.models import Customer, ProcessInstance, Vehicle
from app.models.case_list import CaseFilter, case_page
from app.models.inbox import inbox_page
from app.models.prepared import table_of
from app.operations.definitions import latest_definition_id
from app.operations.search_index import index_next_cases
from benchmarks.measuring import MICROSECONDS, MILLISECONDS, cpu_seconds, percentile
from benchmarks.open_user_tasks import PROCESS, add_user_tasks
from benchmarks.sample_site import PERSON, SampleSite, sample_site

CASES_AT_ONCE = 500
COMMON = "售后回访"  # stands in every title
COMPLAINTS = ("发动机漏油", "空调不制冷", "刹车异响", "车门关不上", "保养费用太高", "等待时间太长", "服务态度差")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚"
Row = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """Among how many cases, ascending, and how often each query is asked."""

    cases: tuple[int, ...]
    rounds: int


FULL = Size(cases=(1_000, 100_000), rounds=20)
SMALLEST = Size(cases=(20, 60), rounds=2)


def run(size: Size = FULL) -> dict[str, float]:
    """Milliseconds of CPU of a page, 95th percentile by kind of query; microseconds of indexing a case."""
    figures: dict[str, float] = {}
    there = 0
    with sample_site("case_of_16_nodes.bpmn") as site:
        for count in size.cases:
            figures[f"search.{count}.index_us"] = _fill(site, range(there, count)) / (count - there) * MICROSECONDS
            there = count
            figures |= {f"search.{count}.{kind}": value for kind, value in _measure(site, count, size.rounds).items()}
    least, most = size.cases[0], size.cases[-1]
    figures["search.growth_ratio"] = figures[f"search.{most}.all_p95_ms"] / figures[f"search.{least}.all_p95_ms"]
    return figures


def _fill(site: SampleSite, numbers: range) -> float:
    """CPU seconds of indexing; the cases themselves are written past the operations."""
    with writing(), site.sessions.begin() as session:
        add_user_tasks(session, latest_definition_id(session, PROCESS), numbers, datetime.now(UTC))
        _add_customers(session, numbers)
    last, spent = f"{numbers[0] - 1:032x}" if numbers[0] else "", 0.0
    while True:
        with writing(), site.sessions.begin() as session:
            indexed: list[str] = []
            spent += cpu_seconds(lambda: indexed.extend(index_next_cases(session, last, CASES_AT_ONCE)))  # noqa: B023
        if not indexed:
            return spent
        last = indexed[-1]


def _add_customers(session: Session, numbers: range) -> None:
    now = datetime.now(UTC)
    customers = [
        {
            "id": f"c{number}", "name": _name(number), "title": "", "phone": _phone(number), "verification": "filed",
            "is_do_not_contact": False, "created_at": now, "created_by": PERSON,
        }
        for number in numbers
    ]  # fmt: skip
    vehicles = [
        {
            "id": f"v{number}", "vin": f"ZZZ{random.Random(number).randrange(10**14):014d}",
            "plate": f"示A{random.Random(-number).randrange(10**5):05d}", "model": "旅行车", "created_at": now,
        }
        for number in numbers
    ]  # fmt: skip
    cases = [
        {"of": f"{number:032x}", "customer": f"c{number}", "vehicle": f"v{number}", "said": _title(number)}
        for number in numbers
    ]
    instance = table_of(ProcessInstance)
    change = (
        update(instance)
        .where(instance.c.id == bindparam("of"))
        .values(customer_id=bindparam("customer"), vehicle_id=bindparam("vehicle"), title=bindparam("said"))
    )
    session.execute(insert(table_of(Customer)), customers)
    session.execute(insert(table_of(Vehicle)), vehicles)
    session.connection().execute(change, cases)


def _name(number: int) -> str:
    chance = random.Random(number)
    return chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)


def _phone(number: int) -> str:
    return f"100{random.Random(number).randrange(10**8):08d}"


def _title(number: int) -> str:
    return f"{COMMON}：{COMPLAINTS[number % len(COMPLAINTS)]}"


def _measure(site: SampleSite, count: int, rounds: int) -> dict[str, float]:
    """Each kind of query for other cases each time; what is asked first of a kind does not count."""
    samples = {kind: _asked(site, query, count, rounds) for kind, query in QUERIES.items()}
    samples["inbox_phone"] = _asked(site, _phone, count, rounds, _inbox)
    samples["inbox_common"] = _asked(site, QUERIES["common"], count, rounds, _inbox)
    everything = [value for values in samples.values() for value in values]
    return {f"{kind}_p95_ms": percentile(values, 95) * MILLISECONDS for kind, values in samples.items()} | {
        "all_p95_ms": percentile(everything, 95) * MILLISECONDS
    }


def _cases(session: Session, typed: str) -> Sequence[object]:
    return case_page(session, PERSON, CaseFilter(state="all", words=typed)).rows


def _inbox(session: Session, typed: str) -> Sequence[object]:
    return inbox_page(session, PERSON, "claimable", now=datetime.now(UTC), search=typed).rows


def _asked(
    site: SampleSite,
    query: Callable[[int], str],
    count: int,
    rounds: int,
    answer: Callable[[Session, str], Sequence[object]] = _cases,
) -> list[float]:
    gc.collect()
    samples: list[float] = []
    for number in range(rounds + 1):
        typed = query(number * (count - 1) // rounds)
        with site.sessions() as session:
            samples.append(cpu_seconds(lambda: answer(session, typed)))  # noqa: B023
    return samples[1:]


QUERIES: Mapping[str, Callable[[int], str]] = {
    "number": lambda number: f"F-{number}",
    "phone": _phone,
    "phone_end": lambda number: _phone(number)[-4:],
    "name": _name,
    "surname": lambda number: _name(number)[0],
    "common": lambda _number: COMMON,
    "complaint": lambda number: COMPLAINTS[number % len(COMPLAINTS)],
    "name_and_complaint": lambda number: f"{_name(number)} {COMPLAINTS[number % len(COMPLAINTS)]}",
    "nothing": lambda number: f"没有这样的词{number}",
}
