import os
import resource
import sqlite3
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vouchd.connectors.base import Parked
from vouchd.daemon import statefile
from vouchd.daemon.codec import VERSION, CodecError, decode, encode
from vouchd.daemon.store import Round, Store, StoreError
from vouchd.rules.model import (
    Act,
    ActKind,
    Address,
    Decision,
    Evidence,
    Part,
    Reading,
    Receipt,
    Signal,
    SignalKind,
    State,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def reading(source: str, *, at: datetime = NOW, **fields) -> Reading:
    return Reading(source=source, at=at, sent=False, **fields)


def event(uid: str, start: datetime, **fields) -> Reading:
    return reading(uid, is_event=True, start=start, **fields)


def receipt(key: str = "k1", part: Part = Part.DRAFT, **fields) -> Receipt:
    return Receipt(**{"key": key, "part": part, "handle": "h", "print": "p", "at": NOW, **fields})


def remember(store: Store, *readings: Reading, cursor: str = "1", **fields) -> int:
    return store.remember(readings, cursor_name="mail", cursor=cursor, at=NOW, **fields)


def sources(store: Store) -> list[str]:
    return [r.source for r in store.readings()]


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "state") as opened:
        yield opened


# --- readings <-> JSON ------------------------------------------------------------------------

_texts = st.text(max_size=20)
_times = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))]),
)
_addresses = st.builds(Address, _texts.filter(bool), _texts)
_evidence = st.builds(Evidence, _texts, _texts)
_signals = st.builds(
    Signal,
    kind=st.sampled_from(SignalKind),
    confidence=st.floats(0, 1),
    decision=st.sampled_from(Decision),
    evidence=st.tuples(_evidence),
    company=st.none() | _texts.filter(bool),
    references=st.lists(_texts, max_size=2).map(tuple),
    final_round=st.booleans(),
    terms=st.just(("lukewarm", "until:2027-06-30")),
    deadline=st.none() | st.just(date(2026, 5, 1)),
    contact=st.none() | st.just("Kim from Acme"),
)
_acts = st.builds(
    Act,
    kind=st.sampled_from(ActKind),
    references=st.tuples(_texts),
    evidence=_evidence,
    company=st.none() | st.just("Acme"),
)
_readings = st.builds(
    Reading,
    source=_texts.filter(bool),
    at=_times,
    sent=st.booleans(),
    is_event=st.booleans(),
    thread=_texts,
    sender=st.none() | _addresses,
    to=st.lists(_addresses, max_size=2).map(tuple),
    subject=_texts,
    signals=st.lists(_signals, max_size=2).map(tuple),
    acts=st.lists(_acts, max_size=2).map(tuple),
    people=st.lists(_texts, max_size=2).map(tuple),
    suspicious=st.none() | st.just("the reply goes elsewhere"),
    start=st.none() | _times,
    end=st.none() | _times,
    cancelled=st.booleans(),
    references=st.lists(_texts, max_size=2).map(tuple),
    key=st.none() | st.just("k"),
    attendees=st.lists(_addresses, max_size=2).map(tuple),
)


@given(_readings)
def test_a_reading_comes_back_as_it_was(given_reading):
    assert decode(encode(given_reading)) == given_reading


def test_a_reading_of_broken_mail_is_kept(store):
    broken = reading("<\udce4@x.example>", subject="\udcff")
    remember(store, broken)
    assert [r.subject for r in store.readings()] == ["\udcff"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"v":1}', '{"v":1,"source":"x","at":"noon"}'])
def test_what_is_no_reading_is_refused(text):
    with pytest.raises(CodecError):
        decode(text)


def test_a_reading_of_a_later_version_is_named():
    text = encode(reading("<a@x.example>")).replace(f'"v":{VERSION}', '"v":99')
    with pytest.raises(CodecError, match="version 99"):
        decode(text)


# --- facts ------------------------------------------------------------------------------------


def test_facts_and_cursor_are_kept(tmp_path):
    with Store.open(tmp_path) as store:
        assert store.cursor("mail") is None
        assert remember(store, reading("<b@x.example>"), reading("<a@x.example>")) == 2
    with Store.open(tmp_path) as store:
        assert sources(store) == ["<b@x.example>", "<a@x.example>"]
        assert store.cursor("mail") == "1"


def test_facts_come_in_the_order_of_time_whatever_their_zone(store):
    late = reading("<late@x.example>", at=NOW.astimezone(timezone(timedelta(hours=-8))))
    early = reading(
        "<early@x.example>", at=(NOW - timedelta(hours=1)).astimezone(timezone(timedelta(hours=9)))
    )
    remember(store, late, early)
    assert sources(store) == ["<early@x.example>", "<late@x.example>"]


