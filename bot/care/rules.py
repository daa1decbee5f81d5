"""The clinic's rules and vocabulary, read from one versioned file.

The file that ships with the project, `clinical-rules.toml`, holds defaults for
configuration, never medical advice: the clinic's own medical lead signs them off.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.care.codes import RedFlagCode, Region, Technique, Urgency
from bot.care.indications import Indication
from bot.care.lexicon import Lexicon, RulesError
from bot.care.spelling import Speller

DEFAULT_RULES = Path(__file__).with_name("clinical-rules.toml")
LEGS = "thighs_and_calves"
_TURNING = frozenset(
    [
        "some",
        "slight",
        "mild",
        "little",
        "few",
        "possible",
        "maybe",
        "positive",
        "increased",
        "significant",
        "possibly",
        "+",
        "→",
        "(",
        ")",
        "but",
        ":",
        "--",
        "—",
    ]
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FlagRule(_Part):
    """One warning sign: what it covers, how urgent it is, and the words that speak of it."""

    code: RedFlagCode
    urgency: Urgency
    hold: bool
    covers: str
    source: str
    words: tuple[str, ...]
    never: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    """Words one of which must stand in the same sentence or the one before; if any are named."""
    celsius_from: float | None = None


class ChangeRule(_Part):
    """One rule computed from the numbers of a referral."""

    code: str
    urgency: Urgency
    hold: bool = False
    says: str
    source: str


class Thresholds(_Part):
    """From when on a number or its change is a warning sign. Units are in the names."""

    pain_up_in_a_row: float
    pain_up_at_once: float
    swelling_up_grades: int
    girth_up_cm: float
    temperature_c: float
    pulse_per_minute: float
    oxygen_percent: float
    breaths_per_minute: float
    calf_difference_cm: float
    drain_up_ml: float
    drain_up_times: float
    missed_in_a_row: int


class Absorption(_Part):
    """Where two signs are one thing: the signs of `takes` give way to the one of `by`.

    `or_near`, `near`, `inside` and `unless` hold words; the head of the rules file says how.
    """

    by: RedFlagCode
    takes: tuple[RedFlagCode, ...]
    or_near: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()


class Meaning(_Part):
    """What a change on a scale means to patients, with its source."""

    least_points: float
    least_percent: float
    much_points: float
    much_percent: float
    source: str


class PsfsMeaning(_Part):
    """What a change on the Patient-Specific Functional Scale means."""

    small: float
    medium: float
    large: float
    source: str


class Screening(_Part):
    """A contraindication to ask about."""

    code: str
    asks: str
    regions: tuple[Region, ...] = ()


class Contraindications(_Part):
    """What holds massage, and what needs the surgeon's written clearance first."""

    source: str
    hold: tuple[Screening, ...]
    clearance: tuple[Screening, ...]


class Evidence(_Part):
    """What is known of massage for an indication, and where it stands. Never a promise."""

    says: str
    source: str


class RulesFile(_Part):
    """The file as a whole."""

    version: str
    urgency: dict[Urgency, str]
    red_flag: tuple[FlagRule, ...]
    absorb: tuple[Absorption, ...]
    groups: dict[str, tuple[str, ...]]
    techniques: dict[Technique, tuple[str, ...]]
    regions: dict[str, tuple[str, ...]]
    context: dict[str, tuple[str, ...]]
    denial: dict[str, tuple[str, ...]]
    themes: dict[str, dict[str, tuple[str, ...]]]
    spelling: dict[str, tuple[str, ...]]
    same_word: dict[str, str]
    change_rule: tuple[ChangeRule, ...]
    thresholds: Thresholds
    pain_meaning: Meaning
    psfs_meaning: PsfsMeaning
    swelling_mm: dict[str, str]
    usual_course: str
    contraindications: Contraindications
    evidence: dict[Indication, Evidence] = {}


