"""The digest: what waits for one person today, each line settled in its place.

A direct message: it carries the case code and what is due, nothing clinical.
"""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.care.checkins import CheckInKind, CheckInState, is_about_a_session
from bot.care.referral import Step
from bot.shown.case import ShownDigest, ShownLine
from bot.views import digest_words
from bot.views.carried import AboutCheckIn, AboutPlanVersion, AboutReferral, Action
from bot.views.digest_licences import draw_licences, in_few_words
from bot.views.message import Message, actions, are_you_sure, button, link, section
from bot.views.text import counted, escape

_MOST_IN_OVERVIEW = 12
# Slack's limit of blocks is 50: two a line, and a few around them and for licences.
_MOST_LINES = 20


def draw_digest(digest: ShownDigest) -> Message:
    """By direct message at the start of the working day; redrawn as its lines are settled."""
    asked = [line for line in digest.lines if not line.is_overview]
    told = [line for line in digest.lines if line.is_overview]
    blocks: list[Block] = []
    if asked:
        blocks.append(section(f"*{_title(asked, digest)}*"))
    for line in asked[:_MOST_LINES]:
        blocks += _line(line, digest.reader)
    if told:
        blocks += _overview(told)
    blocks += draw_licences(digest.licences, digest.reader)
    return Message(_fallback(digest, told), blocks)


def _title(asked: list[ShownLine], digest: ShownDigest) -> str:
    waiting = len(digest.waiting)
    done = sum(1 for line in asked if line.state is not CheckInState.OPEN)
    if not waiting:
        return "All done, thank you." if done == len(asked) else "Nothing waits for you now."
    first = f"{counted(waiting, 'thing')} {'waits' if waiting == 1 else 'wait'} for you"
    return f"{first}, {done:,} done" if done else first


def _fallback(digest: ShownDigest, told: list[ShownLine]) -> str:
    """What a locked phone shows: codes and what is due."""
    first = next(iter(digest.waiting), None)
    if first is not None:
        rest = len(digest.waiting) - 1
        more = f", and {rest:,} more" if rest else ""
        return f"{escape(first.case_code)}: {digest_words.short(first)}{more}"
    overdue = [line for line in told if line.state is CheckInState.OPEN]
    if overdue:
        more = f" and {len(overdue) - 1:,} more" if len(overdue) > 1 else ""
        return f"Overdue this week: {escape(overdue[0].case_code)}{more}"
    ends = next((one for one in digest.licences if not one.is_renewed), None)
    return in_few_words(ends, digest.reader) if ends else "Nothing waits for you now"


def _line(line: ShownLine, reader: str) -> list[Block]:
    """One case: what is due, since when, and the buttons that settle it."""
    if line.state is not CheckInState.OPEN:
        return [section(digest_words.settled(line))]
    said = section(*digest_words.asked(line, reader))
    if line.rests_until is not None:
        return [said]
    return [said, *actions(_buttons(line))]


def _buttons(line: ShownLine) -> list[ButtonElement]:
    about = AboutCheckIn(checkin_id=line.checkin_id)
    code = line.case_code
    found: list[ButtonElement] = []
    if line.kind is CheckInKind.STEP and is_about_a_session(line.step):
        found += [
            button(
                Action.LOG_FROM_DIGEST,
                "Log session",
                about,
                says=f"Log a session of {code}",
                style="primary",
            ),
            button(Action.NO_SHOW, "No-show", about, says=f"No-show in {code}"),
        ]
    elif line.kind is CheckInKind.STEP:
        found += _step_buttons(line)
    elif line.kind in {CheckInKind.WEEKLY, CheckInKind.JOINT}:
        found.append(
            button(Action.ALL_WELL, "All well", about, says=f"All well in {code}", style="primary")
        )
    elif line.kind is CheckInKind.PROPOSAL and line.version_id:
        found.append(
            button(
                Action.SEE_PROPOSAL,
                "See and answer",
                AboutPlanVersion(version_id=line.version_id),
                says=f"See the change of {code} and answer it",
                style="primary",
            )
        )
    elif line.kind is CheckInKind.PLAN:
        found.append(button(Action.SEEN, "Dealt with", about, says=f"{code} is dealt with"))
    elif line.kind is CheckInKind.SILENT:
        found.append(button(Action.SEEN, "I take care of it", about, says=f"I take care of {code}"))
    if _may_wish(line):
        found.append(button(Action.WISH, "Change plan", about, says=f"Change the plan of {code}"))
    found += [
        button(Action.TOMORROW, "Tomorrow", about, says=f"Ask about {code} tomorrow"),
        button(Action.SNOOZE, "Later", about, says=f"Put {code} off until a day"),
    ]
    return found + link(Action.OPEN_THREAD, "Open the thread", line.thread_link)


def _step_buttons(line: ShownLine) -> list[ButtonElement]:
    """As on the case's card: what answers the step."""
    about = AboutReferral(referral_id=line.referral_id)
    code = line.case_code
    if line.step is Step.ANSWER:
        return [
            button(Action.ACCEPT, "Accept", about, says=f"Accept {code}", style="primary"),
            button(Action.DECLINE, "Decline", about, says=f"Decline {code}"),
        ]
    if line.step is Step.CLEAR_HOLD:
        return [
            button(Action.ANSWER_HOLD, "Clear the hold", about, says=f"Clear the hold of {code}")
        ]
    if line.step is Step.REFER_ELSEWHERE:
        sure = are_you_sure(
            "Close this case?", "It ends here, and nothing more will be due.", "Close", "Keep open"
        )
        return [button(Action.CLOSE, "Close", about, says=f"Close {code}", confirm=sure)]
    return []


def _may_wish(line: ShownLine) -> bool:
    """A plan can be wished otherwise once there is one that both work by."""
    if line.kind is CheckInKind.STEP:
        return is_about_a_session(line.step)
    return line.kind in {CheckInKind.WEEKLY, CheckInKind.JOINT}


def _overview(told: list[ShownLine]) -> list[Block]:
    """For a coordinator, once a week: what is overdue, with whom, since when."""
    lines = [digest_words.overdue(line) for line in told[:_MOST_IN_OVERVIEW]]
    rest = len(told) - _MOST_IN_OVERVIEW
    if rest > 0:
        lines.append(f"and {rest:,} more on the Home tab of Careloop.")
    return [section("*Overdue this week*"), section(*lines)]
