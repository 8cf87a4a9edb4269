"""The read-only diagram of a case, from the built bundle, below the strictest content security policy."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, render_template_string
from playwright.sync_api import Page, expect

from tests.browser.serving import serving

ROOT = Path(__file__).parents[2]
DIST = ROOT / "app" / "web" / "static" / "dist"
DIAGRAM = ROOT / "tests" / "resources" / "diagram_viewer.bpmn"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
RUN = {
    "nodes": {
        "begin": {"state": "done", "count": 1},
        "call": {"state": "done", "count": 2},
        "record": {"state": "active", "count": 1},
        "no_longer_drawn": {"state": "incident", "count": 1},
    },
    "flows": {"begin_to_call": 1, "call_to_record": 1},
}
TEXTS = {
    "done": "done", "active": "in progress", "cancelled": "cancelled", "incident": "stopped by an error",
    "times": "{count} times", "path": "Steps so far",
}
PAGE = """<!doctype html>
<html lang="{{ lang }}"><head><meta charset="utf-8"><title>Case</title>
<link rel="stylesheet" href="/page.css"><link rel="stylesheet" href="/dist/{{ manifest['viewer.css'] }}">
<script type="module" src="/dist/{{ manifest['viewer.js'] }}"></script></head>
<body><main data-diagram><h1>Case</h1><button type="button" data-zoom="in">Larger</button>
<button type="button" data-zoom="fit">Whole</button>
<bpmn-viewer data-src="{{ src }}" data-run="/run.json" data-label="Diagram of the case" data-texts="{{ texts }}"
><svg class="dg"><text>Sent by the server</text></svg></bpmn-viewer></main></body></html>"""
STYLE = ":root { color-scheme: light dark } bpmn-viewer { height: 420px }"
SHAPE = "[data-element-id=%s] > .djs-visual > :first-child"
LINE = "[data-element-id=%s] > .djs-visual > path"


def _application() -> Flask:
    application = Flask(__name__, static_folder=DIST, static_url_path="/dist")
    manifest = json.loads((DIST / "manifest.json").read_text())

    @application.get("/<lang>/<path:src>")
    def case(lang: str, src: str) -> str:
        return render_template_string(PAGE, lang=lang, src=f"/{src}", manifest=manifest, texts=json.dumps(TEXTS))

    @application.get("/page.css")
    def style() -> Response:
        return Response(STYLE, mimetype="text/css")

    @application.get("/diagram.xml")
    def diagram() -> Response:
        return Response(DIAGRAM.read_bytes(), mimetype="text/xml")

    @application.get("/run.json")
    def run() -> dict[str, object]:
        return RUN

    @application.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return application


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(_application()) as url:
        yield url


def _open(page: Page, address: str, lang: str = "en") -> None:
    page.goto(f"{address}/{lang}/diagram.xml")
    expect(page.locator("bpmn-viewer[data-state=ready]")).to_be_visible()


def _style(page: Page, selector: str, name: str) -> str:
    return page.locator(selector).first.evaluate("(element, name) => getComputedStyle(element)[name]", name)


def _resolved(page: Page, variable: str) -> str:
    probe = """(host, name) => {
        const probe = host.appendChild(document.createElement('i'));
        probe.style.color = `var(${name})`;
        const { color } = getComputedStyle(probe);
        probe.remove();
        return color;
    }"""
    return page.locator("bpmn-viewer").evaluate(probe, variable)


def test_steps_show_their_state_and_count(page: Page, address: str) -> None:
    _open(page, address)
    assert _style(page, SHAPE % "call", "stroke") == _resolved(page, "--diagram-done")
    assert _style(page, SHAPE % "record", "stroke") == _resolved(page, "--diagram-active")
    assert _style(page, SHAPE % "finish", "stroke") == _resolved(page, "--diagram-line")
    expect(page.locator("[data-container-id=call] .run-badge")).to_have_text("✓ 2")
    expect(page.locator("[data-container-id=record] .run-badge")).to_have_text("●")
    expect(page.locator("[data-container-id=finish]")).to_have_count(0)


def test_taken_flow_is_coloured_to_its_arrowhead(page: Page, address: str) -> None:
    _open(page, address)
    for flow, variable in (("call_to_record", "--diagram-done"), ("record_to_finish", "--diagram-line")):
        assert _style(page, LINE % flow, "stroke") == _resolved(page, variable)
        arrowhead = _style(page, LINE % flow, "markerEnd").removeprefix('url("').removesuffix('")')
        assert _style(page, f"{arrowhead} > path", "fill") == _resolved(page, variable)


def test_names_follow_the_language_of_the_page(page: Page, address: str) -> None:
    _open(page, address, "zh-CN")
    expect(page.locator("[data-element-id=call] text")).to_have_text("致电客户")
    expect(page.locator("[data-element-id=record] text")).to_have_text("Record answers")


def test_colours_follow_the_theme_without_drawing_again(page: Page, address: str) -> None:
    _open(page, address)
    light = _style(page, SHAPE % "finish", "fill")
    page.emulate_media(color_scheme="dark")
    assert _style(page, SHAPE % "finish", "fill") != light


def test_mark_of_the_drawing_library_stays_visible(page: Page, address: str) -> None:
    _open(page, address)
    mark = page.locator(".bjs-powered-by")
    expect(mark).to_be_in_viewport(ratio=1)
    assert mark.evaluate("mark => { const box = mark.getBoundingClientRect();"
                         "return mark.contains(document.elementFromPoint(box.x + 9, box.y + 9)) }")


def test_zoom_by_keyboard_and_button(page: Page, address: str) -> None:
    _open(page, address)
    scale = "() => new DOMMatrix(getComputedStyle(document.querySelector('.viewport')).transform).a"
    whole = page.evaluate(scale)
    page.locator("bpmn-viewer svg[tabindex]").focus()
    page.keyboard.press("+")
    assert page.evaluate(scale) > whole
    page.keyboard.press("0")
    assert page.evaluate(scale) == pytest.approx(whole)
    page.get_by_role("button", name="Larger").click()
    assert page.evaluate(scale) > whole


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_people_who_hear_the_page_learn_the_same(
    open_page: Callable[..., Page], address: str, axe: Callable[..., None], scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    _open(page, address)
    expect(page.get_by_role("img", name="Diagram of the case")).to_be_visible()
    expect(page.get_by_role("list", name="Steps so far").get_by_role("listitem")).to_have_text(
        ["Begin: done", "Call customer: done, 2 times", "Record answers: in progress"]
    )
    axe(page)


def test_the_servers_drawing_stays_when_the_script_fails(page: Page, address: str) -> None:
    page.goto(f"{address}/en/missing.xml")
    expect(page.locator("bpmn-viewer")).to_have_attribute("data-state", "failed")
    expect(page.locator("bpmn-viewer > *")).to_have_text("Sent by the server")
