"""Which of the names in a message is the employer's: weighed by what was learnt.

Every candidate is described by plain features (where it stands, the words around it, how it is
like the sender's name and domain, what the rules of `naming` give it); a sum of weights makes
each as likely as it was in mail whose employer somebody wrote down. Made by
`benchmarks/train_names.py`; to name none is a candidate too.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Container, Mapping

from vouchd.rules.reading.candidates import RUNNING, Mention, mentions
from vouchd.rules.reading.canonical import canonical
from vouchd.rules.reading.domains import organisation
from vouchd.rules.reading.labels import in_words, spellings
from vouchd.rules.reading.learnt import Names
from vouchd.rules.reading.lexicon import Language
from vouchd.rules.reading.names import (
    Candidates,
    Clues,
    Phrase,
    context,
    impersonal,
    leads_house,
    of_house,
    squash,
)
from vouchd.rules.reading.people import fold
from vouchd.rules.reading.senders import NO_ANSWER, vendor_domain
from vouchd.rules.reading.titles import titled
from vouchd.rules.reading.vendors import Vendors

Features = dict[str, float]
_LONGEST = 70  #: characters of a name
_LEAST = 4  #: letters that a name and an address share by no chance


def choose(
    clues: Clues,
    language: Language,
    vendors: Vendors,
    found: Candidates,
    told: str | None,
    learnt: Names,
) -> tuple[str | None, float]:
    """Return the likeliest name, None where it is likeliest that none is told, and how likely.

    `found` and `told` are what the rules think of; `told` is one of the candidates.
    """
    described = describe(clues, language, vendors, found, told, learnt.given)
    scores = [
        (sum(learnt.weights.get(name, 0.0) * value for name, value in features.items()), company)
        for company, features in described
    ]
    most, best = max(scores, key=lambda scored: scored[0])
    return best, 1.0 / sum(math.exp(score - most) for score, _ in scores)


def describe(
    clues: Clues,
    language: Language,
    vendors: Vendors,
    found: Candidates,
    told: str | None,
    given: Container[str],
) -> list[tuple[str | None, Features]]:
    """Return all candidates with what can be said of them; `given` are first names of people."""
    kind = "agency" if clues.agency else clues.kind
    features: dict[str, Features] = defaultdict(dict)
    names: dict[str, str] = {}
    lines: dict[str, set[tuple[str, int]]] = defaultdict(set)
    plain: dict[str, str | None] = {}
    for mention in mentions(clues, language):
        if mention.name not in plain:
            plain[mention.name] = _possible(mention.name, clues, language, vendors, given)
        name = plain[mention.name]
        if name is None:
            continue
        key = squash(name)
        names.setdefault(key, name)
        lines[key].add((mention.where, mention.line))
        _around(features[key], mention, name, language, kind)
    best = max(found.scores.values(), default=0.0)
    for key, score in found.scores.items():
        names.setdefault(key, found.names[key])
        features[key]["rules"] = min(8.0, score) / 4
        features[key]["best by the rules"] = float(score == best)
    if told:
        names[squash(told)] = told
        features[squash(told)]["told by the rules"] = 1.0
    mail = _Mail(clues, language, vendors, kind)
    for key, name in names.items():
        one = features[key]
        one["mentions"] = min(3, len(lines[key])) / 3
        one |= mail.of_name(key, name, given)
        one |= mail.of_sender(key, name, stands=bool(one["in text"]))
        for where in ("subject", "signature", "signed", "display", "part"):
            if f"in {where}" in one:
                one[f"in {where}, {kind}"] = 1.0
        one[f"rules, {kind}"] = one.get("rules", 0.0)
    for key, name in names.items():
        features[key] |= _beside(name, {n: len(lines[k]) for k, n in names.items() if k != key})
    none: tuple[str | None, Features] = (None, {"none": 1.0, f"none, {kind}": 1.0})
    return [*((name, features[key]) for key, name in names.items()), none]


def _possible(
    name: str, clues: Clues, language: Language, vendors: Vendors, given: Container[str]
) -> str | None:
    """Return a name in its plain form; None where it can be nobody's house.

    A sender is a person by the address, unless no person is called so: Bluewater Yachts.
    """
    words = name.split()
    while words and not any(c.isalpha() for c in words[0]):
        words = words[1:]
    name = canonical(" ".join(words), vendors, language)
    low = name.lower()
    letters = sum(c.isalpha() for c in name)
    if letters < 2 or len(name) > _LONGEST or len(squash(name)) < 2:
        return None
    times = language.times
    if low in language.stopwords or low in times.months or low in times.weekdays:
        return None
    if language.spaced and not any(c.isupper() for c in name) and "." not in name:
        return None
    known = name in clues.people or any(
        len(name) > 2 and name in person.split() for person in clues.people
    )
    house = name == canonical(clues.sender.name, vendors, language) and words[0] not in given
    if known and not house:
        return None
    return None if fold(name) in fold(clues.me) else name


def _around(features: Features, mention: Mention, name: str, language: Language, kind: str) -> None:
    """Say where a name stands and between which words."""
    where = mention.where
    features[f"in {where}"] = 1.0
    if mention.whole:
        features[f"whole in {where}"] = 1.0
    if mention.first or mention.last:
        ends = "alone" if mention.first and mention.last else "first" if mention.first else "last"
        features[f"{ends} in {where}"] = 1.0
    if where not in RUNNING:
        return
    code, before, after = language.code, mention.before, mention.after
    near, then = before[-1] if before else "^", after[0] if after else "$"
    features[f"{code}: {near} _"] = features[f"{code}: _ {then}"] = 1.0
    if len(before) > 1:
        features[f"{code}: {before[-2]} {near} _"] = 1.0
    if len(after) > 1:
        features[f"{code}: _ {then} {after[1]}"] = 1.0
    if near in language.honorifics:
        features["after Dr. or Ms."] = 1.0
    phrase = Phrase(name, before, after, mention.first, mention.last)
    features["words around"] = max(
        features.get("words around", 0.0), context(phrase, language, kind) / 3
    )


class _Mail:
    """What the candidates of one mail are compared with, made once."""

    def __init__(self, clues: Clues, language: Language, vendors: Vendors, kind: str) -> None:
        self.clues, self.language, self.vendors, self.kind = clues, language, vendors, kind
        text = "\n".join((clues.subject, *clues.body, clues.signature))
        self.text = fold(text)
        self.small = frozenset(_SMALL.findall(text))
        self.me = frozenset(clues.me.split())
        self.people = frozenset(word for person in clues.people for word in person.split())
        self.teams = frozenset(language.team_words)
        label = organisation(clues.sender.domain)
        self.label, self.forms = squash(label), spellings(label)
        self.label_in_words = squash(in_words(label, language))
        self.vendor = vendor_domain(clues.sender.domain, vendors) or label in vendors.labels
        self.local = squash(clues.sender.email.partition("@")[0])
        self.no_answer = float(bool(NO_ANSWER.match(clues.sender.email)))
        self.house = float(impersonal(clues, language, vendors))
        self.display = squash(canonical(clues.sender.name, vendors, language))

    def of_name(self, key: str, name: str, given: Container[str]) -> Features:
        """Say what a name is like."""
        language, words = self.language, name.split()
        low = [word.lower().strip(".,") for word in words]
        features = {
            f"{min(5, len(words))} words": 1.0,
            f"words, {self.kind}": len(words) / 3,
            "like a house": float(of_house(name, language, self.vendors)),
            "ends like a house": float(
                low[-1] in language.company_tail or low[-1] in self.vendors.suffixes
            ),
            "begins like a house": float(leads_house(words[0], language)),
            "a title": float(titled(name, language)),
            "capitals": float(name.isupper()),
            "figures": float(any(c.isdigit() for c in name)),
            "no name": float(name.lower() in language.not_names),
            "no name first": float(low[0] in language.company_lead),
            "a place": float(name.lower() in language.places),
            "team words": float(not self.teams.isdisjoint(low)),
            "role words": float(not language.role_nouns.isdisjoint(low)),
            "a vendor": float(
                name.lower() in self.vendors.names or name in self.vendors.platform_names
            ),
            "all small elsewhere": float(self.small.issuperset(low)),
            "some small elsewhere": float(
                any(word in self.small for word in low if len(word) >= _LEAST)
            ),
            "holds a person's name": float(not self.people.isdisjoint(words)),
            "the user's name": float(not self.me.isdisjoint(words)),
            "the sender's name": float(name in self.clues.people),
            "a reference's employer": float(key in self.clues.not_companies),
            "in text": float(fold(name) in self.text),
        }
        if not language.spaced:
            features[f"{min(8, len(name))} signs"] = features[f"ends with {name[-2:]}"] = 1.0
        elif words[0] in given:
            features["a first name"] = features[f"a first name, {min(3, len(words))} words"] = 1.0
        return features

    def of_sender(self, key: str, name: str, *, stands: bool) -> Features:
        """Say how a name is like the sender's domain, mailbox and display name."""
        features: Features = {}
        own = self._like_domain(key, name)
        if own:
            domain = "a vendor's domain" if self.vendor else "the domain"
            features[f"{own} {domain}"] = 1.0
            if own != "unlike" and not self.vendor:
                features[f"like the domain, {self.kind}"] = 1.0
            if key == self.label_in_words and not stands:
                features[f"only in {domain}"] = 1.0
        like = own not in ("", "unlike")
        if len(key) >= _LEAST <= len(self.local):
            mailbox = self.local.startswith(key[:6]) or key.startswith(self.local[:8])
            features["like the mailbox"] = float(mailbox)
            like = like or mailbox
        if self.display and key == self.display:
            features["displayed"] = features[f"displayed, {self.kind}"] = 1.0
            features["displayed, a house"] = self.house
            features["displayed, in text"] = float(stands)
        elif len(key) >= _LEAST and key in self.display:
            features["within the display name"] = 1.0
            features["within the display name, a house"] = self.house
        elif len(self.display) >= _LEAST and self.display in key:
            features["holds the display name"] = 1.0
        like = like or (bool(self.display) and (key in self.display or self.display in key))
        if not like:
            features[f"not the sender's, {self.kind}"] = 1.0
            features["not the sender's, no answer"] = self.no_answer
            return features
        features["the sender's"] = 1.0
        features["the sender's, no answer"] = self.no_answer
        features["the sender's, a house"] = self.house
        features["the sender's, in text"] = float(stands)
        features["the sender's, no answer, in text"] = self.no_answer * stands
        return features

    def _like_domain(self, key: str, name: str) -> str:
        if not self.label:
            return ""
        words = name.split()
        if key in self.forms:
            return "is"
        if len(key) >= _LEAST and self.label.startswith(key):
            return "begins"
        if len(self.label) >= _LEAST and key.startswith(self.label):
            return "goes on from"
        if any(len(squash(w)) >= _LEAST and squash(w) in self.label for w in words):
            return "shares a word with"
        if len(words) > 1 and "".join(w[0] for w in words if not w.islower()).lower() == self.label:
            return "has the initials of"
        return "unlike"


_SMALL = re.compile(r"(?<!\w)[a-zà-ÿß]+(?!\w)")


def _beside(name: str, others: Mapping[str, int]) -> Features:
    """Say how a name stands to longer and shorter ones; `others` with how often they stand."""
    features: Features = {}
    begun = [n for other, n in others.items() if other.startswith(f"{name} ")]
    ended = [n for other, n in others.items() if other.endswith(f" {name}")]
    shorter = [n for other, n in others.items() if name.startswith(f"{other} ")]
    for what, counts in (("begins", begun), ("ends", ended), ("goes on from", shorter)):
        if counts:
            features[f"{what} another"] = 1.0
            features[f"{what} one that stands twice"] = float(max(counts) > 1)
    return features
