"""How far those who follow something have come."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

SEARCH = "search"
SEARCH_RULES = "search_rules"


class FeedPosition(Base):
    """How far a follower has come, as text: a place in the sealed history, or what its own module says.

    The rows are made with the tables; locking its row, one worker at a time carries a follower on.
    """

    __tablename__ = "feed_position"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[str] = mapped_column(String(40))
