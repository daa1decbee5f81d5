"""Regions that are only sore, measured or the place of a sign."""

from bot.care.lexicon import Hit

from .note import Note
from .wordsets import set_of

SIGN_AFTER = set_of(
    """
    pain pains sore soreness tender tenderness swollen swelling hurts hurt hurting warm hot red
    redness hard firm ropey soft bruised bruising numb numbness tingling tight tightness girth
    circumference incision incisions feels felt looks looked is was are were get gets
    getting keep keeps kept seem seems still has had ached
    aches aching stiff stiffness spasm spasms looser looks better fibrosis edema oedema lump
    seroma hematoma drain measured measures measuring healing skin dressing bandage size
    sized reconstruction augmentation reduction implants implant creases
    binder level rom flexion rotation weak popped puffy began begin wouldnt wont couldnt went
    dropped jerk jerked shook
    """
)


SIGN_BEFORE = set_of(
    """
    pain sore soreness tender tenderness swelling fibrosis edema oedema numbness tingling
    bruising incision redness lump warmth tightness skin drain near spasm knot knots girth
    circumference headache stiffness discomfort scar mark marks patch spot blister sores
    firmness hardness rash pressure heat adhesions bruise drainage sensitivity asymmetry ache
    aching burning hurt hurts soreness seroma hematoma fluid pocket wound tension heaviness
    cellulite lipo liposuction surgery surgical contour dent bulge erythema ecchymosis
    restriction rom mobility fullness cramp cramping spasms lift raise move lifting raising
    """
)


def girth_follows(note: Note, index: int) -> bool:
    words = note.words
    if words[index : index + 1] != ["#"]:
        return False
    return note.topic_at.get(index + 1) in ("CM", "INCH")


def in_any(index: int, hits: list[Hit]) -> bool:
    return any(hit.start <= index < hit.end for hit in hits)


def part_of_sign(note: Note, run: list[Hit]) -> bool:
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


_BREAKING_SIGNS = SIGN_BEFORE - {
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


def sign_between(note: Note, start: int, end: int) -> bool:
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
        if girth_follows(note, index) and index < end - 1:
            return True
    return False
