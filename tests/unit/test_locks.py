"""What is installed is what was locked: every dependency is there, by hash, and no file names an address."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN, BUILD, DEV = PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in ("build", "dev"))
LOCKS = {
    "requirements.lock": RUN,
    "requirements-build.lock": RUN + BUILD,
    "requirements-dev.lock": RUN + BUILD + DEV,
}


def _normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


@pytest.mark.parametrize(("file", "requirements"), LOCKS.items())
def test_lock_holds_every_dependency_with_hashes(file: str, requirements: list[str]) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / file).read_text(encoding="utf-8"))
    locked = {_normal(block) for block in blocks if "==" in block and "--hash=sha256:" in block}
    wanted = {_normal(requirement) for requirement in requirements} - {PROJECT["name"]}
    assert wanted <= locked, f"run `make lock`: {file} lacks {sorted(wanted - locked)}"


@pytest.mark.parametrize("file", [*LOCKS, "frontend/package-lock.json"])
def test_lock_names_no_address(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert "resolved" not in text
    sponsors = r"opencollective|github\.com/sponsors|github\.com/[\w-]+/[\w-]+\?sponsor=1|ko-fi"
    assert not re.search(rf"https?://(?!{sponsors})|--index-url|--find-links|file:", text)


def test_npm_packages_are_locked_with_integrity() -> None:
    wanted = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name in {**wanted["dependencies"], **wanted["devDependencies"]}:
        assert lock[f"node_modules/{name}"]["integrity"].startswith("sha512-")
