"""Messages about licences and about work that was handed over. Nothing clinical, nobody's name."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.shown.directory import ShownHandover, ShownLicence
from bot.views import directory_words as words
from bot.views.carried import AboutLicence, Action
from bot.views.message import Message, actions, button, section
from bot.views.text import counted, escape, mention

_MOST_CODES = 20
_SAY_WHO = "*Say who goes on* on a coordinator's Home tab gives a case to somebody, or closes it."


def draw_licence_entered(licence: ShownLicence) -> Message:
    """To a coordinator: please look it up. Once somebody has, it says so and asks nothing."""
    who = mention(licence.person)
    lines = [f"*A licence of {who}*", words.licence_line(licence)]
    if licence.verified_at is not None or licence.refusal is not None:
        return Message("A licence was answered", [section(*lines)])
    about = AboutLicence(licence_id=licence.id)
    lines.append("Please look it up in the state's register.")
    return Message(
        "Please verify a licence",
        [
            section(*lines),
            *actions([button(Action.ANSWER_LICENCE, "Answer", about, style="primary")]),
        ],
    )


def draw_licence_answered(licence: ShownLicence) -> Message:
    """To its owner."""
    if licence.verified_at is not None:
        lines = ["*Your licence is verified.*", words.licence_line(licence)]
        return Message("Your licence is verified", [section(*lines)])
    lines = [
        "*Your licence could not be verified.*",
        words.licence_line(licence),
        "Please enter it anew, or ask a coordinator.",
    ]
    return Message(
        "Your licence could not be verified", [section(*lines), *_enter("Enter a licence")]
    )


def draw_handover(handover: ShownHandover, reader: str) -> Message:
    """Who has the open work of somebody whose account is gone; `reader` is a Slack user id."""
    codes = handover.case_codes
    shown = _codes(codes)
    owner = "You have" if reader == handover.stand_in else f"{mention(handover.stand_in)} has"
    return Message(
        f"{counted(len(codes), 'open case')} handed over",
        [
            section(
                f"*The account of {mention(handover.left)} can't be used any more.*",
                f"{owner} what is due in {counted(len(codes), 'open case')} now: {shown}",
                "Please agree on who goes on with these patients.",
                _SAY_WHO if handover.waits_for_a_coordinator else "",
            )
        ],
    )


def _codes(codes: Sequence[str]) -> str:
    rest = len(codes) - _MOST_CODES
    shown = ", ".join(escape(code) for code in codes[:_MOST_CODES])
    return shown + (f" and {rest:,} more" if rest > 0 else "")


def _enter(text: str) -> list[Block]:
    return actions([button(Action.ENTER_LICENCE, text)])
