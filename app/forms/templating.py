"""Texts of a form: translated, with `{{expressions}}` whose values are inserted as text and never as markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from app import feel
from app.forms.display import display_text
from app.forms.markdown import render_markdown
from app.forms.scope import FormScope

_PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
# Letters of a private-use area: Markdown gives them no meaning and no author writes them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


class UnusableTemplate(ValueError):
    """A template that cannot be executed; the argument says why."""


@dataclass(frozen=True, slots=True)
class Template:
    """Literal parts and the expressions between them: one more literal than expressions."""

    literals: tuple[str, ...]
    expressions: tuple[feel.Expression, ...]

    def plain(self, scope: FormScope) -> str:
        if not self.expressions:
            return self.literals[0]
        return self._joined(lambda index: display_text(scope.evaluate(self.expressions[index]), scope))

    def markup(self, scope: FormScope) -> Markup:
        """The Markdown rendered first, the values put in afterwards: a value can never become markup."""
        html = render_markdown(self._joined(lambda index: f"{_OPEN}{index}{_CLOSE}"))

        def value(match: re.Match[str]) -> str:
            text = display_text(scope.evaluate(self.expressions[int(match[1])]), scope)
            return str(escape(text)).replace("\n", "<br>")

        return Markup(_MARK.sub(value, html))  # noqa: S704 - Markdown without HTML, and every value is escaped

    def has_expression_in_markup(self) -> bool:
        """Whether an expression stands where only markup can, such as in the address of a link."""
        html = render_markdown(self._joined(lambda index: f"{_OPEN}{index}{_CLOSE}"))
        outside_tags = re.sub(r"<[^>]*>", "", html)
        return len(_MARK.findall(outside_tags)) != len(self.expressions)

    def _joined(self, place: Callable[[int], str]) -> str:
        parts = [self.literals[0]]
        for index, literal in enumerate(self.literals[1:]):
            parts += (place(index), literal)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text in the base language and its translations."""

    base: Template
    translations: Mapping[str, Template]

    def in_language_of(self, scope: FormScope) -> Template:
        return self.translations.get(scope.locale, self.base)

    @property
    def all(self) -> tuple[Template, ...]:
        return (self.base, *self.translations.values())


def read_template(text: str) -> Template:
    """Compile a text; raises `UnusableTemplate` or `FeelSyntaxError`."""
    if _OPEN in text or _CLOSE in text:
        raise UnusableTemplate("U+E000")
    *pieces, last = _PLACE.split(text)
    literals, sources = (*pieces[::2], last), pieces[1::2]
    for source in sources:
        if source.lstrip().startswith(("#", "/", "^", ">", "!")):
            raise UnusableTemplate(f"{{{{{source}}}}}")
    return Template(literals, tuple(feel.compile_expression(source.strip().removeprefix("=")) for source in sources))


EMPTY = LocalText(Template(("",), ()), {})
