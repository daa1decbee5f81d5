# ruff: noqa: E501, SIM102, F841, SIM222, SIM103, SIM201
"""Measures with a unit: session number, minutes, girths, garment hours, drain, temperature."""

import re

from bot.care.codes import FieldName, Region, Side
from bot.care.lexicon import Hit, longest

from .draft import Draft, Girth, Span
from .note import Note, Talk
from .tokens import Kind, Token
from .wordsets import set_of

CM_PER_INCH = 2.54
FAHRENHEIT_FROM = 90

# The grammar reads the shape of the note: one word a token, topics by their name, "#" a number.
_NUMBERED = (
    re.compile(
        r"(?<!\S)SESSION (?:(?:number|num|no|nr|n|nbr|№|:|-|=|\.|was|is) ){0,3}(#(?:/10|/#)?|#th) (?!MIN|HOUR|CM|INCH|x |/|week|wk|day|times|month|- MIN|pm|am|more|left|°|min |% )"
    ),
    re.compile(
        r"(?<!\S)(#th) (?:(?!week|day|month|year|SESSION|wk|miss|no|pod|in )\S+ ){0,3}SESSION "
    ),
    re.compile(r"(?<!\S)(?:№ )(#(?:/10|/#)?) (?:of # )?(?!MIN|HOUR|CM)"),
    re.compile(r"(?<!\S)(#th) (?:of # )(?:\S+ )?"),
    re.compile(r"(?<!\S)(#th) (?:one|mld|swedish|massage|time (?:seeing|with|we)) "),
    re.compile(r"(?<!\S)(#) of # (?:SESSION|tx) "),
)
_NEXT = set_of(
    """
    next upcoming before until another every each missed remaining left
    """
)

_DURATION = (
    re.compile(r"(?<!\S)(#) HOUR (?:and )?(#) MIN "),
    re.compile(r"(?<!\S)(#) (?:and )?(?:a )?half HOUR "),
    re.compile(r"(?<!\S)(?:an |a |one |1 )?(hour|HOUR|hr) and (?:a )?(half|quarter) "),
    re.compile(r"(?<!\S)(#) HOUR and (?:a )?(half|quarter) "),
    re.compile(r"(?<!\S)(half|quarter) (?:of )?(?:an |a )?(?:hour|hr|h) "),
    re.compile(r"(?<!\S)(three) (quarters) of an hour "),
    re.compile(r"(?<!\S)(#(?:/#)?) (?:- )?(HOUR|MIN) "),
    re.compile(r"(?<!\S)(an|full|one|1) (?:full )?(hour|hr) "),
)


def read_measures(note: Note, draft: Draft) -> None:
    """Fill the measured fields."""
    _session_number(note, draft)
    _duration(note, draft)
    _girths(note, draft)
    _garment(note, draft)
    _drain(note, draft)
    _temperature(note, draft)


def _session_number(note: Note, draft: Draft) -> None:
    for pattern in _NUMBERED:
        for match in pattern.finditer(note.shape):
            first, _ = note.tokens_between(match.start(), match.end())
            index = note.token_at(match.start(1))
            token = note.tokens[index]
            value = token.value
            plural = (
                note.words[first] in ("sessions", "visits", "treatments", "txs")
                and token.kind is Kind.NUMBER
            )
            if (
                value != int(value)
                or not 0 < value < 200
                or plural
                or (token.over and token.over < value)
            ):
                continue
            before = note.words[max(0, first - 2) : first]
            if (
                _NEXT.intersection(before)
                or not note.is_now(index, allow=Talk.RECALLED)
                or (note.is_now(index) is False and "since" in before)
            ):
                continue
            if pattern is _NUMBERED[1] and note.words[first - 1 : first] == ["by"]:
                continue
            if any(w in ("last", "since", "after", "previous") for w in before) and not before[
                -1:
            ] == ["last"]:
                continue
            draft.put(
                FieldName.SESSION_NUMBER,
                int(value),
                first,
                note.tokens_between(match.start(1), match.end(1))[1],
            )
            return


_NOT_GIVEN_AFTER = set_of(
    """
    before ago late early prior notice later away drive delay warning earlier daily a per every
    each walk walks more beforehand tardy behind response
    """
)
_NOT_GIVEN_BEFORE = set_of(
    """
    waited wait waiting late add adding extra additional every for-walk within walks walked
    walking another next than of planned from usual booked scheduled instead sleeps slept
    sleeping sat sitting drove driving last ran-late every about-to in-next lasted-pain early
    """
)


