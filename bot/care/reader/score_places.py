"""Which numbers are scores, and of what."""

from bot.care.codes import FieldName

from .note import Note, Talk
from .score_roles import Score
from .tokens import Kind
from .wordsets import set_of

SCORED = {
    "PAIN": None,
    "SLEEP": FieldName.SLEEP,
    "ANXIETY": FieldName.ANXIETY,
    "SATISFACTION": FieldName.SATISFACTION,
}


_NOT_A_SCORE_AFTER = set_of(
    """
    MIN HOUR CM INCH ML f c ° % x days day weeks week months month years year times lbs lb kg
    pills pill tablets tabs mg degrees steps sessions more am pm points wk wks visits #th hrs
    mos pt
    """
)


_LINKS = set_of(", and / & + n is are both : level levels")


_HOW_LONG = set_of("one an a the less under minutes")


_GOES_ON_WITH = frozenset((*SCORED, "SWELLING", "BRUISING", "FIBROSIS", "GARMENT"))
_AFTER_ONE = set_of(
    "before after now today and to when at on leaving out then by she he PAIN SLEEP"
)


_AIMS = set_of("goal target aim aiming hoping under below")


def _is_aim(note: Note, index: int) -> bool:
    """ "goal is pain under 3": what is hoped for."""
    start = max(note.sentence(index).start, index - 5)
    lead = note.words[start:index]
    while "," in lead:
        lead = lead[lead.index(",") + 1 :]
    return not _AIMS.isdisjoint(lead)


def _of_session(note: Note, index: int) -> bool:
    """ "pre-session 4, post-session 2": a score, and not the number of the session."""
    return not {"pre", "post"}.isdisjoint(note.words[max(0, index - 3) : index - 1])


def is_score(note: Note, index: int) -> bool:
    token = note.tokens[index]
    if _is_aim(note, index):
        return False
    if token.kind is Kind.FRACTION:
        return token.over == 10 and token.value <= 10
    if token.kind is not Kind.NUMBER or token.plus or token.value > 10:
        return False
    if note.words[index - 2 : index] == ["out", "of"]:
        return False  # "(out of 10)"
    after = note.words[index + 1] if index + 1 < len(note.words) else ""
    before = note.words[index - 1] if index else ""
    shape_after = _topic_at(note, index + 1)
    if (
        shape_after == "INCH"
        and note.words[index + 2 : index + 3]
        and (note.words[index + 2] in _HOW_LONG or note.tokens[index + 2].kind is Kind.NUMBER)
    ):
        shape_after = after = ""  # "from 7 to 3 in one hour"
    if note.words[index + 1 : index + 2] == ["in"] and "out" in note.words[index + 2 : index + 7]:
        shape_after = after = ""  # "pain 3 in, 2 out"
    if (
        token.spelled
        and token.value == 1
        and after.isalpha()
        and after not in _AFTER_ONE
        and shape_after not in _GOES_ON_WITH
    ):
        return False  # "one good night"
    drugs = note.near(note.found.get("medicine", []), index + 1, index + 2)
    if any(hit.code in ("PAINMED", "MED") for hit in drugs):
        return False
    if (
        shape_after in _NOT_A_SCORE_AFTER
        or after in _NOT_A_SCORE_AFTER
        or before
        in (
            "session",
            "sess",
            "sesh",
            "ses",
            "visit",
            "№",
            "tx",
            "x",
            "$",
            "day",
            "week",
            "pod",
            "grade",
            "l",
            "stage",
            "step",
        )
    ) and not (before in ("session", "tx") and _of_session(note, index)):
        return False
    if after == "a" and note.words[index + 2 : index + 3] in (["week"], ["day"], ["month"]):
        return False  # "headaches 2 a week now"
    return not (
        after == "/"
        and index + 2 < len(note.words)
        and note.words[index + 2] in ("day", "week", "wk", "d", "night")
    )


def _topic_at(note: Note, index: int) -> str:
    return note.topic_at.get(index, "")


def scores_in(note: Note, start: int, end: int, reach: int) -> list[Score]:
    scores: list[Score] = []
    index, end = start, min(end, start + 60)
    while index < end and index - start <= reach and len(scores) < 8:
        if scores and note.tokens[index].kind is Kind.MARK and note.words[index] > "\u2600":
            break  # an emoji begins something else
        if is_score(note, index) and note.is_now(index, allow=Talk.EARLIER | Talk.PLANNED):
            scores.append(Score(index, note.tokens[index].value))
            start = index
        index += 1
    return scores


def shared(note: Note, start: int, other: int, other_end: int) -> list[Score]:
    """ "sleep and anxiety both 5/10"."""
    if all(word in _LINKS for word in note.words[start:other]) and other > start:
        return scores_in(note, other_end, note.sentence(other).end, 4)
    return []


def suffixed(note: Note) -> dict[int, str]:
    """Scores that stand before their name: "4/10 pain", "a 9/10 for satisfaction"."""
    claimed: dict[int, str] = {}
    starts = {hit.end: hit.code for hit in note.topics if hit.code in SCORED}
    for hit in note.topics:
        if hit.code not in SCORED:
            continue
        index = hit.start - 1
        while index > 0 and note.words[index] in ("for", "on", "of", "in", "her", "his", "the"):
            index -= 1
        if (
            index < 0
            or note.tokens[index].word != "#/10"
            or not note.is_now(index, allow=Talk.PLANNED)
        ):
            continue
        earlier = index - 1
        while earlier >= 0 and note.words[earlier] in (
            ":",
            "is",
            "was",
            "at",
            "a",
            "an",
            "=",
            "of",
            "now",
            "about",
            "-",
            "were",
            "level",
            "to",
            "→",
            "#",
            "#/10",
        ):
            if earlier + 1 in starts:
                break
            earlier -= 1
        if earlier + 1 in starts:
            continue
        named_after = note.words[hit.end : hit.end + 2]
        if any(word == "#/10" for word in named_after):
            continue
        claimed[index] = hit.code
    return claimed
