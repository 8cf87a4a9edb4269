"""Reads the XML of a DMN file, after checks that keep a hostile one from costing anything."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from app.feel.dmn.problems import DecisionModelRefused, Problem
from app.feel.notices import N_

MAX_BYTES = 20_000_000
MAX_ELEMENTS = 50_000
MAX_DEPTH = 100
NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}


def read_definitions(xml: bytes) -> etree._Element:
    """The `definitions` element of a DMN 1.1 to 1.5 file; raises `DecisionModelRefused`."""
    if len(xml) > MAX_BYTES:
        raise _refused(N_("The file is larger than %(limit)s bytes."), limit=str(MAX_BYTES))
    try:
        text = xml.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(N_("The file is not encoded in UTF-8.")) from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _refused(N_("The file has a document type declaration, which is not allowed."))
    root = _parse(xml)
    _check_size(root)
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise _refused(N_("This is not a DMN file of version 1.1 to 1.5."))
    return root


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise _refused(N_("The XML cannot be read: %(reason)s"), line=line, reason=str(error.msg)) from error


def _check_size(root: etree._Element) -> None:
    elements = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if elements > MAX_ELEMENTS:
            raise _refused(N_("The file has more than %(limit)s elements."), limit=str(MAX_ELEMENTS))
        if depth > MAX_DEPTH:
            raise _refused(N_("The elements are nested more than %(limit)s deep."), limit=str(MAX_DEPTH))


def _refused(msgid: str, line: int = 1, **params: str) -> DecisionModelRefused:
    return DecisionModelRefused((Problem(msgid, params, "definitions", line),))


def tag_of(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def children(parent: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The child elements of these names that are DMN's own, in order."""
    namespace = etree.QName(parent).namespace
    for child in parent:
        name = etree.QName(child)
        if name.localname in tags and name.namespace == namespace:
            yield child


def child(parent: etree._Element, *tags: str) -> etree._Element | None:
    """The first child element of one of these names."""
    return next(children(parent, *tags), None)


def text_of(parent: etree._Element, tag: str) -> str | None:
    """The text inside a child element, or None without such a child."""
    found = child(parent, tag)
    return None if found is None else "".join(map(str, found.itertext()))
