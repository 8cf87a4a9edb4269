"""Files and the discussion of a case as people use them: chosen, dropped, pasted, refused, previewed, mentioned."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.database import writing
from app.files import FileStore
from app.models import UserTask
from app.operations.actor import Actor
from app.operations.comments import write_comment
from app.operations.surroundings import Surroundings
from app.worker import run_due
from app.worker.file_jobs import FileJobs
from tests.browser.imported_product import NOW, ImportedProduct
from tests.file_samples import pdf

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
OpenPage = Callable[..., Page]
DROP = """
([name, text]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], name));
  const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
  document.querySelector('.file-rows, #file-rows').dispatchEvent(new DragEvent('drop', options));
}
"""
PASTE = """
(base64) => {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
  document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
}
"""


def photo() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (640, 480), "orange").save(target, "JPEG")
    return target.getvalue()


def chosen(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def files_page(page: Page, product: ImportedProduct, user_task: str) -> Page:
    product.sign_in(page, "advisor")
    page.goto(f"{product.address}/user-tasks/{user_task}/files")
    return page


def case_of(product: ImportedProduct, user_task: str) -> str:
    with product.sessions() as session:
        return session.scalars(select(UserTask.instance_id).where(UserTask.id == user_task)).one()


def work(product: ImportedProduct, folder: Path) -> None:
    """Let the jobs of files run."""
    with writing():
        run_due(product.sessions, NOW, surroundings=Surroundings(files=FileJobs(product.sessions, FileStore(folder))))


@pytest.fixture
def folder(product: ImportedProduct) -> Path:
    with product.sessions() as session:
        return Path(str(session.get_bind().engine.url.database)).with_name("files")


def test_files_are_chosen_dropped_and_pasted(page: Page, product: ImportedProduct, axe: Callable[..., None]) -> None:
    files_page(page, product, product.take())
    page.set_input_files("input[name=file][multiple]", [chosen("one.txt", b"one"), chosen("run.exe", b"MZ")])
    expect(page.locator(".file-name")).to_have_text(["one.txt"])
    refused = page.locator(".upload.is-bad")
    expect(refused).to_contain_text("run.exe")
    expect(refused).to_contain_text("cannot be added")
    page.evaluate(DROP, ["two.txt", "two"])
    expect(page.locator(".file-name")).to_have_count(2)
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    page.evaluate(PASTE, base64.b64encode(picture.getvalue()).decode())
    expect(page.locator(".file-name")).to_have_count(3)
    expect(page.locator("[data-tab=files] .count")).to_have_text("3")
    axe(page, "#detail")
    refused.get_by_role("button", name="Take it off the list").click()
    expect(page.locator(".upload")).to_have_count(0)


def test_a_preview_appears_and_a_file_is_removed(page: Page, product: ImportedProduct, folder: Path) -> None:
    files_page(page, product, product.take())
    page.set_input_files("input[name=file][multiple]", [chosen("wheel.jpg", photo()), chosen("order.pdf", pdf(2))])
    expect(page.locator(".file-name")).to_have_count(2)
    work(product, folder)
    expect(page.locator(".file-face img")).to_have_count(2)  # without reloading
    document = page.locator(".file", has_text="order.pdf")
    document.get_by_text("Preview").click()
    expect(document.locator(".file-preview img")).to_have_count(2)
    picture = document.locator(".file-preview img").first
    width = picture.evaluate("async (img) => (await img.decode(), img.naturalWidth)")
    assert width > 500
    with page.expect_download() as download:
        document.get_by_role("link", name="order.pdf").click()
    assert download.value.suggested_filename == "order.pdf"
    wheel = page.locator(".file", has_text="wheel.jpg")
    wheel.get_by_label("Remove wheel.jpg").click()
    wheel.get_by_role("button", name="Remove for good").click()
    expect(wheel.locator(".field-error")).to_contain_text("Say why")
    wheel.locator("textarea").fill("the wrong car")
    wheel.get_by_role("button", name="Remove for good").click()
    expect(wheel).to_contain_text("removed")
    expect(wheel).to_contain_text("the wrong car")


def test_a_file_that_cannot_be_sent_can_be_tried_again(page: Page, product: ImportedProduct) -> None:
    files_page(page, product, product.take())
    page.route("**/files", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.set_input_files("input[name=file][multiple]", [chosen("one.txt", b"one")])
    expect(page.locator(".upload.is-bad")).to_contain_text("cannot be reached")
    page.unroute("**/files")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".file-name")).to_have_text(["one.txt"])
    expect(page.locator(".upload")).to_have_count(0)


def test_files_without_a_script(open_page: OpenPage, product: ImportedProduct) -> None:
    page = files_page(open_page(java_script_enabled=False), product, product.take())
    page.set_input_files("input[name=file][multiple]", [chosen("one.txt", b"one"), chosen("run.exe", b"MZ")])
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".file-name")).to_have_text(["one.txt"])
    expect(page.locator(".flashes")).to_contain_text("run.exe: Files of this kind cannot be added")


def test_a_photo_from_a_telephone(open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None]) -> None:
    page = files_page(open_page(**PHONE, color_scheme="dark"), product, product.take())
    expect(page.get_by_text("Take a photo")).to_be_visible()
    camera = page.locator("[data-camera]")
    assert camera.get_attribute("capture") == "environment"
    camera.set_input_files([chosen("IMG_0001.jpg", photo())])
    expect(page.locator(".file-name")).to_have_text(["IMG_0001.jpg"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page, "#detail")


def test_a_colleague_is_mentioned_by_keyboard_and_answers(
    open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None]
) -> None:
    user_task = product.take()
    advisor, colleague = product.sign_in(open_page(), "advisor"), product.sign_in(open_page(), "colleague")
    advisor.goto(f"{product.address}/user-tasks/{user_task}")
    advisor.keyboard.press("m")
    box = advisor.get_by_label("Write a comment")
    box.press_sequentially("Please look, @白")
    expect(advisor.get_by_role("option")).to_have_text(["白星河 @colleague"])
    axe(advisor, "#detail")
    advisor.keyboard.press("Enter")
    expect(box).to_have_value("Please look, @colleague ")
    advisor.keyboard.press("Control+Enter")
    expect(advisor.locator(".comment .mention")).to_have_text("@白星河")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    colleague.goto(f"{product.address}/cases/{case_of(product, user_task)}/discussion")
    expect(colleague.locator(".comment-text")).to_contain_text("Please look")
    colleague.get_by_label("Write a comment").fill("I did.")
    colleague.keyboard.press("Control+Enter")
    expect(advisor.locator(".comment-text")).to_have_count(2, timeout=15_000)  # by the stream
    expect(advisor.locator("[data-tab=discussion] .count")).to_have_text("2")


def test_what_is_written_is_not_lost(page: Page, product: ImportedProduct) -> None:
    user_task = product.take()
    product.sign_in(page, "advisor")
    page.goto(f"{product.address}/user-tasks/{user_task}/discussion")
    box = page.get_by_label("Write a comment")
    box.fill("typed for an hour")
    page.locator("[data-tab=form]").click()
    expect(page.locator("[data-draft]").or_(page.locator("fieldset")).first).to_be_visible()
    page.locator("[data-tab=discussion]").click()
    expect(box).to_have_value("typed for an hour")
    page.route("**/discussion", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".toast")).to_contain_text("cannot be reached")
    expect(box).to_have_value("typed for an hour")
    page.unroute("**/discussion")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".comment-text")).to_have_text("typed for an hour")
    page.get_by_text("Change", exact=True).click()
    page.locator(".comment-edit textarea").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".comment-edit .field-error")).to_contain_text("Write something first")
    page.locator(".comment-edit textarea").fill("typed for a minute")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".comment-text")).to_have_text("typed for a minute")
    expect(page.locator(".comment-head")).to_contain_text("(edited)")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_auditors_read_both(open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None], look: str) -> None:
    case_id = case_of(product, product.take())
    product.write(lambda session: write_comment(session, case_id, "a remark", actor=Actor("advisor"), now=NOW))
    page = product.sign_in(open_page(color_scheme=look), "auditor")
    page.goto(f"{product.address}/cases/{case_id}/discussion")
    expect(page.locator(".comment-text")).to_have_text("a remark")
    expect(page.locator("textarea")).to_have_count(0)
    axe(page)
    page.goto(f"{product.address}/cases/{case_id}/files")
    expect(page.locator("input[type=file]")).to_have_count(0)
    axe(page)
