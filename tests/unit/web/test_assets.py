"""Built files by their plain names."""

import json
from pathlib import Path

from flask import Flask

from app.web.assets import asset, install


def _app(tmp_path: Path) -> Flask:
    return Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")


def test_name_of_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "manifest.json").write_text(json.dumps({"app.js": "app-abc123.js"}))
    app = _app(tmp_path)
    install(app)
    with app.app_context():
        assert asset("app.js") == "/static/dist/app-abc123.js"
        assert app.jinja_env.globals["asset"] is asset


def test_tree_that_was_never_built(tmp_path: Path) -> None:
    app = _app(tmp_path)
    install(app)
    with app.app_context():
        assert asset("app.js") == "/static/dist/app.js"
