"""Whether a sign is past: history, or resolved and not come back."""

from bot.care.codes import RedFlagCode, Urgency
from bot.care.lexicon import Hit

from .negation import Negation, covered
from .note import Note
from .tokens import Kind, Token
from .wordsets import set_of

_EVENTS = set_of("syncope seizure hemoptysis self_harm")
_RELIEF = set_of("flat gone fine resolved normal clear soft ok okay healed closed dry")
_HALTS = set_of("stopped stop quit ended")
_SIDES = set_of("left right l r other")
_AGAIN = set_of("again back where since")
_GOES_ON = set_of("wont doesnt not never wouldnt didnt cant")
_THERAPIST = set_of("i we so immediately then ive therapist and had")
_HALTED = set_of(
    "at right there the massage mld tx treatment session immediately early here after working "
    "everything all w with # my our it to called her his taking"
)
_AS_EVER = set_of("as baseline known usual chronic longstanding long always")
_LISTING = set_of("and or / & ,")
_BACK_THEN = (["in"], ["then"], ["when"], ["at"])
_BACK_OF = set_of("low lower upper mid middle her his my the")
_ASIDES = set_of(", ( - -- — ; which")
_OTHER_DAY = frozenset(("DAY", "LAST"))
_SHORT_WHILE = set_of("hour hours hr hrs day days night week few couple")
_RETURNS = set_of("again back returned")
_NEVER = set_of("never not hasnt havent didnt")
_TAKING = set_of("took taking take during")
_NOTHING = set_of("no none nothing without clean")


def _is_year(token: Token) -> bool:
    plain = token.kind is Kind.NUMBER and token.end - token.start == 4 and not token.spelled
    return plain and 1950 <= token.value <= 2099


