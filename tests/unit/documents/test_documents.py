"""PDFs and pictures in both languages, from HTML alone: nothing that it names is loaded."""

from __future__ import annotations

import importlib
import io
import logging
from pathlib import Path
from types import ModuleType

import pypdfium2
import pytest
from PIL import Image

from app.diagrams import PAPER, Mark, Marks, read_drawing, render
from app.documents import IS_NOT_INSTALLED, picture_page

COMPLAINT = Path(__file__).parents[3] / "workflows" / "complaint.bpmn"
MARKS = Marks({"Activity_Receive": Mark("done", 2, "3 min")}, frozenset(), {"done": "done"})


@pytest.fixture(scope="module")
def program(documents_can_be_made: None) -> ModuleType:
    return importlib.import_module("app.documents.document_process")


def text_of(content: bytes) -> str:
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))


def drawn(names: dict[str, str] | None = None) -> str:
    drawing = read_drawing(COMPLAINT.read_bytes())
    return render(drawing, MARKS, label="A case", names=names or {}, style=PAPER)


@pytest.mark.parametrize("text", ["A complaint is received", "受理投诉并回访客户"])
def test_what_was_written_is_found_again(program: ModuleType, text: str) -> None:
    style = "body{font-family:'Noto Sans CJK SC','Noto Sans SC',sans-serif}"
    content = program.pdf(f"<meta charset=utf-8><style>{style}</style><p>{text}</p>")
    assert text in text_of(content)


def test_names_in_a_drawing_are_text(program: ModuleType) -> None:
    element = next(shape.element for shape in read_drawing(COMPLAINT.read_bytes()).shapes if shape.element.name)
    assert "受理" in text_of(program.pdf(picture_page(drawn({element.id: "受理"}))))


def test_a_picture_is_small_and_holds_the_whole_drawing(program: ModuleType) -> None:
    content = program.png(picture_page(drawn()))
    picture = Image.open(io.BytesIO(content))
    assert (picture.format, len(content) <= program.LARGEST_PICTURE) == ("PNG", True)
    width, height = picture.size
    assert width <= program.WIDEST
    shown = read_drawing(COMPLAINT.read_bytes()).bounds()
    assert width / height == pytest.approx((shown.width + 40) / (shown.height + 40), rel=0.02)
    assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 10  # shapes, marks and letters on white


def test_a_picture_that_would_be_too_large_is_made_smaller_or_not_at_all(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = len(program.png(picture_page(drawn())))
    monkeypatch.setattr(program, "LARGEST_PICTURE", whole // 2)
    assert len(program.png(picture_page(drawn()))) <= whole // 2
    monkeypatch.setattr(program, "LARGEST_PICTURE", 100)
    with pytest.raises(program.PictureTooLarge):
        program.png(picture_page(drawn()))


@pytest.mark.parametrize(
    "address", ["https://shop.example/a.png", "http://127.0.0.1/", "file:///etc/hostname", "data:image/png;base64,AA"]
)
def test_w34_no_address_is_loaded(program: ModuleType, address: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match="disallowed"):
        program.NOTHING(address)
    html = (
        f"<link rel=stylesheet href='{address}'><style>@import '{address}';"
        f"@font-face{{font-family:f;src:url({address})}}p{{background:url({address});font-family:f}}</style>"
        f"<p><img src='{address}'>kept</p>"
        f"<svg width=9 height=9><image href='{address}' width=9 height=9/><use href='{address}#a'/></svg>"
    )
    with caplog.at_level(logging.DEBUG, logger="weasyprint"):
        assert "kept" in text_of(program.pdf(html))


def test_w34_nothing_in_a_drawing_runs_or_leads_anywhere() -> None:
    for unwanted in ("<script", "foreignObject", "href", " on", "<!", "url("):
        assert unwanted not in drawn({"Activity_Receive": "x"}).replace(" on-", "")


def test_w32_names_in_a_drawing_stay_text(program: ModuleType) -> None:
    element = next(shape.element for shape in read_drawing(COMPLAINT.read_bytes()).shapes if shape.element.name)
    svg = drawn({element.id: "<b>x</b>"})
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg


def test_a_page_is_as_large_as_its_drawing() -> None:
    assert "size:40px 30px" in picture_page('<svg xmlns="x" class="dg" viewBox="0 0 40 30" width="40" height="30"/>')
    with pytest.raises(ValueError, match="width"):
        picture_page("<svg/>")


def test_program_and_product_mean_the_same_by_its_status(program: ModuleType) -> None:
    assert program.IS_NOT_INSTALLED == IS_NOT_INSTALLED
