"""A move, told in the thread with what was said, and to the other side without it."""

from slack_sdk.models.blocks import Block

from bot.care.referral import Move
from bot.shown.case import ShownCase
from bot.shown.course import ShownMove
from bot.views import case_words
from bot.views.carried import Action
from bot.views.course_words import WORDS, outcome_lines, said_line
from bot.views.message import Message, actions, link, quoted, section
from bot.views.text import escape, mention


def draw_move_in_thread(case: ShownCase, move: ShownMove) -> Message:
    """Into the thread: who did what and why, and what is next."""
    blocks: list[Block] = [section(f"*{said_line(move)}*")]
    if move.outcome is not None:
        blocks.append(section(*outcome_lines(move.outcome)))
        blocks += quoted(move.outcome.answer)
        if move.outcome.advice:
            blocks += [section("*Advice*"), *quoted(move.outcome.advice)]
    elif move.words and move.move is not Move.BOOK:
        blocks += quoted(move.words)
    if case.next_step is not None and case.state is move.led_to:
        blocks.append(section(case_words.next_line(case.next_step)))
    return Message(_text(case, move), blocks)


def draw_move_for_person(case: ShownCase, move: ShownMove) -> Message:
    """By direct message to the other side: that something was done, and where to read it."""
    code = escape(case.case_code)
    lines = [f"*{code}:* {mention(move.by)} {WORDS[move.move].said}."]
    if case.next_step is not None and case.state is move.led_to:
        lines.append(case_words.next_line(case.next_step))
    return Message(
        _text(case, move),
        [section(*lines), *actions(link(Action.OPEN_THREAD, "Open the thread", case.thread_link))],
    )


def _text(case: ShownCase, move: ShownMove) -> str:
    return f"{escape(case.case_code)}: {WORDS[move.move].due}"
