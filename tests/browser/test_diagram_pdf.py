"""The diagram of a case is saved as a PDF from its page."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.models import ProcessInstance, UserTask
from tests.browser.imported_product import ImportedProduct


def test_the_diagram_is_saved_as_a_pdf(
    documents_can_be_made: None, page: Page, product: ImportedProduct, tmp_path: Path
) -> None:
    user_task_id = product.take()
    with product.sessions() as session:
        case = session.scalars(select(ProcessInstance).join(UserTask).where(UserTask.id == user_task_id)).one()
    product.sign_in(page, "advisor").goto(f"{product.address}/cases/{case.id}/diagram")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="Diagram as PDF").click()
        expect(page.get_by_role("status").filter(has_text="The file is being made")).to_be_visible()
    assert download.value.suggested_filename == f"{case.case_number}.pdf"
    expect(page.get_by_text("The file is being made")).to_have_count(0)
    download.value.save_as(tmp_path / "case.pdf")
    text = pypdfium2.PdfDocument(tmp_path / "case.pdf")[0].get_textpage().get_text_bounded()
    assert case.case_number in text
    assert "林小禾" in text  # who asked for it