def _duration(note: Note, draft: Draft) -> None:
    found: list[tuple[float, int, int]] = []
    taken: set[int] = set()
    for pattern in _DURATION:
        for match in pattern.finditer(note.shape):
            first, last = note.tokens_between(match.start(), match.end() - 1)
            if not taken.isdisjoint(range(first, last)):
                continue
            minutes = _minutes(note, match, pattern)
            taken.update(range(first, last))
            if minutes is None or not 1 <= minutes <= 300 or not _given(note, first, last, minutes):
                continue
            found.append((minutes, first, last))
    stopped = re.search(
        r"(?<!\S)(?:stopped|stop|ended|cut|quit|halted|terminated|aborted|finished|only) (?:\S+ ){0,3}?(#) (?:of|out of|/|instead of) (?:the |planned )?# (?:MIN )?",
        note.shape,
    )
    cut = stopped or re.search(
        r"(?<!\S)(#) (?:MIN )?(?:of|out of|instead of) (?:the |a |planned |usual |scheduled )*# MIN ",
        note.shape,
    )
    if cut and note.is_now(note.token_at(cut.start(1))):
        first, last = note.tokens_between(cut.start(1), cut.end(1))
        draft.put(FieldName.DURATION_MIN, int(note.tokens[first].value), first, last)
        return
    whole = re.search(
        r"(?<!\S)(?:stopped|stopping|cut|shortened|ended|quit|halted|broke off|aborted|terminated) (?:\S+ ){0,5}?(?:at|after|to|from # to|short at|it at|from # MIN to) (#) (?:MIN )",
        note.shape,
    )
    if whole and note.is_now(note.token_at(whole.start(1))):
        first, last = note.tokens_between(whole.start(1), whole.end())
        draft.put(FieldName.DURATION_MIN, int(note.tokens[first].value), first, last)
        return
    if not found:
        return
    total = _total(note, found)
    draft.put(FieldName.DURATION_MIN, int(total[0]), total[1], total[2])


def _minutes(note: Note, match: re.Match[str], pattern: re.Pattern[str]) -> float | None:
    number = note.tokens[note.token_at(match.start(1))]
    which = _DURATION.index(pattern)
    if which == 0:
        return number.value * 60 + note.tokens[note.token_at(match.start(2))].value
    if which == 1:
        return number.value * 60 + 30
    if which == 2:
        return 90.0 if match.group(2) == "half" else 75.0
    if which == 3:
        return number.value * 60 + (30 if match.group(2) == "half" else 15)
    if which == 4:
        return 30.0 if match.group(1) == "half" else 15.0
    if which == 5:
        return 45.0
    if which == 7:
        return 60.0
    value = number.value
    if number.kind is Kind.FRACTION:
        if not 0 < number.value < number.over <= 4:
            return None
        value = number.value / number.over
    if match.group(2) == "HOUR":
        return value * 60 if value <= 4 else None
    return value


def _given(note: Note, first: int, last: int, minutes: float) -> bool:
    words = note.words
    if not note.is_now(first):
        return False
    after = words[last : last + 2]
    before = words[max(0, first - 3) : first]
    if after[:1] and after[0] in _NOT_GIVEN_AFTER and not (after[0] in ("late", "early") and False):
        if after[0] == "a" and after[1:2] not in (["day"], ["week"], ["night"], ["d"]):
            return True
        return False
    if after[:1] == ["/"] or after[:1] == ["x"]:
        return after[1:2] not in (["day"], ["d"], ["night"], ["week"], ["24"])
    if _NOT_GIVEN_BEFORE.intersection(before[-1:]):
        return before[-1:] == ["of"] and before[-2:-1] not in (
            ["#"],
            ["out"],
            ["instead"],
            ["notice"],
        )
    if {
        "late",
        "waited",
        "than",
        "instead",
        "every",
        "x",
        "walks",
        "walking",
        "slept",
        "walked",
        "usual",
        "waiting",
        "drive",
    }.intersection(before):
        return False
    if after[:1] and after[0] in ("later", "into") and after[0] == "later":
        return False
    around = " ".join(words[last : last + 4])
    if any(
        bad in around
        for bad in (
            "before the",
            "a day",
            "per day",
            "before her",
            "before his",
            "late",
            "of rest",
            "of sleep",
            "drive",
            "course",
            "of breathing",
            "hold time",
            "of walking",
            "between",
            "each day",
            "of wait",
        )
    ):
        return False
    named = _topic_before(note, first)
    return named not in ("GARMENT", "DRAIN", "SLEEP")


