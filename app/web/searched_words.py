"""The words of a search in a page's address."""

from flask import request

from app.web.rate_limits import within_limit


def searched_words() -> str:
    """What is looked for; empty where nothing is. Raises TooManyRequests."""
    words = (request.args.get("q") or "").strip()
    if words:
        within_limit("search")
    return words
