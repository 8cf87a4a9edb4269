"""The search index: what stands in a case as text, the pieces it is found by, and how far the index has come."""

from sqlalchemy import BigInteger, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class SearchCase(Base):
    """What of a case can be found, as `search_words.plain_words`. Rewritten when the case or its customer changes.

    `recency` counts downwards, so that an index read forwards meets the newest case first. `content` has one line
    for each text in three parts, the best place first (`PLACES`), parted by `PART`.
    """

    __tablename__ = "search_case"
    recency: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=False)
    instance_id: Mapped[str] = mapped_column(String(32), unique=True)
    site_id: Mapped[str] = mapped_column(String(32))
    content: Mapped[str] = mapped_column(Text)


class SearchEntry(Base):
    """That a piece of text stands in a case, and at which place of `PLACES` the best of it."""

    __tablename__ = "search_entry"
    __table_args__ = ({"sqlite_with_rowid": False},)
    piece: Mapped[str] = mapped_column(String(16), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    recency: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=False)


class SearchProgress(Base):
    """The place in the sealed history up to which the index knows what happened; one row, made with the table.

    `version` is that of the rules by which texts are cut to pieces: an index of other rules is made anew.
    """

    __tablename__ = "search_progress"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)


# Numbers and names by which a case is known; what it is called; everything else that was written in it.
PLACES = ("identity", "heading", "texts")
PART = "\x1e"
