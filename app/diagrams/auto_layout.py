"""A simple layout for models that nobody has drawn: columns from left to right, branches below each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from app.diagrams.drawing import Bounds, Drawing, Edge, Element, Point, Shape
from app.diagrams.model import BOXES, CONTAINERS, Level, Model

_GAP_X, _GAP_Y, _PADDING, _HEADING = 60.0, 50.0, 30.0, 20.0
_ACTIVITY, _EVENT, _GATEWAY = (120.0, 80.0), (36.0, 36.0), (50.0, 50.0)


def lay_out(model: Model) -> Drawing:
    """All processes of a model, below each other."""
    shapes: list[Shape] = []
    edges: list[Edge] = []
    top = 0.0
    for process in model.processes:
        part = _level(model, model.levels[process])
        by = Point(0, top)
        shapes += [_moved_shape(shape, by) for shape in part.shapes]
        edges += [_moved_edge(edge, by) for edge in part.edges]
        area = part.bounds()
        top += area.height + 2 * _GAP_Y
    return Drawing(tuple(shapes), tuple(edges))


def _level(model: Model, level: Level) -> Drawing:
    """One level, its upper left corner at the origin."""
    inner = {node: _level(model, model.levels[node]) for node in level.nodes if node in model.levels}
    free = [node for node in level.nodes if node not in level.hosts]
    sizes = {node: _size(model, node, inner.get(node)) for node in level.nodes}
    places = _places(_columns(free, level), sizes)
    for number, (event, host) in enumerate(level.hosts.items()):
        if host in places:
            at = places[host]
            places[event] = Bounds(at.x + 15 + 45 * (number % 2), at.bottom - _EVENT[1] / 2, *_EVENT)
    shapes: list[Shape] = []
    edges: list[Edge] = []
    for node, bounds in places.items():
        element = model.elements[node]
        label = None if element.type in BOXES else Bounds(bounds.x - 27, bounds.bottom + 4, bounds.width + 54, 28)
        shapes.append(Shape(element, bounds, label if element.name else None))
        if node in inner:
            by = Point(bounds.x + _PADDING, bounds.y + _PADDING + _HEADING)
            shapes += [_moved_shape(shape, by) for shape in inner[node].shapes]
            edges += [_moved_edge(edge, by) for edge in inner[node].edges]
    lowest = max((bounds.bottom for bounds in places.values()), default=0.0)
    for flow, source, target in level.flows:
        if source in places and target in places:
            line = _line(places[source], places[target], lowest + _GAP_Y / 2, is_boundary=source in level.hosts)
            # The id of a flow is optional in BPMN.
            edges.append(Edge(model.elements.get(flow, Element(flow, "sequenceFlow")), line))
    return Drawing(tuple(shapes), tuple(edges))


def _size(model: Model, node: str, inner: Drawing | None) -> tuple[float, float]:
    kind = model.elements[node].type
    if inner is not None and kind in CONTAINERS:
        area = inner.bounds()
        return (
            max(area.width + 2 * _PADDING, _ACTIVITY[0]),
            max(area.height + 2 * _PADDING + _HEADING, _ACTIVITY[1]),
        )
    if kind in BOXES:
        return _ACTIVITY
    return _EVENT if kind.endswith("Event") else _GATEWAY


def _columns(nodes: list[str], level: Level) -> list[list[str]]:
    """Nodes by their longest way from a start; flows that lead back do not count."""
    follow: dict[str, list[str]] = {node: [] for node in nodes}
    for _flow, source, target in level.flows:
        origin = level.hosts.get(source, source)
        if origin in follow and target in follow and origin != target:
            follow[origin].append(target)
    column = dict.fromkeys(nodes, 0)
    forward = _without_backward(follow)
    for node in _in_order(forward):
        for target in forward[node]:
            column[target] = max(column[target], column[node] + 1)
    columns: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for node in nodes:
        columns[column[node]].append(node)
    return _untangled(columns, forward)


def _without_backward(follow: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same connections without those that close a circle; walked without recursion, models may be long."""
    state: dict[str, str] = {}
    forward: dict[str, list[str]] = {node: [] for node in follow}
    for root in follow:
        path = [(root, iter(follow[root]))] if root not in state else []
        state.setdefault(root, "open")
        while path:
            node, targets = path[-1]
            target = next(targets, None)
            if target is None:
                state[node] = "done"
                path.pop()
            elif state.get(target) != "open":
                forward[node].append(target)
                if target not in state:
                    state[target] = "open"
                    path.append((target, iter(follow[target])))
    return forward


def _in_order(forward: Mapping[str, list[str]]) -> list[str]:
    """Every node before those it leads to."""
    waiting = dict.fromkeys(forward, 0)
    for targets in forward.values():
        for target in targets:
            waiting[target] += 1
    order = [node for node, count in waiting.items() if not count]
    for node in order:
        for target in forward[node]:
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    return order


def _untangled(columns: list[list[str]], forward: Mapping[str, list[str]]) -> list[list[str]]:
    """Each column in the order of what leads to it, so that fewer lines cross."""
    before: dict[str, list[str]] = {}
    for node, targets in forward.items():
        for target in targets:
            before.setdefault(target, []).append(node)
    rank: dict[str, float] = {}
    sorted_columns = []
    for column in columns:
        middle = {node: _mean([rank[other] for other in before.get(node, ()) if other in rank]) for node in column}
        ordered = sorted(column, key=middle.__getitem__)
        rank |= {node: float(number) for number, node in enumerate(ordered)}
        sorted_columns.append(ordered)
    return sorted_columns


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _places(columns: list[list[str]], sizes: Mapping[str, tuple[float, float]]) -> dict[str, Bounds]:
    """Columns side by side, each centred on one line."""
    heights = [sum(sizes[node][1] + _GAP_Y for node in column) - _GAP_Y for column in columns]
    tallest = max(heights, default=0.0)
    places: dict[str, Bounds] = {}
    left = 0.0
    for column, height in zip(columns, heights, strict=True):
        width = max(sizes[node][0] for node in column)
        top = (tallest - height) / 2
        for node in column:
            own_width, own_height = sizes[node]
            places[node] = Bounds(left + (width - own_width) / 2, top, own_width, own_height)
            top += own_height + _GAP_Y
        left += width + _GAP_X
    return places


def _line(source: Bounds, target: Bounds, below: float, *, is_boundary: bool) -> tuple[Point, ...]:
    """Straight ahead with one bend, or back below everything; from a boundary event first down."""
    start = Point(source.centre.x, source.bottom) if is_boundary else Point(source.right, source.centre.y)
    end = Point(target.x, target.centre.y)
    if target.x < source.right:
        out, back = source.right + _GAP_X / 3, target.x - _GAP_X / 3
        points = [start, Point(out, start.y), Point(out, below), Point(back, below), Point(back, end.y), end]
    else:
        middle = target.x - _GAP_X / 2
        level = start.y + _GAP_Y / 4 if is_boundary else start.y
        points = [start, Point(start.x, level), Point(middle, level), Point(middle, end.y), end]
    return (points[0], *(point for previous, point in pairwise(points) if point != previous))


def _moved_shape(shape: Shape, by: Point) -> Shape:
    return replace(shape, bounds=shape.bounds.moved(by), label=shape.label and shape.label.moved(by))


def _moved_edge(edge: Edge, by: Point) -> Edge:
    points = tuple(Point(point.x + by.x, point.y + by.y) for point in edge.points)
    return replace(edge, points=points, label=edge.label and edge.label.moved(by))
