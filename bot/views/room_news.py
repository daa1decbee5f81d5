"""To the pair and the coordinators: nothing is posted in a channel, why, and what to do."""

from bot.care.rooms import RoomTrouble
from bot.shown.privacy import ShownSuspension
from bot.views.message import Message, section, small_print
from bot.views.text import mention

_WHY: dict[RoomTrouble, tuple[str, str]] = {
    RoomTrouble.PUBLIC: (
        "It was made public: anybody in the workspace can read it.",
        "Ask a workspace admin to make it private again. Careloop does not hear what is written "
        "there meanwhile: raise a concern with the button on the card, or by telephone.",
    ),
    RoomTrouble.SHARED_OUTSIDE: (
        "It is shared with another organization.",
        "End the sharing in the channel's settings, or ask a workspace admin to.",
    ),
    RoomTrouble.SHARED_IN_ORGANISATION: (
        "It is shared with other workspaces of your organization.",
        "Ask an admin of the organization to take it out of the other workspaces.",
    ),
    RoomTrouble.SOMEBODY_ADDED: (
        "Somebody is in it who is not part of these referrals.",
        "Take them out of the channel, or let a colleague in: press *More* on the card, then *Who "
        "may read this*, for each case in the channel.",
    ),
}


def draw_room_suspended(suspension: ShownSuspension) -> Message:
    """By direct message; redrawn once it is settled. Nothing of any patient in it."""
    whose = f"the channel of {mention(suspension.surgeon)} and {mention(suspension.therapist)}"
    if suspension.is_ended:
        return Message(
            "A channel may be used again",
            [section(f"*Careloop posts in {whose} again.* What waited is being posted.")],
        )
    why, to_do = _WHY[suspension.why]
    if suspension.strangers:
        why = f"Not part of these referrals: {', '.join(map(mention, suspension.strangers))}."
    return Message(
        "Careloop has stopped posting in a channel",
        [
            section(f"*Careloop has stopped posting in {whose}.*", why, to_do),
            small_print(
                "Please write nothing about patients there until then. What is due there waits and "
                "is not lost; urgent concerns still reach people by direct message."
            ),
        ],
    )
