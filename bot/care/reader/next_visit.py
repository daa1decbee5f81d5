"""The next visit to the therapist, resolved forward from the posting."""

from datetime import date, timedelta

from bot.care.codes import FieldName

from .dates import Day, safe_date
from .days import find_days
from .draft import Draft
from .note import Note, Talk
from .tokens import Kind
from .wordsets import set_of

_UNIT_DAYS = {
    "day": 1,
    "days": 1,
    "d": 1,
    "week": 7,
    "weeks": 7,
    "fortnight": 14,
    "wk": 7,
    "wks": 7,
    "w": 7,
}


_FORWARD = set_of(
    """
    next this coming following upcoming on for at the in is : - , by to , ( → again until visit
    session appt appointment = @ time tx scheduled set rebooked be due will
    """
)


_NOT_MINE = set_of(
    """
    you your surgeon surgeons md doctor dr doctors ortho pcp physician clinic neurologist u
    yours imaging scan mri doppler lab labs
    """
)


def read_next_visit(note: Note, draft: Draft, days: list[Day]) -> set[int]:
    """Fill `next_visit`; give the tokens of all days that look forward."""
    used: set[int] = set()
    cues = [
        hit
        for hit in note.found.get("visit", ())
        if hit.code == "booked" and hit.start not in note.quoted
    ]
    best: tuple[int, date, int, int] | None = None
    for cue in cues:
        found = _after_cue(note, cue.start, cue.end, days)
        if found is None:
            continue
        when, start, end = found
        used.update(range(start, end))
        if _not_a_booking(note, cue.start) or _for_others(note, cue.start, cue.end, end):
            continue
        rank = start - cue.end
        if best is None or ((rank, cue.start) < (best[0], cue.start) and best[2] > start):
            best = (rank, when, start, end)
    if best is None:
        best = _day_then_next(note, days) or _planned_day(note, days)
    if best is not None:
        used.update(range(best[2], best[3]))
        draft.put(FieldName.NEXT_VISIT, best[1].isoformat(), best[2], best[3])
    return used


def _day_then_next(note: Note, days: list[Day]) -> tuple[int, date, int, int] | None:
    """ "Sept 9 next": the day before its name, at the end of the sentence."""
    for day in days:
        end = note.sentence(day.start).end
        alone = day.end == end - 1 and note.words[day.end] in ("next", "rtc", "nv")
        if alone and day.forward is not None and not note.talk[day.start]:
            return 0, day.forward, day.start, day.end
    return None


def _planned_day(note: Note, days: list[Day]) -> tuple[int, date, int, int] | None:
    """ "P: Wed": a plan of nothing but a day."""
    for day in days:
        sentence = note.sentence(day.start)
        heading = note.words[sentence.start : day.start]
        alone = heading in (["p", ":"], ["plan", ":"]) and day.end >= sentence.end
        if alone and day.forward is not None:
            return 0, day.forward, day.start, day.end
    return None


def _not_a_booking(note: Note, index: int) -> bool:
    """Asked, warned of, or about somebody else; a relative may still make the appointment."""
    talk = note.talk[index]
    booked = note.words[index].startswith(("appoint", "appt", "book", "rebook", "resched", "new"))
    return bool(talk & (Talk.ASKED | Talk.WARNED)) or (bool(talk & Talk.OTHER) and not booked)


def _for_others(note: Note, start: int, cue_end: int, end: int) -> bool:
    sentence = note.sentence(start)
    left = max(sentence.start, start - 5)
    near = note.words[left:end] + note.words[end : min(sentence.end, end + 4)]
    if {
        "surgery",
        "procedure",
        "drain",
        "removal",
        "postop",
        "flight",
        "flying",
        "imaging",
        "scan",
        "mri",
        "work",
        "stitches",
        "sutures",
    }.intersection(near):
        return True
    own = note.words[max(sentence.start, start - 3) : start]
    with_you = any(
        word in _NOT_MINE
        and note.words[i - 1]
        in ("with", "w", "to", "sees", "see", "seeing", "the", "by", "/", "your", "at", "sees")
        and word not in ("clinic",)
        for i, word in enumerate(note.words[left : min(sentence.end, end + 4)], left)
        if i > 0 and not start <= i < cue_end
    )
    return with_you or "youll" in own or "your" in own


_BODY_BACK = set_of("her his low lower upper mid my full whole entire the your of to and")


