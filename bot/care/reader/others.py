"""Marks what is about somebody else: a relative, a pet, another patient, the therapist."""

from bot.care.lexicon import Hit

from .marks import mark
from .note import Note, Talk
from .wordsets import set_of

_BACK_TO_PATIENT = set_of("911 988 she shes pt patient her client but he his my ) so")


_HE = set_of("he his")
_MINE_STOPS = set_of("pt patient client but )")


_MEN = set_of(
    "husband brother father dad son boyfriend uncle grandfather grandpa nephew bf hubby grandson "
    "fiance stepson"
)


_CHILDREN = set_of("daughter daughters son sons kid kids child")
_PARENTS = set_of("mama mom mum mother dad father")
_QUOTES = set_of(': , " that says writes said wrote')
_OUR_PATIENT = (["our"], ["my"], ["the"])
_LIFTS = set_of("lift lifted lifting carry carried carrying walk walked walking hold holding chase")
_WITHIN = set_of("from in at of")


def _is_patient(note: Note, hit: Hit) -> bool:
    """Whether the relative is the patient, or only what the patient had to do with."""
    words, at, end = note.words, hit.start, hit.end
    if words[end : end + 1] == ["("] and words[end + 1 : end + 2] in _OUR_PATIENT:
        return words[end + 2 : end + 3] in (["pt"], ["patient"], ["client"])  # "mom (our pt) has"
    told = words[max(0, at - 6) : at]
    if words[at] in _PARENTS and told[-1:] and told[-1] in _QUOTES:
        return not _CHILDREN.isdisjoint(told)  # "daughter texts: mama just had convulsions"
    lifted = words[max(0, at - 2) : at]
    return bool(_LIFTS.intersection(lifted))  # "bent to lift the dog and two sutures tore"


def mark_others(note: Note) -> None:
    """What is said of people and animals that are not the patient."""
    words = note.words
    reports = {i for hit in note.context.get("reports", ()) for i in hit.parts}
    of_a_woman = not {"she", "shes", "her"}.isdisjoint(words)
    for hit in note.context.get("other_person", ()):
        sentence = note.sentence(hit.start)
        before = words[max(0, hit.start - 2) : hit.start]
        if _is_patient(note, hit):
            continue
        owned = words[max(0, hit.start - 3) : hit.start]
        if "like" in words[max(0, hit.start - 5) : hit.start] and "belongs" in owned:
            continue  # "feels like it belongs to someone else"
        if (
            "about" in before
            or {"belongs", "belonged"}.intersection(owned)
            or ("for" in before and "was" in words[max(0, hit.start - 4) : hit.start])
        ):
            mark(note, sentence.start, sentence.end, Talk.OTHER)
            continue
        reporting = words[hit.end : hit.end + 1] != ["who"] and any(
            i in reports for i in range(hit.end, min(hit.end + 4, sentence.end))
        )
        ill = words[hit.end : hit.end + 2] == ["came", "down"]  # with something of their own
        if reporting and not ill and "life" not in words[hit.end : hit.end + 5]:
            continue
        if before == ["like", "a"]:
            continue  # "slept like a baby"
        if before[-1:] in (["like"], ["if"]) and words[hit.start] in ("somebody", "someone"):
            continue  # "like somebody is sitting on her chest"
        end = hit.end
        stops = (
            _BACK_TO_PATIENT - _HE if words[hit.start] in _MEN and of_a_woman else _BACK_TO_PATIENT
        )
        if before[-1:] in (["my"], ["our"]):
            stops = _MINE_STOPS  # "my neighbor had a tummy tuck and her incision popped open"
        if words[end : end + 1] == ["who"]:
            end += 3  # "her sister who drove her fainted"
        if words[end : end + 1] and words[end] in _WITHIN:
            end += 2  # "friend from her forum got black skin"
        while end < min(sentence.end, hit.end + 40) and words[end] not in stops:
            if words[end] == "(" and ")" in words[end : min(sentence.end, end + 14)]:
                end = words.index(")", end) + 1  # "her mom (with her) has a DVT"
                continue
            if words[end] == "," and not _carries_on(words, end, sentence.end):
                break
            if words[end] in ("mld", "we", "i"):
                break
            end += 1
        mark(note, hit.start, end, Talk.OTHER)
    for index, word in enumerate(words):
        if word == "own" and index and words[index - 1] == "my" and index not in note.quoted:
            sentence = note.sentence(index)
            mark(note, sentence.start, sentence.end, Talk.OTHER)


def _carries_on(words: list[str], comma: int, end: int) -> bool:
    """Whether a list goes on after the comma ("fever, chills", "a stroke, speech and all")."""
    if ["and", "all"] in [words[i : i + 2] for i in range(comma + 1, min(comma + 6, end - 1))]:
        return True
    return comma + 1 < end and words[comma + 1] in (
        "and",
        "or",
        "chills",
        "cough",
        "fever",
        "vomiting",
        "who",
        "has",
        "had",
    )
