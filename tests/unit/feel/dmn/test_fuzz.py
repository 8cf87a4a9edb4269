"""Whatever the bytes of a DMN file, it is read or refused with reasons."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from pathlib import Path

from app.feel import FeelError
from app.feel.dmn import DecisionModel, DecisionModelRefused, load_dmn
from tests.unit.feel.dmn.models import decision, definitions, input_data, knowledge, literal, table
from tests.unit.feel.evaluating import ENVIRONMENT

DOCUMENT = (Path(__file__).parents[4] / "docs" / "feel.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```dmn\n(.*?)```", DOCUMENT, re.DOTALL)[0].encode()
OTHER = definitions(
    input_data("n", "number"),
    knowledge("twice", {"x": "number"}, literal("x * 2")),
    decision("d", table(["n"], ["a", "b"], [("< 5", "1", "twice(n)"), ("-", "2", "3")], "FIRST"), "n", "bkm:twice"),
)
PIECES = [b"<", b">", b'"', b"&", b"/", b"\x00", b"\xff", b"href", b"<rule>", b"</rule>", b"- 1 +", b"typeRef", b"#n"]


def damaged(xml: bytes, chance: random.Random) -> bytes:
    """Now and then a piece is lost or put in; mostly one character becomes another."""
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(xml))
        if chance.random() < 0.2:
            length, piece = chance.randrange(0, 30), chance.choice([b"", *PIECES])
        else:
            length, piece = 1, chance.choice([b"a", b"1", b"-", b" ", b"(", b"?", b"."])
        xml = xml[:place] + piece + xml[place + length :]
    return xml


def loaded(xml: bytes, *, is_tolerant: bool) -> DecisionModel | None:
    try:
        return load_dmn(xml, is_tolerant=is_tolerant)
    except DecisionModelRefused:
        return None


def test_damaged_files() -> None:
    chance = random.Random(20260314)
    read = 0
    for _ in range(600):
        source = loaded(damaged(chance.choice([EXAMPLE, OTHER]), chance), is_tolerant=chance.random() < 0.7)
        if source is None:
            continue
        read += 1
        for name in source.decision_names:
            with suppress(FeelError):
                source.evaluate(name, {}, ENVIRONMENT)
        source.analyse(ENVIRONMENT)
    assert read > 20
