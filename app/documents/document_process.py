"""A PDF, or a picture of its first page, made of HTML by a program of its own with little memory and little time.

Run as a program it reads HTML from its standard input and writes the document to its standard output. It imports
nothing of the product, and loads nothing that the HTML names: no network, no file, no data address.
"""

import io
import resource
import sys

import pypdfium2
from PIL import Image

IS_NOT_INSTALLED = 3  # the product's name for it, which is not there to be imported
try:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher
except (ImportError, OSError) as missing:  # OSError: a library of the system, such as Pango
    print(missing, file=sys.stderr)  # noqa: T201
    sys.exit(IS_NOT_INSTALLED)

MOST_MEMORY = 1536 << 20  # bytes of address space: fonts are mapped whole, and Chinese ones are large
MOST_SECONDS = 25  # of computing
LARGEST_PICTURE = 300_000  # bytes: a picture goes with every mail
WIDEST, HIGHEST = 1400, 1800  # pixels
SHARPNESS = 2.0  # pixels for one of the drawing's, as screens of telephones have them
COLORS = 64  # few are used; their shades at the edges of letters need the rest
_POINTS_PER_PIXEL = 0.75  # CSS 2.1, 4.3.2
_SMALLER, MOST_ATTEMPTS = 0.8, 8
NOTHING = URLFetcher(allowed_protocols=())  # refuses every address, those within the document too


class PictureTooLarge(ValueError):
    """The drawing cannot be shown in so few bytes."""


def pdf(html: str) -> bytes:
    """The document as PDF."""
    return bytes(HTML(string=html, url_fetcher=NOTHING).write_pdf())


def png(html: str) -> bytes:
    """The first page as a picture: as sharp as its size allows, never larger than LARGEST_PICTURE."""
    page = pypdfium2.PdfDocument(pdf(html))[0]
    width, height = page.get_size()
    scale = min(SHARPNESS / _POINTS_PER_PIXEL, WIDEST / width, HIGHEST / height)
    for _attempt in range(MOST_ATTEMPTS):
        picture = _encoded(page.render(scale=scale).to_pil())
        if len(picture) <= LARGEST_PICTURE:
            return picture
        scale *= _SMALLER
    raise PictureTooLarge


def _encoded(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.convert("RGB").quantize(COLORS).save(target, "PNG", optimize=True)
    return target.getvalue()


MAKERS = {"pdf": pdf, "png": png}


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))


def main(kind: str) -> None:
    """Read HTML and write the document of this kind (pdf, png)."""
    _limit()
    sys.stdout.buffer.write(MAKERS[kind](sys.stdin.buffer.read().decode()))


if __name__ == "__main__":
    main(sys.argv[1])
