"""Headers that fence in every answer, errors and files included (W30, W31, W37)."""

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = 31_536_000
BUILT = "/static/dist/"  # names of built files hold their hash: a changed file has another name


def install(app: Flask) -> None:
    """Have every answer of `app` carry the headers, whatever its status."""
    headers = dict(HEADERS)
    if app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"

    def add_security_headers(answer: Response) -> Response:
        present = {name.lower() for name in answer.headers.keys()}  # noqa: SIM118 - a list of pairs, not a dict
        for name, value in headers.items():
            if name.lower() not in present:
                answer.headers.add(name, value)
        answer.headers["Cache-Control"] = _cache_control(answer)
        return answer

    app.after_request(add_security_headers)


def _cache_control(answer: Response) -> str:
    if request.endpoint != "static" or answer.status_code >= 400:
        return "no-store"
    return f"public, max-age={ONE_YEAR}, immutable" if request.path.startswith(BUILT) else "no-cache"
