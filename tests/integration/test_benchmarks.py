"""The benchmarks still run, measure what they say, and say what they measure. How fast it is, `make bench` shows."""

import json
import math
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import (
    engine,
    engine_growth,
    feel,
    floor,
    history,
    http_case,
    inbox,
    jobs,
    operations,
    rest_case,
    search,
    sign_ins,
)
from benchmarks.budgets import BUDGETS
from benchmarks.machine import calibrate, machine_figures
from benchmarks.measuring import percentile
from tests.integration.reliability.scale import IS_LONG

README = Path(command.__file__).with_name("README.md")
PARTS: dict[str, Callable[[], dict[str, float]]] = {
    "engine": lambda: engine.run(engine.SMALLEST),
    "feel": lambda: feel.run(feel.SMALLEST),
    "floor": lambda: floor.run(http_case.SMALLEST),
    "growth": lambda: engine_growth.run(engine_growth.SMALLEST),
    "history": lambda: history.run(history.SMALLEST),
    "http": lambda: http_case.run(http_case.SMALLEST),
    "inbox": lambda: inbox.run(inbox.SMALLEST),
    "jobs": lambda: jobs.run(jobs.SMALLEST),
    "machine": lambda: machine_figures(calibrate(), calibrate(), 0.0),
    "operations": lambda: operations.run(operations.SMALLEST),
    "rest": lambda: rest_case.run(rest_case.SMALLEST),
    "search": lambda: search.run(search.SMALLEST),
    "sign_ins": lambda: sign_ins.run(sign_ins.SMALLEST),
}


# Those that start servers or fill large tables are left to the drills.
QUICK = ("engine", "history", "inbox", "jobs", "machine", "operations")
TRIED = PARTS if IS_LONG else QUICK


def _documented() -> dict[str, re.Pattern[str]]:
    """Key as the reference writes it, `<n>` for a number -> what it looks like."""
    keys = re.findall(r"^\| `([^`]+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    return {key: re.compile(re.escape(key).replace("<n>", r"\d+")) for key in keys}


@pytest.mark.parametrize("name", TRIED)
def test_a_part_gives_its_documented_figures(name: str) -> None:
    figures = PARTS[name]()
    documented = {key: shape for key, shape in _documented().items() if key.startswith(f"{name}.")}
    assert [key for key in figures if not any(shape.fullmatch(key) for shape in documented.values())] == []
    assert [key for key, shape in documented.items() if not any(map(shape.fullmatch, figures))] == []
    assert all(math.isfinite(value) and value > 0 for value in figures.values()), figures


def test_every_part_of_the_command_is_tried_here() -> None:
    assert {*command._parts([]), "machine"} == set(PARTS)


def test_budgets_are_about_figures_that_exist() -> None:
    shapes = _documented().values()
    assert [key for key in BUDGETS if not any(shape.fullmatch(key) for shape in shapes)] == []


def test_the_command_writes_one_flat_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "results" / "latest.json"
    monkeypatch.setattr(command, "_parts", lambda sizes: {"history": PARTS["history"], "inbox": PARTS["inbox"]})
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "history", "--output", str(output)])
    command.main()
    figures = json.loads(output.read_text())
    assert figures["history.append_us"] > 0
    assert {key.partition(".")[0] for key in figures} == {"history", "machine"}
    assert all(isinstance(value, float) for value in figures.values())
    assert "history.append_us" in capsys.readouterr().out


def test_percentiles() -> None:
    assert percentile([float(number) for number in range(1, 102)], 95) == 96
