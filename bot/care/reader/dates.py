"""Days as people name them: the day of the session, and the next visit."""

from datetime import date, timedelta

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note, Talk
from .tokens import Kind, Token
from .wordsets import set_of

_DAYS = {"mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}
_MONTHS = {
    m: i
    for i, m in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
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


def find_days(note: Note) -> list[Day]:
    """Every day named in the note."""
    days: list[Day] = []
    words, posted = note.words, note.posted_on
    topics = {hit.start: hit for hit in note.topics if hit.code in ("DAY", "MONTH")}
    index = 0
    while index < len(words):
        day = _day_at(note, index, topics.get(index), posted)
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
    if word in ("today", "todays", "tonight") or (
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
        and after[0] not in ("session", "visit", "treatment", "tx", "time", "week", "day", "one")
    ):
        return _day_of_month(token, index, posted)
    return None


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
        before = note.words[max(0, index - 2) : index]
        return bool(
            {
                "on",
                "seen",
                "date",
                "next",
                "back",
                "visit",
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
        named = _safe(year, month, day)
        if named is None:
            return None
        return Day(
            index, index + 1, named if named <= posted else None, named if named > posted else None
        )
    return Day(index, index + 1, _latest(month, day, posted), _soonest(month, day, posted))


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _latest(month: int, day: int, posted: date) -> date | None:
    this = _safe(posted.year, month, day)
    return this if this and this <= posted else _safe(posted.year - 1, month, day)


def _soonest(month: int, day: int, posted: date) -> date | None:
    this = _safe(posted.year, month, day)
    return this if this and this > posted else _safe(posted.year + 1, month, day)


def _weekday(note: Note, index: int, posted: date) -> Day:
    words = note.words
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
        named = _safe(year + shifted // 12, shifted % 12 + 1, day)
        if named and named <= posted:
            back = named
        if named and named > posted and forward is None:
            forward = named
    return Day(index, index + 1, back, forward)


# -- the next visit

_NOT_MINE = set_of(
    """
    you your surgeon surgeons md doctor dr doctors ortho pcp physician clinic neurologist u
    yours imaging scan mri doppler lab labs
    """
)


def read_next_visit(note: Note, draft: Draft, days: list[Day]) -> set[int]:
    """Fill `next_visit`; give the tokens of all days that look forward."""
    used: set[int] = set()
    cues = [hit for hit in note.found.get("visit", ()) if hit.code == "booked"]
    best: tuple[int, date, int, int] | None = None
    for cue in cues:
        found = _after_cue(note, cue.start, cue.end, days)
        if found is None:
            continue
        when, start, end = found
        used.update(range(start, end))
        if note.talk[cue.start] & (Talk.ASKED | Talk.OTHER | Talk.WARNED) or _for_others(
            note, cue.start, end
        ):
            continue
        rank = start - cue.end
        if best is None or ((rank, cue.start) < (best[0], cue.start) and best[2] > start):
            best = (rank, when, start, end)
    if best is not None:
        draft.put(FieldName.NEXT_VISIT, best[1].isoformat(), best[2], best[3])
    return used


def _for_others(note: Note, start: int, end: int) -> bool:
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
        if i > 0
    )
    return with_you or "youll" in own or "your" in own


def _after_cue(note: Note, start: int, end: int, days: list[Day]) -> tuple[date, int, int] | None:
    words = note.words
    limit = min(end + 9, note.sentence(start).end + (4 if end == note.sentence(start).end else 0))
    for index in range(max(end - 1, start), limit):
        word = words[index]
        interval = _interval(note, index, end)
        if interval is not None:
            return interval
        day = next((d for d in days if d.start == index and d.forward is not None), None)
        if day is not None and day.forward is not None and index >= start:
            return day.forward, day.start, day.end
        if (
            word == ";"
            or (word == "," and index > end + 3)
            or (
                index > end
                and word in ("was", "mld", "last", "since", "pain", "at")
                and word != "at"
            )
        ):
            return None
    return None


def _interval(note: Note, index: int, cue_end: int) -> tuple[date, int, int] | None:
    """ "in 2 weeks", "in a week", "a week from today", "1 week", "2 wks"."""
    words, tokens, posted = note.words, note.tokens, note.posted_on
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
        named = _safe(year, month, day)
        if named:
            return named
    return date(year, month, min(posted.day, 28))


# -- the day of the session

_SESSION_WORDS = set_of(
    """
    seen saw did session visit tx treated treatment min minutes mld came completed done late
    entry worked massage note finished took place gave had performed swedish mfr hour
    appointment appt dos date sess entry progress treat received
    """
)
_ONSET = set_of(
    """
    since started starting began until woke wasnt from aspirated removed surgery sx op dos surg
    operated placed fell by fainted overnight wed-was before discharged prescribed
    """
)


def read_session_date(note: Note, draft: Draft, days: list[Day], forward: set[int]) -> None:
    """Fill `session_date` with the first day that the session is said to have been."""
    techniques = {hit.start for hit in note.found.get("technique", ())}
    best: tuple[int, Day] | None = None
    for day in days:
        if (
            day.back is None
            or not forward.isdisjoint(range(day.start, day.end))
            or note.talk[day.start] & (Talk.ASKED | Talk.OTHER | Talk.WARNED)
        ):
            continue
        rank = _rank(note, day, techniques)
        if rank is not None and (best is None or rank < best[0]):
            best = (rank, day)
    if best is not None and best[1].back is not None:
        draft.put(FieldName.SESSION_DATE, best[1].back.isoformat(), best[1].start, best[1].end)


def _rank(note: Note, day: Day, techniques: set[int]) -> int | None:
    words = note.words
    word = words[day.start]
    sentence = note.sentence(day.start)
    before = words[max(sentence.start, day.start - 4) : day.start]
    after = words[day.end : min(sentence.end, day.end + 4)]
    if word in ("today", "todays", "this", "just", "earlier", "tonight"):
        if word in ("this", "tonight") and {
            "woke",
            "since",
            "started",
            "fever",
            "called",
            "texted",
        }.intersection(before + after[:2]):
            return 8 if word == "this" and "since" not in before else None
        if (
            word == "just"
            and words[day.start + 1] in ("saw", "seen", "left")
            and {"your", "you", "message", "that", "this", "the", "email"}.intersection(after[:2])
        ):
            return None
        if {"call", "due", "see-you", "starting", "from", "after"}.intersection(before[-1:]) or {
            "called",
            "texted",
            "messaged",
            "emailed",
            "phoned",
        }.intersection(before[-3:]):
            return None
        return 1
    if _ONSET.intersection(before[-3:]) or {
        "surgery",
        "sx",
        "procedure",
        "op",
        "surgical",
    }.intersection(after[:1]):
        return None
    if (
        note.talk[day.start] & Talk.RECALLED
        and "seen" not in before
        and "session" not in before + after
    ):
        return None
    if (
        {"last", "prior", "previous", "back"}.intersection(before[-1:])
        and word != "last"
        and not {"seen", "session", "saw"}.intersection(before)
    ):
        return None
    near = set(words[max(sentence.start, day.start - 8) : min(sentence.end, day.end + 10)])
    alone = sentence.end - sentence.start <= (day.end - day.start) + 2
    cued = bool(_SESSION_WORDS.intersection(near)) or any(
        sentence.start <= t < sentence.end for t in techniques
    )
    opening = day.start <= 2
    if word in ("yesterday", "last"):
        if {
            "fever",
            "chills",
            "woke",
            "fainted",
            "felt",
            "drain",
            "output",
            "was",
            "were",
            "temp",
            "pain",
            "call",
            "called",
            "texted",
        }.intersection(before[-4:]) and not {
            "seen",
            "session",
            "saw",
            "did",
            "visit",
            "treated",
        }.intersection(before + after):
            return None
        return 2 if cued or alone or opening else None
    if alone or (opening and (cued or not day.weekday)):
        return 2
    if cued and (
        not {"was", "were", "wasnt"}.intersection(before[-3:])
        or {"completed", "done", "seen", "treated", "held", "performed"}.intersection(before)
    ):
        return 3
    return None
