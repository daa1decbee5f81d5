"""Warning signs: which are present, which are denied, and the words that say so."""

from dataclasses import dataclass
from enum import Enum

from bot.care.codes import RedFlagCode, Urgency
from bot.care.lexicon import Hit

from .note import Note, Talk
from .tokens import Kind
from .wordsets import set_of

_EVENTS = set_of("syncope seizure hemoptysis self_harm")
_CONNECTORS = set_of(
    """
    , / or and nor & any other of the signs sign sx symptoms in at to around on her his over
    near + n - with site sites area incision incisions for reports report having new any acute
    sudden active obvious visible noted evidence current further more
    """
)
_MORE_STOPS = set_of(
    """
    some slight mild little few possible maybe positive increased significant possibly + → ( )
    but : -- —
    """
)
_PREDICATES = set_of(
    """
    swollen hot warm red tender open opened numb bigger larger thicker black dusky warmer
    painful rigid hard hurts hurt opening wet soaked cloudy racing bleeding gaping leaking
    """
)


_HARD_STOPS = set_of("but however although though except yet → -- —")
_VERBS_NOT = set_of("not doesnt didnt isnt wasnt hasnt havent arent werent dont never")
_COMPLAINTS = set_of(
    "pain pains swelling nausea vomiting discomfort drainage complaints bruising issues"
)
_RELIEF = set_of("flat gone fine resolved normal clear soft ok okay healed closed dry")


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


