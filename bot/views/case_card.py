"""The case card: the top of a referral's thread, always true."""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.care.referral import Move, ReferralState, Step
from bot.shown.case import ShownCase, ShownConcern
from bot.views import case_words, concern_words, progress_words, session_words
from bot.views.carried import AboutConcern, AboutMove, AboutNext, AboutReferral, Action
from bot.views.course_words import WORDS
from bot.views.directory_words import reasons_line
from bot.views.message import (
    Message,
    actions,
    are_you_sure,
    button,
    header,
    section,
    small_print,
)
from bot.views.request_words import file_links
from bot.views.text import counted, escape, lowered, mention, shorten, when

_MOST_CONCERNS = 5
_LONGEST_REQUEST = 300
_ANSWERABLE = {ReferralState.REQUESTED, ReferralState.INFO_NEEDED}


def draw_case_card(case: ShownCase) -> Message:
    """Where the case stands, who is on it, what is next, and what can be done."""
    blocks: list[Block] = [
        header(f"Case {case.case_code}"),
        section(
            f"*{case_words.STANDS[case.state]}*",
            escape(case.indication.label),
            case_words.sessions_line(case),
            case_words.plan_line(case),
            f"Surgeon {mention(case.surgeon)}",
            f"Therapist {mention(case.therapist)}",
        ),
    ]
    if case.next_step is not None:
        blocks.append(section(case_words.next_line(case.next_step)))
    blocks += _around(case)
    if case.files:
        blocks.append(section(files_line(case)))
    blocks += _progress(case)
    if case.plan_asked is not None:
        asked = escape(shorten(case.plan_asked.request, _LONGEST_REQUEST))
        blocks.append(
            section(
                f"*{mention(case.therapist)} asks to change the plan*, "
                f"{session_words.day(case.plan_asked.day)}",
                f"\u201c{asked}\u201d",
            )
        )
    if case.patient_says is not None:
        blocks.append(
            section(
                f"*The patient, in session {case.patient_says.session:,}*",
                session_words.feedback_line(case.patient_says.fields),
            )
        )
    blocks += _concerns(case.concerns)
    blocks += actions(_buttons(case))
    if case.state.takes_updates:
        blocks.append(
            small_print(
                "To send a session update, reply in this thread. "
                "To raise a concern, start your reply with `concern:`."
            )
        )
    return Message(_fallback(case), blocks)


def _around(case: ShownCase) -> list[Block]:
    """The case before, the visit to come, and who could be asked next."""
    lines = []
    if case.continues:
        lines.append(f"Goes on from {escape(case.continues)}")
    if case.visit_at is not None and case.state.is_treatment_under_way:
        lines.append(f"Next visit {when(case.visit_at)}")
    if case.state is ReferralState.DECLINED and case.next_therapist is not None:
        lines.append(
            f"Next could be {mention(case.next_therapist.person)}: "
            f"{lowered(reasons_line(case.next_therapist.reasons))}"
        )
    return [section(*lines)] if lines else []


def files_line(case: ShownCase) -> str:
    """The surgeon's files: links for the two, else only how many."""
    if case.file_links:
        return f"*Files of the referral:* {file_links(case.file_links)}"
    return f"{counted(case.files, 'file')} of the referral: see _Patient details_."


def _fallback(case: ShownCase) -> str:
    """The code and what is due."""
    due = f": {lowered(case.next_step.step.label)}" if case.next_step is not None else ""
    return f"Case {escape(case.case_code)}{due}"


def _progress(case: ShownCase) -> list[Block]:
    """The last session beside the first and the one before, once there are two."""
    lines = progress_words.last_lines(case.last_session) if case.last_session else []
    return [section(*lines)] if lines else []


