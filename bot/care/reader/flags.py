"""Warning signs: which are present, which are denied, and the words that say so."""

from dataclasses import dataclass
from enum import Enum

from bot.care.codes import RedFlagCode, Urgency
from bot.care.lexicon import Hit

from .negation import Negation
from .note import Note, Talk
from .past import Past
from .tokens import Kind
from .wordsets import set_of

_OWNERS = set_of("her his the she he pt patient and mld")


HIGH_PAIN = 7
_NUMB = set_of("numb numbness tingling tingly")
_NEW_ONLY = (RedFlagCode.NUMBNESS, RedFlagCode.ASYMMETRY)  # not where old, usual or unchanged
SMALLEST_GIRTH = 15
ALIKE_CM = 2.0
_LEFT = set_of("left l lt")
_RIGHT = set_of("right r rt")
_COMPARING = set_of(
    "than then bigger larger fuller thicker puffier more only vs versus compared asymmetry uneven "
    "asymmetric not while but new"
)


_MASSAGE = (["lymph"], ["lymphatic"])  # whose drainage is no drain's
_LONG_TIMES = set_of("week weeks wk wks day days month months")
_AWAY = set_of("away far")
_PULLS = set_of("pulled yanked ripped tugged knocked tore")
_DAYS_COMPARED = set_of("yesterday before last now today")