@dataclass(frozen=True)
class ClinicalRules:
    """The rules, ready for use. Immutable; load once and hand it to whoever needs it."""

    file: RulesFile

    @property
    def version(self) -> str:
        """Named by every hit."""
        return self.file.version

    @property
    def thresholds(self) -> Thresholds:
        """When a number is a warning sign."""
        return self.file.thresholds

    @cached_property
    def flags(self) -> Mapping[RedFlagCode, FlagRule]:
        """The warning signs by their code."""
        return {rule.code: rule for rule in self.file.red_flag}

    @cached_property
    def sign_needs(self) -> Mapping[str, frozenset[str]]:
        """The words that some signs need near them, by the sign's code."""
        return {rule.code.value: rule.needs for rule in self.file.red_flag if rule.needs}

    @cached_property
    def lexicon(self) -> Lexicon:
        """Every phrase of the file."""
        file = self.file
        lexicon = self.sign_lexicon.copy()
        tables: dict[str, Mapping[str, tuple[str, ...]]] = {
            "technique": {code.value: phrases for code, phrases in file.techniques.items()},
            "region": file.regions,
            "denial": file.denial,
            **file.themes,
        }
        for family, table in tables.items():
            for code, phrases in table.items():
                lexicon.add(family, code, phrases, file.groups)
        return lexicon

    @cached_property
    def negating_words(self) -> frozenset[str]:
        """Small words that deny ("no", "not")."""
        return frozenset(self.file.spelling["negating_small_words"])

    @cached_property
    def turning_words(self) -> frozenset[str]:
        """Words at which a denial that stands before them ends."""
        return frozenset(self.file.context["then_stop"]) | _TURNING

    @cached_property
    def sign_lexicon(self) -> Lexicon:
        """The warning signs and what is said of them, for the rest of a very long text."""
        file = self.file
        lexicon = Lexicon((*file.spelling["small_words"], *file.spelling["negating_small_words"]))
        for rule in file.red_flag:
            lexicon.add("flag", rule.code.value, rule.words, file.groups)
            lexicon.add("never", rule.code.value, rule.never, file.groups)
            lexicon.add("weak", rule.code.value, rule.weak, file.groups)
        for code, phrases in file.context.items():
            lexicon.add("context", code, phrases, file.groups)
        return lexicon

    @cached_property
    def speller(self) -> Speller:
        """Repairs slips of the vocabulary's words, and knows which words mean the same."""
        return Speller(
            self.lexicon.vocabulary,
            (word for line in self.file.spelling["real_words"] for word in line.split()),
            self.file.same_word,
            self.file.spelling["sign_words"],
        )

    def compile(self) -> None:
        """Make all that the reader needs, which otherwise comes with the first note.

        Raises RulesError for a phrase that can't be read.
        """
        _ = self.speller  # which needs all the rest


def load_rules(path: Path | None = None, *, compiled: bool = True) -> ClinicalRules:
    """Read a rules file (the project's own by default) and compile it whole, or leave that for
    later, as it takes ten times as long as reading it.

    Raises RulesError with a message that names the place, and OSError if it can't be read.
    """
    place = path or DEFAULT_RULES
    try:
        file = RulesFile.model_validate(tomllib.loads(place.read_text("utf-8")))
    except tomllib.TOMLDecodeError as problem:
        raise RulesError(f"{place.name} is not valid TOML: {problem}") from problem
    except ValidationError as problem:
        raise RulesError(f"{place.name}: {problem}") from problem
    unknown = set(file.regions) - set(Region) - {LEGS}
    if unknown:
        raise RulesError(f"{place.name}: no such region: {', '.join(sorted(unknown))}")
    spaced = [w for words in file.groups.values() for w in words if " " in w]
    if spaced:
        raise RulesError(f"{place.name}: groups hold single words, not {spaced[0]!r}")
    rules = ClinicalRules(file)
    if compiled:
        rules.compile()  # so that a bad phrase is told now
    return rules


__all__ = ["ClinicalRules", "FlagRule", "RulesError", "load_rules"]
