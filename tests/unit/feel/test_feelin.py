"""The JavaScript package `feelin` as a second opinion; where it differs, the standard decides.

`feelin` is among the front end's packages; FEELIN names another folder of it, NODE another Node.
"""

from __future__ import annotations

import json
import os
import subprocess
from decimal import Decimal
from pathlib import Path

from tests.examples import NODE
from tests.unit.feel.evaluating import value_of
from tests.unit.feel.test_functions import CONTEXTS, CONVERSIONS, LISTS, NUMBERS, PATTERNS, RANGES, STRINGS

ROOT = Path(__file__).parents[3]
FEELIN = Path(os.environ.get("FEELIN", ROOT / "frontend" / "node_modules" / "feelin")) / "dist" / "index.js"
TEXTS = [text for text, _ in (*STRINGS, *PATTERNS, *NUMBERS, *LISTS, *CONTEXTS, *CONVERSIONS, *RANGES)]

# Beginnings of expressions, with what the standard says and feelin does otherwise.
DIFFERENCES = {
    "substring(": "clause 10.3.4.3: a position outside the string, or a length below one, has no result",
    'matches("hello world"': "the flag x and blocks such as IsBasicLatin are not implemented there",
    'matches("helloworld"': "the flag x is not implemented there",
    'matches("投诉"': "blocks are not implemented there",
    'matches("O"': "class subtraction is not implemented there",
    'matches("b': "class subtraction is not implemented there",
    'matches("a': "the flag q is not implemented there, back references are not implemented here",
    'matches("٣"': "XPath: \\d is every decimal digit",
    'matches("x-1"': "XPath: \\i and \\c",
    "replace(": "XPath: a pattern that matches nothing is an error, `\\$` is a dollar sign, `$` alone is an error",
    "decimal(1, 9999)": "table 75: the scale has a range",
    "even(1E+30)": "numbers have 34 digits",
    'number("1"': "table 70: separators are restricted and may not be the same",
    'max(["a"': "table 74: any comparable values",
    "sum([@": "durations can be added",
    "sublist(": "table 74: positions outside the list",
    "insert before(": "table 74: positions outside the list, and negative ones",
    "remove(": "table 74: positions outside the list, and negative ones",
    "list replace(": "table 74: a whole position, or a function of two arguments that returns a boolean",
    "sort(": "table 79: `precedes` is optional and returns a boolean",
    "get value({a: {b": "table 80: several keys",
    "context put(": "table 80: keys that lead through something else than a context",
    "string(": "numbers are written without an exponent, ranges and functions have a text",
    "range(": "DMN 1.5: `range` is a function",
    "is(": "clause 10.3.4.6: zones compare by offset, zero durations of two types differ",
    "before(": "table 78: null and values of different types have no order; missing bounds",
    "overlaps before(": "table 78: not implemented there",
    "overlaps after(": "table 78: not implemented there",
    "finish": "table 78: not implemented there",
    "during(": "table 78: not implemented there",
    "start": "table 78: not implemented there",
    "coincides(": "table 78: not implemented there",
}


def tagged(value: object) -> object:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return {"number": float(value)}
    if isinstance(value, list):
        return {"list": [tagged(item) for item in value]}
    if isinstance(value, dict):
        return {"context": {name: tagged(entry) for name, entry in value.items()}}
    return {"text": str(value)}


def rounded(value: object) -> object:
    """feelin's numbers are binary, so only fifteen digits can be compared."""
    if isinstance(value, dict):
        if "number" in value:
            return {"number": float(f"{float(value['number']):.15g}")}
        return {name: rounded(entry) for name, entry in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def test_only_the_listed_expressions_differ() -> None:
    assert FEELIN.exists(), "the front end's packages are not installed: run `make frontend`"
    script = Path(__file__).with_name("feelin.mjs")
    run = subprocess.run(
        [NODE, str(script), str(FEELIN)], input=json.dumps(TEXTS), capture_output=True, text=True, check=True
    )
    theirs = [rounded(value) for value in json.loads(run.stdout)]
    ours = [rounded(tagged(value_of(text))) for text in TEXTS]
    differing = [text for text, one, other in zip(TEXTS, ours, theirs, strict=True) if one != other]
    assert [text for text in differing if not text.startswith(tuple(DIFFERENCES))] == []
    unused = [start for start in DIFFERENCES if not any(text.startswith(start) for text in differing)]
    assert unused == []
