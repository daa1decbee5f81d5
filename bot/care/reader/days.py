"""Days as people name them: weekdays, dates, "yesterday", "the 14th"."""

from datetime import date, timedelta

from .note import Note
from .tokens import Kind, Token
from .wordsets import set_of

_DAYS = {"mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}


_MONTHS = {
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


_DAY_WORDS = set_of("tomorrow yesterday last today todays this just earlier")


_DATED = (Kind.ISO_DATE, Kind.FRACTION, Kind.ORDINAL)


def find_days(note: Note) -> list[Day]:
    """Every day named in the note."""
    days: list[Day] = []
    words, posted = note.words, note.posted_on
    topics = {hit.start: hit for hit in note.topics if hit.code in ("DAY", "MONTH")}
    index = 0
    while index < len(words):
        topic = topics.get(index)
        if (
            topic is None
            and words[index] not in _DAY_WORDS
            and note.tokens[index].kind not in _DATED
        ):
            index += 1
            continue
        day = _day_at(note, index, topic, posted)
        if day is not None:
            days.append(day)
            index = max(day.end, index + 1)
        else:
            index += 1
    return days


def _day_at(note: Note, index: int, topic: object, posted: date) -> Day | None:
    words = note.words
    word = words[index]
    token = note.tokens[index]
    after = words[index + 1 : index + 4]
    if token.kind is Kind.ISO_DATE:
        return _iso(note, index)
    if token.kind is Kind.FRACTION and _could_be_date(note, index, token):
        return _slashed(token, index, posted)
    if word == "tomorrow":
        ahead = posted + timedelta(
            days=2
            if words[index - 3 : index] == ["day", "after"]
            or words[max(0, index - 2) : index] == ["day", "after"]
            else 1
        )
        return Day(index, index + 1, None, ahead)
    if word == "yesterday":
        back = 2 if words[max(0, index - 2) : index] == ["day", "before"] else 1
        return Day(index, index + 1, posted - timedelta(days=back), None)
    if word == "last" and after[:1] in (["night"], ["evening"]):
        return Day(index, index + 2, posted - timedelta(days=1), None)
    if word in ("today", "todays") or (
        word == "this"
        and after[:1]
        and after[0] in ("morning", "afternoon", "evening", "am", "pm", "noon")
    ):
        return Day(
            index,
            index + (1 if word != "this" else 2),
            posted,
            posted if word == "tonight" else None,
        )
    if (
        word == "just"
        and after[:1]
        and after[0]
        in (
            "finished",
            "saw",
            "did",
            "completed",
            "wrapped",
            "done",
            "treated",
            "ended",
            "now",
            "left",
            "seen",
        )
    ):
        return Day(index, index + 2, posted, None)
    if word == "earlier" and after[:1] == ["today"]:
        return Day(index, index + 2, posted, None)
    if topic is not None:
        name = words[index]
        if (
            name[:2] in _DAYS
            and name[:3] not in _MONTHS
            and token.kind is Kind.WORD
            and (
                name[:3] in ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "wen", "tus")
                or name in ("th", "tu", "thr")
            )
        ):
            return _weekday(note, index, posted)
        return _month_day(note, index, posted)
    if (
        token.kind is Kind.ORDINAL
        and words[index - 1 : index] == ["the"]
        and 1 <= token.value <= 31
        and after[:1]
        and after[0] in _AFTER_DAY_OF_MONTH
    ):
        return _day_of_month(token, index, posted)
    return None


_AFTER_DAY_OF_MONTH = set_of(", . ; \\n at for ) ] | ! ? and with we was - /") | {"\n"}


def _iso(note: Note, index: int) -> Day | None:
    token = note.tokens[index]
    try:
        named = date.fromisoformat(note.text[token.start : token.end])
    except ValueError:
        return None
    ahead = named if named > note.posted_on else None
    return Day(index, index + 1, named if named <= note.posted_on else None, ahead)


# "23/7" and "22/24" are hours of wear, "3/4" may be a quarter: a date only where one is led up to.
_HOURS_OR_QUARTERS = (4, 7, 24)


_LEADS_TO_DATE = set_of("on back next for seen visit session date of until : appt")


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


def _could_be_date(note: Note, index: int, token: Token) -> bool:
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
    if token.word == "#/10":
        if _recent_tenth(note, index, token):
            return True
        before = note.words[max(0, index - 2) : index]
        return bool(
            {
                "on",
                "seen",
                "date",
                "next",
                "back",
                "dos",
                "for",
                "session",
                "resched",
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


def _slashed(token: Token, index: int, posted: date) -> Day | None:
    month, day = int(token.value), int(token.over)
    if token.third:
        year = int(token.third) + (2000 if token.third < 100 else 0)
        named = safe_date(year, month, day)
        if named is None:
            return None
        return Day(
            index, index + 1, named if named <= posted else None, named if named > posted else None
        )
    return Day(index, index + 1, _latest(month, day, posted), _soonest(month, day, posted))


def safe_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has none (30 February)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _latest(month: int, day: int, posted: date) -> date | None:
    this = safe_date(posted.year, month, day)
    return this if this and this <= posted else safe_date(posted.year - 1, month, day)


def _soonest(month: int, day: int, posted: date) -> date | None:
    this = safe_date(posted.year, month, day)
    return this if this and this > posted else safe_date(posted.year + 1, month, day)


_SITTING = set_of("her him them up down with on in for there me quietly exposure screen burn light")


def _weekday(note: Note, index: int, posted: date) -> Day | None:
    words = note.words
    if (
        words[index] in ("sat", "sun")
        and words[index + 1 : index + 2]
        and words[index + 1] in _SITTING
    ):
        return None
    wanted = _DAYS.get(words[index][:2], 2)
    ahead = (wanted - posted.weekday() - 1) % 7 + 1
    behind = (posted.weekday() - wanted) % 7
    end = index + 1
    around = words[max(0, index - 3) : index] + words[index + 1 : index + 3]
    forward = posted + timedelta(days=ahead)
    if "week" in around and ("after" in around):
        forward = forward + timedelta(days=7)
    elif (
        words[index + 1 : index + 3] == ["next", "week"]
        or words[max(0, index - 2) : index] == ["next", "week"]
        or words[max(0, index - 3) : index] == ["next", "week", "on"]
    ):
        monday = posted - timedelta(days=posted.weekday()) + timedelta(days=7)
        forward = monday + timedelta(days=wanted)
        end = index + 3 if words[index + 1 : index + 2] == ["next"] else end
    dated = index + 1 + (words[index + 1 : index + 2] == [","])
    if dated < len(words):
        token = note.tokens[dated]
        if token.kind is Kind.FRACTION and 1 <= token.value <= 12 and 1 <= token.over <= 31:
            slashed = _slashed(token, dated, posted)
            if slashed is not None:
                slashed.start = index
                return slashed
        if token.kind is Kind.ORDINAL:
            numbered = _day_of_month(token, dated, posted)
            if numbered is not None:
                numbered.start = index
                return numbered
        if words[dated][:3] in _MONTHS:
            named = _month_day(note, dated, posted)
            if named is not None:
                named.start = index
                return named
        if (
            words[dated] == "the"
            and dated + 1 < len(words)
            and note.tokens[dated + 1].kind is Kind.ORDINAL
        ):
            numbered = _day_of_month(note.tokens[dated + 1], dated + 1, posted)
            if numbered is not None:
                numbered.start = index
                return numbered
    return Day(index, end, posted - timedelta(days=behind), forward, weekday=True)


def _month_day(note: Note, index: int, posted: date) -> Day | None:
    words, tokens = note.words, note.tokens
    for at in (index, index + 1, index + 2, index + 3):
        if at < len(words) and words[at][:3] in _MONTHS and tokens[at].kind is Kind.WORD:
            month = _MONTHS[words[at][:3]]
            after = at + 1 + (words[at + 1 : at + 2] == ["the"]) + (words[at + 1 : at + 2] == ["."])
            if (
                after < len(words)
                and tokens[after].kind in (Kind.NUMBER, Kind.ORDINAL)
                and 1 <= tokens[after].value <= 31
            ):
                day, start, end = int(tokens[after].value), at, after + 1
            else:
                before = at - 1 - (words[at - 1 : at] == ["of"])
                if (
                    before >= 0
                    and tokens[before].kind in (Kind.NUMBER, Kind.ORDINAL)
                    and 1 <= tokens[before].value <= 31
                ):
                    day, start, end = int(tokens[before].value), before, at + 1
                else:
                    return None
            return Day(start, end, _latest(month, day, posted), _soonest(month, day, posted))
    return None


def _day_of_month(token: Token, index: int, posted: date) -> Day | None:
    day = int(token.value)
    back = forward = None
    year, month = posted.year, posted.month
    for step in range(-2, 4):
        shifted = month - 1 + step
        named = safe_date(year + shifted // 12, shifted % 12 + 1, day)
        if named and named <= posted:
            back = named
        if named and named > posted and forward is None:
            forward = named
    return Day(index, index + 1, back, forward)
