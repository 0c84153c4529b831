"""Any two or three things due to one person read as one letter: all said, thanked once."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.letterbook import ACME, BARE, HOOLI, TUESDAY, addressed, intent, spoken
from tests.letterlint import NOT_FAMILIAR, NOT_FORMAL, STOP, THANKS
from vouchd.rules.intent import Occasion, Outcome
from vouchd.rules.letters.compose import words
from vouchd.rules.model import FollowUpKind, Stage

K = FollowUpKind
DUE: dict[str, Occasion] = {
    "warning": Occasion(kind=K.HEADS_UP, process=ACME, how="call", contact="Priya Nair"),
    "thanks": Occasion(kind=K.THANK_YOU, process=HOOLI, how="form", at=TUESDAY, acted=True),
    "progress": Occasion(kind=K.PROGRESS_UPDATE, process=BARE, stage=Stage.INTERVIEWING),
    "favour": Occasion(kind=K.RECIPROCATE),
    **{
        outcome: Occasion(
            kind=K.OUTCOME_NEWS, process=HOOLI, outcome=outcome, at=TUESDAY, acted=True
        )
        for outcome in Outcome
    },
}
WEIGHT = (K.HEADS_UP, K.OUTCOME_NEWS, K.THANK_YOU, K.RECIPROCATE, K.PROGRESS_UPDATE)
PAIRS = [
    names
    for size in (2, 3)
    for names in combinations(DUE, size)
    if sum(name in list(Outcome) for name in names) < 2
]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "nl", "pt", "it"])
@pytest.mark.parametrize("names", PAIRS, ids="+".join)
def test_what_is_due_together_is_one_letter(names, language):
    occasions = [DUE[name] for name in names]
    kinds = tuple(sorted({o.kind for o in occasions}, key=WEIGHT.index))
    sample = intent(kinds[0], *occasions, kinds=kinds, key="+".join(names))
    for formal in (True, False):
        follow_up = words(addressed(sample, formal=formal), spoken(language))
        assert follow_up.draft
        text = f"{follow_up.draft.subject}\n{follow_up.draft.body}"
        body = "\n\n".join(follow_up.draft.body.split("\n\n")[1:-1])
        for occasion in occasions:
            assert occasion.process is None or occasion.process.company in text, text
        assert len(THANKS[language].findall(body)) <= 1, text
        if "thanks" in names:
            assert THANKS[language].search(body), text
        assert not STOP[language].search(text), text
        if language != "en":
            wrong = (NOT_FORMAL if formal else NOT_FAMILIAR)[language]
            assert not wrong.search(f"{follow_up.draft.subject}\n{body}"), text
        assert "None" not in text
        assert "\n\n\n" not in text
