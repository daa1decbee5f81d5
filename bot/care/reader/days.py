"""Days as people name them: weekdays, dates, "yesterday", "the 14th"."""

from datetime import date, timedelta

from .dates import MONTHS, Day, could_be_date, iso, latest, safe_date, slashed, soonest
from .note import Note
from .tokens import Kind, Token
from .wordsets import set_of

_DAYS = {"mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}


_DAY_WORDS = set_of("tonight tomorrow yesterday last today todays this just earlier ago")


_HOURS_AGO = set_of("hour hours hr hrs h min mins minutes minute while")
_DATED = (Kind.ISO_DATE, Kind.FRACTION, Kind.ORDINAL)


def find_days(note: Note) -> list[Day]:
    """Every day named in the note."""
    days: list[Day] = []
    words, tokens, posted = note.words, note.tokens, note.posted_on
    topics = {hit.start: hit for hit in note.topics if hit.code in ("DAY", "MONTH")}
    end = 0
    for index, word in enumerate(words):
        if index < end or not (
            index in topics or word in _DAY_WORDS or tokens[index].kind in _DATED
        ):
            continue
        day = _day_at(note, index, topics.get(index), posted)
        if day is not None:
            days.append(day)
            end = day.end
    return days


_WEEKDAYS = set_of("mon tue wed thu fri sat sun")
_SESSIONS = set_of("session visit seen saw treated appointment appt")


def _of_session(note: Note, index: int) -> bool:
    """ "3rd session, last Wednesday": the day of the session itself."""
    start = max(note.sentence(index).start, index - 4)
    return not _SESSIONS.isdisjoint(note.words[start:index])


def _day_at(note: Note, index: int, topic: object, posted: date) -> Day | None:
    words = note.words
    word = words[index]
    token = note.tokens[index]
    after = words[index + 1 : index + 4]
    if token.kind is Kind.ISO_DATE:
        return iso(note, index)
    graded = note.topic_at.get(index - 1) in ("FIBROSIS", "SWELLING", "BRUISING")  # "fib 2/3"
    if token.kind is Kind.FRACTION and not graded and could_be_date(note, index, token):
        return slashed(token, index, posted)
    if word == "tomorrow" and words[index - 1 : index] == ["not"]:
        return None  # "ER, not tomorrow, now"
    if word == "tomorrow":
        ahead = posted + timedelta(
            days=2
            if words[index - 3 : index] == ["day", "after"]
            or words[max(0, index - 2) : index] == ["day", "after"]
            else 1
        )
        return Day(index, index + 1, None, ahead)
    if word == "ago":
        hours = words[index - 1] in _HOURS_AGO and index > 0
        return Day(index, index + 1, posted, None) if hours else None
    if word == "tonight":
        return Day(index, index + 1, posted, None)
    if word == "yesterday":
        back = 2 if words[max(0, index - 2) : index] == ["day", "before"] else 1
        return Day(index, index + 1, posted - timedelta(days=back), None)
    if word == "last" and after[:1] in (["night"], ["evening"], ["nights"]):
        return Day(index, index + 2, posted - timedelta(days=1), None)
    if word == "last" and after[:1] and after[0][:3] in _WEEKDAYS and _of_session(note, index):
        return _weekday(note, index + 1, posted)
    if word in ("today", "todays") or (word == "this" and after[:1] and after[0] in _PARTS_OF_DAY):
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
            and name[:3] not in MONTHS
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
        and words[index - 2 : index - 1] not in (["thats"], ["is"])  # "that's the 2nd"
        and 1 <= token.value <= 31
        and (not after or after[0] in _AFTER_DAY_OF_MONTH)
    ):
        return _day_of_month(token, index, posted)
    return None


_PARTS_OF_DAY = set_of("morning mornings afternoon afternoons evening evenings am pm noon")
_AFTER_DAY_OF_MONTH = set_of(", . ; \\n at for ) ] | ! ? and with we was - /") | {"\n"}


_SITTING = set_of(
    "w her him them up down with on in for there me quietly exposure screen burn light"
)


def _counts_visits(note: Note, index: int) -> bool:
    """ "Monday, 11th session": the number of the session, and no day of a month."""
    return note.topic_at.get(index + 1) == "SESSION"


def _weekday(note: Note, index: int, posted: date) -> Day | None:
    words = note.words
    if (
        words[index] in ("sat", "sun")
        and words[index + 1 : index + 2]
        and words[index + 1] in _SITTING
    ):
        return None
    if words[index] == "sat" and note.topic_at.get(index + 2) in ("MIN", "HOUR"):
        return None  # "sat 5 minutes, ok"
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
            figures = slashed(token, dated, posted)
            if figures is not None:
                figures.start = index
                return figures
        if token.kind is Kind.ORDINAL and not _counts_visits(note, dated):
            numbered = _day_of_month(token, dated, posted)
            if numbered is not None:
                numbered.start = index
                return numbered
        if words[dated][:3] in MONTHS:
            named = _month_day(note, dated, posted)
            if named is not None:
                named.start = index
                return named
        if (
            words[dated] == "the"
            and dated + 1 < len(words)
            and note.tokens[dated + 1].kind is Kind.ORDINAL
            and not _counts_visits(note, dated + 1)
        ):
            numbered = _day_of_month(note.tokens[dated + 1], dated + 1, posted)
            if numbered is not None:
                numbered.start = index
                return numbered
    return Day(index, end, posted - timedelta(days=behind), forward, weekday=True)


def _month_day(note: Note, index: int, posted: date) -> Day | None:
    words, tokens = note.words, note.tokens
    for at in (index, index + 1, index + 2, index + 3):
        if at < len(words) and words[at][:3] in MONTHS and tokens[at].kind is Kind.WORD:
            month = MONTHS[words[at][:3]]
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
            return Day(start, end, latest(month, day, posted), soonest(month, day, posted))
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
