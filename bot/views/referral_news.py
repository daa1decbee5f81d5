"""Messages about a new referral and its answer. Direct messages hold nothing clinical."""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.care.referral import ReferralState
from bot.shown.case import ShownCase
from bot.views import case_words
from bot.views.carried import AboutNext, Action
from bot.views.directory_words import reasons_line
from bot.views.message import Message, actions, button, link, quoted, section
from bot.views.text import escape, lowered, mention, when

_OPEN = "Open the thread"


def draw_referral_received(case: ShownCase) -> Message:
    """To the therapist, by direct message: somebody refers a patient to you."""
    code = escape(case.case_code)
    lines = [f"*New referral {code}*", f"{mention(case.surgeon)} refers a patient to you."]
    if case.state is not ReferralState.REQUESTED or case.next_step is None:
        lines.append(case_words.STANDS[case.state])
        return Message(f"Referral {code}", _with_link(case, lines))
    lines.append(f"Please accept or decline by {when(case.next_step.due)}.")
    return Message(f"New referral {code}: please accept or decline", _with_link(case, lines))


def draw_answer_in_thread(case: ShownCase, accepted: bool) -> Message:
    """Into the thread: the therapist has answered, and why if they declined."""
    code = escape(case.case_code)
    who = mention(case.therapist)
    if accepted:
        return Message(
            f"{code} was accepted", [section(f"*Accepted.* {who} takes this case.", *_next(case))]
        )
    blocks: list[Block] = [section(f"*Declined.* {who} can't take this case, because:")]
    blocks += quoted(case.decline_reason or "No reason is recorded.")
    if case.state is ReferralState.DECLINED:
        blocks.append(section(*_next(case), _how_on(case)))
        blocks += actions(refer_on_button(case))
    return Message(f"{code} was declined", blocks)


def draw_answer_for_surgeon(case: ShownCase, accepted: bool) -> Message:
    """To the surgeon, by direct message; the reason for a decline is in the thread."""
    code = escape(case.case_code)
    who = mention(case.therapist)
    if accepted:
        lines = [f"*{code} was accepted*", f"{who} takes the patient.", *_next(case)]
        return Message(f"{code} was accepted", _with_link(case, lines))
    lines = [
        f"*{code} was declined*",
        f"{who} can't take the patient. The reason is in the thread.",
    ]
    if case.state is ReferralState.DECLINED and case.next_step is not None:
        lines.append(f"Please refer elsewhere or close it by {when(case.next_step.due)}.")
    if case.state is ReferralState.DECLINED and case.next_therapist is not None:
        lines.append(f"Next could be {mention(case.next_therapist.person)}.")
    return Message(
        f"{code} was declined: please refer elsewhere or close it",
        [
            section(*lines),
            *actions(
                [
                    *refer_on_button(case),
                    *link(Action.OPEN_THREAD, _OPEN, case.thread_link),
                ]
            ),
        ],
    )


def refer_on_button(case: ShownCase) -> list[ButtonElement]:
    """One click asks the next therapist, with all contents kept."""
    if case.state is not ReferralState.DECLINED or case.next_therapist is None:
        return []
    about = AboutNext(referral_id=case.referral_id, person_id=case.next_therapist.person_id)
    return [button(Action.REFER_ON, "Ask the next therapist", about, style="primary")]


def _how_on(case: ShownCase) -> str:
    if case.next_therapist is None:
        return "Nobody else is free now. `/network` shows who could be asked, or close it."
    who, why = case.next_therapist.person, reasons_line(case.next_therapist.reasons)
    return f"Next could be {mention(who)}: {lowered(why)}. All contents are kept."


def _next(case: ShownCase) -> list[str]:
    return [case_words.next_line(case.next_step)] if case.next_step is not None else []


def _with_link(case: ShownCase, lines: list[str]) -> list[Block]:
    return [section(*lines), *actions(link(Action.OPEN_THREAD, _OPEN, case.thread_link))]
