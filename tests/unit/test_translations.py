"""The interface is complete in every language: each marked text has an entry, translated, with the same places."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from app.i18n import BASE_LOCALE, CATALOGS, LOCALES, folder_of

ROOT = Path(__file__).parents[2]
TRANSLATED = [locale for locale in LOCALES if locale != BASE_LOCALE]
PLACE = re.compile(r"%\((\w+)\)[sd]")
# Kept as they are in Chinese: names and signs.
SAME_IN_ALL = {"Aftercare", "BPMN", "VIN", "CSV", "XLSX"}

Text = str | tuple[str, ...]


@cache
def texts_in_the_code() -> dict[Text, str]:
    """Every text marked with _, gettext, ngettext or N_ -> where it stands."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    found = extract_from_dir(ROOT, methods, options, keywords, directory_filter=_is_ours)
    return {message: f"{path}:{line}" for path, line, message, _comments, _context in found}


def _is_ours(directory: str) -> bool:
    path = Path(directory)
    return path == ROOT or (ROOT / "app" in (path, *path.parents) and "static" not in path.parts)


@cache
def catalog(locale: str) -> Catalog:
    with (CATALOGS / folder_of(locale) / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale)


def _messages(locale: str) -> list[Message]:
    return [message for message in catalog(locale) if message.id]


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def test_extraction_finds_texts_of_code_and_templates() -> None:
    places = texts_in_the_code().values()
    assert any(place.startswith("app/web/templates/") for place in places)
    assert any(place.startswith("app/operations/") for place in places)
    assert len(places) > 100


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_has_an_entry(locale: str) -> None:
    known = {message.id if isinstance(message.id, str) else tuple(message.id) for message in _messages(locale)}
    missing = {text: place for text, place in texts_in_the_code().items() if text not in known}
    assert not missing, "\n".join(f"{place}: {text}" for text, place in missing.items())


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_entry_is_empty_doubtful_or_left_over(locale: str) -> None:
    used = set(texts_in_the_code())
    for message in _messages(locale):
        assert all(_strings(message)), f"not translated: {message.id}"
        assert not message.fuzzy, f"doubtful: {message.id}"
        assert (message.id if isinstance(message.id, str) else tuple(message.id)) in used, f"left over: {message.id}"
    assert not catalog(locale).obsolete


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_have_the_places_of_the_text(locale: str) -> None:
    for message in _messages(locale):
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        wanted = set(PLACE.findall(ids[-1]))
        for text in _strings(message):
            assert set(PLACE.findall(text)) == wanted, message.id
            assert text.count("%") == len(PLACE.findall(text)) + 2 * text.count("%%"), message.id


def test_chinese_is_chinese() -> None:
    for message in _messages("zh_CN"):
        if message.id not in SAME_IN_ALL and re.search(r"[A-Za-z]{3}", str(message.id)):
            assert all(re.search(r"[\u4e00-\u9fff]", text) for text in _strings(message)), message.id
