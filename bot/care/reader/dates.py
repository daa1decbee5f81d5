"""Dates in figures: "11/3", "2026-11-03"."""

from datetime import date

from .note import Note
from .tokens import Token
from .wordsets import set_of

MONTHS = {
    m: i
    for i, m in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


class Day:
    """A day named at tokens `start` to `end`, read back and forward from the posting."""

    __slots__ = ("back", "end", "forward", "start", "weekday")

    def __init__(
        self,
        start: int,
        end: int,
        back: date | None,
        forward: date | None,
        *,
        weekday: bool = False,
    ) -> None:
        self.start, self.end, self.back, self.forward, self.weekday = (
            start,
            end,
            back,
            forward,
            weekday,
        )


def iso(note: Note, index: int) -> Day | None:
    token = note.tokens[index]
    try:
        named = date.fromisoformat(note.text[token.start : token.end])
    except ValueError:
        return None
    ahead = named if named > note.posted_on else None
    return Day(index, index + 1, named if named <= note.posted_on else None, ahead)


# "23/7" and "22/24" are hours of wear, "3/4" may be a quarter: a date only where one is led up to.
_HOURS_OR_QUARTERS = (4, 7, 24)


_LEADS_TO_DATE = set_of(
    "rtc rtn return recheck til till on back next for seen visit session date of until : appt"
)


_FOLLOWS_DATE = set_of("session visit , . | ] : - ; @ at tx slot mld")


_NOT_A_DATE_AFTER = set_of("grade sessions strength of hr h")


def _recent_tenth(note: Note, index: int, token: Token) -> bool:
    """ "8/10", posted on 11 August, and no score's name beside it."""
    day = safe_date(note.posted_on.year, int(token.value), 10)
    if day is None or not 0 <= (note.posted_on - day).days <= 4:
        return False
    if any(note.words[i : i + 1] == ["#/10"] for i in (index - 2, index + 2, index - 1)):
        return False
    named = ("PAIN", "SLEEP", "ANXIETY", "SATISFACTION", "PGIC")
    return (
        not any(note.topic_at.get(i) in named for i in range(index - 5, index + 4))
        and (
            note.words[index - 1 : index]
            not in (
                ["at"],
                ["a"],
                ["an"],
                ["in"],
                ["to"],
                ["from"],
                ["session"],
                ["visit"],
                ["tx"],
                ["№"],
            )
        )
        and note.words[index + 1 : index + 2]
        not in (["in"], ["out"], ["before"], ["after"], ["to"], ["→"])
    )


def could_be_date(note: Note, index: int, token: Token) -> bool:
    if "PGIC" in (note.topic_at.get(index - 1), note.topic_at.get(index - 2)):
        return False  # "PGIC: 5/7"
    if (
        not (1 <= token.value <= 12 and 1 <= token.over <= 31)
        or token.value != int(token.value)
        or token.over != int(token.over)
        or token.spelled
    ):
        return False
    text = note.text[token.start : token.end]
    if " " in text or "out" in text.lower() or "." in text:
        return False
    if note.words[index + 1 : index + 3] in (["→", "#/10"], [">", "#/10"], ["to", "#/10"]) or (
        note.words[max(0, index - 2) : index] in (["#/10", "→"], ["#/10", ">"], ["#/10", "to"])
    ):
        return False  # "low back 7/10 → 5/10"
    if token.word == "#/10":
        if _recent_tenth(note, index, token):
            return True
        before = note.words[max(0, index - 2) : index]
        if before[:1] == ["next"] and before[1:] != ["session"]:
            return True  # "next appointment 2/10"
        return bool(
            {
                "on",
                "seen",
                "date",
                "next",
                "back",
                "dos",
                "for",
                "resched",
                "rtc",
                "rtn",
                "return",
            }.intersection(before[-1:])
        ) and not any(
            t.code in ("PAIN", "SLEEP", "ANXIETY", "SATISFACTION") and 0 < index - t.start < 5
            for t in note.topics
        )
    before = note.words[index - 1 : index]
    if (
        before in (["session"], ["visit"], ["tx"], ["№"], ["treatment"], ["sess"])
        and token.value <= token.over
        and not token.third
    ):
        return before == ["visit"] and "next" in note.words[max(0, index - 3) : index]
    after = note.words[index + 1] if index + 1 < len(note.words) else ""
    if token.over not in _HOURS_OR_QUARTERS:
        return after not in _NOT_A_DATE_AFTER
    led = not before or before[0] in _LEADS_TO_DATE
    return (led and after not in ("hr", "h", "hours")) or (
        after in _FOLLOWS_DATE and not _garment_near(note, index)
    )


def _garment_near(note: Note, index: int) -> bool:
    return any(t.code == "GARMENT" and abs(t.start - index) < 8 for t in note.topics)


def slashed(token: Token, index: int, posted: date) -> Day | None:
    month, day = int(token.value), int(token.over)
    if token.third:
        year = int(token.third) + (2000 if token.third < 100 else 0)
        named = safe_date(year, month, day)
        if named is None:
            return None
        return Day(
            index, index + 1, named if named <= posted else None, named if named > posted else None
        )
    return Day(index, index + 1, latest(month, day, posted), soonest(month, day, posted))


def safe_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none (30 February)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def latest(month: int, day: int, posted: date) -> date | None:
    this = safe_date(posted.year, month, day)
    return this if this and this <= posted else safe_date(posted.year - 1, month, day)


def soonest(month: int, day: int, posted: date) -> date | None:
    this = safe_date(posted.year, month, day)
    return this if this and this > posted else safe_date(posted.year + 1, month, day)
