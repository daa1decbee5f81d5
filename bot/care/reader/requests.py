"""The sentence in which the therapist asks to change something."""

import re
from collections.abc import Iterator

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note, Talk
from .passages import put, sentence_bounds, sentence_holding
from .quotes import quoted_ranges
from .tokens import Kind
from .wordsets import set_of

_REQUEST = re.compile(
    r"(?<![\w])(?:(?:please |pls |plz |kindly )?let me know (?:if|whether) (?:i|we) "
    r"(?:may|can|could|should)|"
    r"(?:wish|want|would like) to know (?:if|whether) (?:you permit|(?:i|we) (?:may|can|could))|"
    r"is it (?:ok|okay|fine|alright|all right)|(?:are |r )?(?:you|"
    r"u) (?:ok|okay|fine|good) (?:with|if)|would it be (?:ok|okay|possible|fine|"
    r"alright)|(?:ok|okay|alright|fine|good|cool|clear|cleared|safe) (?:to|if|"
    r"with)\b|okay for|ok for|can (?:we|i|she|he|you (?:please )?(?:approve|change|"
    r"extend|add|authorize|increase|clear|ok|update|adjust|order|sign|write|"
    r"prescribe))|"
    r"could (?:we|i|she|he|you (?:please )?(?:approve|extend|change|authorize|add|"
    r"clear|increase))|may (?:we|i|she|he)|shall (?:we|i)|should (?:we|i)|mind if|"
    r"would you (?:mind|be ok|be okay|approve|consider|allow|agree|support|"
    r"like me to)|"
    r"(?:i(?:'d| would|d)?|we(?:'d| would|d)?|therapist|i'm|im|"
    r"i am) (?:would )?(?:also )?(?:really |strongly |kindly |"
    r"respectfully )?(?:recommend|suggest|propose|request|ask (?:for|to|that|you to|"
    r"if|your)|like (?:to|your ok|permission|approval)|prefer to|want to|wanna|"
    r"advise|requesting|recommending|suggesting|proposing|asking (?:for|to|if))|"
    r"if (?:that'?s |it'?s )?(?:ok|okay|fine|alright) (?:with|w/|by) (?:you|u)\b|"
    r"would like (?:to|your|permission|approval|an?other|\d+ more|(?:some |a few )?more)|"
    r"recommend(?:ing|ed|ation)?|rec |suggest(?:ing|ion)?|requesting|request(?: to|"
    r" for|:|ed)|proposing|propose|please (?:allow|approve|authorize|consider|"
    r"extend|let me|confirm (?:i|we) (?:can|may)|ok|permit|advise if|advise whether|"
    r"change|increase|reduce|prescribe|add)|"
    r"pls (?:allow|approve|ok|authorize|extend|consider|advise if|change)|"
    r"plz (?:allow|approve|ok|extend)|permission to|i ask (?:for|your|to)|"
    r"i ask permission|asking (?:for|to|if|permission)|do you (?:think|agree|"
    r"approve|want (?:me|us) to|mind)|want me to|think we should|think we could|"
    r"think she could|we should|let'?s (?:add|go|switch|move|drop|try|start|change|"
    r"increase|reduce|extend|hold)|"
    r"thoughts on|any objection|any objections|what do you think (?:about|of)|"
    r"how about|how do you feel about|wondering if (?:we|i)|i wonder if (?:we|i)|"
    r"like to (?:add|switch|change|increase|reduce|start|try|move|go|extend|begin|"
    r"drop|continue|include|introduce|bump)|need (?:your )?(?:ok|okay|approval|"
    r"clearance|order|permission) (?:to|for|on|before)|seeking|want to (?:add|"
    r"switch|change|increase|reduce|start|try|move|go|extend|begin|drop|include|"
    r"introduce|bump)|consider (?:adding|switching|changing|increasing|reducing|"
    r"extending|moving))",
    re.IGNORECASE,
)


_CHANGE = re.compile(
    r"\b(?:add\w*|switch\w*|change\w*|changing|increas\w*|reduc\w*|decreas\w*|"
    r"drop\w*|"
    r"go(?:ing)? (?:a (?:bit|little) )?(?:to|up|down|back|from|deeper|longer|too|ahead)|move|"
    r"moving|start\w*|begin\w*|stop\w*|hold\w*|pause\w*|extend\w*|continu\w*|"
    r"resum\w*|more|less|fewer|longer|shorter|twice|once|"
    r"\d+ ?x|weekly|every other|every (?:\w+ )?(?:weeks?|days?|months?)|per week|a week|"
    r"/ ?w(?:ee)?k|sessions?|visits?|"
    r"introduc\w*|includ\w*|try|use|using|work on|scar|mld|mfr|cupping|tap(?:e|ing)|"
    r"ultrasound|bandag\w*|stretch\w*|deep|swedish|cranio\w*|trigger|garment|faja|"
    r"binder|stocking|compression|stage|size|pressure|min(?:utes)?|hour|wean\w*|"
    r"discharg\w*|treat\w*|massage|lymph\w*|abdomen|abd|flanks?|skip\w*|taper\w*|"
    r"space|spacing|frequency|plan|progress\w*|advanc\w*|delay\w*|wait|postpone\w*|"
    r"swap\w*|replac\w*|home program|needl\w*|exercis\w*|technique\w*|full|bump\w*|"
    r"allow|release|extra|off (?:my|the|our) (?:schedule|list|books?)|deeper|"
    r"postur\w*|lower|raise|wear\w*|wider|narrower|smaller|larger|bigger|strap|combine|re-?start\w*|shift|keep|"
    r"leave|limit|focus|double|trial|tens|laser|heat|ice|lift|done|stay|avoid\w*)\b",
    re.IGNORECASE,
)


