"""The Flask extensions, made once and bound to an application in `create_app`."""

from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy

from app.database import Base

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)
babel = Babel()
