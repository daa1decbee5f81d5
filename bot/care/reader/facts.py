"""Tolerance, pain medicine, and whether the patient came at all."""

from bot.care.codes import FieldName, MedicationChange, Tolerance
from bot.care.lexicon import Hit

from .draft import Draft
from .note import Note, Talk
from .tokens import Kind
from .wordsets import set_of

_ORDER = {"POOR": 0}
_ASKS_FOR = set_of("ok okay alright")


def read_facts(note: Note, draft: Draft) -> None:
    """Fill `tolerance`, `medication_change` and `no_show`."""
    _tolerance(note, draft)
    _medicine(note, draft)
    _no_show(note, draft)


def _tolerance(note: Note, draft: Draft) -> None:
    best: dict[str, Hit] = {}
    for hit in note.found.get("tolerance", ()):
        if note.is_now(hit.start):
            kept = best.get(hit.code)
            if kept is None or hit.end - hit.start > kept.end - kept.start:
                best[hit.code] = hit
    well = best.get("well")
    fair = best.get("fair")
    if well and fair and fair.start == well.start and note.words[fair.end - 1] in _ASKS_FOR:
        best.pop("fair")  # "tolerated well. OK if I bring in cupping?"
    if (
        well is not None
        and any(
            w in ("not", "didnt", "doesnt", "wasnt", "hardly", "less", "never")
            for w in note.words[max(0, well.start - 3) : well.end]
        )
        and (
            note.words[well.start : well.end].count("not")
            or "not" in note.words[max(0, well.start - 2) : well.start]
        )
    ):
        best.pop("well")
        best.setdefault("poor", well)
    for code in ("poor", "fair", "well"):
        if code in best:
            hit = best[code]
            draft.put(FieldName.TOLERANCE, Tolerance(code).value, hit.start, hit.end)
            return


MEDICINE_REACH = 7


def _medicine(note: Note, draft: Draft) -> None:
    hits = note.found.get("medicine", ())
    if not hits:
        return
    others = {i for h in hits if h.code == "OTHERMED" for i in range(h.start, h.end)}
    drugs = [h for h in hits if h.code == "PAINMED" and others.isdisjoint(range(h.start, h.end))]
    named = {i for h in drugs for i in range(h.start, h.end)}
    plain = [
        h
        for h in hits
        if h.code == "MED" and others.isdisjoint(range(h.start, h.end)) and h.start not in named
    ]
    cues = [h for h in hits if h.code in ("STOPPED", "REDUCED", "INCREASED", "SAME")]
    best: tuple[int, int, str, Hit, Hit] | None = None
    for drug in drugs + plain:
        sentence = note.sentence(drug.start)
        if note.talk[drug.start] & (Talk.ASKED | Talk.OTHER | Talk.WARNED):
            continue
        for cue in note.near(cues, drug.start - MEDICINE_REACH * 3, drug.end + MEDICINE_REACH * 3):
            if not (sentence.start <= cue.start and cue.end <= sentence.end + 3):
                continue
            if (
                cue.start < drug.end
                and drug.start < cue.end
                and not (cue.start < drug.start or cue.end > drug.end)
            ):
                continue
            distance = drug.start - cue.end if cue.end <= drug.start else cue.start - drug.end
            between = note.words[min(cue.end, drug.end) : max(cue.start, drug.start)]
            apart = range(min(cue.end, drug.end), max(cue.start, drug.start))
            if {"years", "months"}.intersection(words_after(note, max(cue.end, drug.end))):
                continue  # "off meds for years"
            if not others.isdisjoint(apart) or not others.isdisjoint((cue.end, cue.end + 1)):
                continue  # "weaned off zolpidem, pain meds unchanged"
            if distance > MEDICINE_REACH or not _ties(note, cue, drug, between):
                continue
            beside = cue.end == drug.start  # "same tylenol as before"
            weight = distance - (cue.end - cue.start)
            weight += 20 if cue.code == "SAME" and not beside else 0
            if best is None or (weight, cue.start) < (best[0], best[1]):
                best = (weight, cue.start, cue.code, cue, drug)
    if best is None:
        _instead(note, draft, drugs)
        return
    code = {
        "STOPPED": MedicationChange.STOPPED,
        "REDUCED": MedicationChange.REDUCED,
        "INCREASED": MedicationChange.INCREASED,
        "SAME": MedicationChange.NONE,
    }[best[2]]
    cue, drug = best[3], best[4]
    draft.put(
        FieldName.MEDICATION_CHANGE, code.value, min(cue.start, drug.start), max(cue.end, drug.end)
    )


def _instead(note: Note, draft: Draft, drugs: list[Hit]) -> None:
    """ "2 Norco a day instead of 4": fewer or more of it."""
    for drug in drugs:
        if _from_to(note, drug):  # "from 1 tramadol to 3 a day"
            less = note.tokens[drug.end + 1].value < note.tokens[drug.start - 1].value
            code = MedicationChange.REDUCED if less else MedicationChange.INCREASED
            draft.put(FieldName.MEDICATION_CHANGE, code.value, drug.start - 2, drug.end + 2)
            return
        now = note.tokens[drug.start - 1] if drug.start else None
        for index in range(drug.end, min(drug.end + 6, len(note.words) - 2)):
            then = note.tokens[index + 2]
            if now is None or note.words[index : index + 2] != ["instead", "of"]:
                continue
            if now.kind is Kind.NUMBER and then.kind is Kind.NUMBER and now.value != then.value:
                fewer = now.value < then.value
                change = MedicationChange.REDUCED if fewer else MedicationChange.INCREASED
                draft.put(FieldName.MEDICATION_CHANGE, change.value, drug.start - 1, index + 3)
                return


