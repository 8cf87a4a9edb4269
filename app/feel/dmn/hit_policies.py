"""What a decision table makes of the rules that match (DMN 1.5 clause 8.2.10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.feel.builtins import BUILT_INS
from app.feel.compiler.functions import call_function
from app.feel.dmn.scope import START
from app.feel.evaluation import Evaluation
from app.feel.notices import HIT_POLICY
from app.feel.values.equality import same

Outputs = tuple[object, ...]
SEVERAL_RESULTS = frozenset(["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
POLICIES: Mapping[str, str] = {
    "U": "UNIQUE",
    "A": "ANY",
    "P": "PRIORITY",
    "F": "FIRST",
    "C": "COLLECT",
    "R": "RULE ORDER",
    "O": "OUTPUT ORDER",
}
AGGREGATIONS: Mapping[str, str] = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matches, with its outputs."""

    rule_id: str
    outputs: Outputs


Priority = Callable[[Match], tuple[int, ...]]


def choose(policy: str, matches: list[Match], priority: Priority, evaluation: Evaluation) -> Match | None:
    """The one rule that counts; None, with a notice, when the policy is violated."""
    if policy == "UNIQUE" and len(matches) > 1:
        evaluation.notice(HIT_POLICY, START, count=str(len(matches)), policy="UNIQUE")
        return None
    if policy == "ANY" and not all(_same(match.outputs, matches[0].outputs, evaluation) for match in matches[1:]):
        evaluation.notice(HIT_POLICY, START, count=str(len(matches)), policy="ANY")
        return None
    return min(matches, key=priority) if policy == "PRIORITY" else matches[0]


def _same(one: Outputs, other: Outputs, evaluation: Evaluation) -> bool:
    return all(same(left, right, evaluation.tick) for left, right in zip(one, other, strict=True))


def aggregate(name: str, values: list[object], evaluation: Evaluation) -> object:
    """The sum, smallest, largest or number of the collected outputs."""
    if name == "COUNT":
        return Decimal(len(values))
    return call_function(evaluation, BUILT_INS[AGGREGATIONS[name]], [values], None, START)
