"""The therapist's own words: a concern, a request; and the patient's words in quotes."""

import re

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note, Sentence, Talk
from .wordsets import set_of

_CONCERN = re.compile(
    r"(?<![\w])(?:(?:my |main |only |one |biggest |a |some )*concerns? ?(?:is that|"
    r"is|are|:|-|=|about|that|with|re|over)|concerned (?:about|that|with|for|by)|"
    r"concerned,? |worr(?:ied|ying|y|ies) (?:about|that|is|for)|"
    r"i'?m worried|a bit worried|heads[ -]?up(?: that|:|,| -)?|"
    r"(?:just )?flagging(?: that| for you| this)?|flag for you|wanted to flag|"
    r"want to flag|i flag)\s*[:,\-\u2013\u2014]*\s*(?:that\s+)?",
    re.IGNORECASE,
)
_NO_CONCERN = re.compile(
    r"(?:\bno|\bnot|\bwithout|\bnothing|\bisn'?t|\bw/o|\bzero|n't|\bno new|"
    r"\bnot too|\bdenies|\bany|\bnone|\bnot really|\bno other|\bno major|\bless|"
    r"\baddress\w*)\s*(?:\w+\s+)?$",
    re.IGNORECASE,
)
_PATIENT_WORRIES = re.compile(
    r"\b(?:she|he|they|pt|patient|client|husband|wife|mom|mother|family|daughter|"
    r"son|she's|he's|shes|hes|they're|her|his|spouse|who)(?:'s| is| was| seems|"
    r" seemed| are| gets| got| also| still| really| very| just| feels| felt|"
    r" has been| main| biggest| only)*\s*$",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"^(?:none|no|nil|n/?a|nothing|0|-+|na)?[\s.!]*$", re.IGNORECASE)
_ADVISE = re.compile(
    r"\b(?:pls|please|plz|kindly) (?:advise|advice|let me know how to proceed|guide)\b",
    re.IGNORECASE,
)

_QUOTE = re.compile(r'["\u201c\u201d\u201e«»]')
_SAYING = re.compile(
    r"\b(?:says?|said|saying|sez|told|tells|states?|stated|reports?|reported|goes|"
    r"quote|asked|asks|asking|words|pt|patient|client|exclaimed|mentioned|texted|"
    r"wrote|writes|joked|laughed|feels|felt|describes?|described|"
    r"calls|called|commented|claims|answered|whispered|cried|she|he|s|subjective|"
    r"her|his|adds?|added|replied|admitted)\b[^\"\u201c\u201d]*$",
    re.IGNORECASE,
)
_NOT_PATIENT = re.compile(
    r"\b(?:you|dr\.?|doctor|doc|surgeon|husband|wife|spouse|mother|mom|mum|father|"
    r"dad|daughter|son|sister|brother|partner|boyfriend|girlfriend|friend|nurse|"
    r"aunt|uncle|caregiver|pa|office|secretary|receptionist|neighbou?r|"
    r"mother-in-law|niece|protocol|order|orders|prescription|rx|sheet|note|chart|"
    r"label|portal|instructions|i|roommate|cousin|fianc[eé]e?|physician|np|handout|"
    r"op report|report|my|insurance|front desk|sign|paper)\b"
    r"(?:'s)?[^\"\u201c\u201d.!?\n]{0,40}$",
    re.IGNORECASE,
)
_PATIENT_LATE = re.compile(
    r"\b(?:she|he|pt|patient|client|they|her words|his words)\b", re.IGNORECASE
)
_NOT_PATIENT_AFTER = re.compile(
    r"^[\s,.:\-\u2013\u2014]*(?:(?:is |was )?(?:what )?(?:her |his |the |my |"
    r"your )?(?:husband|wife|spouse|mother|mom|mum|father|dad|daughter|son|sister|"
    r"brother|partner|boyfriend|girlfriend|friend|nurse|aunt|caregiver|surgeon|"
    r"doctor)\b|you (?:wrote|said|told)|(?:says?|said) (?:her|his|the|"
    r"my) (?:husband|wife|mother|mom|son|daughter|friend|sister|partner|spouse|dad|"
    r"father))",
    re.IGNORECASE,
)
_SCARE = re.compile(
    r"\b(?:seems?|seemed|looks?|looked|called|so-called|the|a|bit|kind of|sort of|"
    r"labeled|marked|says on|acting|little|of|in|on|my|says: the|an|named)\s*$",
    re.IGNORECASE,
)

