"""From the text as typed to canonical tokens, each with its place in the original.

The normaliser maps one code point to one code point, so a place in the normal text is the
place in the original. Tokens then carry a canonical word ("shes" for "she's"),
and numbers their value, whether they were typed as digits, fractions or words.
"""

import re

from .wordsets import set_of

_SAME = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "`": "'",
        "\u00b4": "'",
        "\u2032": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u201f": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2033": '"',
        "\uff02": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2212": "-",
        "\uff0d": "-",
        "\u2192": "→",
        "\u27a1": "→",
        "\u21d2": "→",
        "\u2794": "→",
        "\u279c": "→",
        "\u27f6": "→",
        "\u25b6": "→",
        "\u2b62": "→",
        "\uff1e": "→",
        "\u00d7": "x",
        "\u00b0": "°",
        "\u00ba": "°",
        "\u02da": "°",
        "\u2109": "f",
        "\u2103": "c",
        "\u2205": "ø",
        "\ufe0f": " ",  # asks for an emoji to be shown in colour
        "\u2044": "/",
        "\u2215": "/",
        "\uff0f": "/",
        "\uff0c": ",",
        "\u3001": ",",
        "\uff0e": ".",
        "\uff1a": ":",
        "\uff1b": ";",
        "\u3002": ".",
        "\uff01": "!",
        "\uff1f": "?",
        "\uff08": "(",
        "\uff09": ")",
        "\uff0b": "+",
        "\u2795": "+",
        "\u2796": "-",
        "\r": "\n",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x85": "\n",
        "\x0b": "\n",
        "\x0c": "\n",
        "\u2022": "•",
        "\u25cf": "•",
        "\u25aa": "•",
        "\u25e6": "•",
        "\u2023": "•",
        "\u00b7": "•",
        "\u2043": "•",
        "\u25a0": "•",
        "\u25ab": "•",
        "\u25fe": "•",
        "\u27a4": "•",
        "\u2756": "•",
        **{chr(0xFF10 + d): str(d) for d in range(10)},
        **dict(zip("áàâäãåéèêëíìîïóòôöõúùûüñç", "aaaaaaeeeeiiiiooooouuuunc", strict=True)),
    }
)

# A plain word first, because most tokens are one; and at a space nothing is tried at all.
_TOKEN = re.compile(
    r"(?=\S|\n)(?:"
    r"(?![lcst]\d|b4(?![\w.,/+%-]))[^\W\d_]+(?:'[^\W\d_]+)*'?"
    r"|b4(?![\w.,/+%-])"
    r"|\d{4}-\d{2}-\d{2}(?!\d)"
    r"|[lcs]\d(?:-[lcs]?\d)?(?![\d.+/%a-z])"
    r"|t(?:1[0-2]|[1-9])(?:-t?\d{1,2})(?![\d.+/])"
    r"|\d+(?:[.,:]\d+)*(?:/\d+(?:\.\d+)?){0,2}"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*'?"
    r"|([^\w\s.?!=>~\-])\1{3,}|\n|[?!]+|\.+|-*->+|=+>+|>+|-+|~+>|[^\w\s]|_+|\w)"
)


class Kind:
    """What a token is (plain ints: a member of an enum takes ten times as long to look up)."""

    WORD = 0
    NUMBER = 1
    FRACTION = 2
    TIME = 3
    ISO_DATE = 4
    ORDINAL = 5
    MARK = 6
    BREAK = 7


class Token:
    """One canonical token; `start` and `end` are code points of the original text.

    Most tokens are plain words, so that what only numbers have is set on those alone.
    """

    value: float = 0.0
    over: float = 0.0
    third: float = 0.0
    low: float = 0.0
    plus: bool = False
    spelled: bool = False

    def __init__(self, start: int, end: int, word: str, kind: int) -> None:
        self.start = start
        self.end = end
        self.word = word
        self.kind = kind


def number_token(
    start: int, end: int, word: str, kind: int, value: float, *, spelled: bool = False
) -> Token:
    """A token with a value."""
    token = Token(start, end, word, kind)
    token.value = value
    token.spelled = spelled
    return token


