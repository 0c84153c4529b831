"""What vouchd promises about itself, in plain words, and which tests show each promise."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Promise:
    """A promise; `shown` names tests (FILE or FILE::TEST) and what one case of them is."""

    title: str
    words: str
    shown: dict[str, str]
    runs: tuple[str, ...] = field(default=())  #: of the long runs, beside the tests


CRASH = "tests/crash/test_crash.py::"
FAULTS = "tests/crash/test_faults.py::"
TWO = "tests/crash/test_two_at_once.py::"
HOSTILE = "tests/hostile/"

PROMISES = (
    Promise(
        "Killed anywhere, it goes on as if nothing had been",
        "A whole job search is lived through with each kind of mailbox and calendar: a Maildir or "
        "an mbox with a folder of `.ics` files, Gmail with Google Calendar, and these with Google "
        "Tasks. Before each SQLite statement, each operation on a file (and in the middle of each "
        "write), each request, and between the server's deed and its answer, the process ends or "
        "the power is cut. After a new start the same drafts and events lie there as in an "
        "undisturbed life, none twice and none missing, nothing that lay there rightly is written "
        "again, and cursor and facts agree. So it is where a step fails, or each from one on, "
        "and the process lives. The tests try "
        "a part of the cases, `make crash` every one, `make soak` kills the real command at "
        "random times.",
        {
            f"{CRASH}test_every_house_has_the_same_story": "ways to keep mail and calendar",
            f"{CRASH}test_dying_at_any_step_loses_and_doubles_nothing": "",
            f"{CRASH}test_after_dying_once_the_whole_rest_of_the_story_is_as_ever": "",
            f"{CRASH}test_a_process_that_is_killed_at_a_step_is_none_the_worse": "",
            "tests/crash/test_failing.py::test_a_step_that_fails_loses_and_doubles_nothing": "",
        },
        ("crash", "soak"),
    ),
    Promise(
        "Forgetting is whole, or is done at the next try",
        "Killed while it forgets a person or an application or takes everything back, vouchd "
        "leaves a state that opens, and the same command, given again, ends where it would have "
        "ended.",
        {"tests/crash/test_forgetting.py": "ways to forget"},
    ),
    Promise(
        "What goes wrong outside is told in a line, and passes",
        "A connection that is refused, cut, slow or silent, half an answer, wrong TLS, a login "
        "page where JSON should be, every refusal of Google's with its reason, a Retry-After, "
        "pages twice or in another order, ids that vanish, a clock that jumps, a full disk, no "
        "file handles, a state that is locked, read-only, cut off or damaged: each is told in one "
        "clear line, tried again a bounded number of times, and once it is over all is as if it "
        "had never been.",
        {
            f"{FAULTS}test_google_goes_wrong_for_a_whole_turn": "faults",
            f"{FAULTS}test_google_goes_wrong_when_something_is_put_down": "faults",
            f"{FAULTS}test_wrong_tls_is_a_line_and_no_plain_request": "",
            f"{FAULTS}test_out_of_file_handles": "",
            f"{FAULTS}test_a_full_disk_at_each_kind_of_step": "",
            f"{FAULTS}test_a_clock_that_jumps_and_comes_back": "jumps",
            f"{FAULTS}test_the_hour_that_is_left_out_or_comes_twice": "hours",
            "tests/connectors/test_google_http.py": "",
            "tests/connectors/test_gmail.py": "",
            "tests/connectors/test_gcal.py": "",
            "tests/daemon/test_store.py": "",
            "tests/daemon/test_mending.py": "",
            "tests/daemon/test_gone_shelves.py": "",
        },
    ),
    Promise(
        "Two at once make no twins",
        "A second daemon, or `once` beside `run`, changes nothing and says who is at work. On two "
        "machines with one account no draft, event or task is there twice.",
        {
            f"{TWO}test_on_two_machines_there_is_no_twin": "ways to keep mail and calendar",
            f"{TWO}test_two_machines_at_the_same_moment_come_to_rest_without_a_twin": "",
            f"{TWO}test_once_beside_a_daemon_says_who_is_at_work_and_changes_nothing": "",
            f"{TWO}test_a_second_daemon_ends_and_a_killed_one_leaves_no_lock": "",
        },
    ),
    Promise(
        "Hostile input costs seconds, and only itself",
        "Mails, calendars and answers that were made to take all time or all memory "
        "(decompression bombs, rules that repeat every second, endless headers and nesting) are "
        "read in part or set aside with a note, and the rest is read; time and memory of the "
        "process are bounded. Every reader of foreign bytes is tried with made-up input, briefly "
        "with the tests, ten minutes each by `make fuzz`.",
        {
            f"{HOSTILE}test_bounds.py::test_a_round_over_bombs_reads_the_rest_and_notes_each": "",
            f"{HOSTILE}test_bounds.py": "",
            "tests/connectors/test_bounds.py": "",
            "tests/connectors/test_google_bounds.py": "",
            "tests/fuzz/test_fuzz.py::test_the_corpus_breaks_nothing": "readers",
            "tests/fuzz/test_fuzz.py::test_made_up_input_breaks_nothing": "readers",
        },
        ("fuzz",),
    ),
    Promise(
        "Nothing of a stranger's is run, obeyed or believed",
        "Header lines in names, template and markup in subjects, paths in file names, control and "
        "bidi characters, names that only look like a reference's, forged senders, mails that "
        "give orders and our own marks in foreign hands change nothing that they should not.",
        {f"{HOSTILE}test_strangers.py": "attempts", "tests/connectors/test_letter.py": ""},
    ),
    Promise(
        "It never sends",
        "No file of vouchd holds a sending call and no client that it builds can make one; in "
        "front of the network stands a list of methods and addresses, and everything else is "
        "refused before a byte leaves; and the whole test run is watched: every request at the "
        "stand-ins for Google, every connection and every program that is started.",
        {
            f"{HOSTILE}test_never_sends.py::test_no_file_sends_or_runs_what_it_reads": "files",
            f"{HOSTILE}test_never_sends.py::test_nothing_on_the_built_client_sends": "clients",
            "tests/connectors/test_google_guard.py::"
            "test_every_other_method_of_google_is_refused_before_a_byte_leaves": "methods",
            "tests/connectors/test_google_guard.py::"
            "test_a_crafted_request_is_refused_before_a_byte_leaves": "requests",
            f"{HOSTILE}test_never_sends.py::"
            "test_any_other_host_is_refused_before_a_byte_leaves": "addresses",
            f"{HOSTILE}test_never_sends.py::test_one_sending_request_fails_the_whole_suite": "",
        },
        ("watched",),
    ),
    Promise(
        "It contacts nobody else",
        "Not one connection of the whole test run left the machine, and without Google there is "
        "no network at all.",
        {"tests/test_network.py": ""},
    ),
    Promise(
        "Secrets stay with you",
        "The sign-in and the state are readable for you alone whatever the umask, or refused with "
        "the command that closes them; no token is ever printed, logged, exported, stored in the "
        "state or put on a command line; `vouchd auth revoke` ends old ones, too.",
        {f"{HOSTILE}test_secrets.py": ""},
    ),
    Promise(
        "What is installed is what was tested",
        "Each lock file pins every package by version and hash, every installation checks them, "
        "and each dependency is listed with its reason. `make audit` asks what is known against "
        "them.",
        {f"{HOSTILE}test_supply.py": ""},
    ),
)
