"""Scores of pain without the word: "came in at 5, left at 2", "6/10 to 3/10"."""

import itertools

from .note import Note, Talk
from .score_places import is_score
from .score_roles import Role, Score, role_of, sort_roles, until_break


def earlier_and_later(
    note: Note, taken: set[int], befores: list[Score], afters: list[Score]
) -> None:
    """ "headache, 4/10, dull. 45 min. 2/10 after": a score of its own sentence closes the pair."""
    for index in note.numbers:
        token = note.tokens[index]
        if token.word != "#/10" or index in taken or not note.is_now(index):
            continue
        sentence = note.sentence(index)
        if _under_topic(note, index, sentence.start):
            continue
        role = role_of(until_break(note.words[index + 1 : index + 5]), late=False)
        said = [score for score in afters if score.role is Role.UNSAID and score.index < index]
        if role is Role.AFTER and said and len(afters) == len(said):
            befores.extend(said)
            afters[:] = [Score(index, token.value, Role.AFTER)]
            return
        later = any(score.role is Role.AFTER and score.index > index for score in afters)
        if role is Role.UNSAID and later:
            befores.append(Score(index, token.value, Role.BEFORE))
            return


def unnamed(note: Note, taken: set[int], befores: list[Score], afters: list[Score]) -> None:
    """Scores without the word pain: "came in at 5, left at 2", "6/10 to 3/10", "6 → 3"."""
    for number, numbers in itertools.groupby(note.numbers, note.sentence_of.__getitem__):
        sentence = note.sentences[number]
        scores = [
            Score(i, note.tokens[i].value)
            for i in numbers
            if i not in taken and is_score(note, i) and note.is_now(i, allow=Talk.EARLIER)
        ]
        cued = [s for s in scores if _cued(note, s.index) or _cued_after(note, s.index)]
        if len(cued) >= 1 and (len(scores) >= 2 or note.words[cued[0].index] == "#/10"):
            pair = [s for s in scores if s.index >= cued[0].index][:2]
            if not _under_topic(note, cued[0].index, sentence.start):
                sort_roles(pair, note, befores, afters, _lead(note, cued[0].index, sentence.start))
                return
        alone = sentence.end - sentence.start == 3 and len(scores) == 2
        if alone and note.words[sentence.start + 1] in ("→", "to"):
            befores.append(scores[0])  # "6→4."
            afters.append(scores[1])
            return
        for first, second in itertools.pairwise(scores):
            between = note.words[first.index + 1 : second.index]
            tens = note.words[first.index] == "#/10" or note.words[second.index] == "#/10"
            if (
                between
                and (between[0] in ("→", "to", "down") or between == ["now"])
                and len(between) <= 3
                and tens
                and not _under_topic(note, first.index, sentence.start)
            ):
                befores.append(first)
                afters.append(second)
                return


def _lead(note: Note, index: int, floor: int) -> int:
    """From where the words before a score tell its time ("on arrival, 6/10 leaving": none)."""
    start = max(floor, index - 5)
    if _cued_after(note, index) and "," in note.words[start:index]:
        return index - note.words[start:index][::-1].index(",")
    return start


def _cued(note: Note, index: int) -> bool:
    ahead = note.words[max(0, index - 5) : index]
    joined = " ".join(ahead) + " "
    if ahead[-1:] == ["in"] and note.words[index + 1 : index + 2] == ["out"]:
        return True  # "in 4 out 2"
    if ahead[-2:] == ["came", "in"] or ahead[-3:] in (["was", "at", "a"], ["were", "at", "a"]):
        return True
    return any(
        cue in joined
        for cue in (
            "came in at",
            "came in with",
            "came in #/10",
            "in at",
            "on arrival",
            "arrived at",
            "arrived with",
            "started at",
            "walked in at",
            "walked in with",
            "came in a",
            "left at",
            "down to a",
            "from a",
            "pre ",
            "arr",
            "lv",
            "arrival :",
        )
    )


_SAID_BEFORE = (
    "before",
    "in ,",
    "in and",
    "pre",
    "coming in",
    "walking in",
    "upon arrival",
    "on arrival",
    "at arrival",
    "at start",
    "at the start",
    "when she came",
    "when he came",
    "when she arrived",
)


_SAID_AFTER = (
    "on leaving",
    "leaving",
    "after",
    "post",
    "out",
    "at the end",
    "at end",
    "on departure",
    "when she left",
    "when he left",
    "afterwards",
)


def _cued_after(note: Note, index: int) -> bool:
    """ "8/10 in, 5/10 out", "6/10 on arrival", "a 6 walking in"."""
    said = " ".join(note.words[index + 1 : index + 4]) + " "
    if said.startswith(
        (
            "in the",
            "in her",
            "in his",
            "before bed",
            "before i",
            "out of",
            "after this",
            "after the first",
        )
    ):
        return False
    tenths = note.words[index] == "#/10"
    long = [
        cue for cue in (*_SAID_BEFORE, *_SAID_AFTER) if tenths or (" " in cue and cue[:3] != "in ")
    ]
    return any(said.startswith(cue + " ") for cue in long)


def _under_topic(note: Note, index: int, start: int) -> bool:
    """Whether another measured thing is named shortly before."""
    return any(
        start <= hit.start < index
        and hit.code
        in (
            "SWELLING",
            "GARMENT",
            "DRAIN",
            "TEMP",
            "SLEEP",
            "ANXIETY",
            "SATISFACTION",
            "FIBROSIS",
            "BRUISING",
            "SESSION",
            "PULSE",
        )
        and index - hit.end < 6
        for hit in note.topics
    )
