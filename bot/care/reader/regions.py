"""Which regions were worked on, and not only sore, measured or left out."""

from bot.care.lexicon import Hit

from .note import Note, Talk
from .region_signs import SIGN_AFTER, SIGN_BEFORE, girth_follows, in_any, part_of_sign, sign_between
from .tokens import Kind
from .wordsets import set_of

_LINKS = set_of(
    """
    , / and & + n to both l r left right lt rt inner outer upper lower low the her his bilateral
    anterior posterior lateral medial front side sides of b area areas region regions then with
    w mid entire full plus as well upto post ant proximal distal deep whole a bit ( ) also x @
    along bilat bil : around over on into my from down muscles muscle
    """
)


_TREATING = set_of(
    """
    to on over around of for along into at both : - in with , and & + / then only
    """
)


def _runs(note: Note, regions: list[Hit]) -> list[list[Hit]]:
    """Lists of regions: "abd, flanks and inner thighs"."""
    runs: list[list[Hit]] = []
    for hit in regions:
        if runs and note.sentence(hit.start).start == note.sentence(runs[-1][-1].start).start:
            between = note.words[runs[-1][-1].end : hit.start]
            if len(between) <= 5 and all(word in _LINKS for word in between) and ":" not in between:
                runs[-1].append(hit)
                continue
        runs.append([hit])
    return runs


def treated_regions(note: Note, regions: list[Hit], techniques: list[Hit]) -> list[Hit]:
    """Those of `regions` that were worked on."""
    treated: list[Hit] = []
    nots = [h for h in note.found.get("visit", ()) if h.code == "nottreated"]
    treating = [h for h in note.found.get("visit", ()) if h.code == "treated"]
    runs = _runs(note, regions)
    for run in runs:
        if note.talk[run[0].start] & (
            Talk.ASKED | Talk.OTHER | Talk.WARNED | Talk.PLANNED | Talk.RECALLED
        ):
            continue
        if _worked_on(note, run, techniques, treating, nots):
            treated.extend(run)
            continue
        head = _before_last_comma(note, run)
        if head and _worked_on(note, head, techniques, treating, nots):
            treated.extend(head)
    return treated


def _before_last_comma(note: Note, run: list[Hit]) -> list[Hit]:
    """ "back & thighs, BBL area not touched": the first part of a list may stand by itself."""
    for position in range(len(run) - 1, 0, -1):
        between = note.words[run[position - 1].end : run[position].start]
        if "," in between:
            untouched = "not" in note.words[run[-1].end : run[-1].end + 4]
            measured = girth_follows(note, run[-1].end)
            return run[:position] if untouched or measured else []
    return []


def _worked_on(
    note: Note,
    run: list[Hit],
    techniques: list[Hit],
    treating: list[Hit],
    nots: list[Hit],
) -> bool:
    words = note.words
    first, last = run[0].start, run[-1].end
    sentence = note.sentence(first)
    after = words[last : min(sentence.end, last + 3)]
    before = words[max(sentence.start, first - 5) : first]
    low, high = max(sentence.start, first - 60), min(sentence.end, last + 30)
    adjacent = [t for t in note.near(techniques, low, high) if t.end <= sentence.end]
    nots = note.near(nots, low, high)
    treating = note.near(treating, low, high)
    led = next((t for t in reversed(adjacent) if t.end <= first), None)
    # A measured or described region is not a treated one.
    if girth_follows(note, last):
        return False
    if any(word in SIGN_AFTER for word in after[:1]) or (
        after[:1]
        and after[0] in ("l", "r", "left", "right")
        and any(w in SIGN_AFTER for w in after[1:2])
    ):
        tied = led is not None and all(
            w in _LINKS
            or w in _TREATING
            or w.startswith("#")
            or w in ("MIN", "min", "mins")
            or in_any(i, techniques)
            for i, w in enumerate(words[led.end : first], led.end)
        )
        if not (tied and not girth_follows(note, last)):
            return False
    if part_of_sign(note, run):
        return False
    barred = _barred(note, first, last, sentence.start, sentence.end, nots)
    if barred:
        return False
    for offset, word in enumerate(reversed(before)):
        if word in SIGN_BEFORE and not in_any(first - 1 - offset, techniques):
            gap = words[first - offset : first]
            if all(
                w in _LINKS
                or w
                in (
                    "in",
                    "at",
                    "on",
                    "of",
                    "the",
                    "is",
                    "near",
                    "over",
                    "across",
                    "along",
                    "around",
                )
                for w in gap
            ):
                return False
    if _timed(note, first, sentence.start) and not part_of_sign(note, run):
        return True
    if led is not None and first - led.end <= 24 and not sign_between(note, led.end, first):
        return True
    trailing = next((t for t in adjacent if t.start >= last), None)
    if (
        trailing is not None
        and trailing.start - last <= 6
        and not sign_between(note, last, trailing.start)
        and all(w not in (".", "but") for w in words[last : trailing.start])
    ):
        return True
    cue = next(
        (
            t
            for t in reversed(treating)
            if sentence.start <= t.start and t.end <= first and first - t.end <= 5
        ),
        None,
    )
    if (
        cue is not None
        and not (led is None and _place_of_sign(note, cue, sentence.start))
        and not sign_between(note, cue.end, first)
        and (
            words[cue.start]
            not in (
                "on",
                "over",
                "then",
                "plus",
                "only",
                "started",
                "given",
                "area",
                "session",
                "tx",
                "treatment",
                "gave",
            )
            or techniques
        )
    ):
        return _plausible_cue(note, cue, first, techniques)
    trail_cue = words[last : min(sentence.end, last + 4)]
    if trail_cue[:1] and (
        trail_cue[0] in ("treated", "massaged", "worked", "addressed", "done", "only")
        or trail_cue[:2]
        in (["was", "treated"], ["were", "treated"], ["were", "worked"], ["were", "massaged"])
    ):
        return bool(techniques) or trail_cue[0] != "only"
    return _bare_list(note, run, techniques) or _goes_on(note, run, techniques)


