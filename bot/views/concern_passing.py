"""A concern that is passed on: to the surgeon who is asked, and back to whoever asked."""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.care.concern import ConcernState
from bot.shown.case import ShownConcern, ShownHandover
from bot.views import concern_words
from bot.views.carried import AboutConcern, Action
from bot.views.concern_messages import acknowledge_button, left_to_do, pass_on_button
from bot.views.message import Message, actions, button, section
from bot.views.text import escape, mention


def draw_concern_passed_on(concern: ShownConcern, number: int) -> Message | None:
    """To the surgeon who is asked to take it, by direct message: nothing of what it says."""
    asked = _handover(concern, number)
    if asked is None:
        return None
    name = f"{concern_words.title(concern)} in {escape(concern.case_code)}"
    if not asked.waits:
        return Message(f"{name}: {concern_words.standing(concern)}", _answered(concern, asked))
    return Message(
        f"{name}: please accept or decline",
        [
            section(
                concern_words.first_of_all(concern),
                f"*{mention(asked.by)} asks you to take a concern: {name}*",
                concern_words.raised_line(concern),
                concern_words.asks_for(concern) if concern.state is ConcernState.OPEN else "",
            ),
            section(
                "When you accept, you can read it and say what happens now.",
                concern_words.next_rung_line(concern)
                if concern.state is ConcernState.OPEN
                else f"Until then it stays with {mention(asked.by)}.",
            ),
            *actions(accept_buttons(concern)),
        ],
    )


def accept_buttons(concern: ShownConcern) -> list[ButtonElement]:
    """For the surgeon who is asked: to take it, or to say that they can't."""
    about = AboutConcern(concern_id=concern.id)
    code = concern.case_code
    accept, decline = f"Accept the concern in {code}", f"Decline the concern in {code}"
    return [
        button(Action.ACKNOWLEDGE, "Accept", about, says=accept, style="primary"),
        button(Action.DECLINE_CONCERN, "I can't", about, says=decline),
    ]


def _answered(concern: ShownConcern, asked: ShownHandover) -> list[Block]:
    name = f"*{concern_words.title(concern)} in {escape(concern.case_code)}"
    if concern.acknowledged_by == asked.to and not concern.state.is_settled:
        return [
            section(f"{name} is yours*", concern_words.acknowledged_line(concern)),
            *actions([*left_to_do(concern), pass_on_button(concern)]),
        ]
    said = "You can't take it; they know." if asked.accepted is False else ""
    return [
        section(
            f"{name}, {concern_words.standing(concern)}*",
            said or "There is nothing for you to do.",
        )
    ]


def draw_concern_passed_back(concern: ShownConcern, number: int) -> Message | None:
    """To whoever passed it on: the surgeon who was asked can't take it."""
    asked = _handover(concern, number)
    if asked is None:
        return None
    name = f"{concern_words.title(concern)} in {escape(concern.case_code)}"
    is_open = concern.state is ConcernState.OPEN
    offers = [acknowledge_button(concern), pass_on_button(concern)] if is_open else []
    return Message(
        f"{name}: not taken",
        [
            section(
                f"*{mention(asked.to)} can't take the {name[:1].lower()}{name[1:]}*",
                concern_words.next_rung_line(concern)
                if is_open
                else f"It is {concern_words.standing(concern)}.",
            ),
            *actions(offers),
        ],
    )


def _handover(concern: ShownConcern, number: int) -> ShownHandover | None:
    return next((one for one in concern.handovers if one.number == number), None)
