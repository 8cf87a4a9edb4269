"""Namespaces of diagrams and the short names used in messages and tables: `bpmn:userTask`, `camunda:assignee`."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

Element = etree._Element  # noqa: SLF001  # the name lxml gives its class

PREFIXES = {
    "http://www.omg.org/spec/BPMN/20100524/MODEL": "bpmn",
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "https://aftercare.invalid/schema/1": "aftercare",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
}
# How a diagram looks, not what it does.
DRAWING = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
    }
)
STRICT = frozenset({"bpmn", "camunda", "aftercare"})
_NAMES = 4_096  # remembered: a file has few names, and many times each


def namespace_of(name: str) -> str:
    """What stands in braces before the local name, or nothing."""
    return name[1:].partition("}")[0] if name.startswith("{") else ""


@lru_cache(_NAMES)
def short(name: str) -> str:
    """`{namespace}local` as `prefix:local`; names without a namespace stay, foreign ones keep theirs."""
    namespace = namespace_of(name)
    if not namespace:
        return name
    prefix = PREFIXES.get(namespace)
    local = name.rpartition("}")[2]
    return f"{prefix}:{local}" if prefix else name


def line_of(element: Element) -> int:
    """The line an element begins in."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 1


def tag(element: Element) -> str:
    """The short name of an element."""
    return short(str(element.tag))


@lru_cache(_NAMES)
def is_foreign(name: str) -> bool:
    """A name of a namespace that is neither executed here nor about the drawing."""
    namespace = namespace_of(name)
    return bool(namespace) and namespace not in PREFIXES and namespace not in DRAWING


@lru_cache(_NAMES)
def is_drawing(name: str) -> bool:
    """A name that tells how a diagram looks."""
    return namespace_of(name) in DRAWING