def _topic_before(note: Note, index: int) -> str:
    start = note.sentence(index).start
    for hit in note.topics:
        if (
            start <= hit.start < index
            and index - hit.end <= 4
            and hit.code in ("GARMENT", "DRAIN", "SLEEP", "PAIN", "SESSION")
        ):
            between = note.words[hit.end : index]
            if hit.code != "GARMENT" or not any(
                w in (",", ".", "and", "bandaging", "then") for w in between
            ):
                return hit.code
    return ""


def _total(note: Note, found: list[tuple[float, int, int]]) -> tuple[float, int, int]:
    """One time is the session's; several are summed, unless one is called the whole."""
    found.sort(key=lambda item: item[1])
    if len(found) == 1:
        return found[0]
    for minutes, first, last in found:
        near = note.words[max(0, first - 3) : first] + note.words[last : last + 2]
        if {
            "total",
            "session",
            "together",
            "altogether",
            "overall",
            "visit",
            "tx",
            "treatment",
            "all",
            "whole",
        }.intersection(near):
            return minutes, first, last
    rest = sum(item[0] for item in found[1:])
    if found[0][0] == rest or (found[0][0] > rest and len(found) > 2):
        return found[0]
    techniques = {hit.start for hit in note.found.get("technique", ())}
    tied = [item for item in found if any(item[1] - 6 <= t <= item[2] + 4 for t in techniques)]
    if len(tied) > 1:
        return sum(item[0] for item in tied), tied[0][1], tied[0][2]
    return tied[0] if tied else found[0]


# -- girths

_BETWEEN_SITE_AND_NUMBER = set_of(
    """
    : = - is was now at girth circumference circ measures measured measuring measurement around
    of the , ( ) today level line umbilicus mid midpoint under bust navel upper lower left right
    l r both a about → currently she he we size came in to waist hip abdomen comes and & down
    taken still reads over across circ . approx site has with contracted relaxed
    """
)
_SIDES = {
    "left": Side.LEFT,
    "l": Side.LEFT,
    "right": Side.RIGHT,
    "r": Side.RIGHT,
    "lt": Side.LEFT,
    "rt": Side.RIGHT,
}
_EARLIER = set_of(
    """
    was were before previously from prev prior vs last formerly earlier than been had initially
    baseline versus start started pre
    """
)


def _girths(note: Note, draft: Draft) -> None:
    regions = longest(note.found.get("region", ()))
    girths: list[Girth] = []
    spans: dict[str, list[Span]] = {}
    seen: set[tuple[str, str]] = set()
    last_region: Hit | None = None
    shared: list[tuple[Hit, float, int]] = []
    for index, token in enumerate(note.tokens):
        if token.kind is not Kind.NUMBER or not 5 <= token.value <= 250:
            continue
        unit = _unit(note, index)
        if unit is None:
            continue
        if not note.is_now(index, allow=Talk.PLANNED) or _earlier(note, index):
            continue
        region = _site_before(note, index, regions) or (
            None if unit == "" else _site_after(note, index, regions)
        )
        if region is None or region.code not in set(Region):
            last_region = None
            continue
        cm = round(token.value * CM_PER_INCH, 1) if unit == "INCH" else token.value
        if not 15 <= cm <= 220 and not (
            region.code in ("arms", "knees", "calves", "neck") and cm >= 10
        ):
            continue
        side = _side(note, region, index)
        key = (region.code, side or "")
        if key in seen:
            continue
        seen.add(key)
        girth: Girth = {"site": region.code, "cm": int(cm) if cm == int(cm) else cm}
        if side:
            girth["side"] = side.value
        girths.append(girth)
        end = index + (2 if unit else 1)
        spans.setdefault(region.code, []).append(
            note.span(min(region.start, index), max(end, region.end))
        )
        last_region = region
    if girths:
        draft.values[FieldName.GIRTHS] = girths
        draft.spans[FieldName.GIRTHS] = spans


