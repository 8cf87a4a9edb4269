"""Every filter and order of every list that programs ask for makes a statement."""

import importlib
import pkgutil
from datetime import UTC, datetime

import pytest
from sqlalchemy import false, or_
from sqlalchemy.dialects import sqlite

import app.models
from app.models.program_lists import Comparison, ProgramList

SAMPLES = {
    "text": "a", "texts": ["a", "b"], "flag": True, "number": 1, "moment": datetime(2026, 1, 1, tzinfo=UTC),
    "moments": [("gt", datetime(2026, 1, 1, tzinfo=UTC))], "comparisons": [Comparison("a", "eq", '"b"')],
}  # fmt: skip
MODULES = [importlib.import_module(f"app.models.{found.name}") for found in pkgutil.iter_modules(app.models.__path__)]
LISTS = {
    f"{module.__name__}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, ProgramList)
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_filters_and_orders_make_a_statement(name: str) -> None:
    one = LISTS[name]
    filters = [*one.filters.values(), *(found for more in one.widened_by.values() for found in more.values())]
    conditions = [found.condition(SAMPLES[found.kind]) for found in filters]
    orders = [order.desc() for order in one.orders.values()]
    statement = one.statement("somebody").where(or_(false(), *conditions)).order_by(*orders)
    assert str(statement.compile(dialect=sqlite.dialect()))


def test_there_are_lists() -> None:
    assert len(LISTS) > 20
