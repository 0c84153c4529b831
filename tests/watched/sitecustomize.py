"""Watches the network of a Python process: whatever leaves this machine is noted and refused.

Python runs this at its start wherever this folder is on PYTHONPATH, so the processes that tests
start are watched like the tests. Processes of other programs (pip, uv) are let alone.
"""

from __future__ import annotations

import os
import sys
from typing import Any

LOG = "VOUCHD_TESTS_NETWORK_LOG"
_AT_HOME = ("127.", "localhost", "::1", "0.0.0.0")


def leaves(event: str, arguments: tuple[Any, ...]) -> str | None:
    """Return the address that an event of the interpreter would contact, if it is another's."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.gethostbyname"):
        address = arguments[0] if event == "socket.gethostbyname" else arguments[1]
        if isinstance(address, str | bytes) and event != "socket.gethostbyname":
            return None  # a socket in the file system
        host = address[0] if isinstance(address, tuple) else address
    else:
        return None
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not host or str(host).startswith(_AT_HOME):
        return None
    return str(host)


def watch() -> None:
    """Refuse and note, from now on and for the whole process."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if not event.startswith("socket."):
            return
        host = leaves(event, arguments)
        if host is not None:
            with open(os.environ[LOG], "a", encoding="utf-8") as log:  # noqa: PTH123
                log.write(f"{event} {host} {' '.join(sys.argv)}\n")
            raise PermissionError(f"a test contacts {host}")

    sys.addaudithook(hook)


def _is_vouchd(command: list[str]) -> bool:
    return any(
        os.path.basename(word) == "vouchd" or word.startswith("vouchd.")  # noqa: PTH119
        for word in command
    )


if os.environ.get(LOG) and _is_vouchd(sys.orig_argv):
    watch()
