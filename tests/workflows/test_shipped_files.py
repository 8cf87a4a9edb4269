"""Whatever is shipped is complete: drawn, translated, with its forms, and tested by a file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

from app import engine
from app.feel import Environment, compile_expression
from app.feel.dmn import load_dmn
from app.forms import FormDefinition, FormScope, load_form
from app.operations.operation_connectors import BY_NAME
from tests.unit.engine.case import NOW, ZONE

ROOT = Path(__file__).parents[2]
DIAGRAMS = sorted((ROOT / "workflows").glob("*.bpmn"))
TABLES = sorted((ROOT / "workflows").glob("*.dmn"))
FORMS = sorted((ROOT / "forms").glob("*.form"))
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL", "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC", "di": "http://www.omg.org/spec/DD/20100524/DI",
    "aftercare": "https://aftercare.invalid/schema/1",
}
Box = tuple[float, float, float, float]
INVISIBLE = {"laneSet", "process", "property", "definitions", "collaboration", "message"}

# Variables that cases are started with, that items of a list bring along, or that the form of the very step gives.
GIVEN = {
    "complaint": {"complaint_channel", "complaint_text", "helper", "helper_name", "help_text"},
    "follow_up": {
        "planned_follow_up_id", "visit_id", "customer_id", "vehicle_id", "occasion", "caller_group", "advisor_id",
    },
    "monthly_report": {"proposal"},
    "rectification": {
        "origin_kind", "text", "asked_group", "proposal_text", "suggested_by", "loopCounter", "measure", "done_by",
        "done_by_name", "evidence_text", "evidence_files", "verified_by", "verified_by_name", "effective_from",
    },
}  # fmt: skip

diagrams = pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
tables = pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
form_files = pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)


def local_name(element: etree._Element) -> str:
    return etree.QName(element).localname


def drawn_elements(root: etree._Element) -> Iterator[etree._Element]:
    """Everything of the model that a modeler shows."""
    for element in root.iter(f"{{{NS['bpmn']}}}*"):
        name = local_name(element)
        if element.get("id") and name not in INVISIBLE and not name.endswith("EventDefinition"):
            yield element


def box_of(shape: etree._Element) -> Box:
    bounds = shape.find("dc:Bounds", NS)
    assert bounds is not None
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def shapes(root: etree._Element) -> dict[str, Box]:
    return {shape.get("bpmnElement"): box_of(shape) for shape in root.iter(f"{{{NS['bpmndi']}}}BPMNShape")}


def edges(root: etree._Element) -> dict[str, list[tuple[float, float]]]:
    return {
        edge.get("bpmnElement"): [(float(p.get("x")), float(p.get("y"))) for p in edge.findall("di:waypoint", NS)]
        for edge in root.iter(f"{{{NS['bpmndi']}}}BPMNEdge")
    }


def flow_nodes(root: etree._Element) -> dict[str, etree._Element]:
    return {
        element.get("id"): element
        for element in drawn_elements(root)
        if local_name(element) not in {"participant", "lane", "sequenceFlow"}
    }


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def is_on_edge(point: tuple[float, float], box: Box) -> bool:
    """On the frame of a shape, or for gateways and events inside the frame around them."""
    x, y = point
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


@diagrams
def test_is_executed_as_drawn(path: Path) -> None:
    (process,) = engine.parse(path.read_bytes(), path.name)
    assert process.warnings == ()
    assert process.connectors <= set(BY_NAME)
    assert {f.stem for f in FORMS} >= process.form_keys
    assert (ROOT / "tests/workflows" / f"test_{process.key}.py").exists()


def names_read(root: etree._Element) -> set[str]:
    """The variables that the expressions of a diagram name, those of its scripts and of its own data left out."""
    texts = [value[1:] for element in root.iter() for value in element.attrib.values() if value.startswith("=")]
    texts += [element.text.strip()[1:] for element in root.iter() if (element.text or "").strip().startswith("=")]
    texts += [script.text for script in root.iterfind(".//bpmn:script", NS)]
    return {name for text in texts for name in compile_expression(text).free_names}


@diagrams
def test_every_variable_that_a_diagram_reads_is_declared(path: Path) -> None:
    """Or a case that migrates from a version without it stops at an unknown name."""
    root = etree.parse(path).getroot()
    (process,) = engine.parse(path.read_bytes(), path.name)
    declared = {one.get("name") for one in root.iterfind(".//bpmn:property", NS)}
    declared |= set(re.findall(r"^\s*(\w+):", root.findtext(".//bpmn:script", namespaces=NS), re.MULTILINE))
    declared |= {f"{clock.get('id')}_due_at" for clock in root.iterfind(".//aftercare:clock", NS)}
    assert names_read(root) - declared == GIVEN[process.key]


def test_every_form_is_used() -> None:
    processes = [process for path in DIAGRAMS for process in engine.parse(path.read_bytes(), path.name)]
    used = [form for process in processes for form in process.form_keys]
    assert sorted(used) == [path.stem for path in FORMS], "a form belongs to one process"


@tables
def test_table_is_sound_and_asked_by_a_process(path: Path) -> None:
    model = load_dmn(path.read_bytes())
    assert model.analyse(Environment(NOW, ZONE)) == ()
    processes = [process for diagram in DIAGRAMS for process in engine.parse(diagram.read_bytes(), diagram.name)]
    assert set(model.decision_ids) <= {decision for process in processes for decision in process.decisions}


@tables
def test_table_is_drawn_and_its_readable_names_are_translated(path: Path) -> None:
    root = etree.parse(path).getroot()
    drawn = [part.get("dmnElementRef") for part in root.iter("{*}DMNShape", "{*}DMNEdge")]
    parts = root.iter("{*}inputData", "{*}decision", "{*}informationRequirement")
    assert sorted(drawn) == sorted(part.get("id") for part in parts)
    for part in root.iter("{*}inputData", "{*}decision", "{*}input", "{*}output"):
        found = part.find("{*}extensionElements/aftercare:translations/aftercare:translation[@locale='zh_CN']", NS)
        assert found is not None, f"{part.get('id')} has no Chinese name"
        assert found.get("name")


@diagrams
def test_every_element_is_drawn_once(path: Path) -> None:
    root = etree.parse(path).getroot()
    drawn = [part.get("bpmnElement") for part in root.iter("{*}BPMNShape", "{*}BPMNEdge")]
    assert sorted(drawn) == sorted(element.get("id") for element in drawn_elements(root))


@diagrams
def test_flows_are_orthogonal_and_end_at_their_nodes(path: Path) -> None:
    root = etree.parse(path).getroot()
    boxes = shapes(root)
    for flow in root.iter(f"{{{NS['bpmn']}}}sequenceFlow"):
        points = edges(root)[flow.get("id")]
        assert is_on_edge(points[0], boxes[flow.get("sourceRef")]), flow.get("id")
        assert is_on_edge(points[-1], boxes[flow.get("targetRef")]), flow.get("id")
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2, f"{flow.get('id')} runs askew"


@diagrams
def test_no_two_nodes_overlap(path: Path) -> None:
    root = etree.parse(path).getroot()
    boxes, nodes = shapes(root), flow_nodes(root)
    for one, other in combinations(nodes, 2):
        is_inside = nodes[one] in nodes[other].iterancestors() or nodes[other] in nodes[one].iterancestors()
        is_attached = "attachedToRef" in nodes[one].attrib or "attachedToRef" in nodes[other].attrib
        if not is_inside and not is_attached:
            assert not overlap(boxes[one], boxes[other]), f"{one} lies over {other}"


@diagrams
def test_flows_cross_neither_each_other_nor_a_node(path: Path) -> None:
    root = etree.parse(path).getroot()
    boxes, nodes, ends = shapes(root), flow_nodes(root), {}
    for flow in root.iter(f"{{{NS['bpmn']}}}sequenceFlow"):
        ends[flow.get("id")] = {flow.get("sourceRef"), flow.get("targetRef")}
    segments = [(name, segment) for name, points in edges(root).items() for segment in pairwise(points)]
    for name, ((x1, y1), (x2, y2)) in segments:
        line = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        for node, (left, top, right, bottom) in boxes.items():
            is_around = node not in nodes or local_name(nodes[node]) == "subProcess"
            if not is_around and node not in ends[name]:
                assert not overlap((line[0] - 1, line[1] - 1, line[2] + 1, line[3] + 1), (left, top, right, bottom)), (
                    f"{name} runs through {node}"
                )
    for (one, a), (other, b) in combinations(segments, 2):
        if one != other:
            assert not crosses(a, b), f"{one} crosses {other}"


def crosses(a: tuple, b: tuple) -> bool:
    """Whether a horizontal and a vertical line meet, ends not counted."""
    for (p, q), (r, s) in ((a, b), (b, a)):
        if p[1] == q[1] and r[0] == s[0]:
            return min(p[0], q[0]) < r[0] < max(p[0], q[0]) and min(r[1], s[1]) < p[1] < max(r[1], s[1])
    return False


@diagrams
def test_nodes_lie_in_their_lane(path: Path) -> None:
    root = etree.parse(path).getroot()
    boxes, nodes = shapes(root), flow_nodes(root)
    homes = {ref.text: lane.get("id") for lane in root.iter("{*}lane") for ref in lane.findall("bpmn:flowNodeRef", NS)}
    top_level = {name for name, node in nodes.items() if local_name(node.getparent()) == "process"}
    assert set(homes) == top_level
    for node, lane in homes.items():
        inner, outer = boxes[node], boxes[lane]
        assert max(inner[0], outer[0]) == inner[0], node
        assert max(inner[1], outer[1]) == inner[1], node
        assert min(inner[2], outer[2]) == inner[2], node
        assert min(inner[3], outer[3]) == inner[3], node


@diagrams
def test_every_visible_name_is_translated_and_labels_have_a_place(path: Path) -> None:
    root = etree.parse(path).getroot()
    parts = root.iter("{*}BPMNShape", "{*}BPMNEdge")
    placed = {part.get("bpmnElement") for part in parts if part.find("bpmndi:BPMNLabel", NS) is not None}
    for element in [*drawn_elements(root), *root.iter("{*}process")]:
        if not element.get("name"):
            continue
        found = element.find("bpmn:extensionElements/aftercare:translations/aftercare:translation[@locale='zh_CN']", NS)
        assert found is not None, f"{element.get('id')} has no Chinese name"
        assert found.get("name")
        has_outside_label = local_name(element).endswith(("Event", "Gateway", "Flow"))
        assert not has_outside_label or element.get("id") in placed, f"the label of {element.get('id')} has no place"


@diagrams
def test_decisions_and_tasks_have_names(path: Path) -> None:
    root = etree.parse(path).getroot()
    for flow in root.iter(f"{{{NS['bpmn']}}}sequenceFlow"):
        if flow.find("bpmn:conditionExpression", NS) is not None:
            assert flow.get("name"), f"{flow.get('id')} does not say when it is taken"
    for element in drawn_elements(root):
        is_decision = local_name(element) == "exclusiveGateway" and len(element.findall("bpmn:outgoing", NS)) > 1
        if is_decision or local_name(element).endswith(("Task", "subProcess")):
            assert element.get("name"), element.get("id")


@form_files
def test_form_is_complete(path: Path) -> None:
    form = load_form(path.read_bytes())
    assert form.id == path.stem
    for name, texts in readable_texts(form):
        assert "zh_CN" in texts.translations, f"{form.id}: {name} has no Chinese text"
        assert texts.base.literals != texts.translations["zh_CN"].literals or not any(texts.base.literals), name


def readable_texts(form: FormDefinition) -> Iterator[tuple[str, object]]:
    for component in form.walk():
        for name, text in component.texts.items():
            if name not in {"prefixAdorner", "suffixAdorner"}:
                yield f"{component.id}.{name}", text
        for option in component.options:
            yield f"{component.id}.{option.value}", option.label


@form_files
@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_markdown_is_meant_as_it_is_read(path: Path, locale: str) -> None:
    """Emphasis beside Chinese punctuation is easily written so that the asterisks stay."""
    scope = FormScope({}, Environment(NOW, ZONE), locale)
    for component in load_form(path.read_bytes()).walk():
        if "text" in component.texts:
            assert "**" not in component.texts["text"].in_language_of(scope).markup(scope), component.id


@form_files
def test_form_labels_every_input(path: Path) -> None:
    for component in load_form(path.read_bytes()).walk():
        if component.path and component.type.name not in {"expression", "group"}:
            assert component.texts.get("label"), f"{path.stem}: {component.id} has no label"


def test_the_same_field_offers_the_same_options_everywhere() -> None:
    """The history shows a value in the words of whichever form asked for it."""
    offered: dict[str, set[tuple[str, ...]]] = {}
    for path in FORMS:
        for component in load_form(path.read_bytes()).walk():
            if component.options and component.key != "complaint_channel":  # people cannot choose "follow-up"
                offered.setdefault(component.key, set()).add(tuple(str(option.value) for option in component.options))
    assert {key: found for key, found in offered.items() if len(found) > 1} == {}


def test_crossings_are_seen() -> None:
    across, down = ((0, 5), (10, 5)), ((5, 0), (5, 10))
    assert crosses(across, down)
    assert crosses(down, across)
    assert not crosses(across, ((5, 5), (5, 10))), "a line may end on another"
    assert not crosses(across, ((0, 7), (10, 7)))
