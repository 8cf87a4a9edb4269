"""The web server: gunicorn with threads in one process, started from the settings."""

import gc
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from app import create_app
from app.cli.frame import open_sessions
from app.cli.serving_threads import CAN_SERVE, ServingThreads
from app.clock import engine_clock
from app.config import Config
from app.errors import AppError
from app.i18n import N_
from app.web.events_stream import end_streams
from app.worker import Worker, WorkerThread, job_surroundings

KEEP_ALIVE_SECONDS = 5
GRACEFUL_SECONDS = 10
# A thread that computes gives way to others this often: with Python's five milliseconds a request, which waits for
# the database a few dozen times, would lose as often five of them while a step of a case takes long.
SWITCH_SECONDS = 0.0005


class PortInUse(AppError):
    """Something else serves at the address already."""

    def __init__(self, config: Config) -> None:
        msgid = N_("Port %(port)s is in use on %(host)s. Stop what serves there, or choose another port.")
        super().__init__(msgid, port=config.port, host=config.host)


class Server(BaseApplication):
    """gunicorn without its own command line; the application is made in the worker process, after the fork.

    Arguments: welcome, called once the server listens. Raises PortInUse before anything is said or done.
    """

    def __init__(self, config: Config, welcome: Callable[[], None]) -> None:
        self._settings = config
        self._welcome = welcome
        _refuse_port_in_use(config)
        super().__init__()

    def load_config(self) -> None:
        for name, value in _options(self._settings).items():
            self.cfg.set(name, value)
        self.cfg.set("when_ready", lambda _arbiter: self._welcome())

    def load(self) -> Any:
        """Runs in the serving process; the jobs' worker is a thread there unless the settings keep it apart."""
        sys.setswitchinterval(SWITCH_SECONDS)
        if self._settings.worker_in_process:
            sessions = open_sessions(self._settings)
            surroundings = job_surroundings(self._settings, sessions)
            jobs = WorkerThread(Worker(sessions, engine_clock(self._settings), surroundings))
            jobs.start()
            self.cfg.set("worker_exit", lambda _arbiter, _worker: jobs.stop())
        app = create_app(self._settings)
        _end_streams_at_sigterm(app)
        # What was made until now stays: looked through again and again for garbage it would hold everybody up each
        # time (measured, 0.15 s).
        gc.collect()
        gc.freeze()
        return app


def _refuse_port_in_use(config: Config) -> None:
    """Gunicorn would try five times and say so in lines of its log."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise PortInUse(config) from error


def _end_streams_at_sigterm(app: Flask) -> None:
    """A stop waits for the requests in hand, and a stream is one that would not end by itself."""
    others = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        end_streams(app)
        if callable(others):
            others(number, frame)

    signal.signal(signal.SIGTERM, stop)


def _options(config: Config) -> dict[str, Any]:
    return {
        "bind": f"{f'[{config.host}]' if ':' in config.host else config.host}:{config.port}",
        "worker_class": ServingThreads if CAN_SERVE else "gthread",
        "workers": 1,
        "threads": config.threads,
        "keepalive": KEEP_ALIVE_SECONDS,
        "graceful_timeout": GRACEFUL_SECONDS,
        "loglevel": "warning",
        # Which proxies are believed is decided by the settings of the product, not by gunicorn (it trusts loopback).
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "proc_name": "aftercare",
    }
