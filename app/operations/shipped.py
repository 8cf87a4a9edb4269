"""The processes, decision tables and forms that come with the product."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# A wheel carries them inside the package (hatch_build.py); in a working tree they lie beside it, to be edited.
ROOT = next(folder for folder in (PACKAGE / "shipped", PACKAGE.parent) if folder.exists())
FOLDERS = (("workflows", "*.bpmn"), ("workflows", "*.dmn"), ("forms", "*.form"))


def shipped_resources() -> dict[str, bytes]:
    """File name -> content of all shipped diagrams, decision tables and forms, as one deployment takes them."""
    files = sorted(file for folder, pattern in FOLDERS for file in (ROOT / folder).glob(pattern))
    return {file.name: file.read_bytes() for file in files}