def normalise(text: str) -> str:
    """The text in lower case with one sort of quote, dash and arrow; same length, always."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered if lowered.isascii() and "\r" not in lowered else lowered.translate(_SAME)


# Where dropping the apostrophe would make another word.
_CONTRACTED = {
    "b4": "before",
    "we'd": "we",
    "we'll": "will",
    "she'll": "she",
    "he'll": "he",
    "we're": "we",
    "i'll": "ill",
    "she'd": "she",
    "he'd": "he",
    "i'd": "id",
    "they'll": "they",
}
_BREAKS = frozenset("\n;|•[]{}‖¦")
_FRACTION_SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}


def _number(raw: str) -> float:
    """A plain number; "1,5" is a decimal, "1,200" a thousand. Absurdly long ones are cut."""
    raw = raw[:15]
    if "," in raw:
        whole, _, rest = raw.rpartition(",")
        raw = raw.replace(",", "") if len(rest) == 3 else f"{whole.replace(',', '')}.{rest}"
    first, dot, rest = raw.partition(".")
    try:
        return float(f"{first}.{rest.replace('.', '')}" if dot else first)
    except ValueError:  # digits of another script that float does not know
        return 0.0


_CALLED = frozenset(("911", "988", "112", "999"))
_LIST_NUMBER = re.compile(r"[1-9]\d?\)[ \t]")


def _is_list_number(normal: str, start: int, end: int) -> bool:
    """ "1) pain 2 2) swelling none": the number of a point in a list, with no bracket before it."""
    if _LIST_NUMBER.match(normal, start) is None or normal[end] != ")":
        return False
    before = normal[max(0, start - 40) : start]
    return before.rfind("(") <= before.rfind(")") and (not before or before[-1] in " \t\n")


# "112" is a plain number too ("pulse 112", "waist 112 cm").
_CALLING = set_of("call called calls calling ring rang dial dialed dialled phone phoned")


def split(normal: str) -> list[Token]:
    """Cut a normal text into raw tokens, in order."""
    tokens: list[Token] = []
    take = tokens.append
    word_kind = Kind.WORD
    for match in _TOKEN.finditer(normal):
        raw = match.group()
        start, end = match.span()
        if raw.isalpha():
            take(Token(start, end, raw, word_kind))
        elif raw[0].isdecimal():
            if _is_list_number(normal, start, end):
                take(Token(start, end, "•", Kind.BREAK))
                continue
            called = raw in _CALLED and (raw != "112" or (tokens and tokens[-1].word in _CALLING))
            take(Token(start, end, raw, word_kind) if called else _numeric(raw, start, end))
        elif raw.endswith("'") and len(raw) > 1:
            take(Token(start, end - 1, _CONTRACTED.get(raw) or raw.replace("'", ""), word_kind))
            take(Token(end - 1, end, "'", Kind.MARK))
        else:
            take(_other(raw, start, end))
    return tokens


SLASHED = 3


def break_at_slashes(tokens: list[Token], normal: str) -> None:
    """ "visit 7 / 50 min / mld / pain 4": slashes may divide points; "8 / 10" is a score."""
    if normal.count(" / ") < SLASHED:
        return
    for before, slash, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        spaced = before.end < slash.start and slash.end < after.start
        score = before.kind is Kind.NUMBER and after.kind is Kind.NUMBER and after.value == 10
        if slash.word == "/" and spaced and not score:
            slash.word, slash.kind = "|", Kind.BREAK


def _other(raw: str, start: int, end: int) -> Token:
    """The token of what is neither a plain word nor a number in figures."""
    head = raw[0]
    if head.isalpha():
        return Token(start, end, _CONTRACTED.get(raw) or raw.replace("'", ""), Kind.WORD)
    if head in _FRACTION_SIGNS:
        return number_token(start, end, "#", Kind.NUMBER, _FRACTION_SIGNS[head])
    if head in _BREAKS:
        return Token(start, end, head, Kind.BREAK)
    if head in "?!.":
        return Token(start, end, "?" if "?" in raw else head, Kind.MARK)
    if ">" in raw or head == "→":
        return Token(start, end, "→" if raw != ">" else ">", Kind.MARK)
    # "#" stands for a number in the grammar, so the sign itself gets another name.
    return Token(start, end, "№" if raw == "#" else raw[:2] if head == "-" else raw, Kind.MARK)


def _numeric(raw: str, start: int, end: int) -> Token:
    if "-" in raw:
        return Token(start, end, "#-#-#", Kind.ISO_DATE)
    if "/" in raw:
        parts = [_number(part) for part in raw.replace(":", ".").split("/")]
        third = parts[2] if len(parts) > 2 else 0.0
        score = len(parts) == 2 and parts[1] == 10 and parts[0] <= 10
        word = "#/10" if score else "#/#/#" if len(parts) > 2 else "#/#"
        fraction = number_token(start, end, word, Kind.FRACTION, parts[0])
        fraction.over, fraction.third, fraction.low = parts[1], third, parts[0]
        return fraction
    if ":" in raw:
        hour, _, minute = raw.partition(":")
        time = number_token(start, end, "#:#", Kind.TIME, _number(hour))
        time.over = _number(minute[:2])
        return time
    number = number_token(start, end, "#", Kind.NUMBER, _number(raw))
    number.low = number.value
    return number
