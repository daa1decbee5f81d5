"""Which techniques were done in this session, and not planned, declined or left out."""

from bot.care.lexicon import Hit, longest

from .note import Note, Talk
from .wordsets import set_of

_PLACING = set_of("on near over to at")
_NEGATING = set_of(
    """
    no not without declined declines refused refuses skip skipped skipping held hold holding
    deferred defer avoid avoided avoiding omitted omit never stopped-using instead except
    excluding
    """
)


def done_techniques(note: Note) -> list[Hit]:
    """The technique phrases that stand for something done."""
    kept = []
    for hit in longest(note.found.get("technique", ())):
        if not _is_technique(note, hit):
            continue
        talk = note.talk[hit.start]
        if talk & (Talk.ASKED | Talk.OTHER | Talk.WARNED | Talk.PLANNED) or (talk & Talk.RECALLED):
            continue
        if _turned_down(note, hit) or _done_earlier(note, hit):
            continue
        kept.append(hit)
    return kept


def _done_earlier(note: Note, hit: Hit) -> bool:
    """ "where we did cupping last time": of another session."""
    led = {"did", "where", "had", "after"}.intersection(
        note.words[max(0, hit.start - 4) : hit.start]
    )
    return bool(led) and note.topic_at.get(hit.end) == "LAST"


def _is_technique(note: Note, hit: Hit) -> bool:
    """Whether an ambiguous word means the technique here."""
    words = note.words
    word = words[hit.start]
    after = words[hit.end : hit.end + 2]
    before = words[max(0, hit.start - 2) : hit.start]
    if hit.end - hit.start > 1:
        return True
    if word == "us":
        raw = note.text[note.tokens[hit.start].start : note.tokens[hit.start].end]
        return (
            raw == "US" and not {"in", "the", "to", "let", "for", "with"}.intersection(before[-1:])
        ) or {"tx", "+", "scar"}.intersection(before[-1:]) != set()
    if word in ("lymph", "lymphatic", "lymphatics"):
        return not {
            "node",
            "nodes",
            "flow",
            "system",
            "load",
            "fluid",
            "vessels",
            "tape",
            "clients",
            "client",
            "patients",
            "class",
            "course",
            "training",
        }.intersection(after[:1])
    if word in ("ultrasound", "sono"):
        return (
            not (
                {
                    "the",
                    "an",
                    "her",
                    "his",
                    "venous",
                    "leg",
                    "doppler",
                    "vascular",
                    "for",
                    "by",
                    "duplex",
                    "stat",
                }.intersection(before[-1:])
                and {
                    "ruled",
                    "showed",
                    "was",
                    "results",
                    "report",
                    "today",
                    "neg",
                    "to",
                    "scheduled",
                    "ordered",
                    "rule",
                }.intersection(after[:2])
            )
            and not (before[-1:] == ["the"] and after[:1] == ["of"])
            and "doppler" not in before + after
            and "order" not in before
        )
    if word in ("stretch",):
        return not {"marks", "mark", "of", "out"}.intersection(after[:1]) and not {
            "short",
            "to",
            "-",
        }.intersection(before[-1:])
    if word in ("wrapped", "taped", "bandaged", "cups", "cup", "dt", "cranial", "nmt", "kt"):
        return (
            not (word == "wrapped" and after[:1] == ["up"])
            and not (word == "cups" and {"of", "water", "coffee"}.intersection(after[:1]))
            and not (word == "cups" and _HANDLED.intersection(before[-1:]))
            and not (word == "cup" and True)
        )
    if word == "taping" and "red" in before:
        return True
    return True


_HANDLED = set_of("drop drops dropped dropping hold holding lift lifting drinks drank drinking")
_VERBS_NOT = set_of("didnt couldnt didn havent hasnt")


def _lists(note: Note, index: int, hit: Hit) -> bool:
    """ "didn't do cupping, taping": what was not done is a list of techniques."""
    comma = hit.start - 1 - note.words[index : hit.start][::-1].index(",")
    return bool(note.near(note.found.get("technique", []), index, comma))


def _turned_down(note: Note, hit: Hit) -> bool:
    """
    "" "no MLD", "skipped the cupping", "declined taping", "cupping: declined", "did no
    massage".""
    """
    words = note.words
    floor = note.sentence(hit.start).start
    index = hit.start - 1
    steps = 0
    while index >= floor and steps < 5:
        word = words[index]
        if (
            word in _NEGATING
            or word in ("didnt", "couldnt", "wont", "cant", "havent", "hasnt", "hadnt", "didn")
            or (word == "o" and words[index - 1 : index] == ["w"])
        ):
            if (
                word in ("no", "not", "without")
                and words[index + 1 : index + 2]
                and words[index + 1]
                in ("issues", "issue", "problems", "problem", "pain", "change", "redness")
            ):
                return False
            if (
                word in _VERBS_NOT
                and "," in words[index : hit.start]
                and not _lists(note, index, hit)
            ):
                return False  # "didnt massage legs, MLD abd"
            if word == "instead" and words[index + 1 : index + 3] == ["of", "#"]:
                return False  # "only 45 instead of 60 minutes MLD"
            return word != "not" or words[index + 1 : index + 2] != ["only"]
        if (
            word
            in (
                ",",
                "but",
                "so",
                "then",
                "just",
                "only",
                "light",
                "because",
                "bc",
                "instead",
                ".",
                ":",
            )
            and word != ","
        ):
            return False
        listed = steps == 0 and not _PLACING.intersection(words[max(floor, index - 3) : index])
        if word == "," and not listed:
            return False
        index -= 1
        steps += 1
    after = words[hit.end : hit.end + 4]
    if after[:1] and after[0] in (":", "-", "was", "were", "is"):
        after = after[1:]
    if after[:1] == ["planned"]:
        return True  # "scar mob was planned but she said no thx"
    if words[hit.start - 2 : hit.start] == ["turned", "down"]:
        return True
    if after[:1] and after[0] in (
        "declined",
        "deferred",
        "held",
        "skipped",
        "refused",
        "omitted",
        "contraindicated",
        "postponed",
        "cancelled",
        "canceled",
        "paused",
        "not",
        "none",
        "no",
    ):
        return after[0] not in ("not", "no") or after[1:2] in (
            ["done"],
            ["performed"],
            ["today"],
            ["given"],
            ["tolerated"],
            ["used"],
            [","],
            ["\n"],
        )
    return False
