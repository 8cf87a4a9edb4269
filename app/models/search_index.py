"""The search index: what stands in a case as text, and the pieces it is found by."""

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


# Numbers and names by which a case is known; what it is called; everything else that was written in it.
PLACES = ("identity", "heading", "texts")
PART = "\x1e"