_REQUEST = re.compile(
    r"(?<![\w])(?:is it (?:ok|okay|fine|alright|all right)|(?:are |r )?(?:you|"
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
    r"would like (?:to|your|permission|approval)|"
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
    r"drop\w*|go(?:ing)? (?:to|up|down|back|from|deeper|longer|too|ahead)|move|"
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
    r"allow|release|postur\w*|lower|raise|wear\w*|combine|re-?start\w*|shift|keep|"
    r"leave|limit|focus|double|trial|tens|laser|heat|ice|lift|done)\b",
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
_BY_PATIENT = re.compile(
    r"\b(?:she|he|pt|patient|client|husband|wife|they|mom|her \w+|who)(?:'d|'s| is|"
    r" also| has| was|s)?\s+(?:also |really |just |kindly |even )?(?:would|wants?|"
    r"wanted|asks?|asked|asking|requests?|requested|requesting|suggest\w*|"
    r"recommend\w*|likes?|wondering|wonders|hopes?)\s*(?:to|for|if|that)?\s*$",
    re.IGNORECASE,
)


def read_texts(note: Note, draft: Draft) -> None:
    """Fill the three texts, as written."""
    _quote(note, draft)
    _concern(note, draft)
    _request(note, draft)


def _put(draft: Draft, name: FieldName, start: int, end: int) -> None:
    text = draft.note.text
    while start < end and text[start] in " \t\n\r,:;-\u2013\u2014•*\"'\u201c\u201d":
        start += 1
    while end > start and text[end - 1] in ' \t\n\r"\u201c\u201d,;':
        end -= 1
    if end > start:
        draft.values[name] = text[start:end]
        draft.spans[name] = [(start, end)]


def _sentence_bounds(note: Note, sentence: Sentence) -> tuple[int, int]:
    end = note.tokens[sentence.end - 1].end
    if (sentence.mark == "?" and sentence.end < len(note.tokens)) or (
        sentence.mark == "." and sentence.end < len(note.tokens)
    ):
        end = note.tokens[sentence.end].end
    return note.tokens[sentence.start].start, end


def _sentence_holding(note: Note, offset: int) -> Sentence | None:
    for sentence in note.sentences:
        if note.tokens[sentence.start].start <= offset < note.tokens[sentence.end - 1].end + 1:
            return sentence
    return None


_CUE_WORDS = set_of(
    """
    concern concerns concerned worried worry worries worrying heads flagging flag
    """
)


def _concern(note: Note, draft: Draft) -> None:
    text = note.text
    if _CUE_WORDS.intersection(note.words) or "headsup" in note.words:
        quoted = _quoted_ranges(text)
        for match in _CONCERN.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()]
            if (
                _NO_CONCERN.search(before)
                or _PATIENT_WORRIES.search(before)
                or any(a < match.start() < b for a, b in quoted)
            ):
                continue
            sentence = _sentence_holding(note, match.start())
            if sentence is None:
                continue
            end = _sentence_bounds(note, sentence)[1]
            start = match.end()
            if start >= end:  # the cue stands alone: the next sentence is the concern
                following = note.sentence_of[sentence.start] + 1
                if following >= len(note.sentences) or (
                    note.text[match.end() - 1 : match.end()] not in (":", " ", "\n")
                    and ":" not in match.group()
                ):
                    continue
                start, end = _sentence_bounds(note, note.sentences[following])
            words = text[start:end].strip()
            if _EMPTY.match(words) or words.lower().startswith(
                ("none", "no concern", "n/a", "flag")
            ):
                continue
            _put(
                draft,
                FieldName.CONCERN,
                start,
                end - text[start:end].rstrip().endswith((".", "!")) if True else end,
            )
            return
    advise = _ADVISE.search(text)
    if advise and len(text) - advise.end() < 40:
        sentence = _sentence_holding(note, advise.start())
        if sentence is None:
            return
        start, _ = _sentence_bounds(note, sentence)
        if advise.start() - start > 12:
            _put(draft, FieldName.CONCERN, start, advise.start())
            return
        index = note.sentence_of[sentence.start] - 1
        if index >= 0:
            start, end = _sentence_bounds(note, note.sentences[index])
            _put(draft, FieldName.CONCERN, start, end)


def _quoted_ranges(text: str) -> list[tuple[int, int]]:
    marks = [m.start() for m in _QUOTE.finditer(text) if not _is_inch(text, m.start())]
    return list(zip(marks[::2], marks[1::2], strict=False))


def _is_inch(text: str, at: int) -> bool:
    return (
        text[at] in '"\u201d'
        and at > 0
        and text[at - 1].isdigit()
        and not (at + 1 < len(text) and text[at + 1].isalnum())
    )


