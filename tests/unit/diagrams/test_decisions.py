"""What decisions require, drawn: every kind of node and requirement, placed by the author or by us."""

from pathlib import Path

import pytest
from lxml import etree

from app.diagrams import PAPER, Marks, UnreadableDiagram, read_requirements, render

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"
MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="M" name="M" namespace="urn:m">
  <inputData id="order" name="Order"/>
  <knowledgeSource id="law" name="Law on returns"/>
  <businessKnowledgeModel id="fee" name="Fee">
    <authorityRequirement id="a1"><requiredAuthority href="#law"/></authorityRequirement></businessKnowledgeModel>
  <decision id="level" name="Level"><informationRequirement><requiredInput href="#order"/></informationRequirement>
  </decision>
  <decision id="refund" name="Refund">
    <informationRequirement id="i2"><requiredDecision href="urn:m#level"/></informationRequirement>
    <informationRequirement id="i3"><requiredInput href="#order"/></informationRequirement>
    <informationRequirement id="i4"><requiredInput href="urn:elsewhere#imported"/></informationRequirement>
    <knowledgeRequirement id="k1"><requiredKnowledge href="#fee"/></knowledgeRequirement></decision>
  <decisionService id="all" name="Returns"><outputDecision href="#refund"/></decisionService>
  <textAnnotation id="note"><text>Checked every year</text></textAnnotation>{interchange}</definitions>"""
INTERCHANGE = """<dmndi:DMNDI xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
  xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/">
  <dmndi:DMNDiagram>{shapes}<dmndi:DMNEdge dmnElementRef="i2"><di:waypoint x="180" y="300"/>
  <di:waypoint x="180" y="150"/>
  </dmndi:DMNEdge></dmndi:DMNDiagram></dmndi:DMNDI>"""
PLACES = {
    "all": (60, 20, 260, 400), "refund": (100, 70, 160, 80), "level": (100, 300, 160, 80), "order": (130, 480, 125, 45),
    "fee": (360, 70, 140, 60), "law": (360, 220, 120, 70), "note": (360, 330, 140, 40),
}  # fmt: skip
NODES = set(PLACES) - {"note"}


def model(*placed: str) -> bytes:
    shapes = "".join(
        f'<dmndi:DMNShape dmnElementRef="{name}"><dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
        "</dmndi:DMNShape>"
        for name, (x, y, width, height) in PLACES.items()
        if name in placed
    )
    return MODEL.format(interchange=INTERCHANGE.format(shapes=shapes) if placed else "").encode()


def test_stands_where_its_author_put_it() -> None:
    drawing = read_requirements(model(*PLACES))
    assert {shape.element.id: (shape.bounds.x, shape.bounds.y) for shape in drawing.shapes} == {
        name: place[:2] for name, place in PLACES.items()
    }
    assert [edge.element.id for edge in drawing.edges] == ["i2"]
    order = [group.get("data-element") for group in svg_of(model(*PLACES)).iter(f"{SVG}g")]
    assert order[0] == "all"  # what is inside a decision service is drawn upon it
    assert set(order) == {*PLACES, "i2"}


@pytest.mark.parametrize("placed", [(), ("refund", "order")], ids=["nothing placed", "not all of it placed"])
def test_is_laid_out_where_a_node_has_no_place(placed: tuple[str, ...]) -> None:
    drawing = read_requirements(model(*placed))
    places = {shape.element.id: shape.bounds for shape in drawing.shapes}
    assert set(places) == NODES
    assert len(drawing.edges) == 5  # what is imported from another file is not drawn
    assert places["order"].right < places["level"].x < places["refund"].x
    assert places["law"].right < places["fee"].x < places["refund"].x


def test_every_requirement_has_its_own_line_and_end() -> None:
    groups = {group.get("data-element"): group for group in svg_of(model()).iter(f"{SVG}g")}
    ends = {name: [part.tag.removeprefix(SVG) for part in groups[name]][-1] for name in ("i2", "k1", "a1")}
    assert ends == {"i2": "polygon", "k1": "polyline", "a1": "circle"}
    assert [bool(groups[name][0].get("stroke-dasharray")) for name in ("i2", "k1", "a1")] == [False, True, True]


def test_shipped_decisions_are_drawn_and_others_refused() -> None:
    for path in (ROOT / "workflows").glob("*.dmn"):
        drawing = read_requirements(path.read_bytes())
        assert "decision" in {shape.element.type for shape in drawing.shapes}
    with pytest.raises(UnreadableDiagram):
        read_requirements(b"<definitions")


def svg_of(content: bytes) -> etree._Element:
    text = render(read_requirements(content), Marks(), label="M", names={}, style=PAPER)
    return etree.fromstring(text.encode())
