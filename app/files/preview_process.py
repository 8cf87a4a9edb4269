"""Small pictures of a file, made by a program of its own that may use little memory, little time and no files.

Run as a program it reads the file from its standard input and writes pictures to its standard output, each behind a
line of JSON that tells its size. It imports nothing of the product, so that what is hostile in a file finds nothing.
"""

import io
import json
import resource
import sys
import warnings
from collections.abc import Iterator

import pypdfium2
from PIL import Image, ImageOps

MOST_MEMORY = 1 << 30  # bytes of address space, the libraries' own included
MOST_SECONDS = 20  # of computing
MOST_PIXELS = 80_000_000  # of the picture as it comes: the largest camera of a telephone
THUMBNAIL, PAGE = 320, 1600  # pixels of the longer side
MOST_PAGES = 3
_POINTS_PER_INCH, _DOTS_PER_INCH = 72, 130


def pictures(content: bytes, kind: str) -> Iterator[tuple[str, Image.Image]]:
    """(format, picture) for the thumbnail first, then for each page."""
    pages = _pdf_pages(content) if kind == "pdf" else [("JPEG", _image(content))]
    for number, (form, page) in enumerate(pages):
        if number == 0:
            yield "JPEG", _opaque(_shrunk(page, THUMBNAIL))
        yield form, page


def _image(content: bytes) -> Image.Image:
    """Re-encoded from its pixels: nothing else of the file, such as where it was taken, goes on."""
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Image.DecompressionBombError("too many pixels")
        opened.draft("RGB", (PAGE, PAGE))  # JPEG only: decodes no more than is needed
        return _opaque(_shrunk(ImageOps.exif_transpose(opened), PAGE))


def _pdf_pages(content: bytes) -> Iterator[tuple[str, Image.Image]]:
    document = pypdfium2.PdfDocument(content)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        longer = max(page.get_size())
        scale = min(PAGE / max(longer, 1), _DOTS_PER_INCH / _POINTS_PER_INCH)
        yield "PNG", page.render(scale=scale).to_pil()


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    smaller = picture.copy()
    smaller.thumbnail((side, side))
    return smaller


def _opaque(picture: Image.Image) -> Image.Image:
    """On white, as JPEG knows no transparency."""
    if picture.mode == "RGB":
        return picture
    seen = picture.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))


def main(kind: str) -> None:
    """Read a file of this kind (image, pdf) and write its pictures."""
    _limit()
    warnings.simplefilter("error")
    content = sys.stdin.buffer.read()
    for form, picture in pictures(content, kind):
        encoded = io.BytesIO()
        picture.save(encoded, form, optimize=True)
        head = {"format": form, "bytes": encoded.tell(), "width": picture.width, "height": picture.height}
        sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + encoded.getvalue())


if __name__ == "__main__":
    main(sys.argv[1])