def test_a_message_that_is_read_again_changes_nothing(store):
    remember(store, reading("<a@x.example>", subject="first"))
    assert remember(store, reading("<a@x.example>", subject="second")) == 0
    assert [r.subject for r in store.readings()] == ["first"]


def test_a_newer_version_of_an_event_replaces_the_older(store):
    remember(store, event("u1", NOW), event("u2", NOW))
    moved = event("u1", NOW + timedelta(days=1))
    assert remember(store, moved, event("u2", NOW)) == 1
    assert next(r.start for r in store.readings() if r.source == "u1") == moved.start


def test_an_event_deleted_before_it_began_is_no_fact_and_comes_back_when_restored(store):
    tomorrow = NOW + timedelta(days=1)
    remember(store, event("u1", tomorrow), event("u1/20260303", tomorrow), event("u10", tomorrow))
    remember(store, gone=["u1"])
    assert sources(store) == ["u10"]
    remember(store, event("u1", tomorrow))
    assert sources(store) == ["u1", "u10"]


def test_an_event_that_took_place_stays_a_fact_when_it_is_deleted(store):
    remember(store, event("u1", NOW - timedelta(days=3)))
    remember(store, gone=["u1"])
    assert sources(store) == ["u1"]


def test_the_first_and_last_days_of_the_calendar_can_be_stored(store):
    remember(
        store,
        event("u1", datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))),
        event("u2", datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))),
    )
    assert len(sources(store)) == 2


def test_an_item_that_cannot_be_read_is_counted(store):
    for _ in range(3):
        remember(store, parked=[Parked("cur/7", "no header")])
    (item,) = store.parked()
    assert (item.source, item.reason, item.times) == ("cur/7", "no header", 3)


def test_the_cursor_does_not_move_when_the_facts_cannot_be_stored(store):
    remember(store, reading("<a@x.example>"), cursor="1")

    def breaks():
        yield reading("<b@x.example>")
        raise OSError("the mailbox went away")

    with pytest.raises(OSError, match="went away"):
        store.remember(breaks(), cursor_name="mail", cursor="2", at=NOW)
    bad = reading("<c@x.example>", thread=object())
    with pytest.raises(TypeError):
        remember(store, reading("<b@x.example>"), bad, cursor="2")
    assert store.cursor("mail") == "1"
    assert sources(store) == ["<a@x.example>"]


# --- receipts, intents, answers -----------------------------------------------------------------


def test_an_intent_is_there_until_its_receipt(store):
    store.intend("k1", Part.DRAFT, "p", NOW)
    store.intend("k1", Part.EVENT, "q", NOW)
    store.intend("k2", Part.EVENT, "r", NOW)
    store.keep(receipt("k1"))
    store.drop_intent("k2", Part.EVENT)
    assert store.intents() == {("k1", Part.EVENT): "q"}
    assert store.receipts() == (receipt("k1"),)


def test_what_was_superseded_may_come_back(store):
    store.keep(receipt())
    store.settle(receipt(), State.SUPERSEDED)
    store.keep(receipt(handle="new"))
    (kept,) = store.receipts()
    assert (kept.state, kept.handle) == (State.OPEN, "new")


def test_what_the_user_closed_stays_closed(store):
    store.keep(receipt())
    store.settle(receipt(), State.DISMISSED)
    store.settle(receipt(), State.DONE)
    store.keep(receipt(handle="new"))
    (kept,) = store.receipts()
    assert (kept.state, kept.handle) == (State.DISMISSED, "h")


def test_a_rewritten_thing_has_its_new_handle(store):
    store.keep(receipt())
    store.keep(receipt(handle="h2", print="p2"))
    assert [(r.handle, r.print) for r in store.receipts()] == [("h2", "p2")]


def test_a_later_answer_replaces_an_earlier_one(store):
    store.answer("k1", "yes", NOW)
    store.answer("k1", "no", NOW + timedelta(hours=1))
    (answer,) = store.answers()
    assert (answer.key, answer.answer, answer.at) == ("k1", "no", NOW + timedelta(hours=1))


def test_the_beginning_never_moves(tmp_path):
    with Store.open(tmp_path) as store:
        assert store.began_at(NOW) == NOW
    with Store.open(tmp_path) as store:
        assert store.began_at(NOW + timedelta(days=9)) == NOW


def test_the_state_of_another_person_is_refused(store):
    store.belongs_to(["sam@example.org", "s@example.org"])
    store.belongs_to(["sam@example.org", "new@example.org"])
    store.belongs_to(["new@example.org"])
    with pytest.raises(StoreError, match=r"belongs to new@example\.org.*\[state\]"):
        store.belongs_to(["kim@example.org"])


