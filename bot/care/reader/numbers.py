"""Numbers as people write them: words, homophones, fractions, ranges, ordinals, pluses."""

from .tokens import Kind, Token, number_token
from .wordsets import set_of

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "fourty": 40,
    "forteen": 14,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "fourty": 40, "ninty": 90, "fourtyfive": 45,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "forth": 4, "twelvth": 12, "nineth": 9, "thirtieth": 30,
}  # fmt: skip
# What dictation hears instead of a number; taken only where a number is bound to stand.
_HOMOPHONES = {
    "to": 2, "too": 2, "for": 4, "fore": 4, "ate": 8, "won": 1, "tree": 3, "free": 3, "sex": 6,
    "sics": 6,
    "tin": 10, "nein": 9, "fife": 5, "hate": 8, "tu": 2, "o": 0, "oh": 0,
}  # fmt: skip
_NOT_A_COUNT_BEFORE = set_of(
    """
    the this that no any last each every old new other another which first same right left bad
    good only wrong next some some tight loose big small black red
    """
)
_AFTER_MOMENT = set_of("or and then when in on but after while as there , . ; \n ) ! -")
_SPELLED = frozenset((*_UNITS, *_TENS, *_ORDINALS))
_ROUND_TENS = (20, 30, 40, 50, 60, 70, 80, 90)
_BODY_HEAT = set_of("temp temperature temps thermometer fever")
_ORDINAL_TAILS = set_of("st nd rd th ª º te ter")
_NUMBERED = set_of("session visit treatment number tx appointment sesion")
_AFTER_NUMBERED = set_of("of is done today was , . out complete completed with we and")


def canonical_numbers(tokens: list[Token]) -> list[Token]:
    """Merge number words, spaced fractions, ranges, ordinals and pluses into single tokens."""
    words = {token.word for token in tokens}
    if not _SPELLED.isdisjoint(words):
        tokens = _spelled(tokens)
    if not _HOMOPHONES.keys().isdisjoint(words):
        _homophones(tokens)
    return _joined(tokens)


def _spelled(tokens: list[Token]) -> list[Token]:
    merged: list[Token] = []
    index, count = 0, len(tokens)
    while index < count:
        token = tokens[index]
        word = token.word
        if (
            token.kind is not Kind.WORD
            or (word not in _SPELLED and word != "a")
            or (word == "second" and _is_moment(tokens, index, merged))
        ):
            merged.append(token)
            index += 1
        elif word in _ORDINALS:
            value: float = _ORDINALS[word]
            merged.append(
                number_token(token.start, token.end, "#th", Kind.ORDINAL, value, spelled=True)
            )
            index += 1
        elif word != "a" or _next(tokens, index) == "hundred":
            index += _spelled_number(tokens, index, merged)
        else:
            merged.append(token)
            index += 1
    return merged


def _is_moment(tokens: list[Token], index: int, merged: list[Token]) -> bool:
    """ "went out for a second": a moment, and no count."""
    article = bool(merged) and merged[-1].word in ("a", "split", "half")
    return article and (_next(tokens, index) in _AFTER_MOMENT or index + 1 == len(tokens))


def _spelled_number(tokens: list[Token], index: int, merged: list[Token]) -> int:
    """Take the number words from `index`; give how many tokens they were."""
    token = tokens[index]
    value, used = _spelled_value(tokens, index)
    last = tokens[index + used - 1]
    if used == 1 and token.word == "one" and not _counts(tokens, index, merged):
        merged.append(token)
    elif value in _ROUND_TENS and _next(tokens, index + used - 1) in _ORDINALS:
        tail = tokens[index + used]
        value += _ORDINALS[tail.word]
        merged.append(number_token(token.start, tail.end, "#th", Kind.ORDINAL, value, spelled=True))
        used += 1
    else:
        merged.append(_plain(token.start, last.end, value))
    return used


_ONE_OF_TWO = set_of(
    """
    of day point or leg calf thigh ankle foot arm hand breast hip flank cheek eye buttock shoulder
    knee
    """
)


def _counts(tokens: list[Token], index: int, merged: list[Token]) -> bool:
    """Whether "one" is a number, and not "this one", "one side", "one of them"."""
    before = merged[-1].word if merged else ""
    after = _next(tokens, index)
    sided = after in ("side", "sided", "sidedly") or (
        after == "-" and _next(tokens, index + 1) == "sided"
    )
    return not (before in _NOT_A_COUNT_BEFORE or sided or after in _ONE_OF_TWO)


