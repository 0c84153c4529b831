"""Every setting: how it is written, what it means, and the field that it fills.

Defaults stand in `settings` alone; `docs/configuration.md` is made from this page.
"""

from __future__ import annotations

from dataclasses import dataclass

from vouchd.config import forms
from vouchd.config.forms import Form, choice, each, some, whole
from vouchd.config.settings import (
    CalendarSettings,
    Expectation,
    GoogleSettings,
    HealthSettings,
    LogSettings,
    MailSettings,
    MetricsSettings,
    QuotaSettings,
    RuleSettings,
    ServiceSettings,
    StateSettings,
    TemplateSettings,
)
from vouchd.config.settings import Config as Config  # known here, too
from vouchd.rules.model import (
    FollowUpKind,
    Me,
    Reference,
    SignalKind,
    Stage,
    Stated,
    Wishes,
)


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its name in the file, its form, one line on what it means."""

    name: str
    form: Form
    meaning: str
    field: str = ""  #: of the value it fills, where that is called otherwise
    default: str = ""  #: in words, where it is found out and not fixed

    @property
    def fills(self) -> str:
        """The field of the value."""
        return self.field or self.name


@dataclass(frozen=True, slots=True)
class Table:
    """A `[table]`, or one of many under `[[table]]`, and the value its keys go into."""

    name: str
    into: type
    meaning: str
    keys: tuple[Key, ...]


MAIL_SOURCES = ("gmail", "imap", "maildir", "mbox")
CALENDAR_SOURCES = ("google", "caldav", "folder")
LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMS = ("auto", "text", "keyed", "json")

ME = Table(
    "me",
    Me,
    "Who you are.",
    (
        Key("name", forms.LINE, "Your name, as you sign your mail."),
        Key("emails", some(forms.ADDRESS), "All addresses you send from."),
        Key(
            "timezone",
            forms.ZONE,
            "Where your days begin and end.",
            field="zone",
            default="the system's",
        ),
        Key("employer", forms.LINE, "Where you work now: nobody there learns of your search."),
        Key("employer_domains", each(forms.DOMAIN), "The mail domains of your present employer."),
    ),
)

MAIL = Table(
    "mail",
    MailSettings,
    "Where your mail is.",
    (
        Key("source", choice(*MAIL_SOURCES), "What kind of mailbox it is."),
        Key("path", forms.PATH, "The Maildir (subfolders included) or the mbox file."),
        Key(
            "sent",
            each(forms.LINE),
            "Folders of mail you sent.",
            default="found by name",
        ),
        Key(
            "drafts",
            forms.LINE,
            "The folder for drafts; for mbox, the path of a Maildir.",
            default="found by name; for mbox, a Maildir beside the file",
        ),
        Key(
            "skip",
            each(forms.LINE),
            "Further folders that are not read; trash and drafts never are, spam is.",
        ),
    ),
)

CALENDAR = Table(
    "calendar",
    CalendarSettings,
    "Where your calendar is.",
    (
        Key("source", choice(*CALENDAR_SOURCES), "What kind of calendar it is."),
        Key("path", forms.PATH, "The folder of .ics files (subfolders included)."),
        Key(
            "read",
            each(forms.LINE),
            'Google: the ids of the calendars that are read; "all" for every one in your list.',
            default="every one, if the sign-in may list them, else the primary",
        ),
        Key(
            "follow_ups",
            forms.LINE,
            "The folder that follow-up events go to; Google: the name of the calendar that vouchd "
            "makes for them, or the id of one that it has made.",
            default='"vouchd", inside `path`',
        ),
    ),
)

GOOGLE = Table(
    "google",
    GoogleSettings,
    "Only where the defaults do not serve.",
    (
        Key(
            "client",
            forms.PATH,
            "The OAuth client file of your Google Cloud project.",
            default="of a service, its credential `google-client`",
        ),
        Key(
            "token",
            forms.PATH,
            "Where the sign-in is kept.",
            default="of a service, its credential `google-token`; else in the state folder",
        ),
        Key("endpoint", forms.WEB, "Every Google address goes there (an emulator, a proxy)."),
        Key("labels", forms.FLAG, "Answer with the labels vouchd/yes, vouchd/no, vouchd/stop."),
        Key(
            "units_per_minute",
            whole(100, 1_000_000),
            "What one user may spend in a minute; projects from before May 2026 have 15000.",
        ),
        Key(
            "share",
            whole(1, 100),
            "How much of that may go into reading mail, in percent.",
        ),
    ),
)

GOOGLE_UNITS = Table(
    "google_units",
    QuotaSettings,
    "What Google counts for one call of Gmail's.",
    tuple(
        Key(name, whole(1, 1000), f"Units of `{method}`.")
        for name, method in (
            ("profile", "users.getProfile"),
            ("history", "history.list"),
            ("messages_list", "messages.list"),
            ("messages_get", "messages.get"),
            ("attachments_get", "messages.attachments.get"),
            ("threads_get", "threads.get"),
            ("drafts_list", "drafts.list"),
            ("drafts_get", "drafts.get"),
            ("drafts_create", "drafts.create"),
            ("drafts_update", "drafts.update"),
            ("drafts_delete", "drafts.delete"),
            ("labels_list", "labels.list"),
            ("labels_create", "labels.create"),
        )
    ),
)

STATE = Table(
    "state",
    StateSettings,
    "What vouchd has learnt.",
    (
        Key(
            "path",
            forms.PATH,
            "The folder it is kept in.",
            default="`$XDG_STATE_HOME/vouchd`; of a service, its StateDirectory",
        ),
    ),
)

MODE = Table(
    "mode",
    Wishes,
    "What vouchd may do.",
    (Key("write", forms.FLAG, "With false, everything runs and nothing is written."),),
)

SERVICE = Table(
    "service",
    ServiceSettings,
    "The daemon.",
    (Key("check_every", forms.DURATION, "Time between two looks at the mailbox."),),
)

HEALTH = Table(
    "health",
    HealthSettings,
    "When you are told that vouchd is not well: in the follow-up calendar and on the desktop.",
    (
        Key("silent_after", forms.DURATION, "No look has succeeded for this long."),
        Key("unanswered_after", forms.DURATION, "A question has waited for you for this long."),
        Key("desktop", forms.FLAG, "The daemon also tells the desktop, where there is one."),
    ),
)

LOG = Table(
    "log",
    LogSettings,
    "What the daemon writes about its work.",
    (
        Key(
            "level",
            choice(*LOG_LEVELS),
            "The least weight that is written; mail addresses are in full with debug alone.",
        ),
        Key(
            "form",
            choice(*LOG_FORMS),
            "Sentences, key=value or JSON; auto: key=value in the journal, else sentences.",
        ),
    ),
)

METRICS = Table(
    "metrics",
    MetricsSettings,
    "Figures for Prometheus, by the textfile collector of node_exporter.",
    (
        Key("path", forms.PATH, "The file, its name ends in .prom; without it none is written."),
        Key(
            "user",
            forms.LINE,
            "The label that tells one vouchd from another on a machine.",
            default="the login name",
        ),
    ),
)

FOLLOW_UPS = Table(
    "follow_ups",
    Wishes,
    "What is prepared at all.",
    (
        Key(
            "as",
            choice("event", "task", "both"),
            "What reminds you: calendar events, Google Tasks, or both.",
            "reminders",
        ),
        Key("gift", forms.FLAG, "A reminder of a small token when the job is landed.", "gifts"),
        Key("interview_thank_you", forms.FLAG, "A note to interviewers after an interview."),
    ),
)

CADENCE = Table(
    "cadence",
    Wishes,
    "When it is time for something.",
    (
        Key("reconfirm_after", forms.DURATION, "Ask again when a yes is older than this."),
        Key(
            "update_interval", forms.DURATION, "At most one progress update a person in this time."
        ),
        Key("stale_after", forms.DURATION, "A process without news for this long is silent."),
        Key("thank_within", forms.DURATION, "Thanks are due this soon after a person acted."),
        Key("tell_within", forms.DURATION, "News is due this soon after it came."),
        Key("look_back", forms.DURATION, "How far the first look goes back for what is due."),
    ),
)

LIMITS = Table(
    "limits",
    Wishes,
    "What keeps vouchd from pestering.",
    (
        Key("ask_interval", forms.DURATION, "Time between two favours asked of one person."),
        Key(
            "silent_ask_after",
            forms.DURATION,
            "How long an unanswered request counts as open before that person may be asked anew.",
        ),
        Key(
            "most_per_round",
            whole(1, 10_000),
            "More new follow-ups than this at once: stop and ask.",
        ),
    ),
)

WORKING_HOURS = Table(
    "working_hours",
    Wishes,
    "When follow-ups fall due.",
    (
        Key("start", forms.TIME, "Nothing is due before.", "day_starts"),
        Key("end", forms.TIME, "Nothing is due after.", "day_ends"),
        Key("days", forms.WEEK, "The days on which something may be due.", "working_days"),
    ),
)

DRAFTS = Table(
    "drafts",
    Wishes,
    "What drafts look like.",
    (
        Key("language", forms.LANGUAGE, "Their language where nothing tells."),
        Key("resume", forms.PATH_TEXT, "A file to attach when a person is warned of a call."),
    ),
)

RULES = Table(
    "rules",
    RuleSettings,
    "Your own phrases.",
    (
        Key(
            "phrases",
            forms.PATH,
            "The folder of your own phrase files: `en.toml` takes the place of ours.",
            default="`phrases` in the configuration folder",
        ),
    ),
)

TEMPLATES = Table(
    "templates",
    TemplateSettings,
    "Your own words.",
    (
        Key(
            "path",
            forms.PATH,
            "The folder of your own templates: `en/thank_you.j2` takes the place of ours.",
            default="`templates` in the configuration folder",
        ),
    ),
)

#: The tables of config.toml, in the order of the documentation.
TABLES = (
    ME,
    MAIL,
    CALENDAR,
    GOOGLE,
    GOOGLE_UNITS,
    STATE,
    MODE,
    SERVICE,
    HEALTH,
    LOG,
    METRICS,
    FOLLOW_UPS,
    CADENCE,
    LIMITS,
    WORKING_HOURS,
    DRAFTS,
    RULES,
    TEMPLATES,
)

#: The `[[expect]]` entries of config.toml.
EXPECT = Table(
    "expect",
    Expectation,
    "A saved message and what should come of it; `vouchd check` tries them all.",
    (
        Key("message", forms.PATH, "The saved message (.eml) or event (.ics)."),
        Key(
            "signals",
            each(choice(*(kind.value for kind in SignalKind))),
            "What it says, all of it; [] for nothing at all.",
        ),
        Key("company", forms.LINE, "Of which employer.", default="not looked at"),
        Key("role", forms.LINE, "For which job.", default="not looked at"),
        Key("references", each(forms.LINE), "Of which people.", default="not looked at"),
        Key(
            "follow_ups",
            each(choice(*(kind.value for kind in FollowUpKind))),
            "What is prepared for this message alone, with what your files say; [] for nothing.",
            default="not looked at",
        ),
    ),
)

#: references.toml
REFERENCE = Table(
    "reference",
    Reference,
    "One person who vouches for you.",
    (
        Key("name", forms.LINE, "The name, as everything else refers to it."),
        Key("emails", each(forms.ADDRESS), "All addresses; drafts go to the first."),
        Key("nicknames", each(forms.LINE), "Other names used in mail."),
        Key("employer", forms.LINE, "Where the person works."),
        Key("title", forms.LINE, "What the person does there."),
        Key("phone", forms.LINE, "For employers who want to call, with the person's yes."),
        Key("relationship", forms.LINE, 'How you know each other: "former manager".'),
        Key("agreed_on", forms.DATE, "When the person said yes. Absent: never asked."),
        Key("can_speak_to", each(forms.LINE), "What the person saw of your work."),
        Key("thanks_by", choice("email", "handwritten"), "How you say thanks."),
        Key("keep_in_touch", forms.DURATION_OR_NEVER, "How often to be in touch."),
        Key("gift", forms.LINE, "What the person likes, and a budget."),
        Key("language", forms.LANGUAGE, "The language you write in.", default="that of your mail"),
        Key("formal", forms.FLAG, "Last names.", default="as in your mail"),
        Key("do_not_list", forms.FLAG, "Never propose this person to an employer."),
        Key("note", forms.TEXT, "Anything you want to remember; shown to nobody else."),
    ),
)

#: applications.toml
APPLICATION = Table(
    "application",
    Stated,
    "One application you want to state yourself; the rest is learnt from the mail.",
    (
        Key("company", forms.LINE, "The employer."),
        Key("domains", each(forms.DOMAIN), "Its mail domains."),
        Key("aliases", each(forms.LINE), "Other names it goes by."),
        Key("role", forms.LINE, "The job."),
        Key("posting", forms.WEB, "Where the job is described; a person who vouches gets it."),
        Key("references", each(forms.LINE), "Who shall vouch: names as in references.toml."),
        Key(
            "stage",
            choice(*(stage.value for stage in Stage)),
            "Where it stands, if you know better.",
        ),
        Key("points", each(forms.LINE), "What the employer weighs."),
    ),
)
