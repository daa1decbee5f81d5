"""The bot's answer under a reply that it kept as a session update, and the question to its author.

The answer stays in the thread for all to see and is redrawn; the question is seen by the author
alone and may get lost: everything that it offers can be done from the answer too.
"""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.care.feedback import EVERY
from bot.shown import ShownConfirmation, ShownReading, ShownUpdate
from bot.views import session_words
from bot.views.carried import AboutUpdate, Action
from bot.views.message import Message, actions, button, section, small_print
from bot.views.text import escape, mention


def draw_update_kept(update: ShownUpdate) -> Message:
    """That it is on record, and what was read; redrawn when it is confirmed, edited or deleted."""
    named = f"Session update {update.number:,}"
    happened, says = _standing(update, named)
    blocks: list[Block] = [small_print(says, *_read(update))]
    if update.reading is not None and not _is_over(update):
        blocks += actions([edit_button(update.entry_id, update.reading.step)])
    return Message(f"{escape(update.case_code)}: {named.lower()} {happened}", blocks)


def draw_confirmation(asked: ShownConfirmation) -> Message:
    """To the author alone: is this right?"""
    about = AboutUpdate(entry_id=asked.entry_id, step=asked.reading.step)
    number = f"{asked.reading.number:,}"
    code = escape(asked.case_code)
    lines = [session_words.line(asked.reading.fields, asked.reading.number)]
    lines.append(session_words.feedback_line(asked.reading.fields))
    if _says_nothing(asked.reading):
        lines.append("Your words are kept. No values were found in them.")
    found: list[ButtonElement] = [
        button(Action.SAVE_UPDATE, "Save", about, says=f"Save update {number}", style="primary"),
        edit_button(asked.entry_id, asked.reading.step),
        button(Action.NOT_AN_UPDATE, "Not an update", about, says=f"{number} is no update"),
    ]
    if asked.can_be_moved:
        found.append(button(Action.MOVE_UPDATE, "Other case", about, says="Move to another case"))
    if asked.asks_for_feedback:
        lines.append(
            f"Every {EVERY} sessions the patient is asked: satisfaction, sleep, anxiety, change."
        )
        found.append(button(Action.ASK_PATIENT, "Add feedback", about))
    return Message(
        f"{code}: is session update {number} right?",
        [section("*Is this right?*", *lines), *actions(found)],
    )


def draw_update_moved(update: ShownUpdate) -> Message:
    """Into the thread that an update leaves."""
    code = escape(update.moved_to)
    return Message(
        f"{escape(update.case_code)}: session update {update.number:,} moved",
        [
            section(
                f"*Session update {update.number:,} belongs to {code}*, and is in its record now.",
                f"{mention(update.author)}, please delete your message here. "
                "Nothing of it is lost.",
            )
        ],
    )


def edit_button(entry_id: str, step: int) -> ButtonElement:
    about = AboutUpdate(entry_id=entry_id, step=step)
    return button(Action.EDIT_UPDATE, "Edit", about, says="Edit what was read")


def _standing(update: ShownUpdate, named: str) -> tuple[str, str]:
    """In a word for the phone, and in a sentence."""
    if update.moved_to:
        return "moved", f"*{named}: moved* to {escape(update.moved_to)}."
    if update.is_withdrawn:
        return "withdrawn", (
            f"*{named}: withdrawn.* The message was deleted here; the record still has its words."
        )
    if update.is_set_aside:
        return "kept as a message", (
            f"*{named}: kept as a message.* It is not counted as a session."
        )
    if update.is_from_form:
        return "kept", f"*{named}: kept*, logged by {mention(update.author)} with the form."
    if update.revision > 1:
        return "kept", (
            f"*{named}: your edit is kept* as version {update.revision:,}. "
            "The earlier wording stays in the record."
        )
    return "kept", f"*{named}: kept*, word for word. To correct it, edit your message."


def _read(update: ShownUpdate) -> list[str]:
    reading = update.reading
    if reading is None or _is_over(update):
        return []
    state = "_Not confirmed yet_"
    if reading.is_confirmed:
        by = f" by {mention(update.confirmed_by)}" if update.confirmed_by else ""
        state = f"Confirmed{by}"
    return [
        session_words.line(reading.fields, reading.number),
        session_words.feedback_line(reading.fields),
        f"{state}.",
    ]


def _is_over(update: ShownUpdate) -> bool:
    return update.is_withdrawn or update.is_set_aside or bool(update.moved_to)


def _says_nothing(reading: ShownReading) -> bool:
    return not reading.fields.named()
