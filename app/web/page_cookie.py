"""Flask's own cookie: it is opened only where there is one, and who is signed in seldom has one."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class PageCookie(SecureCookieSessionInterface):
    """Holds messages for the next page and, before sign-in, the form token and the language."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not request.cookies.get(self.get_cookie_name(app)):
            return self.session_class()
        return super().open_session(app, request)
