"""Markdown as form authors may use it: no HTML, no images, links to the web and to mail addresses only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
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


def _make_renderer() -> MarkdownIt:
    """Ready to the last rule: the library lists its rules when they are first asked for, and a second thread that asks
    meanwhile gets half of them.
    """
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image").enable("table")
    markdown.validateLink = _is_allowed_link  # type: ignore[method-assign]  # how the library wants it
    markdown.add_render_rule("link_open", _link_open)
    for ruler in (markdown.core.ruler, markdown.block.ruler, markdown.inline.ruler, markdown.inline.ruler2):
        ruler.getRules()
    return markdown


_RENDERER = _make_renderer()


@lru_cache(maxsize=1024)
def render_markdown(text: str) -> str:
    """HTML of a Markdown text; kept, because forms say the same again and again."""
    return str(_RENDERER.render(text))