def _plain(start: int, end: int, value: float) -> Token:
    number = number_token(start, end, "#", Kind.NUMBER, value, spelled=True)
    number.low = value
    return number


def _next(tokens: list[Token], index: int) -> str:
    return tokens[index + 1].word if index + 1 < len(tokens) else ""


def _spelled_value(tokens: list[Token], index: int) -> tuple[float, int]:
    """The value of the number words from `index`, and how many tokens they take."""
    at, count, total = index, len(tokens), 0.0
    if tokens[at].word == "a" or (tokens[at].word == "one" and _next(tokens, at) == "hundred"):
        total, at = 100.0, at + 2
        if (
            at < count
            and tokens[at].word == "and"
            and at + 1 < count
            and (tokens[at + 1].word in _UNITS or tokens[at + 1].word in _TENS)
        ):
            at += 1
        if at < count and tokens[at].word == "o" and _next(tokens, at) in _UNITS:
            at += 1
    if at < count and tokens[at].word in _TENS:
        total += _TENS[tokens[at].word]
        at += 1
        if (
            at < count
            and tokens[at].word == "-"
            and _next(tokens, at) in _UNITS
            and _UNITS[_next(tokens, at)] < 10
        ):
            total += _UNITS[_next(tokens, at)]
            at += 2
        elif at < count and 0 < _UNITS.get(tokens[at].word, 0) < 10:
            total += _UNITS[tokens[at].word]
            at += 1
    elif at < count and tokens[at].word in _UNITS:
        total += _UNITS[tokens[at].word]
        at += 1
        if total < 100 and at < count and tokens[at].word == "hundred":
            total *= 100
            at += 1
    if 94 <= total <= 106 and at < count and 0 < _UNITS.get(tokens[at].word, 0) < 10:
        led = {token.word for token in tokens[max(0, index - 6) : index]}
        if not _BODY_HEAT.isdisjoint(led):  # "her temp was ninety eight six"
            return total + _UNITS[tokens[at].word] / 10, at + 1 - index
    if at + 1 < count and tokens[at].word == "point":
        digit = tokens[at + 1].word
        if digit in _UNITS and _UNITS[digit] < 10:
            total += _UNITS[digit] / 10
            at += 2
        elif tokens[at + 1].kind is Kind.NUMBER and tokens[at + 1].value < 10:
            total += tokens[at + 1].value / 10
            at += 2
    return total, at - index


def _homophones(tokens: list[Token]) -> None:
    for index, token in enumerate(tokens):
        if token.kind is Kind.WORD and token.word in _HOMOPHONES:
            after, later = _next(tokens, index), _next(tokens, index + 1)
            tenth = index + 3 < len(tokens) and (
                tokens[index + 3].word in ("ten", "tin") or tokens[index + 3].value == 10
            )
            before = tokens[index - 1].word if index else ""
            scored = after == "out" and later == "of" and tenth
            numbered = before in _NUMBERED and after in (
                ("of",) if token.word == "for" else _AFTER_NUMBERED
            )
            articled = (
                before in ("a", "an")
                and token.word in ("ate", "for", "tree", "to", "too", "won")
                and after not in ("of",)
            )
            if scored or numbered or articled:
                value = float(_HOMOPHONES[token.word])
                tokens[index] = _plain(token.start, token.end, value)
        if (
            token.kind is Kind.WORD
            and token.word == "tin"
            and index > 1
            and tokens[index - 1].word == "of"
            and tokens[index - 2].word == "out"
        ):
            tokens[index] = _plain(token.start, token.end, 10.0)


def _joined(tokens: list[Token]) -> list[Token]:
    """Fractions with spaces, "out of ten", ranges, mixed numbers, ordinals, pluses."""
    merged: list[Token] = []
    index, count = 0, len(tokens)
    for at in [i for i, token in enumerate(tokens) if token.kind is Kind.NUMBER]:
        if at < index:
            continue  # part of the number before it
        merged.extend(tokens[index:at])
        token = tokens[at]
        index = at + 1
        index = _grow(token, tokens, index, count)
        if _of_ten(token, tokens, index, merged):
            index = _over(token, tokens[index + 1], index + 2)
        merged.append(token)
    merged.extend(tokens[index:])
    return merged


_COUNTED = _NUMBERED | set_of("№ no nr num number #th sess ses visits sessions treatments")