def _from_to(note: Note, drug: Hit) -> bool:
    return note.words[drug.start - 2 : drug.start] == ["from", "#"] and note.words[
        drug.end : drug.end + 2
    ] == ["to", "#"]


_DRIFTS = set_of(
    """
    pain swelling sleep garment mld session visit bruising faja fibrosis min minutes today
    tolerated abd temp but
    """
)


def _ties(note: Note, cue: Hit, drug: Hit, between: list[str]) -> bool:
    words = note.words
    if _DRIFTS.intersection(between) or "." in between or "\n" in between:
        return False
    if cue.code == "STOPPED" and words[cue.start] in (
        "no",
        "out",
        "free",
        "stop",
        "dropped",
        "off",
        "none",
    ):
        if words[cue.start] == "no" and words[cue.end : cue.end + 1] in (
            ["change"],
            ["changes"],
            ["new"],
            ["redness"],
            ["fever"],
        ):
            return False
        return len(between) <= 4 and "," not in between
    if cue.code == "INCREASED" and words[cue.start] in (
        "more",
        "added",
        "adding",
        "again",
        "another",
        "extra",
        "double",
        "starting",
        "increase",
        "raised",
    ):
        return (
            len(between) <= 4
            and "," not in between
            and not (
                words[cue.start] == "more"
                and cue.start
                and words[cue.start - 1] in ("no", "any", "anymore")
            )
        )
    if cue.code == "SAME":
        return "," not in between or words[cue.start] in ("same", "unchanged")
    if cue.code == "REDUCED" and words[cue.start] in (
        "less",
        "only",
        "fewer",
        "decreased",
        "barely",
        "reduced",
    ):
        return len(between) <= 4 and "," not in between
    return between.count(",") == 0 or (
        drug.end <= cue.start and between.count(",") <= 1 and len(between) <= 3
    )


def _no_show(note: Note, draft: Draft) -> None:
    treated = any(
        name in draft
        for name in (
            FieldName.TECHNIQUES,
            FieldName.PAIN_AFTER,
            FieldName.PAIN_BEFORE,
            FieldName.TOLERANCE,
            FieldName.REGIONS,
            FieldName.GIRTHS,
            FieldName.SWELLING_GRADE,
        )
    )
    if treated:
        return
    for hit in note.found.get("visit", ()):
        if hit.code != "noshow" or note.talk[hit.start] & (Talk.ASKED | Talk.WARNED | Talk.OTHER):
            continue
        if _somebody_else(note, hit) or not _THINGS.isdisjoint(
            note.words[hit.start - 1 : hit.start]
        ):
            continue
        draft.put(FieldName.NO_SHOW, True, hit.start, hit.end)
        return


def words_after(note: Note, index: int) -> list[str]:
    """The next three words."""
    return note.words[index : index + 3]


_THINGS = set_of("it that which report results fax email message order referral")
_COMING = set_of("she he pt patient her they client")


def _somebody_else(note: Note, hit: Hit) -> bool:
    words = note.words
    sentence = note.sentence(hit.start)
    before = words[max(sentence.start, hit.start - 4) : hit.start]
    after = words[hit.end : min(sentence.end, hit.end + 4)]
    subject = before[-2:]
    if (
        {"i", "we"}.intersection(before)
        and "on" not in after[:1]
        and not _COMING.intersection(before)
    ):
        return True  # "I told her to call you and cancelled tomorrow's session"
    if {"i", "we", "you", "ive", "ill", "weve", "im"}.intersection(subject) and not {
        "she",
        "he",
        "pt",
        "patient",
    }.intersection(subject):
        return True
    word = words[hit.start]
    if word == "not" and {"told", "asked", "advised"}.intersection(before):
        return True  # "I told her not to come"
    techniques = note.near(note.found.get("technique", []), hit.start - 4, hit.start)
    if any(technique.end == hit.start for technique in techniques):
        return True  # "MLD cancelled": the therapist left it out
    if (
        word in ("missed", "skipped")
        and {"you", "your", "call", "calls", "dose", "doses", "spot", "her"}.intersection(after[:1])
        and "session" not in after
        and "appointment" not in after
        and "appt" not in after
        and "visit" not in after
    ):
        return True
    if {"policy", "fee", "list"}.intersection(after) or {
        "last",
        "previous",
        "any",
        "prior",
        "yet-to",
    }.intersection(before[-1:]):
        return True
    if word in ("didnt", "not", "did") and "sleep" in after:
        return True
    return (
        "last" in words[max(sentence.start, hit.start - 2) : min(sentence.end, hit.end + 2)]
        and "minute" not in words[hit.start : hit.end + 3]
        and "min" not in words[hit.start : hit.end + 3]
        and "second" not in words[hit.start : hit.end + 2]
        and "moment" not in words[hit.start : hit.end + 2]
    )
