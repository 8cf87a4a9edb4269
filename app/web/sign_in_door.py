"""A crowd that signs in waits at the door, so that the pages of those who work do not wait for the crowd (W24)."""

import threading
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

import structlog
from flask import Flask

from app.i18n import N_, best_locale, translations

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ADDRESS = "/sign-in"
# Whoever waits keeps a thread, of which pages need most; whoever is inside computes, at the cost of everybody's pages.
INSIDE, MOST_WAITING, LONGEST_WAIT_SECONDS = 2, 8, 5.0
RETRY_AFTER_SECONDS = "5"
TITLE = N_("Busy at the moment")
TEXT = N_("Too many people are signing in at this moment. Try again in a few seconds.")
LINK = N_("Sign in")

log = structlog.get_logger(__name__)


class SignInDoor:
    """WSGI middleware: who is sent away costs next to nothing, not even a page with a layout."""

    def __init__(self, application: "WSGIApplication", default_locale: str) -> None:
        self._application = application
        self._default_locale = default_locale
        self._pages: dict[str, bytes] = {}
        self.inside = threading.BoundedSemaphore(INSIDE)
        self.waiting = threading.BoundedSemaphore(INSIDE + MOST_WAITING)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] != ADDRESS or environ["REQUEST_METHOD"] != "POST":
            return self._application(environ, start_response)
        if not self.waiting.acquire(blocking=False):
            return self._send_away(environ, start_response)
        try:
            if not self.inside.acquire(timeout=LONGEST_WAIT_SECONDS):
                return self._send_away(environ, start_response)
            try:
                return self._application(environ, start_response)
            finally:
                self.inside.release()
        finally:
            self.waiting.release()

    def _send_away(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        log.warning("sign_in_sent_away", address=environ.get("REMOTE_ADDR"))
        locale = best_locale(environ.get("HTTP_ACCEPT_LANGUAGE", "").split(",")[0]) or self._default_locale
        if locale not in self._pages:
            self._pages[locale] = _page(locale)
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Retry-After", RETRY_AFTER_SECONDS)]
        start_response("503 Service Unavailable", headers)
        return [self._pages[locale]]


def install(app: Flask) -> None:
    """Stand before everything but the headers that every answer carries."""
    door = SignInDoor(app.wsgi_app, app.config["BABEL_DEFAULT_LOCALE"])
    app.wsgi_app = door  # type: ignore[method-assign]
    app.extensions["sign_in_door"] = door


def _page(locale: str) -> bytes:
    title, text, link = (escape(translations(locale).gettext(msgid)) for msgid in (TITLE, TEXT, LINK))
    head = f'<html lang="{locale.replace("_", "-")}"><head><meta charset="utf-8"><title>{title}</title></head>'
    body = f'<body><h1>{title}</h1><p>{text}</p><p><a href="{ADDRESS}">{link}</a></p></body>'
    return f"<!doctype html>{head}{body}</html>".encode()
