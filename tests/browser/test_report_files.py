"""Reports are taken away as files without leaving the page; what is no file opens as a page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.imported_product import ImportedProduct


def test_a_report_is_saved_and_a_refusal_is_shown(page: Page, product: ImportedProduct) -> None:
    address = f"{product.address}/reports/monthly/of/hq/2026-05"
    product.sign_in(page, "advisor").goto(address)
    for _time in range(2):  # the form works on as it is
        with page.expect_download() as download:
            page.get_by_role("button", name="XLSX").click()
        assert download.value.suggested_filename.endswith(".xlsx")
        expect(page.get_by_text("The file is being made")).to_have_count(0)
    assert page.url == address
    page.context.clear_cookies()
    page.get_by_role("button", name="XLSX").click()
    expect(page.get_by_text("Incident number")).to_be_visible()
