"""A comment as HTML: text with line breaks, addresses as links, names of mentioned people. Nothing else passes."""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from app.operations.mentions import MENTION

# What ends a sentence does not belong to the address before it.
_ADDRESS = re.compile(
    r"https?://[^\s<>\"'，。；：！？、（）《》「」【】“”‘’]+[^\s<>\"'.,;:!?)\]，。；：！？、（）《》「」【】“”‘’]"
)
_PARTS = re.compile(f"(?P<address>{_ADDRESS.pattern})|{MENTION.pattern}", re.ASCII | re.IGNORECASE)
_LINK = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer nofollow">{0}</a>')
_MENTION = Markup('<span class="mention" title="@{0}">@{1}</span>')


def comment_html(text: str, names: Mapping[str, str]) -> Markup:
    """The text of a comment. Arguments: names, of the people it mentions, by id; others stay as they were typed."""
    pieces, end = [], 0
    for found in _PARTS.finditer(text):
        pieces.append(escape(text[end : found.start()]))
        pieces.append(_piece(found, names))
        end = found.end()
    pieces.append(escape(text[end:]))
    return Markup().join(pieces)


def _piece(found: re.Match[str], names: Mapping[str, str]) -> Markup:
    if found["address"]:
        return _LINK.format(found["address"])
    user_id = found[2]
    return _MENTION.format(user_id, names[user_id]) if user_id in names else escape(found[0])
