"""A colleague is let into a case, or no more: what they are told, and what the thread shows."""

from bot.shown.circle import ShownLetIn
from bot.views.carried import AboutReferral, Action
from bot.views.message import Message, actions, button, section
from bot.views.text import escape, mention

_READS = "the card, the plan, the concerns and what was done; not who the patient is"


def draw_let_in_for_colleague(one: ShownLetIn, referral_id: str, code: str) -> Message:
    """By direct message: what they may see, or that they may no more."""
    code = escape(code)
    if one.is_ended:
        words = f"You can no longer read case {code}."
        return Message(words, [section(words)])
    return Message(
        f"You can read case {code}",
        [
            section(
                f"*{mention(one.by)} lets you read case {code}.*",
                f"You may see {_READS}. You can't change anything in it.",
                "It is on your Home tab until they take it back or the case ends.",
            ),
            *actions(
                [
                    button(
                        Action.READ_CASE,
                        "Read the case",
                        AboutReferral(referral_id=referral_id),
                        says=f"Read case {code}",
                    )
                ]
            ),
        ],
    )


def draw_let_in_in_thread(one: ShownLetIn, *, by_case: bool) -> Message:
    """Into the thread, redrawn when it has ended: who else reads this."""
    colleague = mention(one.colleague)
    if one.is_ended:
        why = "as the case has ended" if by_case else f"{mention(one.by)} took it back"
        return Message(
            "A colleague no longer reads this case",
            [section(f"{colleague} could read this case and no longer can: {why}.")],
        )
    return Message(
        "A colleague can read this case",
        [section(f"*{mention(one.by)} lets {colleague} read this case:* {_READS}.")],
    )
