"""That the record of a case was erased: in the place of its card, and to the two who had it."""

from bot.care.erasing import ErasureReason
from bot.shown.privacy import ShownErased
from bot.views.message import Message, section, small_print
from bot.views.text import escape, when

_WHY: dict[ErasureReason, str] = {
    ErasureReason.PATIENT_ASKED: "The patient asked for it.",
    ErasureReason.RETENTION: "The time for which records are kept is over.",
    ErasureReason.WRONG_PATIENT: "It was written about the wrong patient.",
    ErasureReason.DUPLICATE: "There was a second record of the same patient.",
    ErasureReason.TEST_RECORD: "It was a test.",
    ErasureReason.COURT_ORDER: "A court ordered it.",
}


def draw_erased_card(erased: ShownErased) -> Message:
    """Where the card was. What the bot posted under it is deleted."""
    code = escape(erased.case_code)
    return Message(
        f"{code}: the record was erased",
        [
            section(f"*The record of case {code} was erased* {when(erased.at)}."),
            small_print(
                f"{_WHY[erased.because]} Careloop can read nothing of it any more and keeps "
                "nothing that is written here."
            ),
        ],
    )


def draw_erased_for_person(erased: ShownErased) -> Message:
    """By direct message to each of the two: what is left for them to do."""
    code = escape(erased.case_code)
    thread = "its thread"
    if erased.thread_link is not None:
        thread = f"<{erased.thread_link}|its thread>"
    return Message(
        f"{code}: the record was erased",
        [
            section(
                f"*The record of case {code} was erased* {when(erased.at)}.",
                f"{_WHY[erased.because]} Careloop can read nothing of it any more, and deletes "
                "what it posted.",
                f"What you wrote in {thread} is still in Slack. Please delete it there.",
            )
        ],
    )
