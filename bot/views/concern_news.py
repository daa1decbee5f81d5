"""What became of a concern: decided, resolved, withdrawn, not answered by anybody."""

from typing import Final

from slack_sdk.models.blocks import Block

from bot.care.concern import ConcernState, Decision
from bot.shown.case import ShownConcern
from bot.views import concern_words
from bot.views.carried import AboutConcern, Action
from bot.views.concern_messages import acknowledge_button, thread_buttons
from bot.views.message import Message, actions, button, link, quoted, section
from bot.views.text import escape, when

_STILL_ON_HOLD: Final = (
    "The treatment stays on hold, for another reason. *Clear the hold* on the case card ends it."
)


def draw_concern_decided(concern: ShownConcern, number: int = 1) -> Message:
    """Into the thread: who acknowledged, and the decision that they read back. The `number`-th."""
    before = concern.taken_before
    if number <= len(before):
        taken = before[number - 1]
        blocks: list[Block] = [section(concern_words.taken_line(taken)), *quoted(taken.note)]
    else:
        goes_on = concern.decision is Decision.CONTINUE
        stays = _STILL_ON_HOLD if goes_on and concern.is_on_hold else ""
        blocks = [section(concern_words.decided_line(concern), stays)]
        blocks += quoted(concern.decision_note)
    return Message(f"{_name(concern)}: acknowledged", blocks)


def draw_concern_resolved(concern: ShownConcern) -> Message:
    """Into the thread: it is over. What was done is read by those who treat."""
    read = button(
        Action.READ_CONCERN,
        "Read",
        AboutConcern(concern_id=concern.id),
        says=f"Read the {concern_words.title(concern).lower()} and what was done",
    )
    return Message(
        f"{_name(concern)}: resolved",
        [
            section(
                f"*{concern_words.title(concern)}, resolved*", concern_words.resolved_line(concern)
            ),
            *actions([read]),
        ],
    )


def draw_concern_withdrawn(concern: ShownConcern) -> Message:
    """Into the thread and to all who were told: it was a mistake. The reason is under Read."""
    read = button(
        Action.READ_CONCERN,
        "Read",
        AboutConcern(concern_id=concern.id),
        says=f"Read the {concern_words.title(concern).lower()} and why it was withdrawn",
    )
    return Message(
        f"{_name(concern)}: withdrawn",
        [
            section(
                f"*{_name(concern)}: withdrawn*",
                concern_words.withdrawn_line(concern),
                "A hold stays until the surgeon clears it." if concern.holds else "",
            ),
            *actions([read, *link(Action.OPEN_THREAD, "Open the thread", concern.thread_link)]),
        ],
    )


def draw_concern_unanswered(concern: ShownConcern, number: int = 0) -> Message:
    """Into the thread: the top of the ladder was reached and nobody has answered in that round."""
    if concern.state is ConcernState.ACKNOWLEDGED:
        # Whoever reads it here treats the patient: what was decided is theirs to do.
        return _answered_since(concern, concern_words.acknowledged_line(concern))
    if concern.state is not ConcernState.OPEN or concern.round > number:
        return _answered_since(concern)
    return Message(
        f"{_name(concern)}: nobody has answered, use the telephone",
        [
            section(
                concern_words.first_of_all(concern),
                f"*Nobody has acknowledged this {concern_words.title(concern).lower()}.*",
                concern_words.told_in_vain(concern),
                concern_words.telephone_line(concern),
                _goes_on(concern),
            ),
            *actions(thread_buttons(concern)),
        ],
    )


def draw_concern_unanswered_for_clinic(concern: ShownConcern, number: int = 0) -> Message:
    """Into the clinic's channel or to a coordinator, who do not see what it says."""
    if concern.state is not ConcernState.OPEN or concern.round > number:
        return _answered_since(concern)
    return Message(
        f"{_name(concern)}: nobody has answered, use the telephone",
        [
            section(
                f"*{_name(concern)}: nobody has answered*",
                concern_words.raised_line(concern),
                concern_words.told_in_vain(concern),
                "*Please telephone them now*, and whoever raised it, until you reach somebody.",
                f"The clinic's telephone: {escape(concern.telephone)}."
                if concern.telephone
                else "",
                _goes_on(concern),
            ),
            *actions([acknowledge_button(concern)]),
        ],
    )


def draw_concern_called(concern: ShownConcern) -> Message:
    """Into the clinic's channel, as a rung of the ladder."""
    if concern.state is not ConcernState.OPEN:
        return _answered_since(concern)
    return Message(
        f"{_name(concern)}: please acknowledge",
        [
            section(
                f"*{_name(concern)} waits for an answer*",
                concern_words.raised_line(concern),
                concern_words.told_in_vain(concern),
                concern_words.next_rung_line(concern),
            ),
            *actions([acknowledge_button(concern)]),
        ],
    )


def _answered_since(concern: ShownConcern, decided: str = "") -> Message:
    """Who has it now, and since when; or that it climbs again, and who had it."""
    state = concern_words.standing(concern)
    is_open = concern.state is ConcernState.OPEN
    before = concern_words.taken_before_lines(concern)
    said = before if is_open else [decided or _who_has_it(concern)]
    return Message(
        f"{_name(concern)}: {state}",
        [
            section(f"*{_name(concern)}: {state}*", *said),
            *actions([acknowledge_button(concern)] if is_open else []),
        ],
    )


def _who_has_it(concern: ShownConcern) -> str:
    if concern.state is ConcernState.WITHDRAWN:
        return f"{concern_words.withdrawn_line(concern)} There is nothing for you to do."
    return f"{concern_words.taken_line_short(concern)} There is nothing for you to do."


def _goes_on(concern: ShownConcern) -> str:
    if concern.next_at is None:
        return ""
    return f"Careloop tells them again {when(concern.next_at)}."


def _name(concern: ShownConcern) -> str:
    """`Urgent concern in K7QF-3M`."""
    return f"{concern_words.title(concern)} in {escape(concern.case_code)}"
