"""Tables with a header: which of our columns a file has, under whatever names, and its rows."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.errors import InvalidInput
from app.i18n import N_
from app.spreadsheets.lines import UnreadableFile, read_lines

MAX_ROWS = 20_000


class MissingColumns(InvalidInput):
    """The header lacks columns without which no row can be imported."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of ours: `field` in our words, `label` for people, `names` as files call it (lower case)."""

    field: str
    label: str
    names: tuple[str, ...]
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: the column of ours and what to do about it (a msgid with parameters)."""

    field: str
    msgid: str
    params: Mapping[str, str]


def problems_json(problems: Iterable[Problem]) -> str:
    """Problems as a preview stores them: a JSON list of [field, msgid, parameters]."""
    return json.dumps([[one.field, one.msgid, dict(one.params)] for one in problems], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row: its line in the file (the header is line 1) and its texts by our field names."""

    number: int
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class FileTable:
    """A file as read: which of our fields it has, and its rows."""

    fields: frozenset[str]
    rows: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class UploadedTable:
    """A table as uploaded: its name, the hash of its bytes, its rows."""

    file_name: str
    sha256: str
    table: FileTable


def read_uploaded(content: bytes, file_name: str, columns: Sequence[Column]) -> UploadedTable:
    """Read a table and keep what proves which file it was. Raises what `read_table` raises."""
    return UploadedTable(file_name, hashlib.sha256(content).hexdigest(), read_table(content, columns))


def read_table(content: bytes, columns: Sequence[Column]) -> FileTable:
    """Read the columns of ours from a CSV or XLSX file; others are left out.

    Raises UnreadableFile, or MissingColumns where the header lacks what is needed.
    """
    header: Mapping[int, Column] | None = None
    rows: list[FileRow] = []
    for number, cells in read_lines(content):
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = map_header(cells, columns)
            continue
        if len(rows) == MAX_ROWS:
            raise UnreadableFile(N_("The file has more than %(rows)s rows. Divide it."), rows=MAX_ROWS)
        texts = {column.field: cells[place].strip() if place < len(cells) else "" for place, column in header.items()}
        rows.append(FileRow(number, texts))
    if header is None:
        raise UnreadableFile(N_("The file is empty. Choose another one."))
    return FileTable(frozenset(column.field for column in header.values()), tuple(rows))


def map_header(header: Sequence[str], columns: Sequence[Column]) -> Mapping[int, Column]:
    """Which of our columns stands at which place; columns we do not know are left out.

    The first of two columns with the same meaning holds. Raises MissingColumns naming each one that is needed.
    """
    known = {name: column for column in columns for name in column.names}
    found: dict[int, Column] = {}
    for place, name in enumerate(header):
        column = known.get(_plain(name))
        if column is not None and column not in found.values():
            found[place] = column
    missing = [column for column in columns if column.is_required and column not in found.values()]
    if missing:
        raise MissingColumns(
            N_("The file lacks these columns: %(columns)s. Add them or rename their headings."),
            columns="、".join(column.names[0] for column in missing),
        )
    return found


def _plain(name: str) -> str:
    return name.strip().strip("*＊").replace("\u00a0", " ").strip().lower()