def _unit(note: Note, index: int) -> str | None:
    """ "CM" or "INCH" after the number; "" where a girth is named without a unit."""
    following = index + 1
    if following < len(note.words) and note.words[following] == "-":
        following += 1
    code = _topic_at(note, following)
    if code in ("CM", "INCH"):
        after = note.words[following + 1 : following + 3]
        if (
            code == "INCH"
            and note.words[following] == "in"
            and after[:1]
            and after[0] in ("the", "her", "his", "a", "last", "on", "this", "total")
        ):
            return None
        if note.words[following] == "in" and note.words[index - 1 : index] == ["came"]:
            return None
        if after[:1] and after[0] in (
            "below",
            "above",
            "from",
            "lump",
            "gap",
            "long",
            "wide",
            "patch",
            "less",
            "smaller",
            "down",
            "opening",
            "area",
            "under",
            "distal",
            "proximal",
            "x",
            "larger",
            "bigger",
            "more",
            "difference",
            "increase",
            "decrease",
            "deep",
            "spot",
        ):
            return (
                None
                if after[0] not in ("down", "less", "from", "under")
                or (
                    note.words[following] != "in"
                    and after[0] in ("less", "from", "below")
                    and False
                )
                else code
            )
        return code
    window = note.words[max(0, index - 5) : index]
    if {
        "girth",
        "circumference",
        "circ",
        "girths",
        "circumferences",
        "measures",
        "measured",
        "measurements",
        "measurement",
    }.intersection(window):
        if following < len(note.words) and (note.words[following] in ("/", "%", "min") or code):
            return None
        if note.tokens[index].value >= 20:
            return "CM" if note.tokens[index].value >= 55 or "cm" in note.words else None
    # A list with the unit once at its end: "R 41, L 40.5 cm", "abd 92 / waist 84 cm"
    if note.tokens[index].value >= 20:
        for later in range(index + 1, min(index + 8, len(note.words))):
            if _topic_at(note, later) == "CM" and note.tokens[later - 1].kind is Kind.NUMBER:
                return "CM"
            word = note.words[later]
            if (
                word in ("\n", ".", ";", "|", "→", "MIN")
                or _topic_at(note, later) in ("MIN", "HOUR", "ML", "INCH", "PAIN", "SLEEP")
                or word in ("%",)
            ):
                return None
    return None


def _earlier(note: Note, index: int) -> bool:
    before = note.words[max(0, index - 3) : index]
    if before and before[-1] in _EARLIER:
        return not (
            before[-1] == "was" and len(before) > 1 and before[-2] not in (",", "(", "which", "it")
        )
    if (
        len(before) > 1
        and before[-2] in _EARLIER
        and before[-1] in (":", "at", "from", "a", "of", "still", "about", "time", "week")
    ):
        return before[-2] != "was" or False
    return False


def _site_before(note: Note, index: int, regions: list[Hit]) -> Hit | None:
    at = index - 1
    steps = 0
    floor = note.sentence(index).start
    while at >= floor and steps < 8:
        for region in regions:
            if region.end - 1 == at:
                if region.code == "flanks" or True:
                    return region
        token = note.tokens[at]
        if note.words[at] not in _BETWEEN_SITE_AND_NUMBER:
            # "R knee 41 cm L knee": the number of the other side stands between
            return None
        if token.kind is Kind.NUMBER:
            return None
        at -= 1
        steps += 1
    return _paired_site(note, index, regions, floor)


def _paired_site(note: Note, index: int, regions: list[Hit], floor: int) -> Hit | None:
    """ "thighs R 61.5 cm L 61 cm": the second number takes the site of the first."""
    words = note.words
    if not any(word in _SIDES for word in words[max(floor, index - 3) : index]):
        return None
    for region in reversed(regions):
        if floor <= region.start < index and index - region.end <= 12:
            return region
    return None


def _site_after(note: Note, index: int, regions: list[Hit]) -> Hit | None:
    """ "92 cm at the abdomen", "36 in waist"."""
    at = index + 2
    for region in regions:
        if at <= region.start <= at + 4 and all(
            w
            in (
                "at",
                "around",
                "the",
                "over",
                "on",
                "her",
                "left",
                "right",
                "l",
                "r",
                "for",
                "of",
                "-",
                "(",
                "level",
                "his",
            )
            for w in note.words[at : region.start]
        ):
            after = note.words[region.end : region.end + 3]
            if any(word == "#" for word in after[:2]):
                return None
            return region
    return None


