import re
from pathlib import Path

import pytest

from app.web.navigation import COLORS, count_text, process_color
from app.web.template_filters import initial, keyboard_shortcuts, spaced_phone

SCRIPT = Path(__file__).parents[3] / "frontend" / "src" / "parts" / "keyboard.js"


def test_a_mobile_number_is_spaced_for_dialling() -> None:
    assert spaced_phone("10011112222") == "100 1111 2222"
    assert spaced_phone(" 021-5550000 ") == "021-5550000"


def test_one_character_stands_for_a_person() -> None:
    assert initial("林小禾") == "林"
    assert initial(" mara") == "M"
    assert initial("") == ""


def test_counts_are_exact_to_a_thousand() -> None:
    assert [count_text(count) for count in (0, 7, 1000, 1001)] == ["", "7", "1000", "1,000+"]


def test_a_process_keeps_its_colour() -> None:
    assert process_color("follow_up") == process_color("follow_up")
    assert process_color("complaint") in COLORS
    assert process_color("complaint") != process_color("follow_up")


@pytest.mark.usefixtures("in_language")
def test_the_help_lists_only_keys_that_work() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    keys = {key.lower() for _, rows in keyboard_shortcuts() for names, _ in rows for key in names}
    single = keys - {"↵", "ctrl", "–", "1", "5", "g", "i"}
    for key in single:
        assert re.search(rf"^  '?{re.escape(key)}'?: ", script, re.MULTILINE), key
