"""Colours for drawings that leave the pages: files, e-mail, PDF. Pages colour the same classes by their own styles."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme; each an RGB value such as #1f4ed8."""

    ground: str
    line: str
    text: str
    muted: str
    faint: str
    done: str
    done_fill: str
    active: str
    active_fill: str
    incident: str
    incident_fill: str
    heat: str


LIGHT = Palette(
    ground="#ffffff", line="#566075", text="#161d2b", muted="#566075", faint="#c2cad8", done="#11693b",
    done_fill="#e3f5ea", active="#1f4ed8", active_fill="#e8effe", incident="#b1241b", incident_fill="#fdeae8",
    heat="#d9480f",
)  # fmt: skip
DARK = Palette(
    ground="#151a21", line="#a3aec0", text="#e8ecf3", muted="#a3aec0", faint="#465263", done="#79d8a4",
    done_fill="#133324", active="#8fb2ff", active_fill="#1a2a4c", incident="#ff9c92", incident_fill="#44201d",
    heat="#ff8a4c",
)  # fmt: skip

_STYLE = Template("""
.dg { background: $ground; font-family: "Noto Sans SC", "Noto Sans CJK SC", sans-serif; }
.dg-area, .dg-sign, .dg-line { fill: none; stroke: $line; }
.dg-area { fill: $ground; }
.dg-frame, .dg-group { fill: none; stroke: $faint; }
.dg-text { fill: $text; }
.dg-outer { fill: $muted; }
.dg-solid, .dg-tip { fill: $line; stroke: $line; }
.dg-heat { fill: $heat; }
.is-done .dg-area { stroke: $done; fill: $done_fill; }
.dg-note { fill: $ground; stroke: $faint; }
.dg-note-text { fill: $muted; }
.is-active .dg-area { stroke: $active; fill: $active_fill; stroke-width: 3; }
.is-incident .dg-area { stroke: $incident; fill: $incident_fill; stroke-width: 3; }
.dg .dg-open { fill: $ground; }
.is-cancelled .dg-area { stroke: $faint; }
.is-cancelled .dg-text { fill: $muted; }
.is-taken .dg-line { stroke: $done; stroke-width: 2.5; }
.is-taken .dg-tip { fill: $done; stroke: $done; }
.dg-badge { fill: $text; }
.dg-badge-text { fill: $ground; }
""")


def style_of(palette: Palette) -> str:
    """The style sheet of a drawing in these colours."""
    colours = {name: getattr(palette, name) for name in Palette.__slots__}
    return _STYLE.substitute(colours)
