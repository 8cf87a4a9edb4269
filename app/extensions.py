"""The Flask extensions, made once and bound to an application in `create_app`."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as RoutedSession

from app.database import Base, LeanSession


class RequestSession(LeanSession, RoutedSession):
    """The session of a request; it finds the database of a table by the mark of its metadata."""


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True, session_options={"class_": RequestSession})
babel = Babel()
login = LoginManager()
