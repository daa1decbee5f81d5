"""The day that the session took place."""

from datetime import timedelta

from bot.care.codes import FieldName

from .dates import Day
from .draft import Draft
from .note import Note, Talk
from .wordsets import set_of

_SESSION_WORDS = set_of(
    """
    seen saw did sesh session visit tx treated treatment min minutes mld came completed done late
    entry worked massage note finished took place gave had performed swedish mfr hour
    appointment appt dos date sess entry progress treat received
    """
)


_ONSET = set_of(
    """
    since started starting began until woke wasnt from aspirated removed surgery sx op dos surg
    operated placed fell rolled by fainted seized flared tweaked strained lifted flew traveled
    travelled hurt injured slipped twisted overnight wed-was before discharged prescribed spiked
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
        rank = _rank(note, draft, day, techniques)
        if rank is not None and (best is None or rank < best[0]):
            best = (rank, day)
    if best is not None and best[1].back is not None:
        draft.put(FieldName.SESSION_DATE, best[1].back.isoformat(), best[1].start, best[1].end)


_COMPARED = (["than"], ["there"])
_LONG_AGO = timedelta(days=183)
_NO_VISIT = (["no", "visit"], ["no", "session"], ["no", "appointment"], ["no", "appt"])
_TREATING = _SESSION_WORDS - set_of("came had gave late note date place entry progress")


_ENDED = set_of("finished completed saw treated ended wrapped")
_ASKED_FOR = set_of("please pls plz needs need should must asap")
_ELSEWHERE = set_of("sees seeing flies flying travels traveling travelling leaves trip wedding")
_CALLED = set_of("rang called texted phoned messaged wrote emailed")
_NOT_THIS = set_of("last previous prior next before since missed")
_CAME = set_of("saw seen treated session visit came did had")
_TOLD = set_of(
    "called texted messaged emailed phoned call due starting from after for until by new"
)


_ONSET_NEAR = set_of(
    "woke since started fever called texted chills fainted passed coughed began has"
)


def _rank_today(
    note: Note, draft: Draft, day: Day, before: list[str], after: list[str]
) -> int | None:
    """ "today" is the day of the session where there was one; "this morning" may be a sign's."""
    words = note.words
    word = words[day.start]
    if word == "todays" and note.topic_at.get(day.end) == "SESSION":
        return 1
    sentence = note.sentence(day.start)
    near = words[max(sentence.start, day.start - 12) : min(sentence.end, day.end + 12)]
    cued = bool(_SESSION_WORDS.intersection(near))
    held = any(
        name in draft
        for name in (
            FieldName.TECHNIQUES,
            FieldName.DURATION_MIN,
            FieldName.SESSION_NUMBER,
            FieldName.TOLERANCE,
        )
    )
    if word == "just" and _CALLED.intersection(before):
        return None  # "rang me just now"
    if word == "just":
        told = {"your", "you", "message", "that", "this", "the", "email"}.intersection(after[:2])
        return None if told and words[day.start + 1] in ("saw", "seen", "left") else 1
    if word == "this" and _sign_of_that_time(note, day):
        return None
    if word == "tonight":
        came = _CAME.intersection(words[max(sentence.start, day.start - 6) : day.start])
        return 1 if came and not {"get", "be"}.intersection(before) else None
    if _TOLD.intersection(before[-1:]) or before[-2:] in _NO_VISIT:
        return None
    clause = words[sentence.start : day.start]
    if "," in clause:
        clause = clause[len(clause) - clause[::-1].index(",") :]
    if not _ASKED_FOR.isdisjoint(clause) and not _TREATING - {"seen"} & set(clause):
        return None  # "pls see her today", "needs a doppler today"
    if word == "this" and before[-1:] == ["came"] and held:
        return 1  # "so she came this morning instead"
    if word == "this":
        opening = day.start <= 1 or sentence.end - sentence.start <= 3
        sudden = _ONSET_NEAR.intersection(before[-4:] + after[:2])
        return (
            1 if (bool(_TREATING.intersection(near)) and not sudden) or (opening and held) else None
        )
    return 1 if cued or held else None


def _since(before: list[str]) -> bool:
    """ "puffier since the drain came out Tue": when something began."""
    clause = before[len(before) - before[::-1].index(",") :] if "," in before else before
    return "since" in clause[-8:] and _TREATING.isdisjoint(clause)


def _sign_of_that_time(note: Note, day: Day) -> bool:
    """ "had a convulsion this morning, the ambulance came": no word of a session beside it."""
    sentence = note.sentence(day.start)
    signs = note.near(note.found.get("flag", []), max(sentence.start, day.start - 5), day.start)
    return bool(signs) and not _TREATING.intersection(note.words[sentence.start : day.start])


def _session_was(note: Note, day: Day) -> bool:
    """ "10th tx was the day before yesterday", "visit three with her, that was Sunday"."""
    words = note.words
    start = max(note.sentence(day.start).start, day.start - 14)
    if "was" not in words[max(start, day.start - 4) : day.start]:
        return False
    named = [t.start for t in note.topics if t.code == "SESSION" and start <= t.start < day.start]
    if not named or not _NOT_THIS.isdisjoint(words[max(start, named[-1] - 3) : named[-1]]):
        return False
    return not any(words[i].startswith("#") for i in range(named[-1] + 4, day.start))


def _rank(note: Note, draft: Draft, day: Day, techniques: set[int]) -> int | None:
    words = note.words
    word = words[day.start]
    sentence = note.sentence(day.start)
    before = words[max(sentence.start, day.start - 4) : day.start]
    after = words[day.end : min(sentence.end, day.end + 4)]
    if day.back is not None and note.posted_on - day.back > _LONG_AGO and after[:1] == ["next"]:
        return None
    taken = note.near(note.found.get("medicine", []), day.start - 2, day.start)
    if any(words[hit.start] not in ("started", "added") for hit in taken):
        return None  # "took the last oxy Thursday"
    if word == "ago":  # "finished her session an hour ago"
        told = _ENDED.intersection(words[sentence.start : day.start])
        return 1 if told and note.posted_on == day.back else None
    if word in ("today", "todays", "this", "just", "earlier", "tonight"):
        return _rank_today(note, draft, day, before, after)
    if _since(words[sentence.start : day.start]) or before[-1:] == ["closed"]:
        return None
    if _session_was(note, day):
        return 2
    if after[:1] == ["was"] and "SESSION" in (
        note.topic_at.get(day.end + 1),
        note.topic_at.get(day.end + 2),
        note.topic_at.get(day.end + 3),
    ):
        return 2  # "yesterday was visit number eight"
    came = before[-2:] in (["was", "in"], ["was", "here"], ["were", "in"], ["were", "here"])
    if came or (before[-1:] == ["was"] and after[:1] in (["in"], ["at"], ["here"])):
        return 3  # "she was in Sunday", "the patient was yesterday in my practice"
    if (
        _ONSET.intersection(before[-3:])
        or before[-2:] in (["came", "up"], ["size", "of"])
        or before[-1:] in _COMPARED
        or not _ELSEWHERE.isdisjoint(before)
        or {
            "surgery",
            "sx",
            "procedure",
            "op",
            "surgical",
        }.intersection(after[:1])
    ):
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
    if day.weekday and _sign_of_that_time(note, day):
        return None  # "had chills Saturday"
    alone = sentence.end - sentence.start <= (day.end - day.start) + 2
    cued = bool(_SESSION_WORDS.intersection(near)) or any(
        sentence.start <= t < sentence.end for t in techniques
    )
    opening = day.start <= 2
    if "you" in before and {"with", "by"}.intersection(before):
        return None  # "her drain came out with you on Tuesday"
    seen = {"saw", "seen"}.intersection(before) and {"patient", "pt"}.intersection(before)
    if (not seen and {"your", "office", "surgeon", "er", "hospital"}.intersection(before)) or (
        "you" in before and {"saw", "seen", "checked", "cleared", "drained"}.intersection(before)
    ):
        return None
    if before[-2:] == ["it", "was"] and {"session", "visit"}.intersection(
        words[max(sentence.start, day.start - 14) : day.start]
    ):
        return 2  # "this is visit 9, it was Thursday"
    if word in ("yesterday", "last"):
        if _sign_of_that_time(note, day):
            return None
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
            "told",
            "said",
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
        or {
            "completed",
            "done",
            "seen",
            "treated",
            "held",
            "given",
            "performed",
            "session",
            "visit",
            "treatment",
            "appointment",
        }.intersection(before)
    ):
        return 3
    return None
