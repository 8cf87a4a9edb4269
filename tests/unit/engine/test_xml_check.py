from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import document, process_of


def refused(xml: bytes) -> tuple[str, int]:
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(xml, "x.bpmn")
    found = refusal.value.problems[0]
    return found.code, found.line


BOMB = b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<x>&b;</x>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("xml", "code", "line"),
    [
        (BOMB, "doctype", 2),
        (OUTSIDE, "doctype", 1),
        (b"<a>\n<b></a>", "not_xml", 2),
        (b"", "not_xml", 1),
        (b"<a>&undefined;</a>", "not_xml", 1),
        ("<a>\n客户</a>".encode("gb18030"), "not_utf8", 2),
        ('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), "not_utf8", 1),
        (b'<?xml version="1.0" encoding="iso-8859-1"?><a/>', "not_utf8", 1),
        (b"<a>" + b" " * (2 * 1024 * 1024) + b"</a>", "too_large", 1),
        ((BOMB.decode()).encode("utf-16-le"), "not_utf8", 1),
        ((BOMB.decode()).encode("utf-32-be"), "not_utf8", 1),
        (b"<a>" + b"<b/>" * 300_000 + b"</a>", "too_many", 1),
        (b"<a>\n<b " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/></a>", "too_many_attributes", 2),
        (b"<a " + b" ".join(b'xmlns:a%d="u%d"' % (n, n) for n in range(50_000)) + b"/>", "too_many_attributes", 1),
        (b"<a>" * 50 + b"</a>" * 50, "too_deep", 1),
        (b"<a>" + b"<b/>" * 5_001 + b"</a>", "too_many", 1),
        (b'<a id="x">\n<b id="x"/></a>', "duplicate_id", 2),
    ],
)
def test_hostile_or_broken_files_are_refused_before_anything_reads_them(xml: bytes, code: str, line: int) -> None:
    assert refused(xml) == (code, line)


def test_a_byte_order_mark_does_no_harm() -> None:
    xml = process_of('<bpmn:startEvent id="s"/>')
    assert engine.parse(b"\xef\xbb\xbf" + xml, "x.bpmn")[0].key == "p"


def test_processing_instructions_and_comments_do_no_harm() -> None:
    xml = document(
        "<?what ever?><!-- <!ELEMENT --><bpmn:process id='p'><!-- x --><bpmn:startEvent id='s'/></bpmn:process>"
    )
    assert engine.parse(xml, "x.bpmn")[0].is_executable is False


def test_a_file_full_of_faults_tells_the_first_hundreds_only() -> None:
    parts = "".join(f'<bpmn:task id="t{n}" wrong="x"/>' for n in range(4_000))
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(process_of(parts), "x.bpmn")
    assert len(refusal.value.problems) == 200


def test_a_script_may_compare_as_often_as_it_likes() -> None:
    text = " or ".join('a = "x"' for _ in range(600))
    script = f'<bpmn:scriptTask id="t" scriptFormat="feel"><bpmn:script>{{ b: {text} }}</bpmn:script></bpmn:scriptTask>'
    assert engine.parse(process_of(script), "x.bpmn")[0].key == "p"
