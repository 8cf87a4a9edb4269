"""What is kept of a text, and what a query makes of what people type."""

import pytest

from app.models.search_words import LONGEST_QUERY, MOST_WORDS, pieces_of, plain_words, read_query


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("FU-2026-000123", "fu2026000123"),
        ("沪A·12345", "沪a12345"),
        ("Ｔｏｙｏｔａ　ＲＡＶ４", "toyota rav4"),
        ("发动机，漏油。Engine, oil!", "发动机 漏油 engine oil"),
        ("138-0013 8000", "1380013 8000"),
        ("straße\n100%_'; --", "strasse 100"),
        ("a\x1eb\x00c", "a b c"),
        ("…", ""),
    ],
)
def test_signs_that_people_write_differently_do_not_matter(text: str, plain: str) -> None:
    assert plain_words(text) == plain
    assert plain_words(plain) == plain


def test_chinese_is_kept_in_pairs_and_numbers_in_fours() -> None:
    assert pieces_of("发动机", with_single=False) == {"发动", "动机"}
    assert pieces_of("王小明", with_single=True) == {"王小", "小明", "王", "小", "明"}
    assert pieces_of("100123", with_single=False) == {"1001", "0012", "0123", "^1", "^10", "^100"}
    assert pieces_of("沪a12 油", with_single=False) == {"^a", "^a1", "^a12"}
    assert pieces_of("", with_single=True) == frozenset()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("漏油 王", ("漏油", "王")),
        ('"engine oil" 漏油', ("engine oil", "漏油")),
        ("“机油 泄漏”", ("机油 泄漏",)),
        ('"unclosed phrase', ("unclosed", "phrase")),
        ("oil OIL", ("oil",)),
    ],
)
def test_words_and_quotes(typed: str, words: tuple[str, ...]) -> None:
    query = read_query(typed)
    assert query is not None
    assert query.words == words


@pytest.mark.parametrize("typed", ["", "  ", "%_", '""', "-- ;", "。"])
def test_without_a_letter_or_digit_nothing_is_asked(typed: str) -> None:
    assert read_query(typed) is None


@pytest.mark.parametrize("word", ["动机", "王", "0123", "123", "沪a1", "engine", "en", "a", "ＲＡＶ４"])
def test_a_text_that_holds_the_word_at_its_beginning_keeps_every_piece_of_it(word: str) -> None:
    query = read_query(word)
    assert query is not None
    assert query.pieces <= pieces_of(plain_words(f"{word}发动机x"), with_single=True)


def test_a_very_long_query_is_cut() -> None:
    query = read_query(" ".join(f"w{number}" for number in range(1000)))
    assert query is not None
    assert len(query.words) == MOST_WORDS
    long = read_query("字" * 10_000)
    assert long is not None
    assert len(long.words[0]) == LONGEST_QUERY
