"""Why a patient is referred; codes with the words people read."""

from enum import StrEnum


class Indication(StrEnum):
    """The reason for the referral."""

    LIPOSUCTION = "liposuction"
    ABDOMINOPLASTY = "abdominoplasty"
    BBL = "bbl"
    BREAST = "breast"
    FACE = "face"
    SCAR = "scar"
    LYMPHEDEMA = "lymphedema"
    FIBROMYALGIA = "fibromyalgia"
    LOW_BACK_PAIN = "low_back_pain"
    MIGRAINE = "migraine"
    NECK_PAIN = "neck_pain"
    ANXIETY = "anxiety"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _INDICATIONS[self]

    @property
    def is_surgical(self) -> bool:
        """Whether it follows an operation, so that a surgery date is needed."""
        return self in _SURGICAL


_INDICATIONS = {
    Indication.LIPOSUCTION: "After liposuction",
    Indication.ABDOMINOPLASTY: "After abdominoplasty",
    Indication.BBL: "After Brazilian butt lift",
    Indication.BREAST: "After breast surgery",
    Indication.FACE: "After face or neck lift",
    Indication.SCAR: "Scar treatment",
    Indication.LYMPHEDEMA: "Lymphedema",
    Indication.FIBROMYALGIA: "Fibromyalgia",
    Indication.LOW_BACK_PAIN: "Low back pain",
    Indication.MIGRAINE: "Migraine",
    Indication.NECK_PAIN: "Neck pain",
    Indication.ANXIETY: "Anxiety, PTSD or sleep",
    Indication.OTHER: "Other",
}
_SURGICAL = {
    Indication.LIPOSUCTION,
    Indication.ABDOMINOPLASTY,
    Indication.BBL,
    Indication.BREAST,
    Indication.FACE,
    Indication.SCAR,
}
