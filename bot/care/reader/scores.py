"""Scores from 0 to 10: pain before and after, sleep, anxiety, satisfaction; and PGIC."""

from bisect import bisect_right

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note
from .score_places import SCORED, scores_in, shared, suffixed
from .score_roles import Role, Score, settle, sort_roles
from .tokens import Kind
from .unnamed_scores import earlier_and_later, unnamed


def read_scores(note: Note, draft: Draft) -> None:  # noqa: PLR0915
    """Fill the scored fields."""
    claimed = suffixed(note)
    topics = [hit for hit in note.topics if hit.code in SCORED or hit.code == "PGIC"]
    stops = {
        hit.start
        for hit in note.topics
        if hit.code
        not in (
            "OUTCOME_TODAY",
            "LAST",
            "SESSION",
            "DAY",
            "MONTH",
            "MIN",
            "HOUR",
            "PAIN",
            "INCH",
            "CM",
            "ML",
            "TEMP",
        )
    }
    stops |= {hit.start for hit in note.found.get("technique", ())}
    temp_stops = {
        hit.start
        for hit in note.topics
        if hit.code == "TEMP" and hit.end < len(note.words) and note.words[hit.end][0] in "#:=i"
    }
    stops |= temp_stops
    ordered = sorted(stops)
    of_others = sorted(stops | {hit.start for hit in topics if hit.code == "PAIN"})
    befores: list[Score] = []
    afters: list[Score] = []
    taken: set[int] = set(claimed)
    for index, scores_topic in claimed.items():
        topic = scores_topic
        if topic == "PAIN":
            sort_roles(
                [Score(index, note.tokens[index].value)],
                note,
                befores,
                afters,
                index - 3,
            )
        elif SCORED[topic] is not None:
            name = SCORED[topic]
            if name is not None:
                draft.put(name, _plain(note.tokens[index].value), index, index + 1)
    for position, hit in enumerate(topics):
        if hit.code == "PGIC":
            _pgic(note, draft, hit.end)
            continue
        pair = _paired(note, hit.end) if hit.code == "PAIN" else None
        if pair is not None:
            befores.append(pair[0])
            afters.append(pair[1])
            taken.add(pair[0].index)
            continue
        end = note.sentence(hit.start).end
        ends = ordered if hit.code == "PAIN" else of_others
        following = bisect_right(ends, hit.start)
        if following < len(ends):
            end = min(end, ends[following])
        scores = [
            s
            for s in scores_in(note, hit.end, end, 10 if hit.code == "PAIN" else 9)
            if s.index not in taken
        ]
        if not scores and hit.code != "PAIN" and position + 1 < len(topics):
            scores = shared(note, hit.end, topics[position + 1].start, topics[position + 1].end)
        if not scores and hit.code == "PAIN" and (none := _none_after(note, hit.end)) is not None:
            scores = [Score(none, 0)]
        if not scores:
            continue
        if hit.code == "PAIN":
            taken.update(s.index for s in scores)
            sort_roles(scores, note, befores, afters, hit.end)
        else:
            name = SCORED[hit.code]
            if name is None or name in draft:
                continue
            firsts: list[Score] = []
            lasts: list[Score] = []
            sort_roles(scores[:2], note, firsts, lasts, hit.end)
            best = (lasts or firsts)[-1]
            taken.add(best.index)
            draft.put(name, _plain(best.value), best.index, best.index + 1)
    if not (befores and afters):
        more_befores: list[Score] = []
        more_afters: list[Score] = []
        unnamed(note, taken, more_befores, more_afters)
        if not befores and not afters:
            befores, afters = more_befores, more_afters
        elif not afters:
            afters = [score for score in more_afters if score.role is Role.AFTER]
    if not befores and not afters:
        _lone_tenths(note, taken, befores, afters)
    settle(befores, afters)
    if not befores:
        earlier_and_later(note, taken, befores, afters)
    if befores and not afters and (gone := _gone_after(note, befores[-1].index)) is not None:
        afters.append(Score(gone, 0, Role.AFTER))
    for name, found in ((FieldName.PAIN_BEFORE, befores), (FieldName.PAIN_AFTER, afters)):
        if found:
            worst = max(found, key=lambda s: s.value)
            draft.put(name, _plain(worst.value), worst.index, worst.index + 1)