class Standing(Enum):
    """What a note does with a sign it names."""

    PRESENT = "present"
    DENIED = "denied"
    PAST = "past"
    NOT_MEANT = "not_meant"


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A warning sign that is present: which rule of which version hit, and on which words."""

    code: RedFlagCode
    urgency: Urgency
    hold: bool
    rule_version: str
    words: str
    spans: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Signs:
    """The present signs with their hits, and the denied words."""

    present: dict[str, list[Hit]]
    denied: list[Hit]
    general_denial: list[Hit]
    alarm: Hit | None


class SignReader:
    """Judges every sign that the vocabulary found in one note."""

    def __init__(self, note: Note) -> None:
        self.note = note
        self._negation = Negation(note)
        self._past = Past(note, self._negation)
        self._never: dict[str, set[int]] = {}
        for never in note.found.get("never", ()):
            self._never.setdefault(never.code, set()).update(range(never.start, never.end))

    def read(self) -> Signs:
        """All signs of the note."""
        present: dict[str, list[Hit]] = {}
        denied: list[Hit] = []
        poisoned: dict[str, set[int]] = {}
        candidates: list[Hit] = []
        for hit in self.note.found.get("flag", ()):
            standing = self._standing(hit)
            if standing is Standing.PRESENT:
                candidates.append(hit)
                continue
            if hit.members:
                continue  # one of several words is denied, not the sign
            poisoned.setdefault(hit.code, set()).update(hit.parts)
            if standing is Standing.DENIED:
                denied.append(hit)
        for hit in candidates:
            bad = poisoned.get(hit.code)
            if not self._negation.words.isdisjoint(self._said(hit)):
                bad = None  # the phrase itself says "not", as in "does not know where she is"
            if bad is None or (hit.parts[-1] not in bad and bad.isdisjoint(hit.parts)):
                present.setdefault(hit.code, []).append(hit)
        for hit in self.note.found.get("denial", ()):
            if hit.code == "also" and (self._negation.before(hit) or self._negation.after(hit)):
                denied.append(hit)
        general = [
            hit
            for hit in self.note.found.get("denial", ())
            if hit.code == "general"
            and (
                self.note.words[hit.start]
                in ("denies", "denied")  # "went over the list, denies all"
                or not any(self.note.talk[i] & (Talk.WARNED | Talk.ASKED) for i in hit.parts)
            )
        ]
        alarm = self._alarm()
        if alarm and not present:
            present = self._weak()
        return Signs(present, denied, general, alarm)

    def _weak(self) -> dict[str, list[Hit]]:
        """Weaker words for a sign, which count where the therapist sounded the alarm."""
        found: dict[str, list[Hit]] = {}
        for hit in self.note.found.get("weak", ()):
            if self._standing(hit) is Standing.PRESENT:
                found.setdefault(hit.code, []).append(hit)
        return found

    def _alarm(self) -> Hit | None:
        """The first words that say the therapist broke off or sent for help."""
        note = self.note
        for hit in note.context.get("alarm", ()):
            if note.is_now(hit.start, allow=Talk.PLANNED) and not self._negation.before(hit):
                return hit
        return None

    def _said(self, hit: Hit) -> list[str]:
        return [self.note.words[i] for i in hit.parts]

    # -- one sign

    def _standing(
        self, hit: Hit, own: frozenset[int] = frozenset(), first: int | None = None
    ) -> Standing:
        """`own` are the words of the whole thought that the hit is a member of, from `first` on."""
        note = self.note
        if hit.members:
            return self._standing_together(hit)
        barred = self._never.get(hit.code)
        if barred is not None and not barred.isdisjoint(range(hit.start, hit.end)):
            denied = (
                self.note.words[hit.start - 1] in self._negation.words
            )  # "no chills, just cold"
            return Standing.DENIED if denied else Standing.NOT_MEANT
        if (
            self._lacks(hit)
            or self._measured_alike(hit)
            or self._left_behind(hit)
            or self._falls(hit)
            or self._off_the_cut(hit)
        ):
            return Standing.NOT_MEANT
        if self._negation.inside(hit):
            return Standing.DENIED
        if (
            self._ends_list(hit)
            or self._scored_pain(hit)
            or (hit.code == "chest_pain" and self._scored_region(hit))
        ):
            return Standing.NOT_MEANT
        if hit.code == "disproportionate_pain" and not self._rises(hit):
            return Standing.NOT_MEANT
        if self._negation.before(hit, own) or self._negation.after(hit):
            return Standing.DENIED
        # A mark that begins inside the sign is part of it ("hurts if she breathes in").
        talk = note.talk[hit.start]
        if first is not None and not note.talk[first] & Talk.WARNED:
            talk &= ~Talk.WARNED  # "she screams if the sheet touches it"
        better_off = "better" in self._said(hit)
        if hit.code == RedFlagCode.SELF_HARM and (hit.start in note.quoted or better_off):
            talk &= ~Talk.OTHER  # "my kids would be better off without me"
        by = hit.start - 1 - (note.words[hit.start] in _PULLS)  # who pulled it
        opens = by < 0 or not note.talk[by] & Talk.OTHER
        if hit.code == RedFlagCode.DRAIN_PROBLEM and opens:
            talk &= ~Talk.OTHER  # "her dog pulled the drain out"
        said = note.words[max(0, hit.start - 3) : hit.end]
        if hit.code == RedFlagCode.SELF_HARM and "will" in said and "dead" in said:
            talk = Talk.NOW  # "asked me to keep her cat because she will be dead by Sunday"
        if hit.code == RedFlagCode.SELF_HARM and note.words[hit.start] == "how":
            talk &= ~Talk.ASKED  # "asked how many Percocet it would take to not wake up"
        if talk & (Talk.WARNED | Talk.ASKED | Talk.OTHER):
            return Standing.NOT_MEANT
        if self._past.is_past(hit):
            return Standing.PAST
        numb = hit.code == RedFlagCode.NEURO_DEFICIT and not _NUMB.isdisjoint(self._said(hit))
        if (numb or hit.code in _NEW_ONLY) and self._past.is_unchanged(hit):
            return Standing.PAST
        return Standing.PRESENT

    def _standing_together(self, hit: Hit) -> Standing:
        """A thought in any order is present if each of its members is."""
        if self._measured_alike(hit) or self._ends_list(hit) or self._off_the_cut(hit):
            return Standing.NOT_MEANT
        own = frozenset(hit.parts)
        for member in hit.members:
            standing = self._standing(member, own, hit.start)
            if standing is not Standing.PRESENT:
                return Standing.PAST if standing is Standing.PAST else Standing.NOT_MEANT
        low = hit.code == RedFlagCode.DISPROPORTIONATE_PAIN and not self._rises(hit)
        return Standing.NOT_MEANT if low else Standing.PRESENT

    def _lacks(self, hit: Hit) -> bool:
        """Whether none of the words stands near that the sign needs ("went from yellow to red")."""
        note = self.note
        needs = note.rules.sign_needs.get(hit.code)
        if needs is None:
            return False
        number = note.sentence_of[hit.start]
        first = note.sentences[max(0, min(number, len(note.sentences) - 1) - 1)].start
        return not any(
            note.words[i] in needs and note.words[i - 1 : i] not in _MASSAGE
            for i in range(first, note.sentence(hit.start).end)
        )

    def _left_behind(self, hit: Hit) -> bool:
        """ "went from pink to dusky": what it was before is not the sign."""
        words, last = self.note.words, hit.parts[-1]
        return words[last - 1] == "from" and words[last + 1 : last + 2] in (["to"], ["→"])

    def _measured_alike(self, hit: Hit) -> bool:
        """ "swelling 2+ left knee 41 cm right knee 40": both sides measured, none called bigger."""
        note = self.note
        if hit.code not in (RedFlagCode.ASYMMETRY, RedFlagCode.CALF_DVT):
            return False
        stretch = slice(hit.start, hit.end + 4)
        sizes = [
            token.value
            for token in note.tokens[stretch]
            if token.kind is Kind.NUMBER and token.value >= SMALLEST_GIRTH
        ]
        words = note.words[stretch]
        return (
            len(sizes) > 1
            and max(sizes) - min(sizes) < ALIKE_CM
            and _COMPARING.isdisjoint(words)
            and not _LEFT.isdisjoint(words)
            and not _RIGHT.isdisjoint(words)
        )

    def _rises(self, hit: Hit) -> bool:
        """Whether a score inside the sign is high, and two of them go up by 3 or more."""
        tokens = self.note.tokens[hit.start : hit.end]
        scores = [t.value for t in tokens if t.kind in (Kind.NUMBER, Kind.FRACTION)]
        after = self.note.words[hit.parts[0] + 1 : hit.parts[0] + 2]
        if len(scores) == 1 and not _LONG_TIMES.isdisjoint(after):
            return False  # "2 weeks ago ... skin looks normal"
        if len(scores) == 1:
            return scores[0] >= HIGH_PAIN or not any(t.kind is Kind.FRACTION for t in tokens)
        if len(scores) == 2 and "was" in self.note.words[hit.start : hit.end]:
            scores.reverse()  # "10/10, was 2 at breakfast"
        return len(scores) < 2 or scores[1] - scores[0] >= 3

    def _falls(self, hit: Hit) -> bool:
        """ "output 60 yesterday and 30 today": a drain that gives no more than it did."""
        note = self.note
        if hit.code != RedFlagCode.DRAIN_PROBLEM:
            return False
        told = [note.tokens[i].value for i in hit.parts if note.tokens[i].kind is Kind.NUMBER]
        by_day = not _DAYS_COMPARED.isdisjoint(self._said(hit))
        return (
            len(told) == 2 and by_day and told[1] < told[0] * note.rules.thresholds.drain_up_times
        )

    def _off_the_cut(self, hit: Hit) -> bool:
        """ "well away from any incision: red patch, warm": redness and warmth, but no wound's."""
        words = self.note.words[max(0, hit.start - 4) : hit.start]
        away = "from" in words and not _AWAY.isdisjoint(words)
        return len(hit.parts) > 1 and (away or words[-2:] == ["nowhere", "near"])

    def _scored_pain(self, hit: Hit) -> bool:
        """ "the calves she tolerated it well her pain was a four": the pain of the session."""
        words = self.note.words
        if len(hit.parts) < 2 or words[hit.end - 1] not in ("pain", "pains"):
            return False
        gap = words[hit.parts[-2] + 1 : hit.end - 1]
        after = words[hit.end : hit.end + 4]
        return bool(_OWNERS.intersection(gap)) and any(word.startswith("#") for word in after)

    def _ends_list(self, hit: Hit) -> bool:
        """ "massage on the knee and the calf pain was six": a treated place, then a score."""
        note, words = self.note, self.note.words
        at = hit.start
        if hit.code != RedFlagCode.CALF_DVT or words[at] not in ("calf", "calves", "thigh", "leg"):
            return False
        pain = at + 1 + (words[at + 1 : at + 2] in (["her"], ["his"]))
        scored = any(word.startswith("#") for word in words[pain + 1 : pain + 3])
        listed = words[at - 1] in ("the", "and", ",", "&", "/")
        if words[pain : pain + 1] != ["pain"] or not (scored and listed):
            return False
        start = note.sentence(at).start
        return any(
            start <= t.start for t in note.near(note.found.get("technique", []), at - 14, at)
        )

    def _scored_region(self, hit: Hit) -> bool:
        """ "MLD on the arms and the chest pain was five before": a region, then a score."""
        words, note = self.note.words, self.note
        owned = words[hit.start : hit.start + 2] in (["chest", "her"], ["chest", "his"])
        if words[hit.end - 1] not in ("pain", "pains") or not (hit.end - hit.start == 2 or owned):
            return False
        if owned and words[hit.end : hit.end + 1] != ["in"]:
            return True  # "on the arms and the chest her pain was a five"
        after = words[hit.end : hit.end + 3]
        if after[:1] in (["since"], ["for"], ["x"]):
            return False
        scored = any(word.startswith("#") for word in after) and words[hit.start - 1] in (
            "the",
            "and",
            ",",
            "&",
            "/",
            "her",
            "his",
        )
        sentence = note.sentence(hit.start)
        return scored and any(
            sentence.start <= t.start
            for t in note.near(note.found.get("technique", []), hit.start - 12, hit.start)
        )