def _timed(note: Note, first: int, start: int) -> bool:
    """ "60 min, abs/flanks": a length of time right before them says that they were treated."""
    index = first - 1
    while index > start and note.words[index] in (",", "-", ":", "on", "to", "of", "the", "both"):
        index -= 1
    return note.topic_at.get(index) == "MIN" and note.tokens[index - 1].kind is Kind.NUMBER


def _place_of_sign(note: Note, cue: Hit, start: int) -> bool:
    """ "a pink blotch came up on the R flank": the sign is on the region, not the hands."""
    signs = note.near(note.found.get("flag", []), start, cue.start)
    hands = note.words[cue.start - 1] in _HANDS_ON
    return note.words[cue.start] in ("on", "over") and bool(signs) and not hands


_HANDS_ON = set_of("working worked work massaging focusing focused treating")
_GOING_ON = set_of(
    "first #th then also started starting began beginning next followed afterwards "
    "finally finished ended mostly mainly focus focused emphasis areas"
)


def _goes_on(note: Note, run: list[Hit], techniques: list[Hit]) -> bool:
    """ "MLD, 60 minutes. First the neck, then the abdomen": the sentence goes on from the last."""
    sentence = note.sentence(run[0].start)
    here = note.sentence_of[run[0].start]
    if note.words[sentence.start] not in _GOING_ON or sign_between(
        note, sentence.start, run[0].start
    ):
        return False
    return any(note.sentence_of[t.start] == here - 1 for t in techniques)


def _plausible_cue(note: Note, cue: Hit, first: int, techniques: list[Hit]) -> bool:
    word = note.words[cue.start]
    if word in ("on", "over", "area", "session", "then", "given"):
        return bool(techniques) and all(
            w in _LINKS or w in _TREATING or w.startswith("#") or w in ("today", "min", "mins")
            for w in note.words[cue.end : first]
        )
    return True


def _barred(note: Note, first: int, last: int, start: int, end: int, nots: list[Hit]) -> bool:
    words = note.words
    for hit in nots:
        if not (start <= hit.start and hit.end <= first and first - hit.end <= 6):
            continue
        between = words[hit.end : first]
        if any(
            word in (",", "but", ":", "so", "just", "only", "then", "-", "(", ")", "—")
            for word in between
        ):
            continue
        if any(in_any(i, note.found.get("technique", [])) for i in range(hit.end, first)) and words[
            hit.start
        ] not in (
            "no",
            "not",
            "didnt",
            "did",
            "without",
            "declined",
            "skipped",
            "held",
            "deferred",
        ):
            continue
        if words[hit.start] in ("no", "without", "w") and any(
            word in SIGN_BEFORE or word in ("issue", "issues", "problem") for word in between
        ):
            continue
        return True
    following = words[last : min(end, last + 4)]
    if following[:1] == ["alone"]:
        return True  # "left the legs alone"
    joined = " ".join(following)
    return joined.startswith(
        (
            "not treated",
            "not touched",
            "not massaged",
            "not worked",
            "untouched",
            "avoided",
            "left alone",
            "skipped",
            "was not",
            "were not",
            "declined",
            "deferred",
            "off limits",
            ": not",
            ": avoided",
            ": no ",
            "was left",
            "were left",
            "was avoided",
            "were avoided",
            "was skipped",
        )
    )


def _bare_list(note: Note, run: list[Hit], techniques: list[Hit]) -> bool:
    """A line or segment of regions alone, beside one that names what was done."""
    sentence = note.sentence(run[0].start)
    if not techniques or sentence.end - sentence.start > 60:
        return False
    rest = [
        word
        for index, word in enumerate(note.words[sentence.start : sentence.end], sentence.start)
        if not any(h.start <= index < h.end for h in run)
        and word not in _LINKS
        and word
        not in (
            "-",
            ":",
            "*",
            "areas",
            "area",
            "regions",
            "sites",
            "where",
            "zones",
            "treated",
            "only",
            "today",
            "done",
            "location",
            "region",
            "parts",
            "body",
            "part",
            "site",
            "focus",
            "—",
            ")",
            "(",
            "_",
            ">",
            "tx",
            ".",
        )
        and not word.startswith("#")
        and word not in ("MIN", "min", "mins", "minutes")
    ]
    if rest or not techniques:
        return False
    here = note.sentence_of[run[0].start]
    return any(
        abs(note.sentence_of[t.start] - here) <= 3
        for t in note.near(techniques, run[0].start - 80, run[-1].end + 80)
    )