def _after_cue(note: Note, start: int, end: int, days: list[Day]) -> tuple[date, int, int] | None:
    words = note.words
    if (
        words[start] == "back"
        and start
        and words[start - 1] in _BODY_BACK
        and not any(d.start <= end + 1 and d.start >= end for d in days)
    ):
        return None
    if words[start] == "back" and words[start - 1 : start] in (
        ["low"],
        ["lower"],
        ["upper"],
        ["mid"],
    ):
        return None  # "MLD to hips and low back Wednesday"
    if words[start] == "back" and words[end : end + 1] == ["from"]:
        return None  # "flew back from Cancun Sunday"
    limit = min(
        end + 9,
        note.sentence(start).end + (4 if end == note.sentence(start).end else 0),
        len(words),
    )
    for index in range(max(end - 1, start), limit):
        word = words[index]
        interval = _interval(note, index, end)
        if interval is not None:
            return interval
        day = next((d for d in days if d.start == index and d.forward is not None), None)
        if day is not None and words[index - 1] in ("from", "than", "since"):
            continue  # "rescheduled from Friday to today"
        if day is not None and _far_ahead(note, day):
            return None  # "visit 11 on Fri 7/31", posted on the 3rd of August
        if day is not None and day.forward is not None and index >= start:
            return day.forward, day.start, day.end
        if (
            word == ";"
            or (word == "," and index > end + 3)
            or (
                index > end
                and word
                in (
                    "seen",
                    "treated",
                    "session",
                    "was",
                    "mld",
                    "last",
                    "since",
                    "pain",
                    "did",
                    "had",
                    "saw",
                    "so",
                    "came",
                )
            )
        ):
            return None
    return None


_FAR_AHEAD = timedelta(days=183)
_LATELY = timedelta(days=31)


def _far_ahead(note: Note, day: Day) -> bool:
    """Whether a date is of these weeks, and no visit to come unless in another year."""
    if day.forward is None or day.back is None:
        return False
    return day.forward - note.posted_on > _FAR_AHEAD and note.posted_on - day.back < _LATELY


def _interval(note: Note, index: int, cue_end: int) -> tuple[date, int, int] | None:
    """ "in 2 weeks", "in a week", "a week from today", "1 week", "2 wks"."""
    words, tokens, posted = note.words, note.tokens, note.posted_on
    if words[index : index + 3] == ["a", "week", "from"] and index + 3 < len(words):
        from_day = next((d for d in find_days(note) if d.start == index + 3), None)
        if from_day is not None and from_day.weekday and from_day.forward is not None:
            return from_day.forward + timedelta(days=7), index, from_day.end
    at = index
    if words[at] in ("in", "after", "~", "about", "for") and at + 1 < len(words):
        at += 1
        if words[at] in ("about", "~", "approx", "approximately"):
            at += 1
    elif index > cue_end + 2:
        return None
    if at + 1 >= len(words):
        return None
    amount: float | None = None
    if words[at] in ("a", "one", "1") or words[at] == "another":
        amount = 1
    elif (
        tokens[at].kind is Kind.NUMBER
        and not tokens[at].plus
        and tokens[at].low in (0, tokens[at].value)
    ):
        amount = tokens[at].value
    elif words[at] in ("couple",):
        amount = 2
    if amount is None:
        return None
    unit = at + 1
    if words[unit] in ("couple", "of") and unit + 1 < len(words):
        amount = 2
        unit += 1 + (words[unit + 1] == "of")
    if unit < len(words) and words[unit] == "-":
        unit += 1
    if unit >= len(words):
        return None
    days = _UNIT_DAYS.get(words[unit])
    from_today = words[unit + 1 : unit + 3] in (["from", "today"], ["from", "now"])
    led = words[index] in ("in", "after") or from_today or index <= cue_end + 1
    if words[unit] in ("month", "months", "mo"):
        return (_add_months(posted, int(amount)), index, unit + 1) if led else None
    if (
        days is None
        or not led
        or words[unit + 1 : unit + 2] in (["ago"], ["post"], ["postop"], ["out"])
    ):
        return None
    if words[unit + 1 : unit + 2] and words[unit + 1] in ("a", "per", "/"):
        return None
    return posted + timedelta(days=int(amount * days)), index, unit + 1


def _add_months(posted: date, months: int) -> date:
    shifted = posted.month - 1 + months
    year, month = posted.year + shifted // 12, shifted % 12 + 1
    for day in range(posted.day, 27, -1):
        named = safe_date(year, month, day)
        if named:
            return named
    return date(year, month, min(posted.day, 28))
