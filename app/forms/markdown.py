"""Markdown as form authors may use it: no HTML, no images, links to the web and to mail addresses only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_SCHEMES = frozenset({"http", "https", "mailto"})


def _is_allowed_link(url: str) -> bool:
    try:
        return urlsplit(url.strip()).scheme.lower() in _SCHEMES
    except ValueError:
        return False


def _link_open(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer")
    tokens[index].attrSet("target", "_blank")
    return self.renderToken(tokens, index, options, env)


@cache
def _renderer() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image").enable("table")
    markdown.validateLink = _is_allowed_link  # type: ignore[method-assign]  # how the library wants it
    markdown.add_render_rule("link_open", _link_open)
    return markdown


@lru_cache(maxsize=1024)
def render_markdown(text: str) -> str:
    """HTML of a Markdown text; kept, because forms say the same again and again."""
    return str(_renderer().render(text))