class Past:
    """What is past in one note."""

    def __init__(self, note: Note, negation: Negation) -> None:
        self.note = note
        self._negation = negation
        self._kept = covered(note, "still")
        self._years = [i for i in note.numbers if _is_year(note.tokens[i])]

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

    def is_past(self, hit: Hit) -> bool:
        """Whether a sign is of an earlier time, or resolved."""
        note = self.note
        sentence = note.sentence(hit.start)
        left, right = self._clause(hit)
        history = any(
            (left <= cue.start < right and note.words[cue.start - 1] not in ("like", "than"))
            or self._history_list(cue, hit)
            or (hit.end <= cue.start <= hit.end + 2 and cue.start < sentence.end)
            for cue in note.cues("history", hit.start - 32, hit.end + 32)
            if not (
                self._used_to(cue, hit)
                or self._on_back(cue)
                or self._until_now(cue)
                or self._is_taken(cue)
            )
        )
        history = history or self._had_been(hit, sentence.start)
        history = history or (
            hit.code != RedFlagCode.CONFUSION and any(left <= i < right for i in self._years)
        )
        if history and not self._still(hit, sentence.end):
            return True
        if self._was_then(hit):
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

    def _used_to(self, cue: Hit, hit: Hit) -> bool:
        """ "what used to be yellow is cherry red": what it is now stands after it."""
        words = self.note.words
        return words[cue.start] == "used" and not {"is", "are", "now", "has", "turned"}.isdisjoint(
            words[cue.end : hit.end]
        )

    def _on_back(self, cue: Hit) -> bool:
        """ "sloshing in her low back when she walks": the back is a place here."""
        words = self.note.words
        return words[cue.start] == "back" and words[cue.start - 1] in _BACK_OF

    def _until_now(self, cue: Hit) -> bool:
        """ "110 mL in the past 24 h": a stretch of time that ends now."""
        words = self.note.words
        reaches = words[cue.end : cue.end + 1] == ["#"] or not _SHORT_WHILE.isdisjoint(
            words[cue.end : cue.end + 2]
        )
        return words[cue.end - 1] == "past" and reaches

    def _is_taken(self, cue: Hit) -> bool:
        """ "while I took the history she said ...": when it was said, and not of what time."""
        return not _TAKING.isdisjoint(self.note.words[max(0, cue.start - 2) : cue.start])

    def _had_been(self, hit: Hit, start: int) -> bool:
        """ "two weeks ago, before she saw you, she had coughed up blood"."""
        note = self.note
        had = note.words[max(start, hit.start - 3) : hit.start]
        return "had" in had and any(
            cue.end <= hit.start and note.words[cue.end - 1] == "ago"
            for cue in note.cues("recent", start, hit.start)
        )

    def _was_then(self, hit: Hit) -> bool:
        """ "dusky patch, was pink Friday": what it was on another day."""
        note, last = self.note, hit.parts[-1]
        if last < 2 or note.words[last - 1] not in ("was", "were"):
            return False
        aside = note.words[last - 2] in _ASIDES
        day = note.topic_at.get(last + 1) in _OTHER_DAY or note.words[last + 1 : last + 2] == ["on"]
        return aside and (day or note.words[last + 1 : last + 2] == ["yesterday"])

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
        first = max(self.note.sentence(hit.start).start, hit.start - 4)
        return any(
            word in ("still", "now", "today", "again", "returned", "back", "worse")
            and words[index + 1 : index + 2]
            not in (["gone"], ["resolved"], ["fine"], ["ok"], ["clear"], ["normal"], ["none"])
            and (word != "now" or words[index - 1] not in _RELIEF)
            and (word != "back" or words[index + 1 : index + 2] not in _BACK_THEN)
            and (word != "again" or words[index - 1] != "up")
            and not _NOTHING.intersection(words[max(0, index - 3) : index])
            and not (word in _RETURNS and _NEVER.intersection(words[max(0, index - 3) : index]))
            for index, word in enumerate(words[first : min(end, hit.end + 8)], first)
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
            if any(i in self._negation.pseudo for i in cue.parts) or any(
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
            if words[cue.start] == "aspirated" and not _AGAIN.isdisjoint(
                words[hit.start : cue.start]
            ):
                continue  # "fluid is back where you aspirated"
            beside = _SIDES.intersection(words[cue.start - 2 : cue.start])
            if hit.code == RedFlagCode.ASYMMETRY and beside:
                continue  # "the left side is swollen and the right is flat"
            if hit.code == RedFlagCode.DRAIN_PROBLEM and words[cue.end - 1] == "since":
                continue  # "the drain is blocked, nothing since yesterday"
            if words[cue.start] in _HALTS and words[cue.start - 1] in _GOES_ON:
                continue  # "a cramp that won't quit"
            if words[cue.start] in _HALTS and self._halts_treatment(cue):
                continue  # "calf swollen so I stopped at 15 min"
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
            later = next_start >= 0 and cue.start >= limit and self._of_it(cue)
            near = near or later
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

    def _of_it(self, cue: Hit) -> bool:
        """ "the redness ... I looked: it's not there anymore": the next sentence speaks of it."""
        words = self.note.words
        sentence = self.note.sentence(cue.start)
        before = words[max(sentence.start, cue.start - 3) : cue.start]
        return sentence.end - sentence.start < 20 and not {"it", "its"}.isdisjoint(before)

    def _halts_treatment(self, cue: Hit) -> bool:
        words = self.note.words
        before = words[max(0, cue.start - 2) : cue.start]
        after = words[cue.end : cue.end + 1]
        sentence = self.note.sentence(cue.start)
        opens = cue.start <= sentence.start + 1
        return opens or bool(_THERAPIST.intersection(before) or _HALTED.intersection(after))

    def _other_sign_between(self, hit: Hit, cue: Hit) -> bool:
        return any(
            other.code != hit.code
            and hit.end <= other.start < cue.start
            and other.start - hit.end > 1
            and not _LISTING.intersection(self.note.words[other.start - 2 : other.start])
            for other in self.note.near(self.note.found["flag"], hit.end, cue.start)
        )

    def is_unchanged(self, hit: Hit) -> bool:
        """Whether a sign is called old, usual or as it was."""
        left, right = self._clause(hit)
        sentence = self.note.sentence(hit.start)
        if "new" in self.note.words[max(sentence.start, hit.start - 6) : hit.start]:
            return False  # "new thing: pins and needles ever since she woke up"
        right = min(sentence.end, right + 6)
        if hit.code == RedFlagCode.ASYMMETRY:
            return any(
                left <= cue.start < right and self.note.words[cue.start] in _AS_EVER
                for cue in self.note.cues("unchanged", left, right)
            )
        return any(
            left <= cue.start < right
            or (hit.end <= cue.start < sentence.end and self._plainly_unchanged(cue))
            for cue in self.note.cues("unchanged", left, sentence.end)
            if not self._lately(cue)
        )

    def _lately(self, cue: Hit) -> bool:
        """ "ever since she woke up", "ever since Friday": it began these days."""
        after = range(cue.end, min(cue.end + 3, len(self.note.words)))
        woke = any(self.note.words[i] in ("woke", "yesterday", "waking") for i in after)
        began = woke or self.note.topic_at.get(cue.end) == "DAY"
        return self.note.words[cue.end - 1] == "since" and began

    def _plainly_unchanged(self, cue: Hit) -> bool:
        """ "not changed", "same as before": said so plainly that it reaches over a comma."""
        return not {"changed", "change", "unchanged"}.isdisjoint(
            self.note.words[cue.start : cue.end]
        )
