"""The moves of a referral in plain words: what is offered, asked for, and said to both sides."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.course import FromTo, Outcome
from bot.care.referral import Move
from bot.shown.course import ShownMove
from bot.views.text import counted, escape, mention, when


@dataclass(frozen=True)
class MoveWords:
    """How a move is offered (`button`, `title`), explained and asked for (`label`), and how it is
    told: `said` follows the name of who made it, `due` is what a locked phone may show."""

    button: str
    title: str
    explains: str
    label: str
    submit: str
    said: str
    due: str


WORDS: dict[Move, MoveWords] = {
    Move.ASK_INFORMATION: MoveWords(
        "Ask a question",
        "Ask the surgeon",
        "The referral waits until it is answered; then you accept or decline.",
        "What do you need to know?",
        "Ask",
        "needs to know something first",
        "a question",
    ),
    Move.GIVE_INFORMATION: MoveWords(
        "Answer the question",
        "Answer",
        "The therapist then accepts or declines.",
        "Your answer",
        "Send",
        "answers",
        "the answer",
    ),
    Move.HOLD: MoveWords(
        "Put on hold",
        "Put on hold",
        "No massage until the surgeon clears it.",
        "In words, if you like",
        "Put on hold",
        "puts the treatment on hold",
        "on hold",
    ),
    Move.CANCEL: MoveWords(
        "Cancel the referral",
        "Cancel the referral",
        "No session was given yet, so it ends here.",
        "In words, if you like",
        "Cancel the referral",
        "cancels the referral",
        "cancelled",
    ),
    Move.ASK_TO_CANCEL: MoveWords(
        "Ask to end the treatment",
        "End the treatment",
        "Sessions were given, so the therapist is asked to confirm. You can take it back.",
        "In words, if you like",
        "Ask to end it",
        "asks to end the treatment",
        "please confirm the end",
    ),
    Move.TAKE_BACK_CANCEL: MoveWords(
        "Go on after all",
        "Go on after all",
        "Treatment goes on from where it stood.",
        "In words, if you like",
        "Go on",
        "takes it back: treatment goes on",
        "treatment goes on",
    ),
    Move.CONFIRM_CANCEL: MoveWords(
        "Confirm the end",
        "Confirm the end",
        "The treatment ends here.",
        "In words, if you like",
        "Confirm",
        "confirms: the treatment has ended",
        "the treatment has ended",
    ),
    Move.CANNOT_FINISH: MoveWords(
        "I can't finish",
        "Can't finish",
        "The surgeon reviews it and decides how the patient goes on.",
        "In words, if you like",
        "Send",
        "can't finish the treatment",
        "could not be finished: please review",
    ),
    Move.ASK_ABOUT_OUTCOME: MoveWords(
        "Ask about the outcome",
        "Ask the therapist",
        "The case stays open until you have reviewed it.",
        "Your question",
        "Ask",
        "has a question about the outcome",
        "a question about the outcome",
    ),
    Move.ANSWER_OUTCOME: MoveWords(
        "Answer the question",
        "Answer",
        "The surgeon then reviews the outcome.",
        "Your answer",
        "Send",
        "answers",
        "the answer",
    ),
    Move.REVIEW: MoveWords(
        "Review",
        "Review the outcome",
        "With your word the loop is closed.",
        "Your word to the therapist",
        "Review and close",
        "has reviewed the outcome. The loop is closed",
        "reviewed and closed",
    ),
    Move.COMPLETE: MoveWords(
        "Finish with a report",
        "Outcome report",
        "The surgeon reviews it.",
        "",
        "Send the report",
        "has finished the treatment",
        "finished: please review the outcome",
    ),
    Move.BOOK: MoveWords(
        "Book a visit",
        "Book a visit",
        "Your session update is due on its evening.",
        "",
        "Book",
        "has booked a visit",
        "a visit is booked",
    ),
    Move.ACCEPT: MoveWords("Accept", "", "", "", "", "accepts the case", "accepted"),
    Move.DECLINE: MoveWords("Decline", "", "", "", "", "declines", "declined"),
    Move.CLOSE_DECLINED: MoveWords("Close", "", "", "", "", "closes the case", "closed"),
    Move.RESUME: MoveWords("Clear the hold", "", "", "", "", "clears the hold", "hold cleared"),
    Move.KEEP_HOLD: MoveWords("Keep", "", "", "", "", "keeps it on hold", "still on hold"),
    Move.REFER_ON: MoveWords(
        "Ask the next therapist", "", "", "", "", "asks another therapist", "referred on"
    ),
    Move.NAME_ANOTHER: MoveWords(
        "Name somebody else", "", "", "", "", "names somebody else", "goes on with somebody else"
    ),
    Move.CLOSE_FOR_ABSENT: MoveWords(
        "Close", "", "", "", "", "closes the case, as one of the two has left", "closed"
    ),
    Move.LOG_SESSION: MoveWords("", "", "", "", "", "logs a session", "a session"),
    Move.MISS_SESSION: MoveWords("", "", "", "", "", "reports a missed visit", "a missed visit"),
}


def said_line(move: ShownMove) -> str:
    """Who made the move, and the reason from the list. Mrkdwn."""
    words = WORDS[move.move]
    reason = f" {move.reason.label}." if move.reason is not None else ""
    visit = f": {when(_visit(move.words))}" if move.move is Move.BOOK else ""
    return f"{mention(move.by)} {words.said}{visit}.{reason}"


def _visit(written: str) -> datetime:
    return datetime.fromisoformat(written)


def numbers_lines(numbers: tuple[FromTo, ...]) -> list[str]:
    """`pain after 6 → 2, over 8 sessions`."""
    return [
        f"{escape(one.label)} {one.first:g} → {one.last:g}, over {counted(one.sessions, 'session')}"
        for one in numbers
    ]


def outcome_lines(outcome: Outcome) -> list[str]:
    """Sessions given against planned, the goals, and the numbers."""
    given = f"{outcome.sessions_given:,} of {counted(outcome.sessions_planned, 'session')} given"
    return [f"*{given}. Goals: {outcome.goals.label.lower()}.*", *numbers_lines(outcome.numbers)]
