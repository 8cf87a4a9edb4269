"""Texts need a language: a bare application with Flask-Babel gives it, nothing else of the product runs."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from app.i18n import CATALOGS, compile_catalogs


@pytest.fixture
def in_language() -> Iterator[None]:
    """English, until a test forces another language."""
    compile_catalogs()
    app = Flask(__name__)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGS)
    Babel(app)
    with app.test_request_context(), force_locale("en"):
        yield
