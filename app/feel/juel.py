"""Camunda 7's `${...}` conditions as FEEL, for the operators the two languages share."""

from __future__ import annotations

import re

from app.feel.errors import UntranslatableExpression
from app.feel.notices import N_
from app.feel.syntax.names import KEYWORDS

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?(?![\w.]))
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<name>[^\W\d]\w*)
    |(?P<symbol>==|!=|<=|>=|&&|\|\||[-+*/<>!?:().])
    )""",
    re.VERBOSE,
)
_BODY = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_WORDS = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
    "and": "&&",
    "or": "||",
    "not": "!",
    "empty": "empty",
    "div": "/",
}
_OPERATORS = {"==": "=", "&&": "and", "||": "or"}
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/"))
_CONSTANTS = ("true", "false", "null")
_MAX_NESTING = 40
_FEEL_WORDS = frozenset(
    ["if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between", "function"]
)


def translate_juel(text: str) -> str:
    """The FEEL text of a condition such as `${amount > 5 && !empty items}`.

    Comparisons, `&& || !`, their word forms, arithmetic, `empty`, dots, literals and `a ? b : c`
    are translated. Raises `UntranslatableExpression` for everything else.
    """
    match = _BODY.fullmatch(text)
    if match is None:
        raise UntranslatableExpression(N_("This is not a ${…} expression."), text, 1)
    return _Translator(text, match.start(1), match.end(1)).translate()


class _Translator:
    """Reads the body once; each method returns FEEL text."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._tokens: list[tuple[str, str, int]] = []
        self._index = 0
        self._nesting = 0
        self._tokenize(start, end)

    def _tokenize(self, start: int, end: int) -> None:
        while self._text[start:end].strip():
            match = _TOKEN.match(self._text, start, end)
            if match is None:
                raise self._refused(start)
            kind = str(match.lastgroup)
            raw = match.group(kind)
            if kind == "name" and raw in _WORDS:
                kind, raw = "symbol", _WORDS[raw]
            self._tokens.append((kind, raw, match.start(kind)))
            start = match.end()
        self._tokens.append(("end", "", end))

    def _refused(self, offset: int) -> UntranslatableExpression:
        message = N_("This cannot be translated to FEEL; write the condition in FEEL instead.")
        return UntranslatableExpression(message, self._text, offset + 1)

    def _take(self, *symbols: str) -> str | None:
        kind, raw, _ = self._tokens[self._index]
        if kind != "symbol" or raw not in symbols:
            return None
        self._index += 1
        return raw

    def _need(self, symbol: str) -> None:
        if self._take(symbol) is None:
            raise self._refused(self._tokens[self._index][2])

    def translate(self) -> str:
        feel = self._choice()
        if self._tokens[self._index][0] != "end":
            raise self._refused(self._tokens[self._index][2])
        return feel

    def _choice(self) -> str:
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise self._refused(self._tokens[self._index][2])
        condition = self._binary(0)
        if self._take("?"):
            chosen = self._choice()
            self._need(":")
            condition = f"(if {condition} then {chosen} else {self._choice()})"
        self._nesting -= 1
        return condition

    def _binary(self, level: int) -> str:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while operator := self._take(*_LEVELS[level]):
            right = self._binary(level + 1)
            left = f"{left} {_OPERATORS.get(operator, operator)} {right}"
            if operator in ("==", "!=", "<", ">", "<=", ">="):
                left = f"({left})"
        return left

    def _unary(self) -> str:
        if self._take("!"):
            return f"not({self._unary()})"
        if self._take("empty"):
            return f'list contains([null, "", [], {{}}], {self._unary()})'
        if self._take("-"):
            return f"-{self._unary()}"
        return self._primary()

    def _primary(self) -> str:
        kind, raw, offset = self._tokens[self._index]
        if self._take("("):
            inner = self._choice()
            self._need(")")
            return f"({inner})"
        if kind in ("end", "symbol"):
            raise self._refused(offset)
        self._index += 1
        if kind == "number":
            return raw
        if kind == "string":
            return self._string(raw)
        return raw if raw in _CONSTANTS else self._path(raw, offset)

    def _string(self, literal: str) -> str:
        content = re.sub(r"\\(.)", r"\1", literal[1:-1], flags=re.DOTALL)
        escaped = content.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'

    def _path(self, name: str, offset: int) -> str:
        if name in KEYWORDS or name == "function":
            raise self._refused(offset)
        path = name
        while self._take("."):
            kind, raw, place = self._tokens[self._index]
            if kind != "name":
                raise self._refused(place)
            self._index += 1
            path = f"{path}.{raw}"
        if self._tokens[self._index][1] == "(":
            raise self._refused(self._tokens[self._index][2])
        return path
