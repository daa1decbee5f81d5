"""When a score was given: before the treatment, after it, or both."""

import itertools
from dataclasses import dataclass
from enum import Enum

from .note import Note
from .wordsets import set_of

_BEFORE = set_of(
    """
    before pre arr arrival arrived arriving arrive came in start started starting starts beginning
    began initially initial walked walking presented from prior entered b4 pretx
    presession pretreatment
    upon presenting presentation coming going intake previously onset incoming here
    entry begin first
    """
)


_AFTER = set_of(
    """
    after aft post left lv leaving leave leaves end ended ending ends afterwards afterward finish
    finished finishing out departure now down by following posttx postsession posttreatment
    discharge close closing finally → > until dropped drops reduced went to
    """
)


_BOTH = set_of(
    """
    throughout stayed stays unchanged remained remains constant steady both same
    """
)


_ENDS_BOTH: tuple[list[str], ...] = (
    [],
    [","],
    ["."],
    ["before"],
    ["times"],
    ["pre"],
    ["at"],
    ["#"],
    ["#/10"],
)


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


def sort_roles(
    scores: list[Score], note: Note, befores: list[Score], afters: list[Score], start: int
) -> None:
    """Give each score its role by the words before it or after it, and file it."""
    words = note.words
    prefix = role_of(words[start : scores[0].index], late=True) is not Role.UNSAID
    previous = start
    for position, score in enumerate(scores):
        limit = scores[position + 1].index if position + 1 < len(scores) else score.index + 6
        ahead = words[previous : score.index]
        behind = until_break(words[score.index + 1 : limit])
        if behind[:1] == ["("] and ")" not in words[score.index + 1 : limit]:
            behind = []  # "3/10 (initial 8/10)": what stands in brackets has a score of its own
        if behind[-1:] == ["now"] and position + 1 < len(scores):
            behind = behind[:-1]  # "was 4 now 2": the next one's
        if prefix or position == 0:
            score.role = role_of(ahead, late=True)
            if score.role is Role.UNSAID and not prefix:
                score.role = role_of(behind, late=False)
            if score.role is Role.AFTER and ahead[-1:] == ["now"] and len(scores) > 1:
                at_first = role_of(behind, late=False)  # "now 2 on arrival and 1 after"
                score.role = at_first if at_first is Role.BEFORE else score.role
            if score.role is Role.BEFORE and ahead[-1:] == [","] and len(scores) == 1:
                later = role_of(behind, late=False)  # "10/10 pain on arrival, 6/10 leaving"
                score.role = later if later is Role.AFTER else score.role
        else:
            behind_role = role_of(behind, late=False)
            own = ahead[len(ahead) - ahead[::-1].index(",") :] if "," in ahead else ahead
            linked = "to" in ahead or "→" in ahead or "," in ahead
            ahead_role = role_of(own, late=True)
            if behind_role is Role.BEFORE and ahead_role is Role.UNSAID:
                score.role = Role.BEFORE  # "4/10, was 8 when he walked in"
            elif scores[0].role is Role.UNSAID or behind_role is Role.UNSAID:
                score.role = ahead_role if linked or scores[0].role is Role.UNSAID else behind_role
                if score.role is Role.UNSAID and scores[0].role is Role.UNSAID:
                    score.role = behind_role  # "6 all week, still 6 after"
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


def settle(befores: list[Score], afters: list[Score]) -> None:
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
    if len(scores) == 2 and roles == [Role.AFTER, Role.AFTER]:
        between = words[scores[0].index + 1 : scores[1].index]
        if between in (["to"], ["→"], ["down", "to"]):
            scores[0].role = Role.BEFORE  # "pain went 7 to 5"
    if len(scores) == 2 and roles == [Role.BEFORE, Role.BEFORE]:
        scores[1].role = Role.AFTER
    if len(scores) > 2 and all(role in (Role.UNSAID, Role.AFTER) for role in roles):
        for first, second in itertools.pairwise(scores):
            if words[second.index - 1] in ("→", ">", "to", "-"):
                first.role, second.role = Role.BEFORE, Role.AFTER


def until_break(words: list[str]) -> list[str]:
    for index, word in enumerate(words):
        if word in (",", ".", ";", "\n", "(", "|", "[", "]", "/", "but") and index:
            return words[:index]
        if word in (",", ".", ";", "\n", "|", "[", "]", "/"):
            return []
    return words


def role_of(words: list[str], *, late: bool) -> Role:
    """The role that the words beside a score give it; of two cues the nearest."""
    before = after = -1
    for index, word in enumerate(words):
        if word in _BOTH:
            if word == "both" and words[index + 1 : index + 2] not in _ENDS_BOTH:
                continue  # "pain 9, both legs weak"
            return Role.BOTH
        if word == "way" and words[index + 1 : index + 2] in (["through"], ["thru"]):
            return Role.BOTH  # "5/10 all the way through"
        if word == "before" and words[max(0, index - 1) : index] in (["as"], ["like"]):
            continue  # "1/10 as before"
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