_NOT_A_CHANGE = re.compile(
    r"\b(?:er|e\.r\.|emergency|urgent care|911|call(?: me| her| him| you)?|"
    r"send(?: you| the| over)?|pdf|photo|picture|lunch|invoice|resend|fax|email|"
    r"portal|billing|see (?:you|a doctor|her doctor|her pcp)|be seen|seen|evaluated|"
    r"look at (?:it|this|her)|take a look|check (?:it|her|this|on)|come in|go in|"
    r"know)\b",
    re.IGNORECASE,
)


_TO_PATIENT = re.compile(
    r"\b(?:recommend|suggest|advis|request|ask|want|encourag)\w*\s+(?:that )?(?:she|"
    r"he|her|him|pt|patient|them|they)\b",
    re.IGNORECASE,
)


_HOW_OFTEN = re.compile(
    r"\b(?:continue|come|be seen|keep coming|return|have|get) (?:\S+ ){0,4}?"
    r"(?:\d ?x|once|twice|weekly|every|monthly|\d+ more|a few more)\b",
    re.IGNORECASE,
)


_BY_PATIENT = re.compile(
    r"\b(?:she|he|pt|patient|client|husband|wife|they|mom|her \w+|who)(?:'d|'s| is|"
    r" also| has| was|s)?\s+(?:also |really |just |kindly |even )?(?:would|wants?|"
    r"wanted|asks?|asked|asking|requests?|requested|requesting|suggest\w*|"
    r"recommend\w*|likes?|wondering|wonders|hopes?)\s*(?:to|for|if|that)?\s*$",
    re.IGNORECASE,
)


_NOT_ASKED = re.compile(r"(?:\bnot|n't|never|\bno|\bif|\byou|\bwhen|\bas) $", re.IGNORECASE)
_SECTION = re.compile(
    r"(?:p|plan|a|assessment|request|ask|q|question|rec|recs)\s*[:\-]\s*", re.IGNORECASE
)
_FIRST_WORDS = set_of(
    """
    is are r you u would ok okay alright fine good cool clear cleared safe can could may shall
    should mind i i'd id we we'd wed therapist i'm im rec please pls plz permission asking do want
    if think thoughts any what how wondering like need let's lets let kindly wish consider
    """
)
_VERB = re.compile(r"\b(?:you|u) .*\b(?:extend|increase|change|add)$", re.IGNORECASE)
_FIRST_STEMS = frozenset(("reco", "sugg", "requ", "prop", "seek"))  # recommend, propose, ...


def _asking(note: Note) -> Iterator[re.Match[str]]:
    """The places of `_REQUEST`, tried only at the words that it can begin with."""
    text, normal = note.text, note.normal
    end = 0
    for token in note.tokens:
        if token.kind is not Kind.WORD or token.start < end:
            continue
        word = normal[token.start : token.end]
        if word[:4] in _FIRST_STEMS or word in _FIRST_WORDS or " " in word:
            match = _REQUEST.match(text, token.start)
            if match is not None:
                end = match.end()
                yield match


def request(note: Note, draft: Draft) -> None:
    """Fill `plan_change_request`."""
    text = note.text
    quoted = quoted_ranges(text)
    for match in _asking(note):
        if any(a < match.start() < b for a, b in quoted):
            continue
        sentence = sentence_holding(note, match.start())
        if sentence is None:
            continue
        start, end = sentence_bounds(note, sentence)
        before = text[start : match.start()]
        said = text[match.start() : end]
        if (
            _BY_PATIENT.search(before + match.group())
            or _BY_PATIENT.search(before)
            or (_TO_PATIENT.search(said) and not _HOW_OFTEN.search(said))
            or _NOT_ASKED.search(before)
        ):
            continue
        if not _CHANGE.search(text[match.end() : end]) and not _VERB.search(match.group()):
            continue
        rest = _NOT_A_CHANGE.search(text[match.end() : end])
        if (
            rest is not None
            and rest.start() < 25
            and _CHANGE.search(text[match.end() : match.end() + rest.start()]) is None
        ):
            continue
        if note.talk[_token_index(note, match.start())] & (Talk.OTHER | Talk.RECALLED) or (
            note.talk[_token_index(note, match.start())] & Talk.WARNED and sentence.mark != "?"
        ):
            continue
        long = len(before.split()) > 14
        section = _SECTION.match(text[start:end])
        begin = match.start() if long else start + (section.end() if section else 0)
        if long:
            comma = max(before.rfind(", "), before.rfind(" - "), before.rfind(" so "))
            begin = start + comma + 1 if comma >= 0 and len(before) - comma < 40 else match.start()
        put(draft, FieldName.PLAN_CHANGE_REQUEST, begin, end)
        first, last = _token_index(note, match.start()), _token_index(note, end - 1)
        for index in range(first, last + 1):
            note.talk[index] |= Talk.ASKED
        return


def _token_index(note: Note, offset: int) -> int:
    low, high = 0, len(note.tokens) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if note.tokens[middle].start <= offset:
            low = middle
        else:
            high = middle - 1
    return low
