"""Which regions were worked on, and not only sore, measured or left out."""

from bot.care.lexicon import Hit

from .note import Note, Talk
from .wordsets import set_of

_LINKS = set_of(
    """
    , / and & + n to both l r left right lt rt inner outer upper lower low the her his bilateral
    anterior posterior lateral medial front side sides of b area areas region regions then with
    w mid entire full plus as well upto post ant proximal distal deep whole a bit ( ) also x @
    along bilat bil : around over on into my from down muscles muscle
    """
)


_SIGN_AFTER = set_of(
    """
    pain pains sore soreness tender tenderness swollen swelling hurts hurt hurting warm hot red
    redness hard firm ropey soft bruised bruising numb numbness tingling tight tightness girth
    circumference incision incisions feels felt looks looked is was are were get gets
    getting keep keeps kept seem seems still has had ached
    aches aching stiff stiffness spasm spasms looser looks better fibrosis edema oedema lump
    seroma hematoma drain measured measures measuring healing skin dressing bandage size
    sized creases binder level rom flexion rotation weak popped puffy
    """
)


_SIGN_BEFORE = set_of(
    """
    pain sore soreness tender tenderness swelling fibrosis edema oedema numbness tingling
    bruising incision redness lump warmth tightness skin drain near spasm knot knots girth
    circumference headache stiffness discomfort scar mark marks patch spot blister sores
    firmness hardness rash pressure heat adhesions bruise drainage sensitivity asymmetry ache
    aching burning hurt hurts soreness seroma hematoma fluid pocket wound tension heaviness
    cellulite lipo liposuction surgery surgical contour dent bulge erythema ecchymosis
    restriction rom mobility fullness cramp cramping spasms
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
            if (
                len(between) <= 5
                and all(word in _LINKS for word in between)
                and not (":" in between and "," in between)
            ):
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
    return treated


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
    if _girth_follows(note, last):
        return False
    if any(word in _SIGN_AFTER for word in after[:1]) or (
        after[:1]
        and after[0] in ("l", "r", "left", "right")
        and any(w in _SIGN_AFTER for w in after[1:2])
    ):
        tied = led is not None and all(
            w in _LINKS
            or w in _TREATING
            or w.startswith("#")
            or w in ("MIN", "min", "mins")
            or _in_any(i, techniques)
            for i, w in enumerate(words[led.end : first], led.end)
        )
        if not (tied and not _girth_follows(note, last)):
            return False
    if _part_of_sign(note, run):
        return False
    barred = _barred(note, first, last, sentence.start, sentence.end, nots)
    if barred:
        return False
    for offset, word in enumerate(reversed(before)):
        if word in _SIGN_BEFORE and not _in_any(first - 1 - offset, techniques):
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
    if led is not None and first - led.end <= 24 and not _sign_between(note, led.end, first):
        return True
    trailing = next((t for t in adjacent if t.start >= last), None)
    if (
        trailing is not None
        and trailing.start - last <= 6
        and not _sign_between(note, last, trailing.start)
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
        and not _sign_between(note, cue.end, first)
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


_GOING_ON = set_of(
    "first #th then also started starting began beginning next followed afterwards "
    "finally finished ended mostly mainly focus focused emphasis areas"
)


def _goes_on(note: Note, run: list[Hit], techniques: list[Hit]) -> bool:
    """ "MLD, 60 minutes. First the neck, then the abdomen": the sentence goes on from the last."""
    sentence = note.sentence(run[0].start)
    here = note.sentence_of[run[0].start]
    if note.words[sentence.start] not in _GOING_ON or _sign_between(
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


def _girth_follows(note: Note, index: int) -> bool:
    words = note.words
    if words[index : index + 1] != ["#"]:
        return False
    return note.topic_at.get(index + 1) in ("CM", "INCH")


def _in_any(index: int, hits: list[Hit]) -> bool:
    return any(hit.start <= index < hit.end for hit in hits)


def _part_of_sign(note: Note, run: list[Hit]) -> bool:
    """Whether the region is named as the place of a warning sign ("both legs are weaker")."""
    places = {i for hit in run for i in range(hit.start, hit.end)}
    listed = run[-1].start if len(run) > 1 else -1  # "the arms and the chest pain was five"
    return any(
        hit.start != listed
        and len(hit.parts) > 1
        and hit.end - hit.start <= 6
        and not places.isdisjoint(hit.parts)
        and hit.parts[-1] not in places
        and not any(
            w in ("no", "not", ",", "w", "without", "for") or w.startswith("#")
            for w in note.words[hit.start : hit.end]
        )
        for hit in note.near(note.found.get("flag", []), run[0].start - 6, run[-1].end)
    )


_BREAKING_SIGNS = _SIGN_BEFORE - {
    "scar",
    "pressure",
    "skin",
    "incision",
    "lipo",
    "liposuction",
    "drain",
    "near",
    "fluid",
    "tension",
    "adhesions",
    "mobility",
    "knots",
    "spasm",
    "tightness",
    "contour",
}


def _sign_between(note: Note, start: int, end: int) -> bool:
    """Whether the talk has turned to findings between two places."""
    for index in range(start, end):
        word = note.words[index]
        if word in _BREAKING_SIGNS and note.words[index - 1 : index] != ["for"]:
            return True
        if word in (
            "garment",
            "faja",
            "sleep",
            "anxiety",
            "satisfaction",
            "slept",
            "pgic",
            "temp",
            "drain",
            "wearing",
            "denies",
            "reports",
            "complains",
        ):
            return True
        if _girth_follows(note, index) and index < end - 1:
            return True
    return False


def _barred(note: Note, first: int, last: int, start: int, end: int, nots: list[Hit]) -> bool:
    words = note.words
    for hit in nots:
        if not (start <= hit.start and hit.end <= first and first - hit.end <= 6):
            continue
        between = words[hit.end : first]
        if any(
            word in (",", "but", ":", "so", "just", "only", "then", "-", "(", "—")
            for word in between
        ):
            continue
        if any(
            _in_any(i, note.found.get("technique", [])) for i in range(hit.end, first)
        ) and words[hit.start] not in (
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
            word in _SIGN_BEFORE or word in ("issue", "issues", "problem") for word in between
        ):
            continue
        return True
    following = words[last : min(end, last + 4)]
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
