"""What is wrong with a decision table although it runs: overlaps, gaps, rules that never match.

Each input is cut into the pieces its cells distinguish; a table is then a grid of boxes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from app.feel.dmn.hit_policies import POLICIES
from app.feel.dmn.problems import described, line_of
from app.feel.dmn.reading import child, children, text_of
from app.feel.dmn.regions import EVERYTHING, Between, Other, Region, region_of, samples_of
from app.feel.environment import Environment
from app.feel.notices import N_
from app.feel.values.text import example_text

MAX_BOXES = 50_000
MAX_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """A weakness of a table. `kind` is overlap, gap or unreachable; `rules` count from 1.

    example: for each input that matters a value, or a cell that lets through what is meant.
    """

    kind: str
    msgid: str
    rules: tuple[int, ...]
    example: dict[str, str]
    element: str
    line: int


class TooLarge(Exception):
    """The table distinguishes too many boxes to look at all of them."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a table as regions, and the samples of each column."""

    labels: tuple[str, ...]
    rules: tuple[tuple[Region, ...], ...]
    samples: tuple[list[object], ...]


def analyse_tables(definitions: etree._Element, environment: Environment) -> tuple[Finding, ...]:
    """The findings for all decision tables of a file; tables with computed cells are left out."""
    findings: list[Finding] = []
    for table in definitions.iter(f"{{{etree.QName(definitions).namespace}}}decisionTable"):
        grid = _grid(table, environment)
        if grid is not None:
            findings += _Analysis(table, grid).findings()
    return tuple(findings)


def _grid(table: etree._Element, environment: Environment) -> Grid | None:
    columns = list(children(table, "input"))
    rows: list[tuple[Region, ...]] = []
    for rule in children(table, "rule"):
        texts = [text_of(entry, "text") or "-" for entry in children(rule, "inputEntry")]
        regions = [region_of(text if text.strip() else "-", environment) for text in texts]
        known = tuple(region for region in regions if region is not None)
        if len(known) < len(columns):
            return None
        rows.append(known)
    if not columns or not rows:
        return None
    samples = [samples_of([row[index] for row in rows]) for index in range(len(columns))]
    usable = tuple(sample for sample in samples if sample is not None)
    if len(usable) < len(columns):
        return None
    allowed = [_allowed(column, environment) for column in columns]
    cut = tuple(
        [value for value in sample if limit is None or limit.holds(value)]
        for sample, limit in zip(usable, allowed, strict=True)
    )
    return Grid(tuple(map(_label, columns)), tuple(rows), cut)


def _label(column: etree._Element) -> str:
    expression = child(column, "inputExpression")
    return "" if expression is None else (text_of(expression, "text") or "").strip()


def _allowed(column: etree._Element, environment: Environment) -> Region | None:
    values = child(column, "inputValues")
    text = None if values is None else text_of(values, "text")
    return region_of(text, environment) if text and text.strip() else None


class _Analysis:
    """Looks at one table."""

    def __init__(self, table: etree._Element, grid: Grid) -> None:
        self._table = table
        self._grid = grid
        written = table.get("hitPolicy", "UNIQUE")
        self._policy = POLICIES.get(written, written)
        self._boxes = 0
        self._decided_at = [_columns_that_matter(regions) for regions in grid.rules]

    def findings(self) -> list[Finding]:
        found = list(self._empty_rules())
        if self._policy == "UNIQUE":
            found += self._overlaps()
        try:
            if self._policy == "FIRST":
                found += self._covered_rules()
            found += self._gaps()
        except TooLarge:
            pass
        return found[:MAX_FINDINGS]

    def _finding(self, kind: str, msgid: str, rules: tuple[int, ...], example: tuple[object, ...]) -> Finding:
        shown = {
            label: described_sample(value)
            for label, value in zip(self._grid.labels, example, strict=False)
            if not isinstance(value, Other) or value.named
        }
        return Finding(kind, msgid, rules, shown, described(self._table), line_of(self._table))

    def _passing(self, rule: int, column: int) -> list[object]:
        region = self._grid.rules[rule][column]
        return [sample for sample in self._grid.samples[column] if region.holds(sample)]

    def _empty_rules(self) -> Iterator[Finding]:
        columns = range(len(self._grid.labels))
        for rule in range(len(self._grid.rules)):
            if any(not self._passing(rule, column) for column in columns):
                yield self._finding("unreachable", N_("The rule can never match."), (rule + 1,), ())

    def _overlaps(self) -> Iterator[Finding]:
        count = len(self._grid.rules)
        for first in range(count):
            for second in range(first + 1, count):
                example = self._common(first, second)
                if example is not None:
                    yield self._finding("overlap", N_("Two rules match at once."), (first + 1, second + 1), example)

    def _common(self, first: int, second: int) -> tuple[object, ...] | None:
        """An input both rules match."""
        example: list[object] = []
        for column in range(len(self._grid.labels)):
            other = self._grid.rules[second][column]
            shared = next((sample for sample in self._passing(first, column) if other.holds(sample)), None)
            if shared is None:
                return None
            example.append(shared)
        return tuple(example)

    def _gaps(self) -> Iterator[Finding]:
        every = tuple(range(len(self._grid.rules)))
        if any(child(output, "defaultOutputEntry") is not None for output in children(self._table, "output")):
            return
        for example in self._uncovered(every, 0, self._grid.samples):
            yield self._finding("gap", N_("No rule matches."), (), example)

    def _covered_rules(self) -> Iterator[Finding]:
        """Rules whose whole box is taken by those before them."""
        columns = range(len(self._grid.labels))
        for rule in range(1, len(self._grid.rules)):
            box = tuple(self._passing(rule, column) for column in columns)
            if all(box) and next(self._uncovered(tuple(range(rule)), 0, box), None) is None:
                msgid = N_("The rules before it take every input of this rule.")
                yield self._finding("unreachable", msgid, (rule + 1,), ())

    def _uncovered(
        self, rules: tuple[int, ...], column: int, samples: tuple[list[object], ...]
    ) -> Iterator[tuple[object, ...]]:
        """Inputs within the samples that none of the rules match; what does not matter is any other."""
        self._boxes += 1
        if self._boxes > MAX_BOXES:
            raise TooLarge
        if any(column >= self._decided_at[rule] for rule in rules):
            return
        if not rules:
            yield tuple(Other() for _ in samples[column:])
            return
        for sample in samples[column]:
            left = tuple(rule for rule in rules if self._grid.rules[rule][column].holds(sample))
            for rest in self._uncovered(left, column + 1, samples):
                yield (sample, *rest)


def _columns_that_matter(regions: tuple[Region, ...]) -> int:
    """After this many columns a rule that still matches cannot fail any more."""
    tested = [index for index, region in enumerate(regions) if region != EVERYTHING]
    return tested[-1] + 1 if tested else 0


def described_sample(sample: object) -> str:
    """A value, or a cell that lets through the values that are meant: `> 10`, `(5..10)`, `not("a")`."""
    if isinstance(sample, Other):
        return f"not({', '.join(map(example_text, sample.named))})"
    if not isinstance(sample, Between):
        return example_text(sample)
    if sample.low is None:
        return f"< {example_text(sample.high)}"
    if sample.high is None:
        return f"> {example_text(sample.low)}"
    return f"({example_text(sample.low)}..{example_text(sample.high)})"
