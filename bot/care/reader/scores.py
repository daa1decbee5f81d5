"""Scores from 0 to 10: pain before and after, sleep, anxiety, satisfaction; and PGIC."""

import itertools
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note, Talk
from .tokens import Kind
from .wordsets import set_of

_SCORED = {
    "PAIN": None,
    "SLEEP": FieldName.SLEEP,
    "ANXIETY": FieldName.ANXIETY,
    "SATISFACTION": FieldName.SATISFACTION,
}
_BEFORE = set_of(
    """
    before pre arr arrival arrived arriving arrive came in start started starting starts beginning
    began initially initial walked walking presented from prior entered b4 pretx
    presession pretreatment
    upon presenting presentation coming going intake previously onset incoming entry begin first
    """
)
_AFTER = set_of(
    """
    after post left lv leaving leave leaves end ended ending ends afterwards afterward finish
    finished finishing out departure now down by following posttx postsession posttreatment
    discharge close closing finally → > until dropped drops reduced went to
    """
)
_BOTH = set_of(
    """
    throughout stayed stays unchanged remained remains constant steady both same
    """
)
_NOT_A_SCORE_AFTER = set_of(
    """
    MIN HOUR CM INCH ML f c ° % x days day weeks week months month years year times lbs lb kg
    pills pill tablets tabs mg degrees steps sessions more am pm points wk wks visits #th hrs
    mos pt
    """
)
_LINKS = set_of(", and / & + n is are both : level levels")


class Role(Enum):
    """When a score was given."""

    BEFORE = 0
    AFTER = 1
    BOTH = 2
    UNSAID = 3


@dataclass(slots=True)
class Score:
    """A score at a token, and its role."""

    index: int
    value: float
    role: Role = Role.UNSAID


def read_scores(note: Note, draft: Draft) -> None:  # noqa: PLR0915
    """Fill the scored fields."""
    claimed = _suffixed(note)
    topics = [hit for hit in note.topics if hit.code in _SCORED or hit.code == "PGIC"]
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
    befores: list[Score] = []
    afters: list[Score] = []
    taken: set[int] = set(claimed)
    for index, scores_topic in claimed.items():
        topic = scores_topic
        if topic == "PAIN":
            _sort_roles(
                [Score(index, note.tokens[index].value)],
                note,
                befores,
                afters,
                index - 3,
            )
        elif _SCORED[topic] is not None:
            name = _SCORED[topic]
            if name is not None:
                draft.put(name, _plain(note.tokens[index].value), index, index + 1)
    for position, hit in enumerate(topics):
        if hit.code == "PGIC":
            _pgic(note, draft, hit.end)
            continue
        end = note.sentence(hit.start).end
        following = bisect_right(ordered, hit.start)
        if following < len(ordered):
            end = min(end, ordered[following])
        scores = [
            s
            for s in _scores_in(note, hit.end, end, 10 if hit.code == "PAIN" else 7)
            if s.index not in taken
        ]
        if not scores and hit.code != "PAIN" and position + 1 < len(topics):
            scores = _shared(note, hit.end, topics[position + 1].start, topics[position + 1].end)
        if not scores:
            continue
        if hit.code == "PAIN":
            taken.update(s.index for s in scores)
            _sort_roles(scores, note, befores, afters, hit.end)
        else:
            name = _SCORED[hit.code]
            if name is None or name in draft.values:
                continue
            firsts: list[Score] = []
            lasts: list[Score] = []
            _sort_roles(scores[:2], note, firsts, lasts, hit.end)
            best = (lasts or firsts)[-1]
            taken.add(best.index)
            draft.put(name, _plain(best.value), best.index, best.index + 1)
    if not (befores and afters):
        more_befores: list[Score] = []
        more_afters: list[Score] = []
        _unnamed(note, taken, more_befores, more_afters)
        if not befores and not afters:
            befores, afters = more_befores, more_afters
        elif not afters:
            afters = [score for score in more_afters if score.role is Role.AFTER]
    _settle(befores, afters)
    for name, found in ((FieldName.PAIN_BEFORE, befores), (FieldName.PAIN_AFTER, afters)):
        if found:
            worst = max(found, key=lambda s: s.value)
            draft.put(name, _plain(worst.value), worst.index, worst.index + 1)


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 2)


_AFTER_ONE = set_of(
    "before after now today and to when at on leaving out then by she he PAIN SLEEP"
)