def _paired(note: Note, start: int) -> tuple[Score, Score] | None:
    """ "pain in/out: 5/3", "pain pre/post 6/2": both scores in one fraction."""
    for index in range(start, min(start + 6, note.sentence(start - 1).end)):
        token = note.tokens[index]
        if token.kind is Kind.FRACTION:
            named = " ".join(note.words[start:index]).rstrip(" :=-")
            fell = not named and token.word == "#/#" and 0 < token.over < token.value  # "NPRS 3/1"
            if (
                (fell or named in _BOTH_TIMES)
                and token.value <= 10
                and token.over <= 10
                and not token.third
            ):
                before = Score(index, token.value, Role.BEFORE)
                return before, Score(index, token.over, Role.AFTER)
            return None
    return None


_BOTH_TIMES = frozenset(
    (
        "in / out",
        "before / after",
        "pre / post",
        "start / end",
        "b / a",
        "b4 / after",
        "arrival / departure",
    )
)


def _none_after(note: Note, start: int) -> int | None:
    """ "pain none", "pain: nil": the word stands where the score would, and ends the thought."""
    at = start + (note.words[start : start + 1] in ([":"], ["-"], ["is"], ["="]))
    said = note.words[at : at + 1] in (["none"], ["nil"]) and note.is_now(at)
    ends = note.words[at + 1 : at + 2] in (
        [],
        ["."],
        [","],
        [";"],
        ["\n"],
        ["|"],
        ["today"],
        ["now"],
    )
    return at if said and ends else None


def _lone_tenths(note: Note, taken: set[int], befores: list[Score], afters: list[Score]) -> None:
    """ "9/10 and climbing", "8/10 throughout": tenths of nothing that is named are of pain."""
    scores: list[Score] = []
    if "ANXIETY" in note.topic_codes:
        return  # "anxiety 8/10. ... Left calmer, 5/10"
    for index in note.numbers:
        if note.words[index] != "#/10" or index in taken or not note.is_now(index):
            continue
        sentence = note.sentence(index)
        named = any(
            sentence.start <= t.start < sentence.end and (t.code in _NAMED or t.code in SCORED)
            for t in note.topics
        )
        if not named and not _dated(note, index):
            scores.append(Score(index, note.tokens[index].value))
    if scores:
        sort_roles(scores[:2], note, befores, afters, note.sentence(scores[0].index).start)


_NAMED = frozenset(("PGIC", "SESSION", "SWELLING", "BRUISING", "FIBROSIS", "GARMENT"))


def _dated(note: Note, index: int) -> bool:
    return note.words[index - 1] in ("on", "back", "next", "seen", "for", "until", "since", "to")


def _gone_after(note: Note, index: int) -> int | None:
    """ "headache 5/10 before, gone after": nothing is left of it."""
    end = note.sentence(index).end
    for at in range(index + 1, min(index + 10, end - 1)):
        said = note.words[at] in ("gone", "none", "zero") and note.is_now(at)
        if said and note.words[at + 1] in ("after", "afterwards", "afterward", "post", "leaving"):
            return at
    return None


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 2)


def _pgic(note: Note, draft: Draft, start: int) -> None:
    for index in range(start, min(start + 5, note.sentence(start - 1).end)):
        token = note.tokens[index]
        if (
            token.kind in (Kind.NUMBER, Kind.FRACTION)
            and 1 <= token.value <= 7
            and token.value == int(token.value)
        ) and note.is_now(index):
            draft.put(FieldName.PGIC, int(token.value), index, index + 1)
            if (
                index + 2 < len(note.tokens)
                and note.words[index + 1] in ("→", "to")
                and note.tokens[index + 2].kind is Kind.NUMBER
            ):
                later = note.tokens[index + 2].value
                draft.put(FieldName.PGIC, int(later), index + 2, index + 3)
            return
