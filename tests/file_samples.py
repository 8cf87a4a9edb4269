"""Small whole files of each kind, made here: nothing comes from anywhere."""

import io
import struct
import zipfile
import zlib

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def png(width: int = 4, height: int = 3) -> bytes:
    """A grey picture that claims these sides; only a small one really has its pixels."""
    header = struct.pack("!2L5B", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height if width * height < 10_000 else b"\0" * 64
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!L", len(data)) + name + data + struct.pack("!L", zlib.crc32(name + data))
        for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def pdf(pages: int = 1) -> bytes:
    """A PDF with a line of text on each page."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(pages):
        text = f"BT /F1 24 Tf 72 700 Td (Page {number + 1}) Tj ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Contents {5 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(text)} >>\nstream\n{text}\nendstream")
    content, places = b"%PDF-1.4\n", []
    for number, entry in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{entry}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        content
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
            f"startxref\n{len(content)}\n%%EOF\n"
        ).encode()
    )


def archive(**entries: bytes) -> bytes:
    """A zip; `_` in a name stands for `/`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        for name, content in entries.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return target.getvalue()


def xlsx(**entries: bytes) -> bytes:
    return archive(xl__workbook_xml=b"<workbook/>", **entries)


def docx() -> bytes:
    return archive(word__document_xml=b"<document/>")


GOOD: dict[str, bytes] = {
    "photo.jpg": b"\xff\xd8\xff\xe0" + bytes(60),
    "photo.JPEG": b"\xff\xd8\xff\xe1" + bytes(60),
    "photo.png": png(),
    "photo.webp": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(32),
    "photo.gif": b"GIF89a" + bytes(32),
    "letter.pdf": pdf(),
    "list.xlsx": xlsx(),
    "letter.docx": docx(),
    "note.txt": "客户说刹车响\n".encode(),
    "old.txt": "客户说刹车响\n".encode("gb18030"),
    "list.csv": b"\xef\xbb\xbfa,b\r\n1,2\r\n",
    "call.mp3": b"ID3\x04" + bytes(32),
    "call2.mp3": b"\xff\xfb\x90\0" + bytes(32),
    "call.wav": b"RIFF\x24\0\0\0WAVEfmt " + bytes(32),
    "call.m4a": b"\0\0\0\x20ftypM4A " + bytes(32),
    "call.ogg": b"OggS" + bytes(32),
    "call.amr": b"#!AMR\n" + bytes(32),
}
