"""A session in plain words, in one line: "Session 3 · 60 min MLD abdomen · pain 6 → 3"."""

from datetime import date

from bot.care.codes import MedicationChange, RedFlagCode, Side, Technique
from bot.care.session import Girth, SessionFields
from bot.views.text import counted, escape, shorten

TECHNIQUES: dict[Technique, str] = {
    Technique.MLD: "MLD",
    Technique.SCAR_MOBILIZATION: "scar mobilization",
    Technique.MYOFASCIAL_RELEASE: "myofascial release",
    Technique.SWEDISH: "Swedish massage",
    Technique.DEEP_TISSUE: "deep tissue",
    Technique.TRIGGER_POINT: "trigger point",
    Technique.CRANIOSACRAL: "craniosacral",
    Technique.COMPRESSION_BANDAGING: "compression bandaging",
    Technique.CUPPING: "cupping",
    Technique.KINESIO_TAPING: "kinesio taping",
    Technique.ULTRASOUND: "ultrasound",
    Technique.STRETCHING: "stretching",
}
RED_FLAGS: dict[RedFlagCode, str] = {
    RedFlagCode.DYSPNEA: "Shortness of breath",
    RedFlagCode.CHEST_PAIN: "Chest pain or tightness",
    RedFlagCode.HEMOPTYSIS: "Coughing blood",
    RedFlagCode.SYNCOPE: "Fainting or collapse",
    RedFlagCode.PALPITATIONS: "Heart racing or irregular",
    RedFlagCode.CONFUSION: "New confusion",
    RedFlagCode.DISPROPORTIONATE_PAIN: "Pain out of proportion",
    RedFlagCode.RIGID_ABDOMEN: "Rigid, board-like abdomen",
    RedFlagCode.UNCONTROLLED_BLEEDING: "Bleeding that does not stop",
    RedFlagCode.SEIZURE: "Seizure",
    RedFlagCode.CAUDA_EQUINA: "Saddle numbness or urinary retention",
    RedFlagCode.NEURO_DEFICIT: "Slurred speech, facial droop, one-sided weakness",
    RedFlagCode.SELF_HARM: "Speaks of ending or harming their life",
    RedFlagCode.CALF_DVT: "One-sided calf or leg swelling, pain, warmth",
    RedFlagCode.FEVER: "Fever, 38.0 °C or more, chills",
    RedFlagCode.WOUND_INFECTION: "Pus, foul drainage, spreading redness",
    RedFlagCode.DEHISCENCE: "Incision opening or gaping",
    RedFlagCode.SKIN_NECROSIS: "Dusky, black or blistering skin",
    RedFlagCode.HEMATOMA: "Expanding, tense lump or bruise",
    RedFlagCode.SEROMA: "Fluid pocket, fluid wave",
    RedFlagCode.WARMTH: "Local warmth",
    RedFlagCode.REDNESS: "New local redness",
    RedFlagCode.ASYMMETRY: "New one-sided swelling or contour",
    RedFlagCode.NUMBNESS: "New numbness or tingling",
    RedFlagCode.GARMENT_INJURY: "Garment cutting in or pressure sore",
    RedFlagCode.DRAIN_PROBLEM: "Drain problem",
}
RULES: dict[str, str] = {
    "pain_rising": "Pain rising two sessions in a row",
    "pain_jump": "Pain up sharply",
    "swelling_up": "Swelling up",
    "girth_up": "Girth up",
    "missed_in_a_row": "Missed visits in a row",
}
MEDICINE: dict[MedicationChange, str] = {
    MedicationChange.NONE: "pain medicine unchanged",
    MedicationChange.REDUCED: "pain medicine reduced",
    MedicationChange.STOPPED: "pain medicine stopped",
    MedicationChange.INCREASED: "pain medicine increased",
}
IMPRESSIONS = (
    "very much worse",
    "much worse",
    "a little worse",
    "no change",
    "a little better",
    "much better",
    "very much better",
)
"""The patient's global impression of change, from 1 to 7."""
_DEGREES = ("none", "mild", "moderate", "severe")
_MOST_IN_A_LINE = 700
_LONGEST_QUOTED = 200


def rule_name(rule: str) -> str:
    """A rule's code as people say it; one that a clinic added is called by its code."""
    if rule in RULES:
        return RULES[rule]
    if rule in set(RedFlagCode):
        return RED_FLAGS[RedFlagCode(rule)]
    return rule.replace("_", " ").capitalize()


