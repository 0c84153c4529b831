"""The parts of a Google account: the network to it, the sign-in, each permission."""

from __future__ import annotations

from collections.abc import Iterator

from vouchd.config.settings import Config
from vouchd.connectors import reach
from vouchd.connectors.base import ConnectorError, NeedsLogin, Unavailable
from vouchd.connectors.google_scopes import lacking, sentence
from vouchd.daemon.doctor import Check, bad, good, look
from vouchd.daemon.google import Account, needed
from vouchd.daemon.render import day

_HOSTS = ("oauth2.googleapis.com", "gmail.googleapis.com", "www.googleapis.com")


def google_checks(config: Config, account: Account) -> Iterator[Check]:
    """Yield how network, sign-in and permissions are; without a network nothing else is asked."""
    network = _network(config)
    yield network
    part, path = "sign-in", account.google.path
    try:
        sign_in = account.google.sign_in
        if network.health == "bad":
            yield look(part, "cannot be tried without the network")
            return
        account.verify()
    except NeedsLogin as error:
        yield bad(part, str(error))
        return
    except Unavailable as error:
        yield bad(part, str(error), "try again in a while; look at the clock of this machine, too")
        return
    except ConnectorError as error:
        yield bad(part, str(error))
        return
    who = f"as {sign_in.account}" if sign_in.account else "holds"
    if sign_in.ends_at is not None:
        ends = day(sign_in.ends_at.astimezone(config.me.zone))
        mend = "publish the consent screen of your Google Cloud project (docs/google.md)"
        yield look(part, f"{who}, until {ends}", mend)
    else:
        yield good(part, f"{who}; Google accepts it")
    if sign_in.scopes is None:
        yield look("permissions", f"{path} does not say which were granted")
        return
    wanted = needed(config)
    missing = lacking(sign_in.scopes, wanted)
    for need in wanted:
        name = f"may {need.scope.rpartition('/')[2]}"
        yield bad(name, sentence(need)) if need in missing else good(name, "granted")


def _network(config: Config) -> Check:
    part = "network"
    places = reach.ways_out(config.google.endpoint, _HOSTS)
    try:
        reached = [reach.answers(place) for place in places]
    except Unavailable as error:
        return bad(part, str(error), "connect this machine; vouchd goes on by itself then")
    return good(part, f"{', '.join(reached)} can be reached")
