"""The same patient in care with others: how often one may look, and what the pair can answer."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# Looks for different patients in a day. A surgeon refers fewer; who tries names tries more.
MOST_LOOKS: Final = 20
LOOKS_COUNTED_FOR: Final = timedelta(days=1)
# Long enough for a week away; then the question has answered itself.
ASK_LASTS: Final = timedelta(days=7)


class ShareState(StrEnum):
    """Where a wish to share a case stands. It is answered once; what was agreed can be stopped."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    STOPPED = "stopped"


class SharedPart(StrEnum):
    """What can be shown beside who treats, the reason, and how far it is."""

    PLAN = "plan"
    PROGRESS = "progress"

    @property
    def label(self) -> str:
        return {
            SharedPart.PLAN: "The treatment plan",
            SharedPart.PROGRESS: "The sessions: their days, and what was measured",
        }[self]


class ShareAnswer(StrEnum):
    """What one of the pair can say. Declining what was agreed ends it."""

    AGREE = "agree"
    DECLINE = "decline"


class ShareStanding(StrEnum):
    """Where a wish to share stands at a moment."""

    WAITS = "waits"
    AGREED = "agreed"
    DECLINED = "declined"
    STOPPED = "stopped"
    LAPSED = "lapsed"
    # The case has ended, and with it what was shared of it.
    CASE_ENDED = "case_ended"


def standing(
    state: ShareState, asked_at: datetime, now: datetime, *, case_is_open: bool
) -> ShareStanding:
    """How a wish stands at `now`: a refusal stays one, all else ends with time or the case."""
    if state is ShareState.DECLINED:
        return ShareStanding.DECLINED
    if state is ShareState.STOPPED:
        return ShareStanding.STOPPED
    if not case_is_open:
        return ShareStanding.CASE_ENDED
    if state is ShareState.AGREED:
        return ShareStanding.AGREED
    return ShareStanding.LAPSED if now >= asked_at + ASK_LASTS else ShareStanding.WAITS


def answered(found: ShareStanding, answer: ShareAnswer) -> ShareState | None:
    """What an answer makes of a wish; None if it changes nothing. What was declined or stopped
    stays so."""
    if found is ShareStanding.WAITS:
        return ShareState.AGREED if answer is ShareAnswer.AGREE else ShareState.DECLINED
    if found is ShareStanding.AGREED and answer is ShareAnswer.DECLINE:
        return ShareState.STOPPED
    return None


def may_be_asked(found: ShareStanding | None) -> bool:
    """Whether a pair can be asked: they were not yet, or nobody answered. None for not yet."""
    return found in {None, ShareStanding.LAPSED}


def may_look(looked_for: int, *, is_known: bool) -> bool:
    """Whether one more patient may be looked for, after so many others in a day; one who was looked
    for in that time already is always looked for again."""
    return is_known or looked_for < MOST_LOOKS
