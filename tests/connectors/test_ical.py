"""A calendar file is read whatever it looks like; one broken event hides no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.worlds import NOW, follow_up
from vouchd.connectors.base import Refused
from vouchd.connectors.ical import Calendar, is_ours, parse, read_ics
from vouchd.connectors.ical_ours import compose, marked
from vouchd.rules.model import Address, Attendee, Event, fingerprint

BERLIN = ZoneInfo("Europe/Berlin")


def read(*lines: str, above: str = "", zone: ZoneInfo = BERLIN) -> Event:
    """Read one event of these lines, with a DTSTART of its own if none is given."""
    calendar = parse(ics(*lines, above=above), zone=zone)
    assert calendar.problems == ()
    (event,) = calendar.events
    return event


def ics(*lines: str, above: str = "") -> bytes:
    if not any(line.startswith("DTSTART") for line in lines):
        lines = ("DTSTART:20260310T140000Z", *lines)
    if not any(line.startswith("UID") for line in lines):
        lines = ("UID:u1@acme.example", *lines)
    inner = "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{above}{inner}\r\nEND:VCALENDAR\r\n".encode()


def utc(event: Event) -> str:
    return f"{event.start.astimezone(UTC):%Y-%m-%dT%H:%M}"


def test_an_event_in_all_its_fields():
    event = read(
        "DTEND:20260310T150000Z",
        "SUMMARY:Interview\\, round 2: “Sam” <> Acme",
        "DESCRIPTION:Join at 15:00\\nhttps://meet.example/x\\; bring",
        "  a CV",
        "LOCATION:Room 1",
        'ORGANIZER;CN="Cole, Dana":MAILTO:Dana.Cole@Initech.example',
        "ATTENDEE;CN=Sam;PARTSTAT=ACCEPTED:mailto:sam@example.org",
        "ATTENDEE;CUTYPE=ROOM:mailto:room1@acme.example",
        "ATTENDEE;EMAIL=hr@acme.example:invalid:nomail",
        "SEQUENCE:3",
        "CREATED:20260301T080000Z",
        "DTSTAMP:20260305T080000Z",
        "URL:https://calendar.example/u1",
        "BEGIN:VALARM",
        "DESCRIPTION:This is an event reminder",
        "TRIGGER:-PT10M",
        "END:VALARM",
    )
    assert (event.uid, event.sequence, event.link) == (
        "u1@acme.example",
        3,
        "https://calendar.example/u1",
    )
    assert event.start == datetime(2026, 3, 10, 14, tzinfo=UTC)
    assert event.end == datetime(2026, 3, 10, 15, tzinfo=UTC)
    assert event.summary == "Interview, round 2: “Sam” <> Acme"
    assert event.description == "Join at 15:00\nhttps://meet.example/x; bring a CV"
    assert event.location == "Room 1"
    assert event.organizer == Address("dana.cole@initech.example", "Cole, Dana")
    assert event.attendees == (
        Attendee("sam@example.org", "Sam", "accepted"),
        Attendee("hr@acme.example"),
    )
    assert event.known_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert (event.all_day, event.recurring, event.cancelled, event.method) == (
        False,
        False,
        False,
        "",
    )


# --- time ------------------------------------------------------------------------------------


def test_an_all_day_event_is_midnight_to_midnight_at_home():
    event = read("DTSTART;VALUE=DATE:20260329")
    assert event.all_day
    assert event.start.isoformat() == "2026-03-29T00:00:00+01:00"
    assert event.end.isoformat() == "2026-03-30T00:00:00+02:00", "the clock was put forward"
    longer = read("DTSTART;VALUE=DATE:20260329", "DTEND;VALUE=DATE:20260401")
    assert longer.end.isoformat() == "2026-04-01T00:00:00+02:00"


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("America/New_York", "2026-03-10T14:00"),
        ('"America/New_York"', "2026-03-10T14:00"),
        ("Eastern Standard Time", "2026-03-10T14:00"),
        ("W. Europe Standard Time", "2026-03-10T09:00"),
        ("/mozilla.org/20050126_1/America/New_York", "2026-03-10T14:00"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "2026-03-10T09:00"),
        ("/softwarestudio.org/Olson/America/Argentina/Buenos_Aires", "2026-03-10T13:00"),
        ("America/New York", "2026-03-10T14:00"),
        ("UTC", "2026-03-10T10:00"),
        ("Etc/GMT+5", "2026-03-10T15:00"),
        ('"(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi"', "2026-03-10T04:30"),
        ("GMT-0800", "2026-03-10T18:00"),
        ("Middle-earth/Bree", "2026-03-10T09:00"),
        ("", "2026-03-10T09:00"),
    ],
)
def test_zones_by_every_name(zone: str, start: str):
    zoned = f";TZID={zone}" if zone else ""
    assert utc(read(f"DTSTART{zoned}:20260310T100000")) == start


OWN_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{extra}BEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
    "TZOFFSETFROM:+0400\r\nTZOFFSETTO:+0345\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def test_a_zone_of_the_files_own():
    above = OWN_ZONE.format(name="Customized Time Zone", extra="")
    event = read("DTSTART;TZID=Customized Time Zone:20260310T100000", above=above)
    assert utc(event) == "2026-03-10T06:15", "and not its own DTSTART of 1601"
    above = OWN_ZONE.format(name="mine", extra="X-LIC-LOCATION:America/New_York\r\n")
    assert utc(read("DTSTART;TZID=mine:20260310T100000", above=above)) == "2026-03-10T14:00"
    above = OWN_ZONE.format(name="Europe/Berlin", extra="")
    assert (
        utc(read("DTSTART;TZID=Europe/Berlin:20260310T100000", above=above)) == "2026-03-10T09:00"
    )


def test_a_broken_zone_is_no_reason_to_lose_the_event():
    above = "BEGIN:VTIMEZONE\r\nTZID:mine\r\nBEGIN:STANDARD\r\nRRULE:FREQ=X\r\nEND:VTIMEZONE\r\n"
    assert utc(read("DTSTART;TZID=mine:20260310T100000", above=above)) == "2026-03-10T09:00"


def test_floating_times_are_in_the_zone_of_the_file():
    above = "X-WR-TIMEZONE:America/New_York\r\n"
    assert utc(read("DTSTART:20260310T100000", above=above)) == "2026-03-10T14:00"


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (["DURATION:PT45M"], "2026-03-10T14:45"),
        (["DURATION:P1W"], "2026-03-17T14:00"),
        (["DURATION:nonsense"], "2026-03-10T14:00"),
        (["DTEND:nonsense"], "2026-03-10T14:00"),
        (["DTEND:20260310T130000Z"], "2026-03-10T14:00"),
        ([], "2026-03-10T14:00"),
    ],
)
def test_ends(lines: list[str], end: str):
    event = read(*lines)
    assert f"{event.end.astimezone(UTC):%Y-%m-%dT%H:%M}" == end


@pytest.mark.parametrize(
    ("lines", "known"),
    [
        (["CREATED:20260301T080000Z"], "2026-03-01"),
        (["CREATED:00001231T000000Z", "DTSTAMP:20260305T080000Z"], "2026-03-05"),
        (["CREATED:19000101T120000Z", "DTSTAMP:20260305T080000Z"], "2026-03-05"),
        (["DTSTAMP:nonsense"], None),
        ([], None),
    ],
)
def test_when_it_became_known(lines: list[str], known: str | None):
    at = read(*lines).known_at
    assert (at and f"{at:%Y-%m-%d}") == known


# --- series, cancellations, identity ----------------------------------------------------------


def test_a_series_is_its_master_and_its_changed_instances():
    master = ics("RRULE:FREQ=SECONDLY", "SUMMARY:Daily").decode()
    moved = (
        "BEGIN:VEVENT\r\nUID:u1@acme.example\r\n{id}\r\nDTSTART:20260312T160000Z\r\nEND:VEVENT\r\n"
    )
    text = master.replace(
        "END:VCALENDAR", moved.format(id="RECURRENCE-ID;TZID=Europe/Berlin:20260312T150000")
    )
    text = text.replace("END:VCALENDAR", "") + moved.format(id="RECURRENCE-ID;VALUE=DATE:20260313")
    events = parse((text + "END:VCALENDAR\r\n").encode(), zone=BERLIN).events
    assert [(e.uid, e.recurring) for e in events] == [
        ("u1@acme.example", True),
        ("u1@acme.example/20260312T140000Z", True),
        ("u1@acme.example/20260313", True),
    ]
    assert events[0].start == datetime(2026, 3, 10, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "above", "method", "cancelled"),
    [
        ("STATUS:CANCELLED", "", "", True),
        ("STATUS:CONFIRMED", "METHOD:REQUEST\r\n", "REQUEST", False),
        ("STATUS:CONFIRMED", "METHOD:CANCEL\r\n", "CANCEL", True),
        ("SUMMARY:x", "METHOD:counter\r\n", "COUNTER", False),
        ("DESCRIPTION:a\r\n METHOD:CANCEL", "", "", False),
    ],
)
def test_cancellations_and_methods(line: str, above: str, method: str, cancelled: bool):
    event = read(line, above=above)
    assert (event.method, event.cancelled) == (method, cancelled)


def test_each_calendar_of_a_file_has_its_own_method():
    text = (
        ics("UID:a", above="METHOD:REQUEST\r\n")
        + ics("UID:b", above="METHOD:CANCEL\r\n")
        + ics("UID:c")
    )
    assert [(e.uid, e.method) for e in parse(text, zone=BERLIN).events] == [
        ("a", "REQUEST"),
        ("b", "CANCEL"),
        ("c", ""),
    ]


def test_a_missing_uid_is_made_from_the_content():
    text = ics("UID:", "SUMMARY:a")
    (first,), (again,) = (parse(text, zone=BERLIN).events for _ in range(2))
    (other,) = parse(ics("UID:", "SUMMARY:b"), zone=BERLIN).events
    assert first.uid == again.uid != other.uid


@pytest.mark.parametrize(
    "description", ["<p>Join <b>here</b></p>", "Join<br>here", "<html-blob>Join here"]
)
def test_descriptions_in_html_become_words(description: str):
    assert " ".join(read(f"DESCRIPTION:{description}").description.split()) == "Join here"


def test_a_description_that_is_html_alone():
    assert read("X-ALT-DESC;FMTTYPE=text/html:<p>Join</p><p>here</p>").description == "Join\n\nhere"


# --- broken files ----------------------------------------------------------------------------


def test_one_broken_event_hides_no_other():
    broken = "BEGIN:VEVENT\r\nUID:b\r\nSUMMARY:Lunch\r\nDTSTART:Next Year\r\nEND:VEVENT\r\n"
    empty = "BEGIN:VEVENT\r\nEND:VEVENT\r\n"
    calendar = parse(ics("SUMMARY:Fine", above=broken + empty), zone=BERLIN)
    assert [e.summary for e in calendar.events] == ["Fine"]
    assert calendar.problems == (
        'event "Lunch": DTSTART "Next Year" is no time; export the calendar anew',
        "event without a name: it has no DTSTART; export the calendar anew, or delete it",
    )


@pytest.mark.parametrize("raw", [b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCARD\nEND:VCARD"])
def test_what_is_no_calendar_says_so(raw: bytes):
    assert parse(raw, zone=BERLIN) == Calendar(
        (), ("it is no calendar: it has no BEGIN:VCALENDAR",)
    )


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.replace(b"\r\n", b"\n"),
        lambda raw: raw.replace(b"\r\n", b"\r"),
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.decode().encode("utf-16"),
        lambda raw: raw.replace(b"END:VEVENT\r\n", b""),
        lambda raw: raw.replace(b"END:VCALENDAR\r\n", b""),
        lambda raw: raw.replace(b"BEGIN:VEVENT", b"begin:vevent "),
        lambda raw: raw.replace(b"SUMMARY", b"no colon here\r\nSUMMARY"),
        lambda raw: raw.replace(
            b"SUMMARY", b"ATTACH;ENCODING=BASE64:" + b"A" * 300_000 + b"\r\nSUMMARY"
        ),
        lambda raw: raw.replace(b"SUMMARY", b"RRULE:FREQ=NEVER;INTERVAL=x\r\nSUMMARY"),
        lambda raw: raw.replace(b"SUMMARY", b"BEGIN:VALARM\r\nEND:VALARM\r\nSUMMARY"),
        lambda raw: raw.replace(b"SUMMARY", b"SUMMARY:second\r\nX-A"),
    ],
)
def test_damaged_files_are_read_all_the_same(damage):
    (event,) = parse(damage(ics("SUMMARY:second", "DTEND:20260310T150000Z")), zone=BERLIN).events
    assert (event.summary, utc(event)) == ("second", "2026-03-10T14:00")


def test_times_at_the_end_of_time_are_a_problem_and_no_crash():
    for moment in ("99991231T235959", "00010101T000000"):
        parse(ics(f"DTSTART;TZID=America/New_York:{moment}", "DURATION:P9W"), zone=BERLIN)


def test_a_file_is_read_or_named(tmp_path: Path):
    path = tmp_path / "1.ics"
    path.write_bytes(ics("SUMMARY:Fine"))
    assert read_ics(path, zone=BERLIN).events[0].summary == "Fine"
    with pytest.raises(Refused, match=r"2\.ics: No such file"):
        read_ics(tmp_path / "2.ics", zone=BERLIN)


@given(st.text(max_size=200))
def test_any_text_gives_events_or_problems(value: str):
    folded = value.replace("\r", "\n").replace("\n", "\r\n ")
    for name in ("SUMMARY", "DTSTART", "DTEND", "ATTENDEE", "RECURRENCE-ID", "DURATION", "CREATED"):
        calendar = parse(ics(f"{name};X={folded}:{folded}"), zone=BERLIN)
        repr(calendar).encode()
        assert all(event.start.tzinfo and event.end >= event.start for event in calendar.events)


# --- our own ---------------------------------------------------------------------------------


def test_a_follow_up_event_is_private_free_time_with_a_reminder_and_nobody_is_invited():
    event = replace(
        follow_up(),
        link="https://mail.example/1",
        attendees=(Attendee("dana@initech.example"),),
        organizer=Address("sam@example.org"),
    )
    raw = compose(event, key="thank_you-dana", stamp=NOW)
    assert b"ATTENDEE" not in raw
    assert b"ORGANIZER" not in raw
    assert b"METHOD" not in raw
    calendar = icalendar.Calendar.from_ical(raw)
    (entry,) = calendar.events
    assert str(entry["UID"]) == "thank_you-dana@vouchd"
    assert entry["TRANSP"] == "TRANSPARENT"
    assert entry["CLASS"] == "PRIVATE"
    assert entry["URL"] == "https://mail.example/1"
    assert entry.DTSTAMP == NOW
    assert (entry.start, entry.end) == (event.start, event.end)
    (alarm,) = entry.walk("VALARM")
    assert alarm["ACTION"] == "DISPLAY"
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    (seen,) = marked(raw, zone=BERLIN)
    assert (seen.key, seen.mark) == ("thank_you-dana", fingerprint(event))


def test_an_all_day_follow_up_stays_one():
    start = datetime(2026, 3, 28, tzinfo=BERLIN)
    event = replace(follow_up(), start=start, end=start + timedelta(days=2), all_day=True)
    raw = compose(event, key="k", stamp=NOW)
    assert b"DTSTART;VALUE=DATE:20260328" in raw
    (seen,) = marked(raw, zone=BERLIN)
    assert (seen.event.all_day, seen.event.start, seen.event.end) == (True, event.start, event.end)
    assert seen.mark == fingerprint(seen.event)


def test_ours_is_known_by_key_or_by_uid():
    assert is_ours(follow_up())
    assert is_ours(replace(follow_up(), uid="x", key="k"))
    assert not is_ours(replace(follow_up(), uid="vouchd@acme.example"))


WORDS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t")
LINE = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))


@given(
    st.builds(
        lambda start, length, summary, description: Event(
            uid="k@vouchd",
            start=start,
            end=start + length,
            summary=summary,
            description=description,
        ),
        st.datetimes(
            datetime.fromisoformat("1990-01-01"),
            datetime.fromisoformat("2100-01-01"),
            timezones=st.just(BERLIN),
        ),
        st.timedeltas(timedelta(0), timedelta(days=30)),
        st.text(LINE, max_size=120),
        st.text(WORDS, max_size=300),
    ),
    st.text('ab-:/@,;é\\"', min_size=1),
)
def test_what_was_written_reads_the_same(event: Event, key: str):
    """Else an event of ours would look like one the user has changed."""
    (seen,) = marked(compose(event, key=key, stamp=NOW), zone=BERLIN)
    assert fingerprint(seen.event) == fingerprint(event) == seen.mark
    assert seen.key == key
