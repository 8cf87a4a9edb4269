"""The name a file came with: a text to show and to offer at a download, never part of a path."""

import unicodedata

LONGEST_NAME = 200  # characters
LONGEST_EXTENSION = 10
NAMELESS = "file"


def clean_name(raw: str) -> str:
    """The name without folders and without signs that are not seen: control signs, changes of direction, lone halves.

    Too long a name loses its middle, not its extension.
    """
    last = raw.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in "\u2028\u2029")
    name = unicodedata.normalize("NFC", seen).strip(" .\u3000")
    if not name:
        return NAMELESS
    if len(name) <= LONGEST_NAME:
        return name
    extension = f".{extension_of(name)}" if extension_of(name) else ""
    return name[: LONGEST_NAME - len(extension)] + extension


def extension_of(name: str) -> str:
    """What follows the last dot, in small letters; empty where nothing does."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension) > LONGEST_EXTENSION:
        return ""
    return extension.lower()