def _side(note: Note, region: Hit, index: int) -> Side | None:
    words = note.words
    between = words[region.end : index]
    for word in reversed(between):
        if word in _SIDES:
            return _SIDES[word]
    for word in reversed(words[max(0, region.start - 2) : region.start]):
        if word in _SIDES:
            return _SIDES[word]
        if word in (",", "and", ";"):
            break
    following = words[index + 1 : index + 5]
    for position, word in enumerate(following):
        if (
            word in ("left", "right")
            and position < 3
            and (
                position + 2 > len(following) - 1 or following[position + 1 : position + 2] != ["#"]
            )
            and not any(w in (",", "and", "\n", "&", "/", ".", "vs") for w in following[:position])
        ):
            return _SIDES[word]
    return None


def _topic_at(note: Note, index: int) -> str:
    for hit in note.topics:
        if hit.start == index:
            return hit.code
        if hit.start > index:
            break
    return ""


# -- garment, drain, temperature

_HOURS = (
    re.compile(r"(?<!\S)(#) HOUR (?:/|a|per|each|every|out of|of|daily|x) "),
    re.compile(r"(?<!\S)(#/#) "),
    re.compile(r"(?<!\S)(#) HOUR "),
    re.compile(r"(?<!\S)(#) (?:/|x) #"),
    re.compile(r"(?<!\S)(#) (?:out of|of) # "),
)
_ROUND = re.compile(
    r"(?<!\S)(?:a?round (?:the )?clock|rotc|day and night|night and day|day & night|all day (?:and|&|/) (?:all )?night|#/# 7|full time|fulltime|nonstop|non - stop|constantly|never takes it off|# HOUR a day) "
)
_NOT_WORN = re.compile(
    r"(?<!\S)(?:not (?:been )?(?:wearing|using|worn|wear)|isnt wearing|hasnt (?:been wearing|worn|wore)|doesnt wear|stopped wearing|no longer (?:wears|wearing)|no|without|quit wearing|done with|off|wont wear|refuses|refusing|(?:is|was) not wearing|does not wear|has not (?:been wearing|worn)|didnt wear|havent|out of|out) (?:to wear )?(?:any |the |her |his |a |of |it |at all )*GARMENT |GARMENT (?:: |is |was |- )?(?:off|not worn|not being worn|none|not wearing|no longer worn|0|discontinued|d / c|stopped|not used) "
)


def _garment(note: Note, draft: Draft) -> None:
    topics = [
        hit
        for hit in note.topics
        if hit.code == "GARMENT" or note.words[hit.start] in ("wearing", "wears")
    ]
    wearing = [
        i
        for i, word in enumerate(note.words)
        if word in ("wears", "wearing", "wear", "worn", "wore")
    ]
    anchors = sorted({hit.start for hit in topics} | set(wearing))
    if not anchors:
        return
    for pattern in _HOURS:
        for match in pattern.finditer(note.shape):
            index = note.token_at(match.start(1))
            token = note.tokens[index]
            near = [
                a
                for a in anchors
                if note.sentence_of[a] == note.sentence_of[index]
                and index - a >= -14
                and index - a <= 14
            ]
            following = [
                a
                for a in anchors
                if note.sentence_of[a] == note.sentence_of[index] - 1
                and index - note.sentence(index).start <= 5
            ]
            if not (near or following) or not note.is_now(index, allow=Talk.PLANNED):
                continue
            hours = _hours(token, pattern, note, index)
            if hours is None or _garment_past(note, index):
                continue
            later = _later_hours(note, index)
            if later is not None:
                index, hours = later, note.tokens[later].value
            first, last = note.tokens_between(match.start(1), match.end() - 1)
            draft.put(
                FieldName.GARMENT_HOURS,
                int(hours) if hours == int(hours) else hours,
                index,
                max(index + 1, last),
            )
            return
    for match in _ROUND.finditer(note.shape):
        first, last = note.tokens_between(match.start(), match.end() - 1)
        before = note.words[max(0, first - 2) : first]
        if (
            any(
                abs(first - a) <= 14 or note.sentence_of[first] == note.sentence_of[a]
                for a in anchors
            )
            and note.is_now(first)
            and "not" not in before
        ):
            draft.put(FieldName.GARMENT_HOURS, 24, first, last)
            return
    not_worn = _NOT_WORN.search(note.shape)
    if not_worn:
        first, last = note.tokens_between(not_worn.start(), not_worn.end() - 1)
        after = note.words[last : last + 4]
        if note.is_now(first) and not {
            "at",
            "night",
            "enough",
            "sleep",
            "while",
            "correctly",
            "right",
            "issues",
            "issue",
            "change",
            "changes",
            "problems",
            "problem",
            "marks",
            "when",
            "irritation",
            "today",
            "injury",
            "sores",
            "bandaging",
            "last",
        }.intersection(after[:2]):
            draft.put(FieldName.GARMENT_HOURS, 0, first, last)


