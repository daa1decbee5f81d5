"""Whether a length of time is how long the session was, or something else."""

from .note import Note
from .tokens import Kind
from .wordsets import set_of

_NOT_GIVEN_AFTER = set_of(
    """
    before ago late early prior notice later away drive delay warning earlier daily a per every
    walk walks more beforehand tardy behind response apart
    """
)


_NOT_GIVEN_BEFORE = set_of(
    """
    in waited wait waiting late add adding extra additional every for-walk within walks walked
    walking another next than of planned from usual booked scheduled instead sleeps slept
    sleeping sat sitting drove driving last ran-late every about-to in-next lasted-pain early
    """
)


def was_given(note: Note, first: int, last: int) -> bool:
    """Whether the time at tokens `first` to `last` was given, and not waited, planned or worn."""
    words = note.words
    if not note.is_now(first):
        return False
    if (
        any(
            first - 4 <= flag.end <= first
            for flag in note.near(note.found.get("flag", []), first - 8, first)
        )
        and "for" in words[first - 3 : first]
    ):
        return False  # "heart racing for one hour"
    after = words[last : last + 2]
    before = words[max(note.sentence(first).start, first - 3) : first]
    if before[-1:] in (["got"], ["fit"], ["managed"]) and after[:1] == ["in"]:
        return True  # "got 50 min in before her ride came"
    if before[-2:] in (["got", "in"], ["fit", "in"], ["did", "in"]):
        return True  # "we got in fifty minutes"
    if after[:1] and after[0] in _NOT_GIVEN_AFTER:
        if after[0] == "before" and after[1:2] in (
            ["that"],
            ["then"],
            ["this"],
            ["it"],
            ["she"],
            ["he"],
            ["stopping"],
        ):
            return any(
                note.sentence(first).start <= t.start < first
                for t in note.found.get("technique", ())
            )
        return bool(after[0] == "a" and after[1:2] not in (["day"], ["week"], ["night"], ["d"]))
    if after[:1] == ["/"] or after[:1] == ["x"]:
        return after[1:2] not in (["day"], ["d"], ["night"], ["week"], ["24"])
    if _NOT_GIVEN_BEFORE.intersection(before[-1:]):
        return before[-1:] == ["of"] and before[-2:-1] not in (
            ["#"],
            ["out"],
            ["instead"],
            ["notice"],
        )
    if words[first - 1 : first] == ["x"] and note.tokens[first - 2].kind is Kind.NUMBER:
        return False
    if {
        "waited",
        "holding",
        "pressing",
        "leaning",
        "pushing",
        "towel",
        "pressure",
        "held",
        "than",
        "instead",
        "every",
        "walks",
        "walking",
        "slept",
        "walked",
        "usual",
        "waiting",
        "drive",
        "sitting",
        "resting",
    }.intersection(before):
        return False
    if after[:1] == ["later"]:
        return False
    if after[:1] == ["between"] or (after[:1] == ["out"] and after[1:2] != ["of"]):
        return False  # "15 min between sessions", "911 called, 4 min out"
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
            "each day",
            "of wait",
            "of direct",
            "of pressure",
            "of holding",
            "of firm",
            "of shaking",
            "of jerking",
            "in the chair",
            "of hard",
            "of steady",
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
            if between[:1] == ["line"]:
                continue  # "bra line 45 min": a region
            if hit.code != "GARMENT" or not any(
                w in (",", ".", "and", "bandaging", "then") for w in between
            ):
                return hit.code
    return ""
