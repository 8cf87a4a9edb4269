import app.models  # noqa: F401 - fills the metadata
from app.database import Base
from app.migrations.running import run

run(Base.metadata, "alembic_version")
