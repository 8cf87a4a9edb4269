"""Previews come from a program of its own that a hostile file may break without harm (W46)."""

import io
import time

import pytest
from PIL import Image

from app.worker import previews
from app.worker.previews import make_previews
from tests.file_samples import pdf, png


def photo(width: int, height: int, form: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, (width, height), "red").save(target, form, **options)
    return target.getvalue()


def test_a_photo_is_made_small_and_loses_what_else_it_told() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by the camera
    exif[0x010F] = "a telephone"
    thumbnail, page = make_previews(photo(4000, 3000, exif=exif), "image")
    assert (thumbnail.width, thumbnail.height) == (240, 320)
    assert (page.width, page.height) == (1200, 1600)
    for picture in (thumbnail, page):
        assert picture.media_type == "image/jpeg"
        assert b"a telephone" not in picture.content
        assert not Image.open(io.BytesIO(picture.content)).getexif()


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGBA"), ("GIF", "P"), ("JPEG", "CMYK")]
)
def test_each_kind_of_picture(form: str, mode: str) -> None:
    assert len(make_previews(photo(50, 40, form, mode), "image")) == 2


def test_the_first_pages_of_a_document() -> None:
    pictures = make_previews(pdf(5), "pdf")
    assert [picture.media_type for picture in pictures] == ["image/jpeg", *["image/png"] * 3]
    assert 900 < pictures[1].width < 1200


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(60_000, 60_000), "image"),  # pixels that nobody has room for
        (png()[:40], "image"),
        (b"%PDF-1.4 nothing else", "pdf"),
        (b"", "pdf"),
        (photo(30, 30, "BMP"), "image"),  # a format that is not among ours
    ],
)
def test_w46_what_cannot_be_shown_has_no_preview(content: bytes, kind: str) -> None:
    began = time.perf_counter()
    assert make_previews(content, kind) == []
    assert time.perf_counter() - began < 10


def test_w46_memory_is_bounded() -> None:
    """Within the bound of pixels, and with pages of any size, it ends one way or the other."""
    huge_page = pdf().replace(b"[0 0 595 842]", b"[0 0 1e6 1e6]")
    for picture in make_previews(huge_page, "pdf"):
        assert max(picture.width, picture.height) <= 1600


def test_what_the_program_says_is_not_trusted() -> None:
    for output in (b'{"format": "SVG", "bytes": 3}\n<x>', b"no json\n", b'{"format": "PNG", "bytes": 3}\nabc'):
        with pytest.raises((ValueError, KeyError)):
            list(previews._pictures(output))
