"""Whether a sign is denied: by a word before it ("no fever"), or after it ("fever: none")."""

from bot.care.lexicon import Hit

from .note import Note
from .tokens import Kind
from .wordsets import set_of

_CONNECTORS = set_of(
    """
    , / or and nor & any other of the signs sign sx symptoms in at to around on her his over
    near + n - with site sites area incision incisions for reports report having new any acute
    sudden active obvious visible noted evidence current further more
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


class Negation:
    """The denials of one note."""

    def __init__(self, note: Note) -> None:
        self.note = note
        self.pseudo = covered(note, "not_a_negation")
        self._negations = {
            hit.end - 1: hit
            for hit in note.context.get("negation", ())
            if not any(i in self.pseudo for i in hit.parts)
        }
        self.words = note.rules.negating_words
        self._stops = note.rules.turning_words
        self._sign_words = {i for hit in note.found.get("flag", ()) for i in hit.parts} | {
            i for hit in note.found.get("region", ()) for i in range(hit.start, hit.end)
        }

    def inside(self, hit: Hit) -> bool:
        """Whether a word between those of a sign denies it ("pain is not worse")."""
        words = self.note.words
        return any(
            i in self._negations or (words[i] in self.words and i not in self.pseudo)
            for i in range(hit.start, hit.end)
            if i not in hit.parts
        )

    def before(self, hit: Hit, own: frozenset[int] = frozenset()) -> bool:
        """Whether a denial stands before a sign; one among the words `own` is part of it."""
        note, words = self.note, self.note.words
        floor = note.sentence(hit.start).start
        predicate = len(hit.parts) > 1 and words[hit.parts[-1]] in _PREDICATES
        index, cost, comma, named = hit.start - 1, 0, False, False
        joined = index >= floor and words[index] in ("or", "nor", "/", "and")
        while index >= floor and hit.start - index < 30:
            cue = self._negations.get(index)
            if cue is not None and own.issuperset(cue.parts):
                return False  # "she wishes she had not woken up": the "not" is part of it
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
            if word == ":" and (index - 1) in self._negations:
                index -= 1  # "neg: erythema, warmth"
                continue
            if note.tokens[index].kind is not Kind.WORD and word not in _CONNECTORS:
                return False
            if word not in _CONNECTORS and index not in self._sign_words:
                cost += 1
                if cost > 4:
                    return False
            index -= 1
        return False

    def after(self, hit: Hit) -> bool:
        """Whether a denial stands after a sign."""
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
            if word == "nothing" and words[index - 1] == ":":
                return True  # "seroma check: nothing palpable"
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
                and index not in self.pseudo
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
            if word == "denies" and ends:
                return True  # "SOB? Denies."
            if word == "wasnt" and words[index + 1 : index + 3] == ["to", "see"]:
                return True  # "a redness was not to see"
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


def covered(note: Note, kind: str) -> set[int]:
    """The tokens that the cues of a kind cover."""
    return {i for hit in note.context.get(kind, ()) for i in range(hit.start, hit.end)}
