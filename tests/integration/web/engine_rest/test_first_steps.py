"""The lines of curl at the beginning of docs/rest.md lead a case from its deployment to its end."""

import io
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import Dealership
from tests.integration.web.engine_rest.program import Program

pytestmark = SQLITE_ONLY

ROOT = Path(__file__).parents[4]
HOST = "$HOST"


def documented() -> list[list[str]]:
    """The arguments of each call of curl."""
    text = (ROOT / "docs" / "rest.md").read_text(encoding="utf-8")
    part = text.partition("## The first five minutes")[2].partition("\n## ")[0]
    lines = [line for block in re.findall(r"```sh\n(.*?)```", part, re.DOTALL) for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("curl ")]


def called(program: Program, arguments: list[str], known: dict[str, str]) -> Any:
    """What a call answers; `known` takes the place of the variables of the shell."""
    *options, address = arguments
    path = re.sub(r"\$([A-Z]+)", lambda found: known[found[1]], address.removeprefix(HOST))
    pairs = list(zip(options[::2], options[1::2], strict=True))
    assert pairs.pop(0) == ("-u", "$ME")
    sent: dict[str, Any] = {}
    for option, value in pairs:
        if option == "--json":
            sent["json"] = json.loads(value)
        else:
            name, _, field = value.partition("=")
            file = ROOT / field.removeprefix("@")
            content = (io.BytesIO(file.read_bytes()), file.name) if field.startswith("@") else field
            sent.setdefault("data", {})[name] = content
    answer = program.send("POST" if sent else "GET", path, **sent)
    assert answer.status_code in (200, 204), (path, answer.text)
    assert ("Content-Type" in answer.headers) == (answer.status_code == 200), path
    return answer.get_json(silent=True)


def test_the_first_five_minutes(program_of: Callable[[str], Program], dealership: Dealership) -> None:
    program, known = program_of("process_owner"), {}
    for arguments in documented():
        found = called(program, arguments, known)
        if "fetchAndLock" in arguments[-1]:
            known["EXTERNAL"] = found[0]["id"]
        elif "/task?" in arguments[-1]:
            known["TASK"] = found[0]["id"]
    assert known.keys() == {"EXTERNAL", "TASK"}
    assert [one["state"] for one in found] == ["COMPLETED"]
