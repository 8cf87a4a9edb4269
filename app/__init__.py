"""Aftercare: the one place where the product is wired together."""

from pathlib import Path

from flask import Flask

from app.clock import engine_clock, real_clock
from app.config import Config
from app.database import KEYS_BIND, engine_options, install_hooks_on_all, refuse_unsafe_settings
from app.extensions import babel, db
from app.files import FileStore
from app.i18n import CATALOGS, compile_catalogs
from app.logs import configure_logging
from app.operations.attachments import MEGABYTE, FileLimits
from app.operations.surroundings import outgoing_guard, surroundings_of
from app.web import events_stream, languages, surroundings
from app.web.blueprints import BLUEPRINTS
from app.web.body_limits import LARGEST_REQUEST
from app.web.engine_rest.addresses import PlainAddresses
from app.web.permissions import check_all_routes_declare
from app.web.provider_sign_in import configure_provider
from app.web.proxies import TrustedProxies
from app.web.receiving_files import ReceivingFiles
from app.web.sessions import configure_cookies
from app.web.transactions import TransactionalFlask
from app.worker.documents import make_document


def create_app(config: Config) -> Flask:
    """The web application with these settings; opens no connection yet."""
    configure_logging()
    compile_catalogs()
    app = TransactionalFlask("app.web", root_path=str(Path(__file__).with_name("web")))
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.secret_key_fallbacks),
        TRUSTED_HOSTS=list(config.trusted_hosts),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        LARGEST_UPLOAD=2 * config.largest_file_mb * MEGABYTE,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url, config.threads),
        SQLALCHEMY_BINDS={
            KEYS_BIND: {"url": config.keys_database_url, **engine_options(config.keys_database_url, config.threads)}
        },
        BABEL_DEFAULT_LOCALE=config.default_locale,
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        AFTERCARE_HAS_MAIL_SERVER=config.mail is not None,
        BABEL_TRANSLATION_DIRECTORIES=str(CATALOGS),
    )
    app.extensions["surroundings"] = surroundings_of(config)
    app.extensions["config"] = config
    app.extensions["clock"] = engine_clock(config)
    app.extensions["outgoing_guard"] = outgoing_guard(config)
    app.extensions["session_clock"] = real_clock
    app.extensions["files"] = _files(config)
    app.extensions["documents"] = make_document
    app.wsgi_app = PlainAddresses(app.wsgi_app)  # type: ignore[method-assign]
    if config.trusted_proxies:
        app.wsgi_app = TrustedProxies(app.wsgi_app, config.trusted_proxies)  # type: ignore[method-assign]
    _install_extensions(app, config)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    check_all_routes_declare(app)
    return app


def _files(config: Config) -> ReceivingFiles:
    limits = FileLimits(
        config.largest_file_mb * MEGABYTE, config.files_of_case_mb * MEGABYTE, config.files_of_person_mb * MEGABYTE
    )
    return ReceivingFiles(FileStore(config.files_dir), limits, is_scanned_first=bool(config.scanner))


def _install_extensions(app: Flask, config: Config) -> None:
    db.init_app(app)
    with app.app_context():
        install_hooks_on_all(dict(db.engines))
        if config.is_production:
            for engine in db.engines.values():
                refuse_unsafe_settings(engine)
    configure_cookies(app, config)
    configure_provider(app, config)
    babel.init_app(app, locale_selector=languages.babel_locale, timezone_selector=languages.zone)
    surroundings.install(app)
    events_stream.install(app, config)