def _garment_past(note: Note, index: int) -> bool:
    before = note.words[max(0, index - 2) : index]
    return (
        bool(
            {
                "from",
                "was",
                "supposed",
                "than",
                "least",
                "goal",
                "instead",
                "prescribed",
                "recommended",
                "until",
                "take-off",
            }.intersection(before)
        )
        and "→" not in note.words[index : index + 4]
    )


def _later_hours(note: Note, index: int) -> int | None:
    """ "from 18 to 22 hours", "20 → 22 h": the later one."""
    after = note.words[index + 1 : index + 4]
    for step, word in enumerate(after):
        if (
            word in ("→",)
            and index + step + 2 < len(note.tokens)
            and note.tokens[index + step + 2].kind is Kind.NUMBER
        ):
            return index + step + 2
    return None


def _hours(token: Token, pattern: re.Pattern[str], note: Note, index: int) -> float | None:
    which = _HOURS.index(pattern)
    if which == 1:
        if (token.over == 7 and 0 < token.value <= 24) or (token.over == 24 and token.value <= 24):
            return token.value
        return None
    if which == 3:
        return (
            token.value if note.tokens[index + 2].value in (7, 24) and token.value <= 24 else None
        )
    if which == 4:
        return (
            token.value
            if note.tokens[index + 2 + (note.words[index + 1] == "out")].value == 24
            and token.value <= 24
            else None
        )
    value = token.value
    if not 0 <= value <= 24 or token.kind is not Kind.NUMBER:
        return None
    after = note.words[index + 2 : index + 4]
    before = note.words[max(0, index - 3) : index]
    if after[:1] and after[0] in ("sleep", "ago", "later", "before", "of") and after[0] != "of":
        return None
    if which == 2 and (
        (value < 3 and "only" not in before)
        or "off" in after[:2]
        or {"last", "slept", "sleeps", "sleep", "mld"}.intersection(before)
    ):
        return None
    return value


def _drain(note: Note, draft: Draft) -> None:
    total, first_index, last_index = 0.0, -1, -1
    for hit in note.topics:
        if hit.code != "ML":
            continue
        index = hit.start - 1
        token = note.tokens[index]
        sentence = note.sentence(index)
        if token.kind is not Kind.NUMBER or not note.is_now(index, allow=Talk.PLANNED):
            continue
        if not any(
            t.code == "DRAIN"
            and (
                note.sentence(t.start).start == sentence.start
                or 0 < note.sentence_of[index] - note.sentence_of[t.start] <= 1
            )
            for t in note.topics
        ):
            continue
        before = note.words[max(0, index - 3) : index]
        if {
            "was",
            "from",
            "previously",
            "than",
            "vs",
            "prev",
            "before",
            "under",
            "below",
            "yesterday",
            "prior",
            "over-limit",
            "lipoaspirate",
        }.intersection(before[-2:]) and not (
            before[-1:] == ["was"] and first_index < 0 and before[-2:-1] != [","]
        ):
            continue
        if before[-1:] == ["to"] and first_index >= 0 and note.words[max(0, first_index)] == "#":
            total = 0.0
        if note.words[index - 1 : index] in (["→"],):
            total = 0.0
        hours = _period(note, hit.end)
        total += token.value * 24 / hours
        first_index = index if first_index < 0 else first_index
        last_index = hit.end
    if first_index < 0:
        _drain_bare(note, draft)
        return
    draft.put(
        FieldName.DRAIN_ML,
        int(total) if total == int(total) else round(total, 1),
        first_index,
        last_index,
    )


