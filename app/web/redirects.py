"""Where to go next: only ever to a path of this very site."""

from urllib.parse import unquote, urlsplit

from flask import request

LONGEST = 500


def safe_next(wish: str | None, fallback: str = "/") -> str:
    """`wish` if it is a path of this site in the eyes of every browser, else `fallback`."""
    if not wish or len(wish) > LONGEST or not _is_plain(wish):
        return fallback
    if not wish.startswith("/") or wish.startswith("//"):
        return fallback
    # Browsers and proxies in between may decode once or twice.
    decoded = unquote(unquote(wish))
    if decoded.startswith("//") or not _is_plain(decoded.replace(" ", "")):
        return fallback
    parts = urlsplit(wish)
    return fallback if parts.scheme or parts.netloc else wish


def here() -> str:
    """The path and query of the present request, to come back to after sign-in."""
    return safe_next(request.full_path.rstrip("?"))


def _is_plain(text: str) -> bool:
    return "\\" not in text and not any(ord(character) <= 32 or ord(character) == 127 for character in text)
