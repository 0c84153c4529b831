"""Where things lie unless the user says: XDG folders, or what systemd gives a service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo


def config_folder(environ: Mapping[str, str]) -> Path:
    """Return the configuration folder: systemd's ConfigurationDirectory=, else the user's own."""
    if given := environ.get("CONFIGURATION_DIRECTORY"):
        return Path(given.split(":")[0])
    return _base(environ, "XDG_CONFIG_HOME", ".config") / "vouchd"


def state_folder(environ: Mapping[str, str]) -> Path:
    """Return the state folder: systemd's StateDirectory=, else the user's own."""
    if given := environ.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])
    return _base(environ, "XDG_STATE_HOME", ".local/state") / "vouchd"


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Return where to keep what can be made again: CacheDirectory=, else the user's own folder.

    None where nobody says, not even HOME.
    """
    if given := environ.get("CACHE_DIRECTORY"):
        return Path(given.split(":")[0])
    if not environ.get("HOME") and not environ.get("XDG_CACHE_HOME", "").startswith("/"):
        return None
    return _base(environ, "XDG_CACHE_HOME", ".cache") / "vouchd"


def credential(environ: Mapping[str, str], name: str) -> Path | None:
    """Return the file of a secret that systemd hands to the service, None where there is none.

    By LoadCredential= it is called `NAME.json`, by LoadCredentialEncrypted= `NAME.cred`: one unit
    can ask for both, and systemd leaves out what its stores do not hold.
    """
    if folder := environ.get("CREDENTIALS_DIRECTORY"):
        for file in (Path(folder, f"{name}.json"), Path(folder, f"{name}.cred")):
            if file.is_file():
                return file
    return None


def _base(environ: Mapping[str, str], name: str, otherwise: str) -> Path:
    # The specification wants relative paths ignored.
    given = environ.get(name, "")
    if given.startswith("/"):
        return Path(given)
    return Path(environ.get("HOME") or Path.home()) / otherwise


def system_zone(environ: Mapping[str, str], root: Path = Path("/")) -> ZoneInfo | None:
    """Return the time zone of this machine, None where it does not say; `root` is for tests."""
    names = [
        environ.get("TZ", "").lstrip(":"),
        _behind(root / "etc/localtime"),
        _first_line(root / "etc/timezone"),
    ]
    for name in names:
        if name:
            try:
                return ZoneInfo(name)
            except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
                continue
    return None


def _behind(link: Path) -> str:
    try:
        target = str(link.readlink())
    except OSError:
        return ""
    return target.partition("zoneinfo/")[2]


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip().partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        return ""
