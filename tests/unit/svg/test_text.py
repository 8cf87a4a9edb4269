"""Texts in drawings: how wide they are, where they break."""

from app.svg import width_of, wrapped


def test_text_breaks_between_words_and_anywhere_in_chinese() -> None:
    assert wrapped("Give result, hear customer", 80, 12, 3) == ["Give result,", "hear", "customer"]
    assert wrapped("客户关系顾问致电客户", 62, 12, 2) == ["客户关系顾", "问致电客户"]
    cut = wrapped("a very long name that does not fit at all", 60, 12, 2)
    assert len(cut) == 2
    assert cut[1].endswith("…")
    assert all(width_of(line, 12) <= 60 for line in cut)
    assert wrapped("", 60, 12, 2) == []
