"""gunicorn's threads, waiting for their connections themselves: a request is served by the thread it wakes up.

gunicorn's own class of threads waits in one of them, which hands each request to another and gets it back. Two more
threads woken up per request cost more than everything else a server does for a small request.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import threading
import time
from typing import cast

from gunicorn.workers.gthread import TConn, ThreadWorker

from app.cli.sign_in_line import SignInLine, bytes_to_wait_for, say_when

SECONDS_BETWEEN_LOOKS = 1.0  # of the main thread: tells the parent process that this one lives, closes what is unused
LINGER_SECONDS = 2.0  # at a stop: for a request that a browser is sending just then over a kept connection
# One thread is woken, and nobody else until it has asked again. Other systems than Linux have no such thing.
CAN_SERVE = hasattr(select, "epoll")
_ONCE = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLONESHOT if CAN_SERVE else 0


class ServingThreads(ThreadWorker):
    """A worker process of gunicorn on Linux."""

    _epoll: select.epoll
    _stop: int
    _listeners: dict[int, socket.socket]
    _open: dict[int, TConn]
    # Whoever takes a connection out of here, a thread or the main one, is alone with it. Not by their numbers: the next
    # connection may have the number of one that was closed a moment ago.
    _waiting: dict[TConn, bool]
    _line: SignInLine

    def run(self) -> None:
        """Serve until told to stop; then let the requests in hand end."""
        self._prepare()
        for number in range(self.cfg.threads):
            threading.Thread(target=self._serve, name=f"requests-{number}", daemon=True).start()
        while self.alive and self.is_parent_alive():
            self._look()
        self.alive = False
        self._end()

    def _prepare(self) -> None:
        self._epoll, self._stop = select.epoll(), os.eventfd(0)
        self._open, self._waiting, self._line = {}, {}, SignInLine()
        self.keepalived_conns = self._waiting  # type: ignore[assignment]  # gunicorn asks for its length only
        self._epoll.register(self._stop, select.EPOLLIN)
        self._listeners = {listener.fileno(): listener for listener in self.sockets}
        for number, listener in self._listeners.items():
            listener.setblocking(False)
            self._epoll.register(number, _ONCE)

    def _look(self) -> None:
        """The main thread's part; a signal wakes it up earlier."""
        self.notify()
        select.select([self.PIPE[0]], [], [], SECONDS_BETWEEN_LOOKS)
        with contextlib.suppress(BlockingIOError):
            os.read(self.PIPE[0], 4096)
        self._close_unused(time.monotonic())

    def _close_unused(self, now: float) -> None:
        for connection in list(self._waiting):
            if cast(float, connection.timeout) <= now and self._waiting.pop(connection, False):
                if _is_ready(connection.sock):  # a request has come, and all threads are busy
                    self._wait_for(connection.sock.fileno(), connection, is_new=False)
                else:
                    self._close(connection.sock.fileno(), connection)
        if len(self._open) < self.worker_connections:  # otherwise nobody is asked in
            for number in self._listeners:
                self._epoll.modify(number, _ONCE)

    def _end(self) -> None:
        until = time.monotonic() + self.cfg.graceful_timeout
        for number, listener in self._listeners.items():
            self._epoll.unregister(number)
            listener.close()
        self._listeners = {}
        linger = time.monotonic() + LINGER_SECONDS
        while self._open and time.monotonic() < until:
            for connection in list(self._waiting):
                connection.timeout = min(cast(float, connection.timeout), linger)
            self.notify()
            time.sleep(0.05)
            self._close_unused(time.monotonic())
        os.eventfd_write(self._stop, 1)

    def _serve(self) -> None:
        """What each thread does: wait for something to happen on any connection, and see to it."""
        while True:
            for number, event in self._epoll.poll(maxevents=1):
                if number == self._stop:
                    return
                if listener := self._listeners.get(number):
                    self._let_in(number, listener)
                elif (connection := self._open.get(number)) and self._waiting.pop(connection, False):
                    self._admit(number, connection, is_over=bool(event & select.EPOLLRDHUP))

    def _admit(self, number: int, connection: TConn, *, is_over: bool) -> None:
        """See to a connection at its turn. Arguments: is_over, whether nothing more will come."""
        missing = bytes_to_wait_for(connection.sock)
        if missing and not is_over:
            say_when(connection.sock, missing)
            self._wait_for(number, connection, is_new=False)
            return
        say_when(connection.sock, 1)
        if missing != 0:
            self._attend(number, connection)
        elif not self._line.has_to_wait(number, connection):
            turn: tuple[int, TConn] | None = (number, connection)
            while turn:
                self._attend(*turn)
                turn = self._line.next_one()

    def _let_in(self, number: int, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EBADF):
                self.log.exception("A connection could not be accepted")
        else:
            connection = TConn(self.cfg, client, address, listener.getsockname())
            connection.data_ready = True  # it is only looked at when it has something to say
            self._open[client.fileno()] = connection
            self._wait_for(client.fileno(), connection, is_new=True)
        if len(self._open) < self.worker_connections and self.alive:
            try:
                self._epoll.modify(number, _ONCE)
            except OSError:
                self.log.debug("The process stops accepting")

    def _attend(self, number: int, connection: TConn) -> None:
        stays = self.handle(connection)
        while stays and connection.parser.unreader.buf.getvalue():  # type: ignore[union-attr]
            stays = self.handle(connection)  # the next request was read together with this one
        if stays:
            self._wait_for(number, connection, is_new=False)
        else:
            self._close(number, connection, is_graceful=True)

    def _wait_for(self, number: int, connection: TConn, *, is_new: bool) -> None:
        connection.set_timeout()
        self._waiting[connection] = True
        if is_new:
            self._epoll.register(number, _ONCE)
        else:
            self._epoll.modify(number, _ONCE)

    def _close(self, number: int, connection: TConn, *, is_graceful: bool = False) -> None:
        self._open.pop(number, None)
        connection.close(graceful=is_graceful)


def _is_ready(connection: socket.socket) -> bool:
    """Whether there is as much to read as is waited for, or the other side has gone."""
    ready = select.poll()
    ready.register(connection, select.POLLIN)
    return bool(ready.poll(0))
