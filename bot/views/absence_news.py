"""To whoever covers: who is away, from when to when."""

from bot.shown.case import ShownAbsence
from bot.views import working_time_words
from bot.views.message import Message, section
from bot.views.text import mention


def draw_cover_asked(absence: ShownAbsence) -> Message:
    """By direct message, when somebody names them; redrawn when it is taken back."""
    who = mention(absence.who)
    span = working_time_words.days(absence.first, absence.last)
    if absence.is_ended:
        return Message(
            "You no longer cover",
            [section(f"{who} is not away {span} any more. You need not cover.")],
        )
    return Message(
        "You cover for a colleague",
        [
            section(
                f"*You cover for {who}*",
                f"Away {span}. What is due for them comes to you on these days.",
                "If you can't, please tell them or a coordinator.",
            )
        ],
    )
