"""`aftercare decide`: a decision tried out from the command line, without a database."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.unit.feel.dmn.models import decision, definitions, input_data, literal, table

ROOT = Path(__file__).parents[3]
TABLES = Path(__file__).parents[2] / "resources" / "business_rule_task.dmn"
IMPORT = '<import name="b" namespace="urn:b" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
NEEDS = '<informationRequirement><requiredDecision href="urn:b#_base"/></informationRequirement>'


def decide(file: Path, name: str, *options: str, given: object = None, stdin: str | None = None) -> Result:
    arguments = ["decide", str(file), name, *options]
    if given is not None:
        arguments += ["--input", given if isinstance(given, str) else json.dumps(given)]
    return CliRunner().invoke(main, arguments, input=stdin)


def value(answer: Result) -> object:
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout, parse_float=Decimal)


def written(folder: Path, *elements: str, name: str = "a.dmn", namespace: str = "urn:a") -> Path:
    file = folder / name
    file.write_bytes(definitions(*elements, namespace=namespace))
    return file


def test_a_decision_by_id_or_name() -> None:
    for name in ("discount", "Discount"):
        assert value(decide(TABLES, name, given={"amount": 600})) == 10
    assert value(decide(TABLES, "Terms", given={"amount": 5})) == [{"what": "invoice", "days": 30}]


def test_input_from_a_file_or_the_standard_input(tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text('{"amount": 600}')
    assert value(decide(TABLES, "discount", given=f"@{tmp_path / 'in.json'}")) == 10
    assert value(decide(TABLES, "discount", given="-", stdin='{"amount": 200}')) == 5


def test_numbers_keep_all_their_digits(tmp_path: Path) -> None:
    file = written(tmp_path, input_data("n", "number"), decision("d", literal("n + 0.1"), "n"))
    answer = decide(file, "d", given='{"n": 0.12345678901234567890123}')
    assert answer.stdout == "0.22345678901234567890123\n"
    assert decide(file, "d", given='{"n": 1e3}').stdout == "1000.1\n"


@pytest.mark.parametrize(
    ("type_", "given", "text", "expected"),
    [
        ("date", "2026-03-14", "x.weekday", 6),
        ("time", "09:30:00", "x + @\"PT1H\"", "10:30:00"),
        ("dateTime", "2026-03-14T09:30:00", "x", "2026-03-14T09:30:00"),
        ("dayTimeDuration", "PT90M", "x", "PT1H30M"),
        ("yearMonthDuration", "P14M", "x.years", 1),
        ("string", "2026-03-14", "x", "2026-03-14"),
        ("number", 3, "[1..x]", "[1..3]"),
        ("number", 3, "{a: [x, null, true], b: {}}", {"a": [3, None, True], "b": {}}),
    ],
)
def test_texts_are_read_as_the_model_declares(
    tmp_path: Path, type_: str, given: object, text: str, expected: object
) -> None:
    file = written(tmp_path, input_data("x", type_), decision("d", literal(text), "x"))
    assert value(decide(file, "d", given={"x": given})) == expected


def test_parts_of_lists_and_contexts_too(tmp_path: Path) -> None:
    types = (
        '<itemDefinition name="tStay"><itemComponent name="from"><typeRef>date</typeRef></itemComponent>'
        '<itemComponent name="days" isCollection="true"><typeRef>dayTimeDuration</typeRef></itemComponent>'
        "</itemDefinition>"
    )
    file = written(tmp_path, types, input_data("s", "tStay"), decision("d", literal("s.from + s.days[2]"), "s"))
    assert value(decide(file, "d", given={"s": {"from": "2026-03-14", "days": ["P1D", "P2D"], "x": 1}})) == "2026-03-16"


def test_services_are_called_by_name(tmp_path: Path) -> None:
    service = (
        '<decisionService id="_s" name="double"><outputDecision href="#_d"/><inputData href="#_n"/></decisionService>'
    )
    file = written(tmp_path, input_data("n", "number"), decision("d", literal("n * 2"), "n"), service)
    assert value(decide(file, "double", given={"n": 4})) == 8


def test_what_goes_wrong_is_told_with_the_element() -> None:
    answer = decide(TABLES, "discount", given={"amount": 500, "amuont": 1})
    assert value(answer) is None
    assert answer.stderr.splitlines() == [
        "Nothing in the file is called “amuont”; its value is not used.",
        "decision “Discount”: 2 rules match, which the hit policy UNIQUE does not allow.",
    ]
    answer = decide(TABLES, "discount")
    assert "inputData “amount”: Nothing is called “amount” here." in answer.stderr


def test_imported_models_lie_beside_or_are_named(tmp_path: Path) -> None:
    importing = f'<decision id="_d" name="d">{NEEDS}{literal("b.base + 1")}</decision>'
    file = written(tmp_path, IMPORT, importing)
    assert "The imported model urn:b is missing." in decide(file, "d").stderr
    (tmp_path / "elsewhere").mkdir()
    other = written(tmp_path / "elsewhere", decision("base", literal("41")), name="b.dmn", namespace="urn:b")
    assert value(decide(file, "d", "--model", str(other))) == 42
    other.rename(tmp_path / "b.dmn")
    assert value(decide(file, "d")) == 42
    (tmp_path / "b.dmn").write_bytes(b"<definitions")
    answer = decide(file, "d")
    assert answer.exit_code == 1
    assert "b.dmn:1" in answer.stderr


def test_refused_files_name_element_line_and_reason(tmp_path: Path) -> None:
    file = written(tmp_path, decision("good", literal("1")), decision("bad", literal("1 +")))
    answer = decide(file, "good")
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith(f"{file}:4: literalExpression in decision “bad”: ")
    tolerant = decide(file, "good", "--tolerant")
    assert value(tolerant) == 1
    assert "decision “bad”" in tolerant.stderr
    assert value(decide(file, "bad", "--tolerant")) is None


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("nothing", (), "There is no decision “nothing” in the file. There are: discount, Terms."),
        ("discount", ("--input", '{"amount":\n}'), "The input is not JSON: line 2, column 1."),
        ("discount", ("--input", '{"amount": NaN}'), "The input is not JSON"),
        ("discount", ("--input", '{"amount": 1e99999}'), "out of range"),
        ("discount", ("--input", "[1]"), "must be a JSON object"),
        ("discount", ("--input", "@/nowhere.json"), "There is no file /nowhere.json."),
        ("discount", ("--zone", "Mars/Olympus"), "not a time zone"),
    ],
)
def test_refusals_are_one_line(name: str, options: tuple[str, ...], words: str) -> None:
    answer = decide(TABLES, name, *options)
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith("Error: ")
    assert words in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_decision_without_end_is_stopped(tmp_path: Path) -> None:
    file = written(tmp_path, decision("d", literal("sum(for i in 1..99999, j in 1..99999 return i)")))
    answer = decide(file, "d")
    assert answer.exit_code == 1
    assert "more than its budget allows" in answer.stderr


def test_it_speaks_the_language_of_the_terminal(tmp_path: Path) -> None:
    file = written(tmp_path, decision("d", table(["1"], ["x"], [("-", "1"), ("-", "2")])))
    environment = {**os.environ, "LC_ALL": "zh_CN.UTF-8", "AFTERCARE_DATA_DIR": str(tmp_path)}
    environment.pop("LANGUAGE", None)
    command = [sys.executable, "-m", "app.cli", "decide", str(file), "d"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.stdout == "null\n"
    assert answer.stderr == "decision “d”: 有 2 条规则同时匹配，命中策略 UNIQUE 不允许。\n"


def test_the_documented_commands_print_what_is_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / "feel.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    commands = [part.split("\n", 1) for part in example.split("$ aftercare ") if part]
    assert len(commands) == 2
    for command, printed in commands:
        answer = CliRunner().invoke(main, shlex.split(command))
        assert answer.stdout + answer.stderr == printed
