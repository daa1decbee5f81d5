"""One note, prepared for reading: tokens, sentences, phrases found, and who says what of when."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from bot.care.lexicon import Hit, longest
from bot.care.rules import ClinicalRules
from bot.care.spelling import SHORTEST_SLIP

from .numbers import canonical_numbers
from .pointing import pointed_at
from .tokens import Kind, Token, break_at_slashes, normalise, split
from .wordsets import set_of

_ABBREVIATIONS = set_of(
    """
    nr num nbr dr mr mrs ms approx vs appt st hr hrs min mins wk wks tx pt pts sec temp
    abd ext lt rt l r
    tol e g i a p m no x ca circ bil bilat resp incl sess incis post prev ft in cm
    """
)


_TITLES = set_of("mr mrs ms dr")
_AUXILIARIES = set_of(
    """
    did does do is was are were has have had could would should can will
    """
)
_NOT_JOINED = {"can": "cannot", "will": "wont"}


def _merge_nots(tokens: list[Token]) -> list[Token]:
    """ "did not" is read as "didnt", so that the vocabulary needs to say it once."""
    merged: list[Token] = []
    for token in tokens:
        if token.word == "not" and merged and merged[-1].word in _AUXILIARIES:
            last = merged[-1]
            last.word, last.end = _NOT_JOINED.get(last.word, f"{last.word}nt"), token.end
        else:
            merged.append(token)
    return merged


_SHORT = frozenset(("sw", "br", "g", "fib", "ed", "bru"))
_SHORT_VALUES = set_of(
    "soft mild mod moderate none trace firm ropey ropy woody hard minimal min slight marked severe "
    "gone resolved no yellow fading tr"
)


def _start(hit: Hit) -> int:
    return hit.start


class Talk:
    """Why words are not about this session: bits of `Note.talk` (plain ints, for speed)."""

    NOW = 0
    RECALLED = 1
    ASKED = 2
    WARNED = 4
    OTHER = 8
    PLANNED = 16
    EARLIER = 32  # "was 6 now 3": an earlier value, maybe of this session


_MEASURES = set_of("min mins hr hrs cm sec")
_TIMES = set_of("m min mins hr hrs")
_AFTER_TIME = set_of("of to on per total session tx a with for and each")
_UNITS = set_of("MIN HOUR CM INCH ML")
_NUMERIC = (Kind.NUMBER, Kind.FRACTION)
MOST_POINTS = 10
_FIRST_PICTURE = "\u2600"
_MARKS = (Kind.MARK, Kind.BREAK)


@dataclass(slots=True)
class Sentence:
    """Tokens `start` to `end`; `mark` is what ended it ("?", ".", "\\n", ...)."""

    start: int
    end: int
    mark: str


class Note:
    """A note and all that was found in it before any field is read."""

    def __init__(
        self, text: str, posted_on: date, rules: ClinicalRules, *, signs_only: bool = False
    ) -> None:
        """`signs_only` looks for warning signs and their context alone, which is quicker."""
        self.text = text
        self.posted_on = posted_on
        self.rules = rules
        self.normal = normalise(text)
        """The text in lower case with one sort of each mark, place by place."""
        self.tokens = self._tokens()
        self.words = [token.word for token in self.tokens]
        self.sentences, self.sentence_of = self._sentences()
        found: dict[str, list[Hit]] = defaultdict(list)
        lexicon = rules.sign_lexicon if signs_only else rules.lexicon
        for hit in lexicon.find(self.words):
            found[hit.family].append(hit)
        pointed = pointed_at(
            self.words, [(s.start, s.end) for s in self.sentences], found["technique"], lexicon
        )
        for family in {hit.family for hit in pointed}:
            found[family].extend(hit for hit in pointed if hit.family == family)
            found[family].sort(key=_start)
        self.found = found
        self.context = self._context(found.pop("context", []))
        self.numbers = [i for i, token in enumerate(self.tokens) if token.kind in _NUMERIC]
        """The tokens that are numbers or fractions."""
        done = {i for h in found["technique"] if len(h.parts) > 1 for i in range(h.start, h.end)}
        self.topics = [
            self._satisfied(hit)
            for hit in longest(found.pop("topic", []))
            if not (hit.code in ("DRAIN", "GARMENT") and hit.start in done)
            and not (hit.code == "INCH" and self._inside(hit))
            and not (
                self.words[hit.start] == "p"
                and hit.end - hit.start == 1
                and not self._scored_p(hit.end)
            )
            and not (self.words[hit.start] in _SHORT and not self._valued(hit.end))
        ]
        self.topic_codes = frozenset(hit.code for hit in self.topics)
        self.topic_at = {hit.start: hit.code for hit in self.topics}
        self.quoted = self._quoted()
        if not signs_only:
            self._shape()
        self.talk = [0] * len(self.tokens)

    def _tokens(self) -> list[Token]:
        speller = self.rules.speller
        known = speller.meanings.get
        tokens = split(self.normal)
        break_at_slashes(tokens, self.normal)
        if any(token.word == "not" for token in tokens):
            tokens = _merge_nots(tokens)
        repaired: dict[str, str] = {}
        word_kind = Kind.WORD
        for token in tokens:
            if token.kind is word_kind:
                word = token.word
                meant = known(word)
                if meant is None and len(word) >= SHORTEST_SLIP:
                    meant = repaired.get(word)
                    if meant is None:
                        meant = repaired[word] = speller.meant(word)
                if meant is not None:
                    token.word = meant
        return canonical_numbers(tokens)

    def _sentences(self) -> tuple[list[Sentence], list[int]]:
        sentences: list[Sentence] = []
        sentence_of: list[int] = []
        start = 0
        tokens = self.tokens
        marks = [i for i, token in enumerate(tokens) if token.kind in _MARKS]
        for index in marks:
            token = tokens[index]
            ends = token.word in ".?!" and self._ends(index)
            if token.kind is Kind.BREAK or ends or self._parts(index):
                # The mark itself belongs to the sentence that it ends.
                sentence_of.extend([len(sentences)] * (index + 1 - start))
                if index > start:
                    sentences.append(Sentence(start, index, token.word))
                start = index + 1
        if start < len(tokens):
            sentence_of.extend([len(sentences)] * (len(tokens) - start))
            sentences.append(Sentence(start, len(tokens), ""))
        return sentences, sentence_of

    def _ends(self, index: int) -> bool:
        """Whether the full stop or other mark at `index` ends a sentence."""
        token = self.tokens[index]
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if following is None or following.word == "\n":
            return True
        if token.word == "?" and following.word in (")", "]"):
            return False
        if token.word == ".":
            before = self.words[index - 1] if index else ""
            if following.word in ("'", '"'):
                return True
            if before in _TITLES:
                return False  # "Mrs. T's 4th session"
            upper = self.text[following.start].isupper()
            # "60 min. 3/10 after", "only, 40m. abd at navel"
            timed = (
                before in _TIMES
                and index > 1
                and self.tokens[index - 2].kind is Kind.NUMBER
                and following.start > token.end
                and following.word not in _AFTER_TIME
            )
            measured = timed or (before in _MEASURES and following.kind in _NUMERIC)
            if (
                token.end - token.start == 1
                and before in _ABBREVIATIONS
                and not upper
                and not measured
            ):
                return False
            if len(before) == 1 and before.isalpha() and following.start == token.end:
                return False
        return True

    def _parts(self, index: int) -> bool:
        """Whether a picture stands between two sentences ("she can recite it 👍 Session 1")."""
        if self.tokens[index].word[0] < _FIRST_PICTURE or index + 1 >= len(self.tokens):
            return False
        counts = index + 2 < len(self.tokens) and self.tokens[index + 2].word in _MEASURES
        return counts or self.text[self.tokens[index + 1].start].isupper()

    def _satisfied(self, hit: Hit) -> Hit:
        """ "sat 8/10" is satisfaction, not Saturday; "P: 4/10" is pain, not a pulse."""
        if hit.code == "PULSE" and self.words[hit.start : hit.end + 1] == ["p", ":", "#/10"]:
            soap = not {"o", "a", "s"}.isdisjoint(self.words)
            return hit if soap else hit._replace(code="PAIN")
        if hit.code == "SATISFACTION" and self.words[hit.start : hit.end] == ["sat", ":"]:
            value = self.tokens[hit.end : hit.end + 1]
            scored = bool(value) and value[0].kind in _NUMERIC and value[0].value <= MOST_POINTS
            return hit if scored else hit._replace(code="DAY", end=hit.start + 1)
        if hit.code == "DAY" and self.words[hit.start] == "sat":
            at = hit.end + (self.words[hit.end : hit.end + 1] in ([":"], ["-"]))
            plain = (
                self.words[at : at + 1] == ["#"]
                and self.tokens[at].value <= 10
                and (
                    self.words[at + 1 : at + 2]
                    in ([], ["."], [","], ["\n"], [";"], ["|"], ["]"], ["-"])
                )
            )
            if self.words[at : at + 1] == ["#/10"] or plain:
                return hit._replace(code="SATISFACTION")
        return hit

    def _inside(self, hit: Hit) -> bool:
        """ "1+ in the thighs", "pain 3 in her flank": no inches."""
        return (
            hit.start > 0
            and self.words[hit.start] == "in"
            and self.words[hit.end : hit.end + 1] in (["the"], ["her"], ["his"], ["both"], ["my"])
            and self.tokens[hit.start - 1].value <= MOST_POINTS
        )

    def _valued(self, index: int) -> bool:
        """Whether a value follows a one- or two-letter name ("sw 1+", "g 23h", "br: none")."""
        following = self.words[index : index + 2]
        return bool(following) and (
            following[0].startswith("#")
            or following[0] == ":"
            or following[0] in _SHORT_VALUES
            or (following[0] == "-" and len(following) > 1)
        )

    def _scored_p(self, index: int) -> bool:
        """Whether "p" stands for pain: a score follows ("p 3/10", "P 5→2")."""
        following = self.tokens[index : index + 2]
        if not following or following[0].kind not in (Kind.NUMBER, Kind.FRACTION):
            return False
        return following[0].word == "#/10" or (
            following[0].value <= 10
            and (
                len(following) < 2
                or following[1].word in ("→", "-", ">", ",", "\n", ".", ";", "|", "]")
            )
        )

    def _quoted(self) -> frozenset[int]:
        """The tokens inside quotation marks."""
        marks = [
            i
            for i, w in enumerate(self.words)
            if w == '"'
            and not (
                i
                and self.tokens[i - 1].kind in (Kind.NUMBER, Kind.FRACTION)
                and self.tokens[i - 1].end == self.tokens[i].start
            )
        ]
        return frozenset(
            i for a, b in zip(marks[::2], marks[1::2], strict=False) for i in range(a, b)
        )

    def _context(self, hits: list[Hit]) -> dict[str, list[Hit]]:
        by_kind: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            by_kind[hit.code].append(hit)
        return by_kind

    def _shape(self) -> None:
        """One line of words for the grammar: topics by their name, sentence ends as a line end."""
        tokens, words, sentence_of = self.tokens, self.words, self.sentence_of
        pieces: list[str] = []
        starts: list[int] = []
        spans: list[tuple[int, int]] = []
        at, index, count = 0, 0, len(tokens)
        topics = {
            hit.start: hit
            for hit in self.topics
            if hit.code not in _UNITS or (hit.start and tokens[hit.start - 1].kind in _NUMERIC)
        }
        previous = 0
        while index < count:
            hit = topics.get(index)
            if hit is not None:
                end, word = hit.end, hit.code
            else:
                end, word = index + 1, words[index]
            kind = tokens[index].kind
            if kind is Kind.BREAK or (kind is Kind.MARK and tokens[index].word in ".?!"):
                following = sentence_of[min(index + 1, count - 1)]
                if kind is Kind.BREAK or following != previous:
                    word = "\n"
                    previous = following
            starts.append(at)
            spans.append((index, end))
            pieces.append(word)
            at += len(word) + 1
            index = end
        self.shape = " ".join(pieces) + " "
        self._shape_starts = starts
        self._shape_spans = spans

    # -- what was found, by place

    def near(self, hits: list[Hit], first: int, last: int) -> list[Hit]:
        """Those of `hits` (in order of place) that start from token `first` up to `last`."""
        low = bisect_left(hits, first, key=_start)
        high = bisect_left(hits, last, lo=low, key=_start)
        return hits[low:high]

    def cues(self, kind: str, first: int, last: int) -> list[Hit]:
        """The context cues of a kind that start from token `first` up to `last`."""
        found = self.context.get(kind)
        return self.near(found, first, last) if found else []

    # -- places

    def token_at(self, shape_offset: int) -> int:
        """The token that a place in the shape stands for."""
        return self._shape_spans[bisect_right(self._shape_starts, shape_offset) - 1][0]

    def tokens_between(self, first: int, last: int) -> tuple[int, int]:
        """The token range of a stretch of the shape (offsets, exclusive end)."""
        spans, starts = self._shape_spans, self._shape_starts
        low = bisect_right(starts, first) - 1
        high = bisect_right(starts, max(first, last - 1)) - 1
        return spans[low][0], spans[high][1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original place of tokens `start` to `end` (exclusive)."""
        return self.tokens[start].start, self.tokens[end - 1].end

    def sentence(self, index: int) -> Sentence:
        """The sentence that a token belongs to."""
        return self.sentences[min(self.sentence_of[index], len(self.sentences) - 1)]

    def is_now(self, start: int, end: int | None = None, allow: int = 0) -> bool:
        """Whether these tokens are about this session, and not recalled, asked or planned."""
        if end is None:
            return not self.talk[start] & ~allow
        return not any(self.talk[i] & ~allow for i in range(start, end))
