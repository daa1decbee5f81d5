"""What becomes of a wish to share a case, and how many patients somebody may look for."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.care.sharing import (
    ASK_LASTS,
    MOST_LOOKS,
    ShareAnswer,
    ShareStanding,
    ShareState,
    answered,
    may_be_asked,
    may_look,
    standing,
)

ASKED = datetime(2026, 11, 23, 15, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "later", "case_is_open", "found"),
    [
        (ShareState.ASKED, A_MOMENT, True, ShareStanding.WAITS),
        (ShareState.ASKED, ASK_LASTS - A_MOMENT, True, ShareStanding.WAITS),
        (ShareState.ASKED, ASK_LASTS, True, ShareStanding.LAPSED),
        (ShareState.ASKED, A_MOMENT, False, ShareStanding.CASE_ENDED),
        (ShareState.AGREED, 10 * ASK_LASTS, True, ShareStanding.AGREED),
        (ShareState.AGREED, A_MOMENT, False, ShareStanding.CASE_ENDED),
        (ShareState.DECLINED, 10 * ASK_LASTS, True, ShareStanding.DECLINED),
        (ShareState.DECLINED, 10 * ASK_LASTS, False, ShareStanding.DECLINED),
        (ShareState.STOPPED, ASK_LASTS, True, ShareStanding.STOPPED),
        (ShareState.STOPPED, ASK_LASTS, False, ShareStanding.STOPPED),
    ],
)
def test_a_wish_waits_a_week_and_a_refusal_stays(
    state: ShareState, later: timedelta, case_is_open: bool, found: ShareStanding
) -> None:
    assert standing(state, ASKED, ASKED + later, case_is_open=case_is_open) is found


def test_an_answer_counts_once_and_what_was_agreed_can_only_be_ended() -> None:
    changes = {
        (found, answer): answered(found, answer)
        for found in ShareStanding
        for answer in ShareAnswer
        if answered(found, answer) is not None
    }
    assert changes == {
        (ShareStanding.WAITS, ShareAnswer.AGREE): ShareState.AGREED,
        (ShareStanding.WAITS, ShareAnswer.DECLINE): ShareState.DECLINED,
        (ShareStanding.AGREED, ShareAnswer.DECLINE): ShareState.STOPPED,
    }


def test_only_a_pair_that_has_not_answered_yet_can_be_asked_anew() -> None:
    assert may_be_asked(None)
    assert [one for one in ShareStanding if may_be_asked(one)] == [ShareStanding.LAPSED]


def test_who_looked_for_many_patients_is_shown_only_those_known_already() -> None:
    assert may_look(MOST_LOOKS - 1, is_known=False)
    assert not may_look(MOST_LOOKS, is_known=False)
    assert may_look(MOST_LOOKS, is_known=True)
