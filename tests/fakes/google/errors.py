"""An answer that is an error."""

from __future__ import annotations


class Denial(Exception):
    def __init__(self, status: int, reason: str, message: str = "") -> None:
        super().__init__(message or reason)
        self.status = status
        self.reason = reason


def not_found() -> Denial:
    return Denial(404, "notFound", "Requested entity was not found.")