def test_the_last_round_and_the_last_good_one(store):
    assert store.last_round() is None
    store.note_round(Round(NOW - timedelta(days=91), True, {"read": 1}))
    store.note_round(Round(NOW - timedelta(days=1), True, {"read": 7}))
    bad = Round(NOW, False, {"read": 0}, ("the server is away",))
    store.note_round(bad)
    assert store.last_round() == bad
    good = store.last_round(good=True)
    assert good is not None
    assert good.counts == {"read": 7}
    assert len(store.all("SELECT * FROM rounds")) == 2


# --- the file ---------------------------------------------------------------------------------


def test_only_the_owner_can_read_it_whatever_the_umask(tmp_path):
    import os

    folder = tmp_path / "deep" / "state"
    before = os.umask(0)
    try:
        with Store.open(folder) as store:
            remember(store, reading("<a@x.example>"))
            store.back_up(NOW)
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert modes == {"vouchd.db": 0o600, "vouchd.lock": 0o600, "vouchd.db.bak": 0o600}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
@pytest.mark.parametrize("way", [Store.open, Store.copy])
def test_a_file_left_open_to_others_is_refused_with_what_closes_it(tmp_path, mode, way):
    Store.open(tmp_path).close()
    path = tmp_path / "vouchd.db"
    path.chmod(mode)
    with pytest.raises(StoreError, match=f"chmod 600 {path}"):
        way(tmp_path).close()
    path.chmod(0o600)
    way(tmp_path).close()


def test_a_folder_left_open_to_others_is_closed_to_them(tmp_path):
    Store.open(tmp_path).close()
    tmp_path.chmod(0o755)
    Store.open(tmp_path).close()
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_holds_other_things_keeps_its_mode(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    tmp_path.chmod(0o755)
    Store.open(tmp_path).close()
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_the_file_says_whose_it_is(tmp_path):
    Store.open(tmp_path).close()
    header = (tmp_path / "vouchd.db").read_bytes()
    assert header[68:72] == b"vouc"


def test_no_second_process_writes(tmp_path):
    import os

    with (
        Store.open(tmp_path),
        pytest.raises(StoreError, match=rf"another vouchd \(process {os.getpid()}\).*stop it"),
    ):
        Store.open(tmp_path)
    Store.open(tmp_path).close()


def test_a_copy_can_be_had_while_another_process_writes_and_changes_nothing(tmp_path):
    with Store.open(tmp_path) as store:
        remember(store, reading("<a@x.example>"))
        with Store.copy(tmp_path) as copy:
            remember(copy, reading("<b@x.example>"), cursor="9")
            assert len(sources(copy)) == 2
        assert sources(store) == ["<a@x.example>"]
        assert store.cursor("mail") == "1"


def test_a_copy_of_no_state_is_empty_and_makes_no_file(tmp_path):
    with Store.copy(tmp_path / "none") as copy:
        assert sources(copy) == []
    assert not (tmp_path / "none").exists()


def test_a_database_of_another_program_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "vouchd.db") as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()
    with pytest.raises(StoreError, match="another program; move it away"):
        Store.open(tmp_path)


def test_a_newer_form_is_refused_and_left_as_it_is(tmp_path):
    with Store.open(tmp_path) as store:
        remember(store, reading("<a@x.example>"))
    db = sqlite3.connect(tmp_path / "vouchd.db")
    db.execute("PRAGMA user_version = 77")
    db.close()
    before = (tmp_path / "vouchd.db").read_bytes()
    for opened in (Store.open, Store.copy):
        with pytest.raises(StoreError, match=r"newer vouchd.*its form is 77"):
            opened(tmp_path)
    assert (tmp_path / "vouchd.db").read_bytes() == before


def _second(db):
    db.execute("ALTER TABLE answers ADD COLUMN why TEXT")


def _breaks(db):
    db.execute("CREATE TABLE half (x)")
    raise RuntimeError("power cut")


def test_an_older_form_is_migrated_with_a_copy_kept(tmp_path):
    with Store.open(tmp_path) as store:
        store.answer("k1", "yes", NOW)
    db = statefile.connect(tmp_path / "vouchd.db", (*statefile.MIGRATIONS, _second))
    assert db.execute("SELECT answer, why FROM answers").fetchall() == [("yes", None)]
    assert db.execute("PRAGMA user_version").fetchone() == (len(statefile.MIGRATIONS) + 1,)
    db.close()
    kept = tmp_path / f"vouchd.db.v{len(statefile.MIGRATIONS)}"
    old = sqlite3.connect(kept)
    assert old.execute("SELECT * FROM answers").fetchall() == [
        ("k1", "yes", NOW.isoformat(timespec="microseconds"))
    ]
    assert old.execute("PRAGMA user_version").fetchone() == (len(statefile.MIGRATIONS),)
    old.close()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_migration_that_breaks_leaves_the_old_form(tmp_path):
    Store.open(tmp_path).close()
    with pytest.raises(RuntimeError):
        statefile.connect(tmp_path / "vouchd.db", (*statefile.MIGRATIONS, _second, _breaks))
    with Store.open(tmp_path) as store:
        assert store.all("SELECT name FROM sqlite_schema WHERE name = 'half'") == []


