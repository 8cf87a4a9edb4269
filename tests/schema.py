"""How the tests bring an empty database to the shape of the product."""

from sqlalchemy import create_engine

import app.models
from app.database import Base


def create_schema(url: str) -> None:
    """Create all tables in the empty database at `url`; called once per session, copied for each test."""
    assert app.models.__all__
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
