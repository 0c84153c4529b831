"""How much of an answer is read, and how long one may take, whatever the server makes of it.

Compressed or not, it is read piece by piece and left when it grows too long; a timer cuts the
connection when the whole takes too long: a server that always has one more byte is never silent.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

LONGEST_ANSWER = 24_000_000  #: bytes, unpacked
MOST_SECONDS = 90.0  #: until its header is there, and again until its end
_PIECE = 65_536


class LongAnswer(requests.RequestException):
    """An answer is longer than is read."""


class SlowAnswer(requests.Timeout):
    """An answer took too long in all."""


class Patience(HTTPAdapter):
    """An adapter on whose connections the header of an answer is not waited for without an end."""

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Make the pools, as requests does."""
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *given: Any, **named: Any) -> Any:
        """Make the pools of a proxy, as requests does."""
        made = super().proxy_manager_for(*given, **named)
        made.pool_classes_by_scheme = _POOLS
        return made


def read_whole(answer: requests.Response) -> None:
    """Read an answer to its end, so that `content` is there. Raises LongAnswer, SlowAnswer."""
    content = bytearray()
    try:
        with _in_time(answer.raw.shutdown):
            for piece in answer.iter_content(_PIECE):
                content += piece
                if len(content) > LONGEST_ANSWER:
                    raise LongAnswer(f"longer than {LONGEST_ANSWER // 1_000_000} MB")
    except BaseException:
        answer.close()
        raise
    answer._content = bytes(content)


@contextmanager
def _in_time(cut: Callable[[], object]) -> Iterator[None]:
    """Call `cut` when the block takes too long. Raises SlowAnswer at its end then."""
    late = threading.Event()

    def ring() -> None:
        late.set()
        with suppress(OSError, ValueError, RuntimeError):  # it has just ended by itself
            cut()

    timer = threading.Timer(MOST_SECONDS, ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if late.is_set():
            raise SlowAnswer(f"longer than {MOST_SECONDS:g} seconds") from error
        raise
    finally:
        timer.cancel()
    if late.is_set():
        raise SlowAnswer(f"longer than {MOST_SECONDS:g} seconds")


def too_slow(error: BaseException) -> str:
    """Return in words that an answer took too long, wherever in an error that stands; else ""."""
    waiting: list[object] = [error]
    for inner in waiting:
        if isinstance(inner, SlowAnswer):
            return f"it took {inner}"
        if isinstance(inner, BaseException) and len(waiting) < 20:
            waiting += [inner.__cause__, inner.__context__, *inner.args]
    return ""


class _Connection(HTTPConnection):
    def getresponse(self) -> Any:
        """Read the header of an answer. Raises OSError when it does not end."""
        with _in_time(partial(self.sock.shutdown, socket.SHUT_RD)):
            return super().getresponse()


class _TlsConnection(HTTPSConnection):
    def getresponse(self) -> Any:
        """Read the header of an answer. Raises OSError when it does not end."""
        with _in_time(partial(self.sock.shutdown, socket.SHUT_RD)):
            return super().getresponse()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}
