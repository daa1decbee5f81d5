"""Whether a reply reports on this patient at all, or asks, thanks, schedules, chats."""

from bot.care.codes import FieldName
from bot.care.lexicon import Hit

from .draft import Draft
from .note import Note
from .wordsets import set_of

_EVIDENCE = frozenset(
    (
        FieldName.TECHNIQUES,
        FieldName.PAIN_BEFORE,
        FieldName.PAIN_AFTER,
        FieldName.SWELLING_GRADE,
        FieldName.GIRTHS,
        FieldName.BRUISING,
        FieldName.FIBROSIS,
        FieldName.GARMENT_HOURS,
        FieldName.DRAIN_ML,
        FieldName.TEMPERATURE_C,
        FieldName.SLEEP,
        FieldName.ANXIETY,
        FieldName.SATISFACTION,
        FieldName.PGIC,
        FieldName.TOLERANCE,
        FieldName.MEDICATION_CHANGE,
        FieldName.RED_FLAGS,
        FieldName.RED_FLAGS_DENIED,
        FieldName.NO_SHOW,
    )
)
_WEAK = (
    FieldName.SESSION_NUMBER,
    FieldName.DURATION_MIN,
    FieldName.SESSION_DATE,
    FieldName.REGIONS,
    FieldName.PATIENT_QUOTE,
)
_STATES = set_of(
    """
    feels feeling felt doing looks looking looked reports reported says slept sleeping sleeps
    hurts hurting walking moving recovering healing complains improved improving better worse
    sore tired tender swollen uncomfortable happy comfortable bruised pain swelling bruising
    drainage nauseous dizzy lightheaded crying anxious relaxed emotional fatigued stiff itchy
    leaking burning throbbing
    """
)
_PATIENT = set_of("she shes he hes pt patient client her his they pts patients")
_HELP = set_of("911 988 ambulance ems emt emts paramedics er ed emergency hospital urgent")
_SEEN = set_of("saw seen treated treat massaged came arrived")


def is_update(note: Note, draft: Draft, alarm: Hit | None) -> bool:
    """The verdict; see the contract's `is_update`. `alarm` are words that send for help."""
    if any(name in draft for name in _EVIDENCE):
        return True
    if alarm is not None and _sends_patient(note, alarm):
        return True
    if FieldName.PATIENT_QUOTE in draft and _states_in_quote(note):
        return True
    weak = sum(name in draft for name in _WEAK)
    if weak >= 2 or (weak and FieldName.SESSION_NUMBER in draft):
        return True
    return _state_of_patient(note) or (weak >= 1 and _treated_now(note))


def _state_of_patient(note: Note) -> bool:
    """A sign or state of this patient said in plain words, outside questions and the like."""
    for sentence in note.sentences:
        if sentence.mark == "?":
            continue
        told = [i for i in range(sentence.start, sentence.end) if not note.talk[i]]
        words = [note.words[i] for i in told]
        for position, word in enumerate(words):
            if word in _PATIENT and _STATES.intersection(words[position + 1 : position + 6]):
                return True
    return False


def _states_in_quote(note: Note) -> bool:
    """The patient writes how it is: "incision is leaking a little"."""
    return any(note.words[index] in _STATES for index in note.quoted)


def _sends_patient(note: Note, alarm: Hit) -> bool:
    """ "sent her to the ER": help was sent for, for this patient."""
    sentence = note.sentence(alarm.start)
    said = note.words[sentence.start : sentence.end]
    sent = not _HELP.isdisjoint(note.words[alarm.start : alarm.end])
    return sent and sentence.mark != "?" and not _PATIENT.isdisjoint(said)


def _treated_now(note: Note) -> bool:
    return any(word in _SEEN and not note.talk[i] for i, word in enumerate(note.words))
