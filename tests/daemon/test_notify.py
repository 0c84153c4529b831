import socket

import pytest

from vouchd.daemon import notify


@pytest.fixture(params=["path", "abstract"])
def systemd(request, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        name = str(tmp_path / "notify") if request.param == "path" else f"@vouchd-{tmp_path.name}"
        listener.bind(name.replace("@", "\0", 1))
        listener.setblocking(False)
        yield listener, {"NOTIFY_SOCKET": name}


def test_systemd_hears_what_is_said(systemd):
    listener, environ = systemd
    say = notify.opened(environ)
    for words in (notify.READY, notify.status("two\nlines"), notify.reloading(1.5)):
        say(words)
    heard = [listener.recv(1000).decode() for _ in range(3)]
    assert heard == ["READY=1", "STATUS=two lines", "RELOADING=1\nMONOTONIC_USEC=1500000"]


@pytest.mark.parametrize("environ", [{}, {"NOTIFY_SOCKET": "vsock:2:1"}])
def test_without_systemd_nothing_is_said(environ):
    notify.opened(environ)(notify.READY)


def test_a_systemd_that_went_away_is_no_failure(tmp_path):
    notify.opened({"NOTIFY_SOCKET": str(tmp_path / "gone")})(notify.READY)


@pytest.mark.parametrize(
    ("environ", "interval"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
    ],
)
def test_the_interval_of_the_watchdog(environ, interval):
    assert notify.watchdog_interval(environ, pid=7) == interval


def test_the_watchdog_is_fed_by_progress_alone_and_not_too_often():
    said: list[str] = []
    ticks = iter([0.0, 1.0, 5.0, 9.0, 10.0, 40.0])
    dog = notify.Watchdog(said.append, 20.0, lambda: next(ticks))
    fed = []
    for _ in range(6):
        dog.progress()
        fed.append(len(said))
    assert fed == [1, 1, 2, 2, 3, 4]


def test_a_watchdog_nobody_asked_for_says_nothing():
    said: list[str] = []
    notify.Watchdog(said.append, None, lambda: 0.0).progress()
    assert said == []
