"""What the templates can call: filters, the navigation, the list of keys."""

from flask import Flask, current_app, render_template
from markupsafe import Markup

from app.web.languages import locale
from app.web.navigation import navigation
from app.web.texts import gettext

Shortcut = tuple[tuple[str, ...], str]


def install(app: Flask) -> None:
    """Offer the filters and functions to all templates."""
    app.jinja_env.filters["initial"] = initial
    app.jinja_env.filters["phone"] = spaced_phone
    app.jinja_env.globals["navigation"] = navigation
    app.jinja_env.globals["keyboard_help"] = keyboard_help
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def initial(name: str) -> str:
    """The one character that stands for a person."""
    return name.strip()[:1].upper()


def spaced_phone(number: str) -> str:
    """A mobile number in groups that are easy to dial: 3-4-4; anything else as it is."""
    digits = number.strip()
    return f"{digits[:3]} {digits[3:7]} {digits[7:]}" if len(digits) == 11 and digits.isdigit() else digits


def keyboard_help() -> Markup:
    """The list of keys, the same for everybody who reads a language: rendered once."""
    known: dict[str, Markup] = current_app.extensions.setdefault("keyboard_help", {})
    language = locale()
    if language not in known:
        known[language] = Markup(render_template("_keyboard_help.html", shortcuts=keyboard_shortcuts()))  # noqa: S704
    return known[language]


def keyboard_shortcuts() -> tuple[tuple[str, tuple[Shortcut, ...]], ...]:
    """The keys by heading, as the help lists them; frontend/src/parts/keyboard.js makes them work."""
    return (
        (
            gettext("List"),
            (
                (("J", "K"), gettext("Next, previous task")),
                (("↵",), gettext("Open the task")),
                (("/",), gettext("Search")),
                (("G", "I"), gettext("Go to the inbox")),
                (("G", "C"), gettext("Go to the cases")),
                (("P",), gettext("Dial the number")),
                (("N",), gettext("Start a process")),
            ),
        ),
        (
            gettext("Open task"),
            (
                (("C",), gettext("Claim")),
                (("1", "–", "5"), gettext("Choose an outcome")),
                (("Ctrl", "↵"), gettext("Submit")),
                (("F", "H", "D"), gettext("Form, history, diagram")),
                (("M", "A"), gettext("Discussion, files")),
                (("U",), gettext("Back to the list")),
                (("?",), gettext("This list")),
            ),
        ),
    )
