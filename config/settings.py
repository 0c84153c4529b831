"""The values that settings end up in, with their defaults; `schema` says how each is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from vouchd.rules.model import Me, Reference, Stated, Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Where mail is read and drafts are put."""

    source: str
    path: Path | None = None
    sent: tuple[str, ...] = ()
    drafts: str | None = None
    skip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings:
    """Where events are read and follow-up events are put."""

    source: str
    path: Path | None = None
    read: tuple[str, ...] = ()
    follow_ups: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleSettings:
    """Sign-in at Google."""

    client: Path | None = None
    token: Path | None = None
    endpoint: str | None = None
    labels: bool = False
    units_per_minute: int = 6000
    share: int = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaSettings:
    """What Google counts for one call of Gmail's; projects since May 2026."""

    profile: int = 1
    history: int = 2
    messages_list: int = 5
    messages_get: int = 20
    attachments_get: int = 20
    threads_get: int = 40
    drafts_list: int = 5
    drafts_get: int = 20
    drafts_create: int = 10
    drafts_update: int = 15
    drafts_delete: int = 10
    labels_list: int = 1
    labels_create: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSettings:
    """Where vouchd keeps what it has learnt."""

    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """How the daemon runs."""

    check_every: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSettings:
    """When the user is told that something is not well."""

    silent_after: timedelta = timedelta(hours=24)
    unanswered_after: timedelta = timedelta(days=7)
    desktop: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """What the daemon says about its work, and how."""

    level: str = "info"
    form: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSettings:
    """Figures for Prometheus."""

    path: Path | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSettings:
    """The user's own phrases."""

    phrases: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSettings:
    """The user's own templates."""

    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A saved message or event, and what should come of it."""

    message: Path
    signals: tuple[str, ...]
    company: str | None = None
    role: str | None = None
    references: tuple[str, ...] | None = None
    follow_ups: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All the user wants, read and checked."""

    folder: Path  #: that the files were read from
    me: Me
    references: tuple[Reference, ...]
    applications: tuple[Stated, ...]
    wishes: Wishes
    mail: MailSettings
    calendar: CalendarSettings
    google: GoogleSettings
    google_units: QuotaSettings
    state: Path  #: folder of the state file
    service: ServiceSettings
    health: HealthSettings
    log: LogSettings
    metrics: MetricsSettings
    phrases: Path  #: folder of the user's own phrases; need not exist
    templates: Path  #: folder of the user's own templates; need not exist
    expectations: tuple[Expectation, ...] = ()
    cache: Path | None = None  #: folder for what can be made again; None: nothing is kept
    warnings: tuple[str, ...] = ()  #: what is allowed but worth a word
