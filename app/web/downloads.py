"""Files to save: always an attachment with one safe name (W47)."""

from urllib.parse import quote

from flask import Response

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._-()")


def download(content: bytes, file_name: str, media_type: str) -> Response:
    """An answer that browsers save under `file_name`."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = disposition(file_name)
    return answer


def disposition(file_name: str) -> str:
    """To be saved under this name (RFC 6266, with RFC 8187 for other than plain characters)."""
    plain = "".join(sign if sign in _PLAIN else "_" for sign in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
