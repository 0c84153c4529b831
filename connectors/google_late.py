"""Which parts of Google's libraries are loaded only when something of them is used.

The libraries load all they can do with their first line: signing with private keys (cryptography),
service accounts, client certificates, a parser for authentication headers, a guesser of encodings.
vouchd, which signs in as a person and speaks JSON, uses none of it; for a daemon that waits most of
its life it is a quarter of the memory. A module stands in its place and loads it at the first use.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import version
from types import ModuleType
from typing import Any

#: Loaded at the first use, whatever that is.
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

#: What requests wants of the guesser of encodings before it guesses: that it is there, and which.
_GUESSER = "charset_normalizer"


class _Guesser(ModuleType):
    """Stands for charset_normalizer until it has something to guess."""

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return version(_GUESSER)
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(_GUESSER) is self:
            del sys.modules[_GUESSER]
        return getattr(importlib.import_module(_GUESSER), name)


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
    if _GUESSER not in sys.modules and "chardet" not in sys.modules:
        sys.modules[_GUESSER] = _Guesser(_GUESSER)
