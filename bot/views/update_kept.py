"""The bot's answer under a reply that it kept as a session update."""

from bot.shown import ShownUpdate
from bot.views.message import Message, small_print
from bot.views.text import escape


def draw_update_kept(update: ShownUpdate) -> Message:
    """Says that the update is on record; redrawn when it is edited or deleted."""
    named = f"Session update {update.number:,}"
    if update.is_withdrawn:
        happened = "withdrawn"
        says = (
            f"*{named}: withdrawn.* The message was deleted here; the record still has its words."
        )
    elif update.revision > 1:
        happened = "kept"
        says = (
            f"*{named}: your edit is kept* as version {update.revision:,}. "
            "The earlier wording stays in the record."
        )
    else:
        happened = "kept"
        says = f"*{named}: kept*, word for word. To correct it, edit your message."
    return Message(
        f"{escape(update.case_code)}: session update {update.number:,} {happened}",
        [small_print(says)],
    )