def _is_score(note: Note, index: int) -> bool:
    token = note.tokens[index]
    if token.kind is Kind.FRACTION:
        return token.over == 10 and token.value <= 10
    if token.kind is not Kind.NUMBER or token.plus or token.value > 10:
        return False
    after = note.words[index + 1] if index + 1 < len(note.words) else ""
    before = note.words[index - 1] if index else ""
    shape_after = _topic_at(note, index + 1)
    if token.spelled and token.value == 1 and after.isalpha() and after not in _AFTER_ONE:
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
    ):
        return False
    return not (
        after == "/"
        and index + 2 < len(note.words)
        and note.words[index + 2] in ("day", "week", "wk", "d", "night")
    )


def _topic_at(note: Note, index: int) -> str:
    return note.topic_at.get(index, "")


def _scores_in(note: Note, start: int, end: int, reach: int) -> list[Score]:
    scores: list[Score] = []
    index, end = start, min(end, start + 60)
    while index < end and index - start <= reach and len(scores) < 8:
        if scores and note.tokens[index].kind is Kind.MARK and note.words[index] > "\u2600":
            break  # an emoji begins something else
        if _is_score(note, index) and note.is_now(index, allow=Talk.EARLIER | Talk.PLANNED):
            scores.append(Score(index, note.tokens[index].value))
            start = index
        index += 1
    return scores


def _shared(note: Note, start: int, other: int, other_end: int) -> list[Score]:
    """ "sleep and anxiety both 5/10"."""
    if all(word in _LINKS for word in note.words[start:other]) and other > start:
        return _scores_in(note, other_end, note.sentence(other).end, 4)
    return []


def _suffixed(note: Note) -> dict[int, str]:
    """Scores that stand before their name: "4/10 pain", "a 9/10 for satisfaction"."""
    claimed: dict[int, str] = {}
    starts = {hit.end: hit.code for hit in note.topics if hit.code in _SCORED}
    for hit in note.topics:
        if hit.code not in _SCORED:
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


def _sort_roles(
    scores: list[Score], note: Note, befores: list[Score], afters: list[Score], start: int
) -> None:
    """Give each score its role by the words before it or after it, and file it."""
    words = note.words
    prefix = _role(words[start : scores[0].index], late=True) is not Role.UNSAID
    previous = start
    for position, score in enumerate(scores):
        limit = scores[position + 1].index if position + 1 < len(scores) else score.index + 6
        ahead = words[previous : score.index]
        behind = _until_break(words[score.index + 1 : limit])
        if prefix or position == 0:
            score.role = _role(ahead, late=True)
            if score.role is Role.UNSAID and not prefix:
                score.role = _role(behind, late=False)
        else:
            behind_role = _role(behind, late=False)
            own = ahead[len(ahead) - ahead[::-1].index(",") :] if "," in ahead else ahead
            linked = "to" in ahead or "→" in ahead or "," in ahead
            ahead_role = _role(own, late=True)
            if scores[0].role is Role.UNSAID or behind_role is Role.UNSAID:
                score.role = ahead_role if linked or scores[0].role is Role.UNSAID else behind_role
            else:
                score.role = behind_role
        previous = score.index + 1
    if len(scores) == 1 and scores[0].role is Role.UNSAID:
        scores[0].role = _led(note, start)
    _infer(scores, words)
    for score in scores:
        if score.role in (Role.BEFORE, Role.BOTH):
            befores.append(score)
        if score.role in (Role.AFTER, Role.BOTH, Role.UNSAID):
            afters.append(score)


def _settle(befores: list[Score], afters: list[Score]) -> None:
    """ "pain 6/10 ... pain 4/10 post": of two talks of pain, one unsaid, it is the other time."""
    unsaid = [score for score in afters if score.role is Role.UNSAID]
    said = [score for score in afters if score.role is not Role.UNSAID]
    if unsaid and said and not befores:
        for score in unsaid:
            if score.index < said[0].index:
                afters.remove(score)
                befores.append(score)


_LEADS_BEFORE = set_of("arrival arrived came before start beginning initially presented")
_LEADS_AFTER = set_of("afterwards afterward leaving post")
_TREATMENT = set_of("treatment session massage tx mld it visit therapy minutes min")


