"""Built front-end files by their plain name: `asset('app.js')` gives the address of the file with the hash."""

import json
from collections.abc import Mapping
from pathlib import Path

import structlog
from flask import Flask, current_app

KEY = "assets"

log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    """Read the manifest of the build once and offer `asset` to the templates."""
    app.extensions[KEY] = _read_manifest(Path(app.static_folder or "") / "dist" / "manifest.json")
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a built file. In a tree that was never built it leads nowhere, which the log said at start."""
    files: Mapping[str, str] = current_app.extensions[KEY]
    return f"{current_app.static_url_path}/dist/{files.get(name, name)}"


def _read_manifest(path: Path) -> Mapping[str, str]:
    if not path.exists():
        log.warning("front_end_not_built", remedy="make frontend")
        return {}
    files: Mapping[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return files
