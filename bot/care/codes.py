"""The closed sets of the note reader, in the contract's own codes."""

from enum import StrEnum
from typing import Final


class FieldName(StrEnum):
    """The keys of one note's object."""

    IS_UPDATE = "is_update"
    SESSION_NUMBER = "session_number"
    SESSION_DATE = "session_date"
    DURATION_MIN = "duration_min"
    TECHNIQUES = "techniques"
    REGIONS = "regions"
    PAIN_BEFORE = "pain_before"
    PAIN_AFTER = "pain_after"
    SWELLING_GRADE = "swelling_grade"
    GIRTHS = "girths"
    BRUISING = "bruising"
    FIBROSIS = "fibrosis"
    GARMENT_HOURS = "garment_hours"
    DRAIN_ML = "drain_ml"
    TEMPERATURE_C = "temperature_c"
    SLEEP = "sleep"
    ANXIETY = "anxiety"
    SATISFACTION = "satisfaction"
    PGIC = "pgic"
    TOLERANCE = "tolerance"
    MEDICATION_CHANGE = "medication_change"
    RED_FLAGS = "red_flags"
    RED_FLAGS_DENIED = "red_flags_denied"
    CONCERN = "concern"
    PATIENT_QUOTE = "patient_quote"
    PLAN_CHANGE_REQUEST = "plan_change_request"
    NEXT_VISIT = "next_visit"
    NO_SHOW = "no_show"


class Technique(StrEnum):
    """What was done."""

    MLD = "mld"
    SCAR_MOBILIZATION = "scar_mobilization"
    MYOFASCIAL_RELEASE = "myofascial_release"
    SWEDISH = "swedish"
    DEEP_TISSUE = "deep_tissue"
    TRIGGER_POINT = "trigger_point"
    CRANIOSACRAL = "craniosacral"
    COMPRESSION_BANDAGING = "compression_bandaging"
    CUPPING = "cupping"
    KINESIO_TAPING = "kinesio_taping"
    ULTRASOUND = "ultrasound"
    STRETCHING = "stretching"


class Region(StrEnum):
    """Where on the body: to be treated, or treated."""

    ABDOMEN = "abdomen"
    FLANKS = "flanks"
    BACK = "back"
    UPPER_BACK = "upper_back"
    LOWER_BACK = "lower_back"
    THIGHS = "thighs"
    KNEES = "knees"
    CALVES = "calves"
    ARMS = "arms"
    CHEST = "chest"
    NECK = "neck"
    CHIN = "chin"
    FACE = "face"
    HIPS = "hips"
    BUTTOCKS = "buttocks"
    SHOULDERS = "shoulders"
    HEAD = "head"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    def named(self, side: bool = False) -> str:
        """As it is called within a sentence; with a `side`, the one of the two: `left thigh`."""
        whole = self.value.replace("_", " ")
        return _ONE_OF_TWO.get(self, whole) if side else whole


_ONE_OF_TWO: Final = {
    Region.FLANKS: "flank",
    Region.THIGHS: "thigh",
    Region.KNEES: "knee",
    Region.CALVES: "calf",
    Region.ARMS: "arm",
    Region.HIPS: "hip",
    Region.BUTTOCKS: "buttock",
    Region.SHOULDERS: "shoulder",
}


class Side(StrEnum):
    """The side of a measured site."""

    LEFT = "left"
    RIGHT = "right"


class Tolerance(StrEnum):
    """How the patient bore the session."""

    WELL = "well"
    FAIR = "fair"
    POOR = "poor"


class MedicationChange(StrEnum):
    """Pain medicine since the last session."""

    NONE = "none"
    REDUCED = "reduced"
    STOPPED = "stopped"
    INCREASED = "increased"


class RedFlagCode(StrEnum):
    """The warning signs of the default clinical rules."""

    DYSPNEA = "dyspnea"
    CHEST_PAIN = "chest_pain"
    HEMOPTYSIS = "hemoptysis"
    SYNCOPE = "syncope"
    PALPITATIONS = "palpitations"
    CONFUSION = "confusion"
    DISPROPORTIONATE_PAIN = "disproportionate_pain"
    RIGID_ABDOMEN = "rigid_abdomen"
    UNCONTROLLED_BLEEDING = "uncontrolled_bleeding"
    SEIZURE = "seizure"
    CAUDA_EQUINA = "cauda_equina"
    NEURO_DEFICIT = "neuro_deficit"
    SELF_HARM = "self_harm"
    CALF_DVT = "calf_dvt"
    FEVER = "fever"
    WOUND_INFECTION = "wound_infection"
    DEHISCENCE = "dehiscence"
    SKIN_NECROSIS = "skin_necrosis"
    HEMATOMA = "hematoma"
    SEROMA = "seroma"
    WARMTH = "warmth"
    REDNESS = "redness"
    ASYMMETRY = "asymmetry"
    NUMBNESS = "numbness"
    GARMENT_INJURY = "garment_injury"
    DRAIN_PROBLEM = "drain_problem"


class Urgency(StrEnum):
    """How fast a person must act."""

    EMERGENT = "emergent"
    URGENT = "urgent"
    SOON = "soon"
