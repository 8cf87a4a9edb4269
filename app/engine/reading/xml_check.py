"""The first look at an uploaded file, before anything trusts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from app.engine.problems import DeploymentRefused, Problem
from app.engine.reading.xml_names import Element, is_drawing, line_of
from app.i18n import N_

MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 5_000
MAX_DEPTH = 40
MAX_ATTRIBUTES = 500  # of one element; the parser compares each with each
MAX_TAGS = 40 * MAX_ELEMENTS  # with the drawing, before anything is parsed
MAX_IDS_TOLD = 100

_VALUE = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')")
_TAG = re.compile(r"<[^\"'>]*(?:(?:\"[^\"]*\"|'[^']*')[^\"'>]*)*>")
_DECLARED_ENCODING = re.compile(r"<\?xml[^>]*\bencoding\s*=\s*[\"']([^\"']*)[\"']")


def checked_root(xml: bytes, resource_name: str) -> Element:
    """The root element of a well-formed, bounded document without a DOCTYPE; else `DeploymentRefused`."""
    problem = _refuse_text(xml)
    if problem is None:
        root = _parsed(xml, resource_name)
        problems = [*_sizes(root), *islice(_duplicate_ids(root), MAX_IDS_TOLD)]
        if not problems:
            return root
        raise DeploymentRefused(resource_name, problems)
    raise DeploymentRefused(resource_name, [problem])


def _problem(line: int, code: str, msgid: str, **params: object) -> Problem:
    return Problem("", "", line, code, msgid, params)


def _refuse_text(xml: bytes) -> Problem | None:
    if len(xml) > MAX_BYTES:
        return _problem(1, "too_large", N_("The file has more than %(limit)s bytes."), limit=MAX_BYTES)
    try:
        text = xml.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = xml.count(b"\n", 0, error.start) + 1
        return _problem(line, "not_utf8", N_("The file is not UTF-8. Save it as UTF-8."))
    declared = _DECLARED_ENCODING.match(text)
    if declared and declared[1].lower() not in {"utf-8", "utf8"}:
        return _problem(1, "not_utf8", N_("The file is not UTF-8. Save it as UTF-8."))
    if "\0" in text:  # another encoding, which a parser would find out by itself
        return _problem(1, "not_utf8", N_("The file is not UTF-8. Save it as UTF-8."))
    position = text.find("<!DOCTYPE")
    if position >= 0:
        line = text.count("\n", 0, position) + 1
        return _problem(line, "doctype", N_("The file has a DOCTYPE. Remove it: diagrams need none."))
    return _refuse_tags(text)


def _refuse_tags(text: str) -> Problem | None:
    """Too many tags or attributes, counted without a parser."""
    if text.count("<") > MAX_TAGS:
        return _problem(1, "too_many", N_("The diagram has more than %(limit)s elements."), limit=MAX_ELEMENTS)
    begin = 0
    while begin >= 0:  # no attribute has a < in its value
        end = text.find("<", begin + 1)
        part = text[begin:end] if end >= 0 else text[begin:]
        if part.count("=") > MAX_ATTRIBUTES and _attributes_in(part) > MAX_ATTRIBUTES:
            line = text.count("\n", 0, begin) + 1
            msgid = N_("An element has more than %(limit)s attributes.")
            return _problem(line, "too_many_attributes", msgid, limit=MAX_ATTRIBUTES)
        begin = end
    return None


def _attributes_in(part: str) -> int:
    """How many attributes a tag has; part: from its beginning to the next one."""
    inside = _TAG.match(part)
    return part.count("=") if inside is None else sum(1 for _ in _VALUE.finditer(inside[0]))


def _parsed(xml: bytes, resource_name: str) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        problem = _problem(line, "not_xml", N_("The file is not well-formed XML: %(detail)s"), detail=error.msg)
        raise DeploymentRefused(resource_name, [problem]) from error


def _sizes(root: Element) -> Iterator[Problem]:
    count = 0
    levels: list[tuple[Element, int]] = [(root, 1)]
    while levels:
        element, depth = levels.pop()
        if depth > MAX_DEPTH:
            msgid = N_("Elements are nested more than %(limit)s deep.")
            yield _problem(line_of(element), "too_deep", msgid, limit=MAX_DEPTH)
            return
        count += not is_drawing(str(element.tag))
        levels.extend((child, depth + 1) for child in element)
    if count > MAX_ELEMENTS:
        yield _problem(1, "too_many", N_("The diagram has more than %(limit)s elements."), limit=MAX_ELEMENTS)


def _duplicate_ids(root: Element) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for element in root.iter():
        identifier = element.get("id")
        if identifier is None:
            continue
        line = line_of(element)
        if identifier in lines:
            yield Problem(
                identifier,
                element.get("name") or "",
                line,
                "duplicate_id",
                N_("The id “%(id)s” is used in line %(line)s already. Give each element an id of its own."),
                {"id": identifier, "line": lines[identifier]},
            )
        lines.setdefault(identifier, line)
