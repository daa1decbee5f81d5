"""The bot's answer under a reply that it kept as a session update, and the question to its author.

The answer stays in the thread for all to see and is redrawn; the question is seen by the author
alone and may get lost: everything that it offers can be done from the answer too.
"""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.care.feedback import EVERY
from bot.shown.case import ShownConfirmation, ShownReading, ShownUpdate
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
        blocks += actions(_buttons(update.entry_id, update.reading))
    return Message(f"{escape(update.case_code)}: {named.lower()} {happened}", blocks)


def draw_confirmation(asked: ShownConfirmation) -> Message:
    """To the author alone: is this right? Once it is confirmed, what else can be done with it."""
    reading = asked.reading
    about = AboutUpdate(entry_id=asked.entry_id, step=reading.step)
    number = f"{reading.number:,}"
    code = escape(asked.case_code)
    lines = [*_said(reading), *_to_check(reading), _numbered_twice(reading)]
    found: list[ButtonElement] = []
    if not reading.is_confirmed:
        says = f"Save update {number}"
        found.append(button(Action.SAVE_UPDATE, "Save", about, says=says, style="primary"))
    found += [
        edit_button(asked.entry_id, reading.step),
        button(Action.NOT_AN_UPDATE, "Not an update", about, says=f"{number} is no update"),
    ]
    if asked.can_be_moved:
        found.append(button(Action.MOVE_UPDATE, "Other case", about, says="Move to another case"))
    if asked.asks_for_feedback:
        lines.append(f"Every {EVERY} sessions the patient is asked how they are.")
        found.append(_feedback_button(about))
    if reading.is_confirmed:
        title, text = f"Session update {number}", f"session update {number}"
    else:
        title, text = "Is this right?", f"is session update {number} right?"
    return Message(f"{code}: {text}", [section(f"*{title}*", *lines), *actions(found)])


def draw_update_moved(update: ShownUpdate) -> Message:
    """Into the thread that an update leaves."""
    code = escape(update.moved_to)
    return Message(
        f"{escape(update.case_code)}: session update {update.number:,} moved",
        [
            section(
                f"*Session update {update.number:,} belongs to {code}*, and is in its record now.",
                f"{mention(update.author)}, please {_asked_to_delete(update)}. "
                "Nothing of it is lost.",
            )
        ],
    )


def _asked_to_delete(update: ShownUpdate) -> str:
    if update.is_one_of_several:
        return "edit your message here and take its words out"
    return "delete your message here"


def _said(reading: ShownReading) -> list[str]:
    """What was read, and in the therapist's words what they ask and what worries them."""
    fields = reading.fields
    asks, worry = session_words.asks_line(fields), session_words.worry_line(fields)
    return [
        session_words.line(fields, reading.session or reading.number),
        session_words.feedback_line(fields),
        f"You ask to change the plan: {asks}" if asks else "",
        f"The surgeon is told what worries you: {worry}" if worry else "",
    ]


def _buttons(entry_id: str, reading: ShownReading) -> list[ButtonElement]:
    """For its author; whoever else presses one is told so."""
    about = AboutUpdate(entry_id=entry_id, step=reading.step)
    more = button(Action.ASK_AGAIN, "More", about, says=f"More for update {reading.number:,}")
    return [edit_button(entry_id, reading.step), more]


def _feedback_button(about: AboutUpdate) -> ButtonElement:
    return button(Action.ASK_PATIENT, "Add feedback", about)


def edit_button(entry_id: str, step: int) -> ButtonElement:
    about = AboutUpdate(entry_id=entry_id, step=step)
    return button(Action.EDIT_UPDATE, "Edit", about, says="Edit what was read")


def _standing(update: ShownUpdate, named: str) -> tuple[str, str]:
    """In a word for the phone, and in a sentence."""
    if update.moved_to:
        return "moved", f"*{named}: moved* to {escape(update.moved_to)}."
    if update.is_withdrawn:
        return "withdrawn", (
            f"*{named}: withdrawn.* It was deleted here; the record still has its words."
        )
    if update.is_set_aside:
        return "kept as a message", (
            f"*{named}: kept as a message.* It is not counted as a session."
        )
    if update.moved_from:
        return "kept", (
            f"*{named}: kept*, moved here by {mention(update.author)}, "
            f"who wrote it in the thread of {escape(update.moved_from)}."
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
    asks = session_words.asks_line(reading.fields)
    # The first version goes without saying.
    number = update.plan_number or 1
    followed = f" By plan version {number}." if number > 1 else ""
    return [
        session_words.line(reading.fields, reading.session or reading.number),
        session_words.feedback_line(reading.fields),
        f"{mention(update.surgeon)}, a change of the plan is asked for: {asks}" if asks else "",
        f"{state}.{followed}",
    ]


def _is_over(update: ShownUpdate) -> bool:
    return update.is_withdrawn or update.is_set_aside or bool(update.moved_to)


def _numbered_twice(reading: ShownReading) -> str:
    """A slip, or one session told twice; empty where neither."""
    if reading.same_number_on is None:
        return ""
    return (
        f"*Session {reading.session:,} is there already*, of "
        f"{session_words.day(reading.same_number_on)}. If the number is a slip, edit your message; "
        "if it is the same session again, choose *Not an update*."
    )


def _to_check(reading: ShownReading) -> list[str]:
    """What the author has to look at, beside the values."""
    if reading.unread is not None:
        return [
            "Your words are kept, but they could not be read: something went wrong on our side. "
            "Please fill in the values with *Edit*, and any red flag. "
            f"Reference {escape(reading.unread)}."
        ]
    if reading.possible_sign is not None:
        said = escape(reading.possible_sign)
        return [
            f"*Possible sign, please check:* you wrote “{said}”, and no red flag was understood. "
            "If there is one, please choose it with *Edit*."
        ]
    if not reading.fields.named():
        return ["Your words are kept. No values were found in them."]
    return []
