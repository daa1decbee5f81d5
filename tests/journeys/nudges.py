"""Nudges are few: nobody gets more than one unasked direct message a day that is not urgent.

Every direct message of the bot counts as unasked, unless its kind stands here with a reason, or it
is no notice at all: then it answers, at once, what its reader has just done.
"""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.demo.clinic import Clinic

# Somebody may come to harm: these break quiet hours, and wait for no morning.
URGENT = {
    "room_suspended",
    "concern_alert",
    "concern_unanswered",
    "concern_passed_on",
    "concern_passed_back",
    "delivery_failed",
    "something_stuck",
    # Whose patient it is, and who answers for privacy, know at once that somebody looked.
    "emergency_opened",
}
# Another person has just done something to this very reader, who has to know of it now.
FROM_A_PERSON = {
    "referral_received",
    "referral_answered",
    "cover_asked",
    "concern_withdrawn",
    "licence_entered",
    "licence_answered",
    "work_handed_over",
    "case_moved",
    "record_erased",
    "let_in",
    "share_asked",
    "share_answered",
}


def unasked(clinic: Clinic) -> Counter[tuple[str, date]]:
    """How many unasked messages each person got on each day of their own calendar."""
    found: Counter[tuple[str, date]] = Counter()
    bot = clinic.app.bot_user_id
    for someone in clinic.everybody:
        zone = ZoneInfo(someone.person.user.tz)
        for message in someone.person.direct_messages_with(bot):
            if message.user != bot or message.metadata is None:
                continue
            payload = message.metadata.get("event_payload")
            kind = payload.get("kind") if isinstance(payload, dict) else None
            if kind not in URGENT | FROM_A_PERSON:
                day = datetime.fromtimestamp(float(message.ts), UTC).astimezone(zone).date()
                found[someone.name, day] += 1
    return found


def too_many(counted: Counter[tuple[str, date]]) -> list[str]:
    """Who got more than one a day, and when."""
    return [f"{name}, {day}: {many}" for (name, day), many in counted.items() if many > 1]
