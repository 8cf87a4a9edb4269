"""Texts inside boxes: how wide they are, and where they break."""

from __future__ import annotations

import unicodedata

_NARROW, _WIDE = 0.54, 1.0  # of the font size; the mean of a Latin letter, a Chinese character


def width_of(text: str, size: float) -> float:
    """About how wide a text is in a sans-serif font of this size."""
    return size * sum(_WIDE if unicodedata.east_asian_width(sign) in "WF" else _NARROW for sign in text)


def wrapped(text: str, width: float, size: float, lines: int) -> list[str]:
    """The text in at most so many lines of this width; what does not fit ends in an ellipsis."""
    found: list[str] = []
    line = ""
    for piece in _pieces(" ".join(text.split())):
        if line and width_of((line + piece).rstrip(), size) > width:
            found.append(line.rstrip())
            line = ""
        line += piece.lstrip() if not line else piece
    found.append(line.rstrip())
    shown = [_cut(line, width, size) for line in found[:lines]]
    if len(found) > lines:
        shown[-1] = _cut(f"{shown[-1]}…", width, size)
    return [line for line in shown if line]


def _pieces(text: str) -> list[str]:
    """Where a line may break: after blanks, and after any Chinese character."""
    pieces: list[str] = [""]
    for sign in text:
        pieces[-1] += sign
        if sign in " -/" or unicodedata.east_asian_width(sign) in "WF":
            pieces.append("")
    return [piece for piece in pieces if piece]


def _cut(line: str, width: float, size: float) -> str:
    if width_of(line, size) <= width:
        return line
    kept = line.rstrip("…")
    while kept and width_of(f"{kept}…", size) > width:
        kept = kept[:-1]
    return f"{kept}…"
