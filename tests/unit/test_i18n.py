"""Languages: what a wish means, and catalogs that are compiled when needed."""

import os
from pathlib import Path

import pytest

from app import i18n
from app.i18n import N_, best_locale, compile_catalogs, folder_of, locale_of_environment, translations


@pytest.mark.parametrize(
    ("wish", "locale"),
    [
        ("zh", "zh_CN"),
        ("zh-Hans-CN", "zh_CN"),
        ("zh_CN.UTF-8", "zh_CN"),
        ("zh-TW", "zh_CN"),
        ("en-GB", "en"),
        ("en_US.UTF-8", "en"),
        ("de", None),
        ("C.UTF-8", None),
        ("", None),
        (None, None),
    ],
)
def test_best_locale(wish: str | None, locale: str | None) -> None:
    assert best_locale(wish) == locale


def test_language_of_the_terminal() -> None:
    assert locale_of_environment({"LANG": "zh_CN.UTF-8"}) == "zh_CN"
    assert locale_of_environment({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}) == "en"
    assert locale_of_environment({"LANG": "C.UTF-8"}) == "en"
    assert locale_of_environment({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}) == "en"
    assert locale_of_environment({"LANGUAGE": "", "LANG": "zh_CN.UTF-8"}) == "zh_CN"
    assert locale_of_environment({}) == "en"


def test_marked_texts_are_the_texts() -> None:
    assert N_("Sign in") == "Sign in"


def test_chinese_is_found_and_english_is_as_written() -> None:
    compile_catalogs()
    assert translations("zh_CN").gettext("Sign in") == "登录"
    assert translations("en").gettext("Sign in") == "Sign in"


def test_only_stale_catalogs_are_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / folder_of("zh_CN") / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, target = folder / "messages.po", folder / "messages.mo"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Yes"\nmsgstr "是"\n')
    monkeypatch.setattr(i18n, "CATALOGS", tmp_path)
    compile_catalogs()
    assert translations("zh_CN").gettext("Yes") == "是"
    first = target.stat().st_mtime_ns
    compile_catalogs()
    assert target.stat().st_mtime_ns == first
    os.utime(source, ns=(first + 10**9, first + 10**9))
    compile_catalogs()
    assert target.stat().st_mtime_ns != first
    assert [path.name for path in folder.iterdir() if path.suffix not in (".po", ".mo")] == []