def line(fields: SessionFields, number: int) -> str:
    """What was read, escaped for mrkdwn; `number` is which session it was, if it does not say so.

    The patient's own account is `feedback_line`, what the therapist asks for `asks_line`.
    """
    if fields.no_show:
        parts = ["Missed visit", *_signs(fields), *_next(fields)]
    else:
        parts = [
            f"Session {fields.session_number or number:,}",
            *_done(fields),
            *_measured(fields),
            *_signs(fields),
            *_next(fields),
        ]
    return shorten(" · ".join(part for part in parts if part), _MOST_IN_A_LINE)


def feedback_line(fields: SessionFields) -> str:
    """What the patient says of themselves; empty if they were not asked."""
    parts = [
        _scored("rating", fields.rating),
        _scored("satisfaction", fields.satisfaction),
        _scored("sleep", fields.sleep),
        _scored("anxiety", fields.anxiety),
        _impression(fields.pgic),
        _quoted(fields.patient_quote),
    ]
    return " · ".join(part for part in parts if part)


def asks_line(fields: SessionFields) -> str:
    """The change of plan that the therapist asks for, in their words; empty without one."""
    return _quoted(fields.plan_change_request)


def worry_line(fields: SessionFields) -> str:
    """What worries the therapist, in their words; empty if nothing does."""
    return _quoted(fields.concern)


def day(on: date) -> str:
    """`Thu 12 Mar`."""
    return f"{on:%a} {on.day} {on:%b}"


def girth(one: Girth) -> str:
    side = f"{one.side.value} " if isinstance(one.side, Side) else ""
    return f"{side}{one.site.named(side=bool(side))} {one.cm:g} cm"


def _done(fields: SessionFields) -> list[str]:
    minutes = f"{fields.duration_min} min" if fields.duration_min is not None else ""
    what = " + ".join(TECHNIQUES[code] for code in fields.techniques)
    where = ", ".join(code.named() for code in fields.regions)
    named = day(fields.session_date) if fields.session_date else ""
    return [named, " ".join(part for part in (minutes, what, where) if part)]


def _measured(fields: SessionFields) -> list[str]:
    found = [_pain(fields)]
    if fields.swelling_grade is not None:
        found.append(f"swelling {fields.swelling_grade}{'+' if fields.swelling_grade else ''}")
    found += [girth(one) for one in fields.girths]
    for name, value in (("bruising", fields.bruising), ("fibrosis", fields.fibrosis)):
        if value is not None:
            found.append(f"{name} {_DEGREES[min(max(value, 0), 3)]}")
    if fields.garment_hours is not None:
        found.append(f"garment {fields.garment_hours:g} h a day")
    if fields.drain_ml is not None:
        found.append(f"drain {fields.drain_ml:g} mL")
    if fields.temperature_c is not None:
        found.append(f"{fields.temperature_c:g} °C")
    if fields.tolerance is not None:
        found.append(f"tolerated {fields.tolerance.value}")
    if fields.medication_change is not None:
        found.append(MEDICINE[fields.medication_change])
    if fields.goals_reached:
        found.append(f"{counted(len(fields.goals_reached), 'goal')} reached")
    if fields.photos:
        found.append(counted(len(fields.photos), "photo"))
    return found


def _pain(fields: SessionFields) -> str:
    before, after = fields.pain_before, fields.pain_after
    if before is not None and after is not None:
        return f"pain {before:g} → {after:g}"
    if after is not None:
        return f"pain {after:g}"
    return f"pain {before:g} before" if before is not None else ""


def _signs(fields: SessionFields) -> list[str]:
    found = []
    if fields.red_flags:
        named = "; ".join(RED_FLAGS[code].lower() for code in fields.red_flags)
        found.append(f":warning: *red flag: {named}*")
    elif fields.red_flags_denied:
        found.append("no red flags")
    if fields.concern:
        found.append("*concern raised*")
    return found


def _next(fields: SessionFields) -> list[str]:
    return [f"next {day(fields.next_visit)}"] if fields.next_visit else []


def _quoted(words: str | None) -> str:
    return f"“{escape(shorten(words, _LONGEST_QUOTED))}”" if words else ""


def _impression(pgic: int | None) -> str:
    return f"overall {IMPRESSIONS[pgic - 1]}, {pgic}/7" if pgic is not None else ""


def _scored(name: str, value: float | None) -> str:
    return f"{name} {value:g}/10" if value is not None else ""
