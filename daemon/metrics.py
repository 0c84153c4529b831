"""Figures for Prometheus: a text file for node_exporter's textfile collector, replaced in one step.

The form is the text-based exposition format (prometheus.io/docs/instrumenting/exposition_formats).
Counters go on counting after a restart: their totals are kept in the state.
"""

from __future__ import annotations

import getpass
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from vouchd.daemon.app import App
from vouchd.daemon.health import Ailment
from vouchd.daemon.render_action import part_of
from vouchd.daemon.result import RoundResult
from vouchd.rules.model import FollowUpKind, State

_NOTE = "metrics"
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure, by its labels."""

    name: str
    kind: str  #: "counter" or "gauge"
    meaning: str
    values: Mapping[Labels, float]


def report(app: App, result: RoundResult) -> str:
    """Write the file after a round; return why it could not be. Raises StoreError."""
    settings = app.config.metrics
    if settings.path is None:
        return ""
    totals = Counter(_totals(app.store.recall(_NOTE)))
    totals.update(_counted(result))
    app.store.jot(_NOTE, json.dumps(totals))
    good = app.store.last_round(good=True)
    found = metrics(result, totals, good.at if good else None)
    try:
        put(settings.path, text(found, settings.user or getpass.getuser()))
    except OSError as error:
        return (
            f"{error.filename or settings.path}: the figures cannot be written there "
            f"({error.strerror}): make the folder writable for this user, or correct `path` under "
            "[metrics]"
        )
    return ""


def _totals(kept: str | None) -> dict[str, int]:
    with suppress(ValueError, TypeError, AttributeError):
        return {str(name): int(number) for name, number in json.loads(kept or "{}").items()}
    return {}


def _counted(result: RoundResult) -> Counter[str]:
    """Return by how much each counter is to be counted up."""
    counted = Counter(
        {
            "cycles good" if result.well else "cycles failed": 1,
            "messages": result.messages,
            "events": result.events,
            "about": result.about,
            "set_aside": result.parked,
        }
    )
    counted.update(f"done {type(a).__name__.lower()} {part_of(a)}" for a in result.actions)
    return counted


def metrics(
    result: RoundResult, totals: Mapping[str, int], last_good: datetime | None
) -> Iterable[Metric]:
    """Return the figures after a round."""
    none: Labels = ()
    seen = [f for f in result.follow_ups if f.state is State.OPEN]
    kinds = Counter(kind for f in seen for kind in (f.kinds or (f.kind,)))
    ill = {trouble.ailment for trouble in result.unwell}

    def counter(name: str, meaning: str) -> Metric:
        return Metric(f"{name}_total", "counter", meaning, {none: totals.get(name, 0)})

    return (
        Metric("info", "gauge", "The release.", {(("version", version("vouchd")),): 1}),
        Metric("last_cycle_timestamp_seconds", "gauge", "When it last looked.",
               {none: result.at.timestamp()}),
        Metric("last_success_timestamp_seconds", "gauge",
               "When it last saw and did everything; 0: never.",
               {none: last_good.timestamp() if last_good else 0}),
        Metric("last_cycle_duration_seconds", "gauge", "How long the last look took.",
               {none: result.seconds}),
        Metric("cycles_total", "counter", "Looks at mail and calendar.",
               {(("result", r),): totals.get(f"cycles {r}", 0) for r in ("good", "failed")}),
        counter("messages", "Messages read."),
        counter("events", "Calendar events read."),
        counter("about", "Messages and events that say something about jobs."),
        counter("set_aside", "Messages and events that could not be read."),
        Metric("actions_total", "counter", "What was done with drafts and events.", {
            (("action", action), ("part", part)): number
            for name, number in sorted(totals.items()) if name.startswith("done ")
            for _, action, part in [name.split(" ")]
        }),
        Metric("older_messages_left", "gauge", "Older messages left for the next looks.",
               {none: result.later}),
        Metric("follow_ups_open", "gauge", "What waits for the user.",
               {(("kind", kind.value),): kinds[kind] for kind in FollowUpKind}),
        Metric("unwell", "gauge", "1 while something is wrong that only the user can mend.",
               {(("trouble", ailment.value),): float(ailment in ill) for ailment in Ailment}),
    )  # fmt: skip


def text(found: Iterable[Metric], user: str) -> str:
    """Return figures in the exposition format, each with the label of the user."""
    lines = []
    for metric in found:
        name = f"vouchd_{metric.name}"
        lines += [f"# HELP {name} {metric.meaning}", f"# TYPE {name} {metric.kind}"]
        for labels, value in metric.values.items():
            inside = ",".join(f'{k}="{_escaped(v)}"' for k, v in (("user", user), *labels))
            number = f"{value:.3f}".rstrip("0").rstrip(".")
            lines.append(f"{name}{{{inside}}} {number}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def put(path: Path, content: str) -> None:
    """Replace the file in one step; everybody may read it, for it holds figures only.

    Raises OSError.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        with os.fdopen(file, "w", encoding="utf-8") as out:
            os.fchmod(out.fileno(), 0o644)  # whatever the umask of a service is
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