MOST_QUOTES = 40


def _quote(note: Note, draft: Draft) -> None:
    text = note.text
    marks = [m.start() for m in _QUOTE.finditer(text) if not _is_inch(text, m.start())]
    index = 0
    while index < min(len(marks), MOST_QUOTES):
        start = marks[index] + 1
        if index + 1 < len(marks):
            end = marks[index + 1]
        else:
            newline = text.find("\n", start)
            end = newline if newline >= 0 else len(text)
        if _is_patients(text, marks[index], start, end):
            _put_quote(draft, start, end)
            return
        index += 2
    if not marks:
        single = re.search(
            r"(?:says?|said|told me|states|stated|reports|pt|patient|goes|quote|"
            r":)[\s:,]*[\u2018'](?=\w)([^\u2018\u2019'\n]{2,}(?:['\u2019]\w[^\u2018\u2019'\n]*){0,6})[\u2019'](?!\w)",
            text,
            re.IGNORECASE,
        )
        if single and not _NOT_PATIENT.search(
            text[max(0, single.start() - 40) : single.start(1) - 1]
        ):
            _put_quote(draft, single.start(1), single.end(1))


def _put_quote(draft: Draft, start: int, end: int) -> None:
    text = draft.note.text
    while end > start and text[end - 1] in " ,.":
        end -= 1
    _put(draft, FieldName.PATIENT_QUOTE, start, end)


def _is_patients(text: str, mark: int, start: int, end: int) -> bool:
    words = text[start:end].split()
    if not words:
        return False
    before = text[max(0, mark - 70) : mark]
    clause = re.split(r"[.!?\n;|](?=\s|$)", before)[-1]
    after = text[end + 1 : end + 50]
    if _NOT_PATIENT_AFTER.match(after):
        return False
    teller = _NOT_PATIENT.search(clause)
    if teller is not None:
        rest = clause[teller.start() :]
        by_patient = _PATIENT_LATE.search(clause)
        own = re.match(
            r"(?:my|i|note|report|pa|sign|you|doctor|doc|dr\.?)\b", teller.group(), re.IGNORECASE
        )
        if (
            by_patient is None
            or (by_patient.start() < teller.start() and own is None)
            or (
                teller.start() < by_patient.start()
                and re.search(
                    r"\b(?:says?|said|told|wrote)\b",
                    rest[: max(0, by_patient.start() - teller.start())],
                )
            )
        ):
            told_me = re.search(
                r"\b(?:told|tells|tell|asked|asks|ask|telling|texted|to|for|"
                r"with)\s+(?:\w+\s+)?(?:me|you|husband|wife|the doctor|i|my|doc|doctor|"
                r"her husband|his wife|the surgeon|dr\.?)\b",
                clause,
                re.IGNORECASE,
            )
            if not (told_me and by_patient is not None and by_patient.start() <= told_me.start()):
                return False
    said = (
        _SAYING.search(clause) is not None
        or re.match(
            r"[\s,.:\-\u2013\u2014]*(?:she|he|pt|patient|they|says|said|client|her words)\b",
            after,
            re.IGNORECASE,
        )
        is not None
    )
    if len(words) <= 2 and (not said or _SCARE.search(clause)):
        return False
    return said or len(words) >= 3


def _request(note: Note, draft: Draft) -> None:
    text = note.text
    quoted = _quoted_ranges(text)
    for match in _REQUEST.finditer(text):
        if any(a < match.start() < b for a, b in quoted):
            continue
        sentence = _sentence_holding(note, match.start())
        if sentence is None:
            continue
        start, end = _sentence_bounds(note, sentence)
        before = text[start : match.start()]
        said = text[match.start() : end]
        if (
            _BY_PATIENT.search(before + match.group())
            or _BY_PATIENT.search(before)
            or _TO_PATIENT.search(said)
            or re.search(
                r"(?:\bnot|n't|never|\bno|\bif|\byou|\bwhen|\bas) $", before, re.IGNORECASE
            )
        ):
            continue
        if not _CHANGE.search(text[match.end() : end]):
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
        section = re.match(
            r"(?:p|plan|a|assessment|request|ask|q|question|rec|recs)\s*[:\-]\s*",
            text[start:end],
            re.IGNORECASE,
        )
        begin = match.start() if long else start + (section.end() if section else 0)
        if long:
            comma = max(before.rfind(", "), before.rfind(" - "), before.rfind(" so "))
            begin = start + comma + 1 if comma >= 0 and len(before) - comma < 40 else match.start()
        _put(draft, FieldName.PLAN_CHANGE_REQUEST, begin, end)
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