def _led(note: Note, start: int) -> Role:
    """ "after the treatment pain was 4": the cue stands before the name."""
    sentence = note.sentence(max(0, start - 1))
    lead = note.words[max(sentence.start, start - 7) : start]
    treated = "after" in lead and _TREATMENT.intersection(lead[lead.index("after") :])
    if treated or _LEADS_AFTER.intersection(lead):
        return Role.AFTER
    return Role.BEFORE if _LEADS_BEFORE.intersection(lead) else Role.UNSAID


def _infer(scores: list[Score], words: list[str]) -> None:
    roles = [score.role for score in scores]
    if (
        len(scores) >= 2
        and roles[0] is Role.UNSAID
        and Role.AFTER in roles[1:]
        and Role.BEFORE not in roles
    ):
        for score in scores:
            if score.role is Role.AFTER:
                break
            score.role = Role.BEFORE
    if len(scores) == 2 and roles == [Role.BEFORE, Role.UNSAID]:
        scores[1].role = Role.AFTER
    if len(scores) == 2 and roles == [Role.UNSAID, Role.UNSAID]:
        between = words[scores[0].index + 1 : scores[1].index]
        if between in (["-"], ["then"], ["--"]):
            scores[0].role, scores[1].role = Role.BEFORE, Role.AFTER
    if len(scores) == 2 and roles == [Role.BEFORE, Role.BEFORE]:
        scores[1].role = Role.AFTER
    if len(scores) > 2 and all(role in (Role.UNSAID, Role.AFTER) for role in roles):
        for first, second in itertools.pairwise(scores):
            if words[second.index - 1] in ("→", ">", "to", "-"):
                first.role, second.role = Role.BEFORE, Role.AFTER


def _until_break(words: list[str]) -> list[str]:
    for index, word in enumerate(words):
        if word in (",", ".", ";", "\n", "(", "|", "[", "]", "/", "but") and index:
            return words[:index]
        if word in (",", ".", ";", "\n", "|", "[", "]", "/"):
            return []
    return words


def _role(words: list[str], *, late: bool) -> Role:
    """The role that the words beside a score give it; of two cues the nearest."""
    before = after = -1
    for index, word in enumerate(words):
        if word in _BOTH:
            return Role.BOTH
        if (
            word in _BEFORE
            and not (
                not late
                and word in ("from", "went", "presented", "coming", "going", "came")
                and words[index + 1 : index + 2] != ["in"]
            )
            and not (
                word == "in" and words[index + 1 : index + 2] not in (["at"], ["with"], ["w"], [])
            )
        ):
            before = index
        if word in _AFTER and not (
            not late
            and "when" not in words
            and word
            in (
                "to",
                "→",
                ">",
                "by",
                "down",
                "out",
                "went",
                "dropped",
                "reduced",
                "drops",
                "left",
                "until",
            )
        ):
            after = index
    if before >= 0 and after >= 0 and "and" in words and not late:
        return Role.BOTH
    if before < 0 and after < 0:
        return Role.UNSAID
    if late:
        return Role.BEFORE if before > after else Role.AFTER
    return Role.BEFORE if before >= 0 and (after < 0 or before < after) else Role.AFTER


def _unnamed(note: Note, taken: set[int], befores: list[Score], afters: list[Score]) -> None:
    """Scores without the word pain: "came in at 5, left at 2", "6/10 to 3/10", "6 → 3"."""
    for sentence in note.sentences:
        scores = [
            Score(i, note.tokens[i].value)
            for i in range(sentence.start, sentence.end)
            if i not in taken and _is_score(note, i) and note.is_now(i, allow=Talk.EARLIER)
        ]
        cued = [s for s in scores if _cued(note, s.index) or _cued_after(note, s.index)]
        if len(cued) >= 1 and (len(scores) >= 2 or note.words[cued[0].index] == "#/10"):
            pair = [s for s in scores if s.index >= cued[0].index][:2]
            if not _under_topic(note, cued[0].index, sentence.start):
                _sort_roles(pair, note, befores, afters, max(sentence.start, cued[0].index - 5))
                return
        for first, second in itertools.pairwise(scores):
            between = note.words[first.index + 1 : second.index]
            tens = note.words[first.index] == "#/10" or note.words[second.index] == "#/10"
            if (
                between
                and between[0] in ("→", "to", "down")
                and len(between) <= 3
                and tens
                and not _under_topic(note, first.index, sentence.start)
            ):
                befores.append(first)
                afters.append(second)
                return


def _cued(note: Note, index: int) -> bool:
    ahead = note.words[max(0, index - 5) : index]
    joined = " ".join(ahead)
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
