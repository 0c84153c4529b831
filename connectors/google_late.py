"""Which parts of Google's libraries are loaded only when something of them is used.

The libraries load all they can do with their first line: signing with private keys (cryptography),
service accounts, client certificates, a parser for authentication headers. vouchd, which signs in
as a person, uses none of it; for a daemon that waits most of its life it is a quarter of the
memory. `importlib.util.LazyLoader` puts a module in its place that loads at the first use.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

LATE = frozenset(
    (
        "google.auth._agent_identity_utils",
        "google.auth.crypt",
        "google.auth.jwt",
        "google.auth.transport._mtls_helper",
        "google.oauth2.service_account",
        "httplib2.auth",
    )
)


class _Finder(MetaPathFinder):
    """Finds these modules as ever, but has them loaded late."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in LATE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, Loader):
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


def spare() -> None:
    """Load them late from now on; what is loaded already stays. Once is enough."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
