"""Which concerns keep a treatment on hold while others are answered."""

import pytest

from bot.care.concern import ConcernState, Decision, keeps_on_hold


@pytest.mark.parametrize(
    ("state", "decision", "holds", "keeps"),
    [
        (ConcernState.OPEN, None, True, True),
        (ConcernState.OPEN, None, False, False),
        (ConcernState.ACKNOWLEDGED, Decision.CONTINUE, True, False),
        (ConcernState.ACKNOWLEDGED, Decision.SEE_PATIENT, True, True),
        (ConcernState.ACKNOWLEDGED, Decision.MODIFY, True, True),
        (ConcernState.ACKNOWLEDGED, Decision.HOLD, False, True),
        (ConcernState.ACKNOWLEDGED, Decision.EMERGENCY, False, True),
        (ConcernState.ACKNOWLEDGED, Decision.SEE_PATIENT, False, False),
        (ConcernState.RESOLVED, Decision.HOLD, True, False),
        (ConcernState.WITHDRAWN, None, True, False),
    ],
)
def test_a_concern_keeps_the_hold_until_it_is_settled_or_treatment_may_go_on(
    state: ConcernState, decision: Decision | None, holds: bool, keeps: bool
) -> None:
    assert keeps_on_hold(state, decision, holds=holds) is keeps