def _concerns(concerns: tuple[ShownConcern, ...]) -> list[Block]:
    blocks: list[Block] = [
        section(
            concern_words.first_of_all(concern),
            f"*{concern_words.title(concern)}, {concern_words.standing(concern)}*",
            concern_words.raised_line(concern),
            *concern_words.rule_lines(concern),
            accessory=button(
                Action.READ_CONCERN,
                "Read",
                AboutConcern(concern_id=concern.id),
                says=f"Read the {concern_words.title(concern).lower()}",
            ),
        )
        for concern in concerns[:_MOST_CONCERNS]
    ]
    rest = len(concerns) - _MOST_CONCERNS
    if rest > 0:
        blocks.append(section(f"*{counted(rest, 'more concern')}* in this thread."))
    return blocks


def _buttons(case: ShownCase) -> list[ButtonElement]:
    about = AboutReferral(referral_id=case.referral_id)
    code = case.case_code
    found: list[ButtonElement] = []
    if case.state in _ANSWERABLE:
        found.append(button(Action.ACCEPT, "Accept", about, says=f"Accept {code}", style="primary"))
        found.append(button(Action.DECLINE, "Decline", about, says=f"Decline {code}"))
    found += _next_move(case)
    found.append(
        button(Action.SEE_PATIENT, "Patient details", about, says=f"Patient details of {code}")
    )
    if case.state is ReferralState.ON_HOLD:
        found.append(
            button(Action.ANSWER_HOLD, "Clear the hold", about, says=f"Clear the hold of {code}")
        )
    if case.state.takes_updates:
        found.append(
            button(Action.LOG_SESSION, "Log a session", about, says=f"Log a session of {code}")
        )
    if case.state is not ReferralState.REQUESTED:
        found.append(button(Action.SEE_PLAN, "Plan", about, says=f"Treatment plan of {code}"))
    if case.state.takes_updates:
        found.append(button(Action.RHYTHM, "Check-ins", about, says=f"Check-ins of {code}"))
    if case.last_session is not None:
        found.append(button(Action.TREND, "Trend", about, says=f"Trend of {code}"))
        found.append(
            button(Action.REPORT, "Progress report", about, says=f"Progress report of {code}")
        )
    if not case.state.is_final:
        found.append(
            button(
                Action.RAISE_CONCERN, "Raise a concern", about, says=f"Raise a concern in {code}"
            )
        )
    if case.state is ReferralState.DECLINED:
        sure = are_you_sure(
            "Close this case?", "It ends here, and nothing more will be due.", "Close", "Keep open"
        )
        found.append(button(Action.CLOSE, "Close", about, says=f"Close {code}", confirm=sure))
    if case.state.is_final:
        found.append(button(Action.SEE_LIFE, "What was done", about, says=f"Life of {code}"))
        found.append(button(Action.REFER_AGAIN, "Refer again", about, says=f"Refer again {code}"))
    else:
        found.append(button(Action.MORE, "More", about, says=f"More about {code}"))
    return found


def _next_move(case: ShownCase) -> list[ButtonElement]:
    """The move that is due next, where it has a form of its own."""
    if case.state is ReferralState.DECLINED and case.next_therapist is not None:
        asked = AboutNext(referral_id=case.referral_id, person_id=case.next_therapist.person_id)
        text = "Ask the next therapist"
        return [
            button(Action.REFER_ON, text, asked, says=f"{text}: {case.case_code}", style="primary")
        ]
    waits = case.next_step is not None and case.next_step.step is Step.ANSWER_QUESTION
    move = Move.ANSWER_OUTCOME if waits else _NEXT_MOVES.get(case.state)
    if move is None:
        return []
    about = AboutMove(referral_id=case.referral_id, move=move.value)
    text = WORDS[move].button
    return [button(Action.MAKE_MOVE, text, about, says=f"{text}: {case.case_code}")]


_NEXT_MOVES = {
    ReferralState.REQUESTED: Move.ASK_INFORMATION,
    ReferralState.INFO_NEEDED: Move.GIVE_INFORMATION,
    ReferralState.ACCEPTED: Move.BOOK,
    ReferralState.CANCEL_REQUESTED: Move.CONFIRM_CANCEL,
    ReferralState.COMPLETED: Move.REVIEW,
    ReferralState.NOT_COMPLETED: Move.REVIEW,
}
