"""Diagrams drawn on the server: every construct, marks, themes, and models that nobody has drawn."""

from itertools import combinations
from pathlib import Path

import pytest
from lxml import etree

from app.diagrams import Drawing, Mark, Marks, UnreadableDiagram, read_drawing, render
from app.diagrams.drawing import Bounds, Shape
from app.diagrams.model import FLOW_NODES, parse_xml, read_model

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "workflows").glob("*.bpmn"))
TINY = sorted((ROOT / "tests" / "resources").rglob("*.bpmn"))
SVG = "{http://www.w3.org/2000/svg}"


def drawn(path: Path) -> Drawing:
    return read_drawing(path.read_bytes())


def svg_of(drawing: Drawing, marks: Marks | None = None) -> etree._Element:
    text = render(drawing, marks or Marks(), label="A diagram", names={})
    return etree.fromstring(text.encode())


def diagram(content: str, drawing: str = "") -> bytes:
    return f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
        xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">
        <process id="p">{content}</process>{drawing}</definitions>""".encode()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_diagrams_stand_where_their_author_put_them(path: Path) -> None:
    drawing = drawn(path)
    places = {shape.element.id: shape.bounds for shape in drawing.shapes}
    for entry in etree.parse(path).iter("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape"):
        area = entry.find("{http://www.omg.org/spec/DD/20100524/DC}Bounds")
        assert area is not None
        assert places[str(entry.get("bpmnElement"))].x == float(str(area.get("x")))
    ids = {node.get("data-element") for node in svg_of(drawing).iter(f"{SVG}g")}
    assert ids == {part.element.id for part in (*drawing.shapes, *drawing.edges)}


@pytest.mark.parametrize("path", TINY, ids=lambda path: path.stem)
def test_every_node_and_flow_is_drawn_and_nothing_covers_anything_else(path: Path) -> None:
    drawing = drawn(path)
    model = read_model(parse_xml(path.read_bytes()))
    nodes = {node for level in model.levels.values() for node in level.nodes}
    flows = {flow for level in model.levels.values() for flow, _source, _target in level.flows if flow}
    assert nodes <= {shape.element.id for shape in drawing.shapes}
    assert flows <= {edge.element.id for edge in drawing.edges}
    svg_of(drawing)
    for level in model.levels.values():
        beside = [shape for shape in drawing.shapes if shape.element.id in set(level.nodes) - set(level.hosts)]
        for one, other in combinations(beside, 2):
            assert not overlap(one.bounds, other.bounds), (one.element.id, other.element.id)


def overlap(one: Bounds, other: Bounds) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def test_a_loop_leads_back_below_and_a_long_model_is_laid_out_too() -> None:
    nodes = "".join(f'<task id="t{n}"/>' for n in range(2001))
    flows = "".join(f'<sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>' for n in range(2000))
    drawing = read_drawing(diagram(f'{nodes}{flows}<sequenceFlow id="back" sourceRef="t2000" targetRef="t0"/>'))
    places = {shape.element.id: shape.bounds for shape in drawing.shapes}
    assert all(places[f"t{n}"].right < places[f"t{n + 1}"].x for n in range(2000))
    back = next(edge for edge in drawing.edges if edge.element.id == "back")
    assert max(point.y for point in back.points) > places["t0"].bottom


def test_a_drawing_that_forgets_a_node_is_laid_out_anew() -> None:
    plane = """<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape bpmnElement="a">
        <dc:Bounds x="7" y="7" width="100" height="80"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""
    assert read_drawing(diagram('<task id="a"/>', plane)).shapes[0].bounds.x == 7
    drawing = read_drawing(diagram('<task id="a"/><task id="b"/>', plane))
    assert {shape.element.id for shape in drawing.shapes} == {"a", "b"}


def test_what_is_folded_away_needs_no_place() -> None:
    plane = """<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape bpmnElement="s" isExpanded="false">
        <dc:Bounds x="1" y="1" width="100" height="80"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""
    drawing = read_drawing(diagram('<subProcess id="s"><task id="inside"/></subProcess>', plane))
    assert [shape.element.id for shape in drawing.shapes] == ["s"]


def test_coordinates_that_are_none_do_no_harm() -> None:
    plane = """<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape bpmnElement="a">
        <dc:Bounds x="nan" y="1e400" width="wide" height="80"/>
        </bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""
    assert read_drawing(diagram('<task id="a"/>', plane)).shapes[0].bounds == Bounds(0, 0, 0, 80)


def test_broken_files_and_entities_are_not_read() -> None:
    with pytest.raises(UnreadableDiagram):
        read_drawing(b"<definitions")
    bomb = diagram("&a;").decode().replace("<definitions", '<!DOCTYPE d [<!ENTITY a "aaaa">]><definitions', 1)
    assert read_drawing(bomb.encode()).shapes == ()


def test_marks_say_what_became_of_an_element() -> None:
    drawing = drawn(ROOT / "workflows" / "follow_up.bpmn")
    marks = Marks(
        {"Activity_Call": Mark("done", 3, "2 h", heat=5), "Activity_Record": Mark("active", 1)},
        frozenset({drawing.edges[0].element.id}),
        {"done": "erledigt"},
    )
    svg = svg_of(drawing, marks)
    call = svg.find(f"{SVG}g[@data-element='Activity_Call']")
    record = svg.find(f"{SVG}g[@data-element='Activity_Record']")
    flow = svg.find(f"{SVG}g[@data-element='{drawing.edges[0].element.id}']")
    assert call is not None
    assert record is not None
    assert flow is not None
    assert {"3×", "2 h", "Call customer: erledigt"} <= set(call.itertext())
    assert (call.get("class"), record.get("class"), flow.get("class")) == ("is-done is-heat-5", "is-active", "is-taken")
    assert "1×" not in set(record.itertext())


def test_names_in_the_readers_language_and_nothing_becomes_markup() -> None:
    drawing = read_drawing(diagram('<task id="a" name="Call"/>'))
    text = render(drawing, Marks(), label="<b>&</b>", names={"a": "<script>致电客户</script>"})
    svg = etree.fromstring(text.encode())
    assert not list(svg.iter("script", f"{SVG}script"))
    assert "致电" in "".join(str(part) for part in svg.itertext())


def test_every_kind_of_node_has_its_own_picture() -> None:
    """Two kinds that look alike would tell the reader something wrong."""
    pictures: dict[str, str] = {}
    for kind in FLOW_NODES - {"boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"}:
        drawing = read_drawing(diagram(f'<{kind} id="a"/>'))
        node = svg_of(drawing).find(f"{SVG}g")
        assert node is not None
        pictures[kind] = etree.tostring(node).decode()
    same = [pair for pair in combinations(pictures, 2) if pictures[pair[0]] == pictures[pair[1]]]
    assert same == []


@pytest.mark.parametrize("event", ["message", "timer", "signal", "error", "escalation", "compensate", "terminate"])
def test_events_show_what_they_wait_for_or_throw(event: str) -> None:
    thrown = read_drawing(diagram(f'<endEvent id="a"><{event}EventDefinition/></endEvent>'))
    plain = read_drawing(diagram('<endEvent id="a"/>'))
    assert render(thrown, Marks(), label="", names={}) != render(plain, Marks(), label="", names={})
    assert thrown.shapes[0].element.events == (event,)


def test_shape_defaults() -> None:
    element = read_drawing(diagram('<task id="a"/>')).shapes[0].element
    assert Shape(element, Bounds(0, 0, 1, 1)).is_expanded
    assert Drawing().bounds() == Bounds(0, 0, 0, 0)
