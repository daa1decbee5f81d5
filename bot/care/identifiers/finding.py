"""What was found: where in the text, and of what kind. Never the text itself."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What kind of identifier it is (of the eighteen of 45 CFR 164.514(b)(2), those people type)."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    RECORD_NUMBER = "record_number"
    PHONE = "phone"
    EMAIL = "email"
    SOCIAL_SECURITY = "social_security"
    ADDRESS = "address"

    @property
    def label(self) -> str:
        """As it is said to people: `the date of birth`, without the article."""
        return {
            Kind.NAME: "name",
            Kind.BIRTH_DATE: "date of birth",
            Kind.RECORD_NUMBER: "record number",
            Kind.PHONE: "phone number",
            Kind.EMAIL: "e-mail address",
            Kind.SOCIAL_SECURITY: "social security number",
            Kind.ADDRESS: "address",
        }[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters `start` to `end` (exclusive, code points) are an identifier of this kind.

    `is_known` when it is one of a patient that we know, not only something of that shape.
    """

    kind: Kind
    start: int
    end: int
    is_known: bool = False


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In the order of the text, none overlapping: what is known wins, then what is longer."""
    kept: list[Finding] = []
    for one in sorted(findings, key=lambda f: (not f.is_known, f.start - f.end, f.start)):
        at = bisect(kept, one.start, key=lambda f: f.start)
        is_free_before = at == 0 or kept[at - 1].end <= one.start
        if is_free_before and (at == len(kept) or one.end <= kept[at].start):
            kept.insert(at, one)
    return tuple(kept)


def kinds_of(findings: Sequence[Finding]) -> tuple[Kind, ...]:
    """Each kind once, in the order of `Kind`."""
    there = {one.kind for one in findings}
    return tuple(kind for kind in Kind if kind in there)


def replace(text: str, findings: Sequence[Finding], by: str | None = None) -> str:
    """`text` with each finding replaced by its kind in brackets, or by `by`."""
    pieces: list[str] = []
    at = 0
    for one in merged(findings):
        pieces += [text[at : one.start], by or f"[{one.kind.label}]"]
        at = one.end
    return "".join([*pieces, text[at:]])