def test_a_full_disk_loses_nothing(store):
    remember(store, reading("<a@x.example>"), cursor="1")
    store.one("PRAGMA max_page_count = 1")  # as many as there are
    with pytest.raises(StoreError, match=r"no space left for .*free some"):
        remember(store, *(reading(f"<{n}@x.example>") for n in range(2000)), cursor="2")
    store.one("PRAGMA max_page_count = 100000")
    assert sources(store) == ["<a@x.example>"]
    assert store.cursor("mail") == "1"
    remember(store, reading("<b@x.example>"), cursor="2")
    assert store.cursor("mail") == "2"


def test_a_disk_that_cannot_be_written_is_named(store):
    store.one("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match=r"cannot be written.*\[state\]"):
        store.answer("k", "yes", NOW)


@pytest.mark.parametrize(
    ("number", "words"),
    [("EROFS", "cannot be written: Read-only"), ("ENOSPC", "no space left")],
)
def test_what_the_system_says_is_told(tmp_path, monkeypatch, number, words):
    import errno
    import os

    def refuses(*_, **__):
        code = getattr(errno, number)
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "mkdir", refuses)
    with pytest.raises(StoreError, match=words):
        Store.open(tmp_path / "state")


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "state").write_text("")
    with pytest.raises(StoreError, match="cannot be used: File exists"):
        Store.open(tmp_path / "state")


def test_a_lock_held_by_another_program_is_told(tmp_path, monkeypatch):
    with Store.open(tmp_path) as store:
        store.one("PRAGMA busy_timeout = 10")
        other = sqlite3.connect(tmp_path / "vouchd.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="held by another program"):
            store.answer("k", "yes", NOW)
        other.close()
        store.answer("k", "yes", NOW)


def test_one_copy_a_day(tmp_path):
    with Store.open(tmp_path) as store:
        copy = tmp_path / "vouchd.db.bak"
        store.back_up(NOW)
        first = copy.stat()
        moment = datetime.fromtimestamp(first.st_mtime, UTC)
        store.back_up(moment + timedelta(hours=23))
        assert copy.stat().st_ino == first.st_ino
        store.back_up(moment + timedelta(hours=25))
        assert copy.stat().st_ino != first.st_ino


def test_of_mail_that_says_nothing_only_what_passed_between_the_same_people_is_read(store: Store):
    """Fewer records, the same world: a thread or an address of a process brings them back."""
    plain = reading("<1@x.example>", thread="t-ä", sender=Address("jo@acme.example"))
    other = reading("<2@x.example>", thread="t2", sender=Address("shop@y.example"))
    said = reading("<3@x.example>", thread="t3", people=("Dana Cole",))
    remember(store, plain, other, said)
    assert [r.source for r in store.telling()] == ["<3@x.example>"]
    for word in ("t-ä", "jo@acme.example"):
        assert [r.source for r in store.passing(frozenset({word}))] == ["<1@x.example>"]
    assert not list(store.passing(frozenset({"jo@acme", "acme.example"})))


@pytest.mark.parametrize("most", [600, 4_096, 30_000, 60_000])
def test_a_disk_that_is_full_at_the_first_start_is_told_as_such(tmp_path: Path, most: int):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        with pytest.raises(StoreError, match="the disk may be full or failing"):
            Store.open(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with Store.open(tmp_path) as store:
        assert store.answers() == ()


def test_where_no_file_can_be_opened_any_more_that_is_what_is_told(tmp_path: Path):
    with Store.open(tmp_path):
        pass
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 8 + max(int(path.name) for path in Path("/proc/self/fd").iterdir())
    held, said = [os.open(os.devnull, os.O_RDONLY)], []
    while held[-1] < most - 1:
        held.append(os.open(os.devnull, os.O_RDONLY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, before[1]))
    try:
        for _ in range(5):
            os.close(held.pop())
            try:
                Store.open(tmp_path).close()
            except StoreError as error:
                said.append(str(error))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for handle in held:
            os.close(handle)
    assert said
    assert all("Too many open files" in line for line in said), said