def _of_ten(token: Token, tokens: list[Token], index: int, before: list[Token]) -> bool:
    """ "8 of 10" is a score, unless sessions are counted ("visit 3 of 10")."""
    if index + 1 >= len(tokens) or tokens[index].word != "of" or token.value > 10:
        return False
    counted = bool(before) and before[-1].word in _COUNTED
    after = tokens[index + 2].word if index + 2 < len(tokens) else ""
    return (
        tokens[index + 1].value == 10
        and not counted
        and after not in _COUNTED
        and (token.kind is Kind.NUMBER)
    )


def _grow(token: Token, tokens: list[Token], index: int, count: int) -> int:
    """Let `token` swallow what belongs to its number; give the index after it."""
    if index >= count:
        return index
    after = tokens[index]
    if after.kind is Kind.WORD and after.word in _ORDINAL_TAILS and after.start == token.end:
        token.word, token.kind, token.end = "#th", Kind.ORDINAL, after.end
        return index + 1
    if after.kind is Kind.NUMBER and 0 < after.value < 1 and after.end - after.start == 1:
        token.value += after.value
        token.end = after.end
        return index + 1
    if after.word == "and" and index + 2 < count:
        part = tokens[index + 1].word == "a" and tokens[index + 2].word == "half"
        if part and _next(tokens, index + 2) not in ("hour", "hr", "hours", "an"):
            token.value += 0.5
            token.end = tokens[index + 2].end
            return index + 3
    if (
        after.kind is Kind.FRACTION
        and after.over in (2, 4)
        and after.value < after.over
        and token.value < 100
        and after.start - token.end <= 1
    ):
        token.value += after.value / after.over
        token.end = after.end
        return index + 1
    if (
        after.word == "."
        and index + 1 < count
        and tokens[index + 1].word == "#"
        and after.start == token.end
        and tokens[index + 1].start == after.end
    ):
        token.end = tokens[index + 1].end
        return index + 2
    if after.word == "-" and index + 1 < count:
        index = _range(token, tokens, index)
    elif (
        after.word == "to"
        and index + 1 < count
        and tokens[index + 1].word == "#/10"
        and tokens[index + 1].value - token.value == 1
    ):
        top = tokens[index + 1]
        token.low, token.value, token.end = token.value, (token.value + top.value) / 2, top.end
        token.word, token.kind, token.over = top.word, top.kind, top.over
        return index + 2
    if (
        index < count
        and tokens[index].word == "+"
        and tokens[index].start - token.end <= 1
        and not (
            index + 1 < count
            and tokens[index + 1].kind is Kind.NUMBER
            and tokens[index + 1].start - tokens[index].end == tokens[index].start - token.end
        )
    ) or (
        index < count
        and tokens[index].word == "plus"
        and token.value <= 4
        and not (index + 1 < count and tokens[index + 1].kind in (Kind.NUMBER, Kind.ORDINAL))
    ):
        token.plus, token.end, token.word = True, tokens[index].end, "#+"
        index += 1
    if index + 1 < count and tokens[index].word == "/" and tokens[index + 1].kind is Kind.NUMBER:
        over = tokens[index + 1]
        return _over(token, over, index + 2)
    if (
        index + 2 < count
        and tokens[index].word == "out"
        and tokens[index + 1].word == "of"
        and (tokens[index + 2].kind is Kind.NUMBER)
    ):
        return _over(token, tokens[index + 2], index + 3)
    return index


def _over(token: Token, over: Token, index: int) -> int:
    token.kind, token.over, token.end, token.plus = Kind.FRACTION, over.value, over.end, False
    token.word = "#/10" if over.value == 10 and token.value <= 10 else "#/#"
    return index


def _range(token: Token, tokens: list[Token], index: int) -> int:
    """ "3-4" is 3.5 and "3-4/10" a score of 3.5; "6-3" is left alone."""
    top = tokens[index + 1]
    if top.kind is Kind.NUMBER and top.value > token.value and top.value - token.value <= 30:
        token.low, token.value, token.end = token.value, (token.value + top.value) / 2, top.end
        token.over = 0.0
        token.third = top.value
        return index + 2
    if top.word == "#/10" and top.value > token.value:
        token.low, token.value, token.end = token.value, (token.value + top.value) / 2, top.end
        token.word, token.kind, token.over, token.third = "#/10", Kind.FRACTION, 10.0, top.value
        return index + 2
    return index
