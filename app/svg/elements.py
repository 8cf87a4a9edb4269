"""Elements of a drawing: classes say what things are, style sheets give them colours."""

from __future__ import annotations

from lxml import etree

XML = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements
SVG = "http://www.w3.org/2000/svg"
# On paper and in mails: the first font that is there, Chinese ones before the last resort.
FONTS = '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif'


def new_root(kind: str, area: tuple[float, float, float, float]) -> XML:
    """An empty drawing of this class that shows this area (left, top, width, height)."""
    left, top, width, height = area
    root = etree.fromstring(f'<svg xmlns="{SVG}" role="img"/>')
    root.set("class", kind)
    root.set("viewBox", f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}")
    root.set("width", f"{width:.0f}")
    root.set("height", f"{height:.0f}")
    return root


def add(parent: XML, name: str, **attributes: object) -> XML:
    """A child element; `class_` and `stroke_width` stand for names Python does not allow."""
    named = {key.rstrip("_").replace("_", "-"): number(value) for key, value in attributes.items() if value != ""}
    return etree.SubElement(parent, f"{{{SVG}}}{name}", named)


def number(value: object) -> str:
    """A value as drawings write it: lengths with one decimal place at most."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def title(parent: XML, text: str) -> None:
    """What a pointer shows and a screen reader says."""
    add(parent, "title").text = text


def written(root: XML) -> str:
    """The drawing as text, to stand in a page."""
    return etree.tostring(root, encoding="unicode")