class SignReader:
    """Judges every sign that the vocabulary found in one note."""

    def __init__(self, note: Note) -> None:
        self.note = note
        self._pseudo = self._cover("not_a_negation")
        self._negations = {
            hit.end - 1: hit
            for hit in note.context.get("negation", ())
            if not any(i in self._pseudo for i in hit.parts)
        }
        file = note.rules.file
        self._negating_words = frozenset(file.spelling["negating_small_words"])
        self._stops = frozenset(file.context["then_stop"]) | _MORE_STOPS
        self._sign_words = {i for hit in note.found.get("flag", ()) for i in hit.parts} | {
            i for hit in note.found.get("region", ()) for i in range(hit.start, hit.end)
        }
        self._never: dict[str, set[int]] = {}
        for never in note.found.get("never", ()):
            self._never.setdefault(never.code, set()).update(range(never.start, never.end))
        self._relatives = {note.words[h.start] for h in note.context.get("other_person", ())}
        self._kept = self._cover("still")

    def _cover(self, kind: str) -> set[int]:
        return {i for hit in self.note.context.get(kind, ()) for i in range(hit.start, hit.end)}

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
            poisoned.setdefault(hit.code, set()).update(hit.parts)
            if standing is Standing.DENIED:
                denied.append(hit)
        for hit in candidates:
            bad = poisoned.get(hit.code)
            if not self._negating_words.isdisjoint(self._said(hit)):
                bad = None  # the phrase itself says "not", as in "does not know where she is"
            if bad is None or (hit.parts[-1] not in bad and bad.isdisjoint(hit.parts)):
                present.setdefault(hit.code, []).append(hit)
        general = [
            hit
            for hit in self.note.found.get("denial", ())
            if not any(self.note.talk[i] & (Talk.WARNED | Talk.ASKED) for i in hit.parts)
        ]
        return Signs(present, denied, general)

    def _said(self, hit: Hit) -> list[str]:
        return [self.note.words[i] for i in hit.parts]

    # -- one sign

    def _standing(self, hit: Hit) -> Standing:
        note = self.note
        barred = self._never.get(hit.code)
        if barred is not None and not barred.isdisjoint(range(hit.start, hit.end)):
            return Standing.NOT_MEANT
        gaps = [i for i in range(hit.start, hit.end) if i not in hit.parts]
        if any(
            i in self._negations
            or (note.words[i] in self._negating_words and i not in self._pseudo)
            for i in gaps
        ):
            return Standing.DENIED
        if hit.code == "chest_pain" and self._scored_region(hit):
            return Standing.NOT_MEANT
        if hit.code == "disproportionate_pain" and not self._rises(hit):
            return Standing.NOT_MEANT
        if self._negated_before(hit) or self._negated_after(hit):
            return Standing.DENIED
        # A mark that begins inside the sign is part of it ("hurts if she breathes in").
        talk = note.talk[hit.start]
        if talk & (Talk.WARNED | Talk.ASKED | Talk.OTHER):
            return Standing.NOT_MEANT
        if self._is_past(hit, talk):
            return Standing.PAST
        if hit.code == "numbness" and self._unchanged(hit):
            return Standing.PAST
        return Standing.PRESENT

    def _rises(self, hit: Hit) -> bool:
        """Whether the scores inside the sign, if there are two, go up by 3 or more."""
        tokens = self.note.tokens[hit.start : hit.end]
        scores = [t.value for t in tokens if t.kind in (Kind.NUMBER, Kind.FRACTION)]
        return len(scores) < 2 or scores[1] - scores[0] >= 3

    def _scored_region(self, hit: Hit) -> bool:
        """ "MLD on the arms and the chest pain was five before": a region, then a score."""
        words, note = self.note.words, self.note
        if words[hit.end - 1] not in ("pain", "pains") or hit.end - hit.start != 2:
            return False
        after = words[hit.end : hit.end + 3]
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

    def _negated_before(self, hit: Hit) -> bool:
        note, words = self.note, self.note.words
        floor = note.sentence(hit.start).start
        predicate = len(hit.parts) > 1 and words[hit.parts[-1]] in _PREDICATES
        index, cost, comma, named = hit.start - 1, 0, False, False
        joined = index >= floor and words[index] in ("or", "nor", "/", "and")
        while index >= floor and hit.start - index < 30:
            cue = self._negations.get(index)
            if cue is not None and cue.start >= floor:
                if comma and not named and note.words[cue.start] in _VERBS_NOT:
                    return False  # "does not look good, pus at the drain hole"
                return not (predicate and comma and not joined)
            word = words[index]
            if word == ",":
                comma = True
            named = named or index in self._sign_words or word in _COMPLAINTS
            if word in _HARD_STOPS:
                return False
            if word == "today" and index > floor and words[index - 1] == ",":
                return False  # "no history of headache, today the worst ever"
            if (
                word in self._stops
                and (index - 1) not in self._negations
                and (index - 2) not in self._negations
            ):
                return False
            if note.tokens[index].kind is not Kind.WORD and word not in _CONNECTORS:
                return False
            if word not in _CONNECTORS and index not in self._sign_words:
                cost += 1
                if cost > 4:
                    return False
            index -= 1
        return False

    def _negated_after(self, hit: Hit) -> bool:
        words = self.note.words
        count = len(words)
        index, cost = hit.end, 0
        while index < count and index - hit.end < 14:
            word = words[index]
            if word == "\n" or word in (".", ";", "|", "]", "•"):
                return False
            ends = index + 1 >= count or words[index + 1] in (
                ",",
                ".",
                "\n",
                ";",
                "|",
                ")",
                "]",
                "/",
                "!",
                "(",
                "•",
                "today",
                "now",
                "at",
                "this",
                "-",
            )
            if word in ("none", "neg", "negative", "absent", "denied", "nil", "❌"):
                return words[index + 1 : index + 2] != ["for"]
            if (
                word in ("no", "n", "0", "zero", "nope")
                and ends
                and words[index - 1] in (":", "?", "-", "=", *self._tail(hit), "is", "are", "(")
            ):
                return True
            if (
                word == "-"
                and ends
                and index + 1 < count
                and words[index + 1] not in ("-",)
                and index - hit.end <= 1
            ):
                return words[index + 1] in (",", ")", "\n", ".", ";", "|", "]")
            if (
                word == "not"
                and words[index + 1 : index + 2]
                and words[index + 1]
                in (
                    "present",
                    "seen",
                    "observed",
                    "noted",
                    "found",
                    "noticed",
                    "reported",
                    "there",
                    "evident",
                )
            ):
                return True
            if word == "ruled" and words[index + 1 : index + 2] == ["out"]:
                return True
            if (
                word in (":", "?", "-", "=", "(", "is", "are", "was", "were", "all")
                or word in _CONNECTORS
                or index in self._sign_words
            ):
                index += 1
                continue
            cost += 1
            if cost > 1:
                return False
            index += 1
        return False

    def _tail(self, hit: Hit) -> tuple[str, ...]:
        return (self.note.words[hit.end - 1],)

    def _clause(self, hit: Hit) -> tuple[int, int]:
        note, words = self.note, self.note.words
        sentence = note.sentence(hit.start)
        left, right = hit.start, hit.end
        ends = (",", "but", "(", ")", "now", "today", "so", "—", "--")
        while left > sentence.start and words[left - 1] not in ends and hit.start - left < 30:
            left -= 1
        while right < sentence.end and words[right] not in ends and right - hit.end < 30:
            right += 1
        return left, right

    def _is_past(self, hit: Hit, talk: int) -> bool:
        note = self.note
        sentence = note.sentence(hit.start)
        left, right = self._clause(hit)
        history = any(
            left <= cue.start < right
            or self._history_list(cue, hit)
            or (hit.end <= cue.start <= hit.end + 2 and cue.start < sentence.end)
            for cue in note.cues("history", hit.start - 32, hit.end + 32)
        )
        if history and not self._still(hit, sentence.end):
            return True
        resolved = self._resolved(hit)
        if not resolved:
            return False
        if hit.code in _EVENTS:
            return False
        rule = note.rules.flags[RedFlagCode(hit.code)]
        if rule.urgency is Urgency.EMERGENT:
            return any(
                sentence.start <= cue.start < sentence.end
                for cue in note.cues("recent", hit.start - 30, hit.end + 30)
                if cue.end - cue.start > 1
            )
        return True

    def _history_list(self, cue: Hit, hit: Hit) -> bool:
        if (
            self.note.words[cue.start] not in ("hx", "history", "h", "pmh", "pmhx", "past")
            or cue.end > hit.start
        ):
            return False
        between = self.note.words[cue.end : hit.start]
        return len(between) < 12 and not any(
            word in (".", "\n", ";", "now", "but", "today", "has", "is", "presents")
            for word in between
        )

    def _still(self, hit: Hit, end: int) -> bool:
        words = self.note.words
        return any(
            word in ("still", "now", "today", "again", "returned", "back", "worse")
            and words[index + 1 : index + 2]
            not in (["gone"], ["resolved"], ["fine"], ["ok"], ["clear"], ["normal"], ["none"])
            and (word != "now" or words[index - 1] not in _RELIEF)
            for index, word in enumerate(
                words[max(0, hit.start - 4) : min(end, hit.end + 8)], max(0, hit.start - 4)
            )
            if index not in hit.parts
        )

    def _resolved(self, hit: Hit) -> bool:
        note, words = self.note, self.note.words
        sentence = note.sentence(hit.start)
        limit = sentence.end
        following = note.sentence_of[hit.start] + 1
        next_start = note.sentences[following].start if following < len(note.sentences) else -1
        kept = self._kept
        for cue in note.cues("resolved", hit.start - 4, max(hit.end + 14, next_start + 2)):
            if any(i in self._pseudo for i in cue.parts) or any(
                i in kept and words[i] in ("not", "isnt", "hasnt", "never")
                for i in range(cue.start - 3, cue.end)
            ):
                continue
            if (
                words[cue.start] == "clear"
                and words[cue.start - 1 : cue.start]
                and words[cue.start - 1] in ("stayed", "stay", "kept", "steered", "steer")
            ):
                continue
            near = hit.end <= cue.start < min(limit, hit.end + 14) or (
                next_start <= cue.start <= next_start + 1 and cue.start >= limit and next_start >= 0
            )
            before = 0 < hit.start - cue.start <= 3 and words[cue.start] in (
                "resolved",
                "healed",
                "previous",
                "old",
                "resolving",
            )
            again = {"again", "back", "today", "now"}.intersection(words[hit.end : cue.start])
            was = (
                words[cue.start - 1 : cue.start] == ["was"]
                or "last" in words[cue.end : cue.end + 1]
            )
            if again and was:
                continue  # "SOB again today, was resolved last week"
            if (near or before) and not self._other_sign_between(hit, cue):
                return True
        return False

    def _other_sign_between(self, hit: Hit, cue: Hit) -> bool:
        return any(
            other.code != hit.code
            and hit.end <= other.start < cue.start
            and other.start - hit.end > 1
            and self.note.words[other.start - 1] not in ("and", "or", "/", "&", ",")
            for other in self.note.near(self.note.found["flag"], hit.end, cue.start)
        )

    def _unchanged(self, hit: Hit) -> bool:
        left, right = self._clause(hit)
        sentence = self.note.sentence(hit.start)
        right = min(sentence.end, right + 6)
        return any(left <= cue.start < right for cue in self.note.cues("unchanged", left, right))