def _drain_bare(note: Note, draft: Draft) -> None:
    """ "drain 35/24h", "drain output 20 today": a number right after, without a unit."""
    for match in re.finditer(
        r"(?<!\S)DRAIN (?:DRAIN |output |: |is |was |at |now |about |down to |today |OUTCOME_TODAY |of |= )*(#/#|#) (?=\S)",
        note.shape,
    ):
        index = note.token_at(match.start(1))
        token = note.tokens[index]
        after = _topic_at(note, index + 1) or note.words[index + 1 : index + 2]
        if token.kind is Kind.FRACTION:
            if token.over == 24:
                draft.put(FieldName.DRAIN_ML, int(token.value), index, index + 1)
                return
            continue
        if (
            note.is_now(index)
            and after not in ("MIN", "HOUR", "CM", "INCH", "DAY")
            and not isinstance(after, str)
            and after[:1] not in (["days"], ["day"], ["x"], ["removed"], ["out"], ["of"])
            and note.words[index + 1]
            in (
                ",",
                ".",
                ";",
                "\n",
                "/",
                "in",
                "today",
                "over",
                "|",
                "]",
                "per",
                "last",
                "overnight",
                "!",
            )
        ):
            if "output" in note.words[max(0, index - 3) : index] or note.words[index + 1] in (
                "/",
                "per",
                "in",
                "over",
            ):
                draft.put(FieldName.DRAIN_ML, int(token.value), index, index + 1)
                return


def _period(note: Note, index: int) -> float:
    words = note.words[index : index + 6]
    for step, word in enumerate(words):
        token = note.tokens[index + step]
        if word in (",", ".", ";", "\n", "|"):
            break
        if (
            token.kind is Kind.NUMBER
            and _topic_at(note, index + step + 1) == "HOUR"
            and 1 <= token.value <= 72
        ):
            return token.value
    return 24.0


_TEMPERATURE = (
    re.compile(
        r"(?<!\S)TEMP (?:(?:is|was|of|at|to|:|=|TEMP|taken|reads|reading|today|OUTCOME_TODAY|now|a|an|about|oral|-|orally|up|around|by|mouth|went|hit|spiked|in|came|normal|fine|ok|\(|her|it|and|we|started|before|steady|measured|still|only|right|,|low|grade|pre|tx) ){0,7}(#) "
    ),
    re.compile(r"(?<!\S)(#) (?:° )?(?:degrees? )?(?:f|fahrenheit|celsius|centigrade|degrees|°) "),
    re.compile(r"(?<!\S)(#) (?:° )?(?:degrees? )?c (?!HOUR)"),
    re.compile(
        r"(?<!\S)(?:fever|fevers|febrile|feverish|afebrile) (?:(?:of|at|:|was|to|up|is|a|\(|with|,|-|running|reached|hit|about|around|over) ){0,4}(#) (?!week|day|HOUR|MIN|x |times)"
    ),
    re.compile(
        r"(?<!\S)(?:thermometer|forehead|oral|tympanic|axillary|running|spiked|temp|measured|burning) (?:\S+ ){0,6}?(#) (?!MIN|HOUR|CM|INCH|ML|week|day|x )"
    ),
)


def _temperature(note: Note, draft: Draft) -> None:
    hits: list[tuple[int, float]] = []
    for pattern in _TEMPERATURE:
        for match in pattern.finditer(note.shape):
            index = note.token_at(match.start(1))
            celsius = to_celsius(note.tokens[index].value)
            if celsius is None or note.tokens[index].kind is not Kind.NUMBER:
                continue
            before = note.words[max(0, index - 3) : index]
            if not note.is_now(index, allow=Talk.PLANNED | Talk.EARLIER) or (
                before
                and before[-1] in ("above", "over", "was", "from", "below", "under")
                and before[-1] not in ("was",)
                and "running" not in before
            ):
                continue
            if _topic_at(note, index + 1) in ("CM", "INCH", "MIN", "ML", "HOUR") or (
                match.re is _TEMPERATURE[2] and not 34 <= note.tokens[index].value <= 43
            ):
                continue
            hits.append((index, celsius))
        if hits:
            break
    if hits:
        index, celsius = (
            max(hits, key=lambda item: item[1])
            if len(hits) > 1 and not _falls(note, hits)
            else hits[-1]
        )
        draft.put(FieldName.TEMPERATURE_C, celsius, index, index + 1)


def _falls(note: Note, hits: list[tuple[int, float]]) -> bool:
    between = note.words[hits[0][0] : hits[-1][0]]
    return bool(
        {"now", "→", "recheck", "rechecked", "then", "down", "to", "later", "after"}.intersection(
            between
        )
    )


def to_celsius(value: float) -> float | None:
    """A body temperature in degrees Celsius; 90 or more is Fahrenheit; None if it is neither."""
    if value >= FAHRENHEIT_FROM:
        celsius = (value - 32) / 1.8
        return round(celsius, 1) if value <= 110 else None
    return round(value, 1) if 33 <= value <= 43 else None
