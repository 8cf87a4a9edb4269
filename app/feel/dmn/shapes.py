"""How the value of a decision is made of the outputs of its rules, for those who ask for rows (as Camunda 7 does)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from app.feel.dmn.hit_policies import POLICIES, SEVERAL_RESULTS
from app.feel.dmn.reading import child, children
from app.feel.expression import Result

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Shape:
    """is_list: the value has an entry for each rule that matched. entry: the name of the only output, if it is one.

    is_table: where the value is null, the rules that counted tell a rule that says so from none.
    """

    is_list: bool = False
    entry: str | None = None
    is_table: bool = False

    def rows(self, result: Result) -> list[Row]:
        """The outputs by name, for each rule that counted; a value that is a context is a row of its own."""
        value = result.value
        if value is None and not (self.is_table and result.rules):
            return []
        return [self._row(item) for item in (value if self.is_list and isinstance(value, list) else [value])]

    def _row(self, value: object) -> Row:
        if self.entry is None and isinstance(value, dict):
            return dict(value)
        return {self.entry or "": value}


def shape_of(decision: etree._Element, name: str) -> Shape:
    """The shape of a decision's value. `name` is that of its variable: what has no table is an entry of this name."""
    table = child(decision, "decisionTable")
    if table is None:
        return Shape(entry=None if child(decision, "context") is not None else name)
    written = table.get("hitPolicy", "UNIQUE")
    policy = POLICIES.get(written, written)
    is_list = policy in SEVERAL_RESULTS and not (policy == "COLLECT" and table.get("aggregation"))
    outputs = [output.get("name") or name for output in children(table, "output")]
    return Shape(is_list, outputs[0] if len(outputs) == 1 else None, is_table=True)
