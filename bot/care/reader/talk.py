"""Marks the words of a note that are not about this patient in this session.

A small ConText of our own (after Harkema 2009): cues from the rules file, each with a
direction and an end. What is asked, warned of, recalled, planned or about somebody else
is marked token by token, so that each field can choose what it leaves out.
"""

from bot.care.codes import RedFlagCode
from bot.care.lexicon import Hit

from .marks import mark
from .note import Note, Talk
from .recalled import recalled
from .tokens import Kind
from .wordsets import set_of

_QUESTION_WORDS = set_of(
    """
    can could may should would do does did is are ok okay what when which how shall will want
    wanna any who why am thoughts mind where whats hows were was has have might
    """
)


_TELLING = set_of("has have had did does")
# What turns them into a question where it follows: "has she", "is the skin".
_SUBJECTS = set_of(
    """
    i we you she he it they this that these those there the her his my your pt patient any a an
    anyone somebody someone swelling pain numbness redness warmth bruising drainage
    """
)


_DEMONSTRATIVES = set_of("this that it these there")


_HARMLESS = set_of(
    """
    normal ok okay safe fine alright allowed expected typical common possible worth time limit
    rule protocol guideline way reason risk chance cutoff number policy point true
    """
)


LONGEST_ASIDE = 40  # words; a longer sentence is dictation without full stops
ASIDE = 6
_LEADS_QUESTION = set_of("at for in on by from with until after under above")
_WHICH = (["what"], ["which"], ["how"])
_ASKED_FOR = (["do", "you"], ["should", "i"], ["should", "she"], ["can", "i"], ["do", "we"])


_CLAUSE_ENDS = frozenset(('"',)) | set_of(", ( ) - -- — but : and so")


def mark_talk(note: Note) -> None:
    """Fill `note.talk`."""
    _questions(note)
    _reported_questions(note)
    _worries(note)
    _warnings(note)
    _others(note)
    wrong = [h for h in note.context.get("elsewhere", ()) if note.words[h.start] == "wrong"]
    if wrong:
        mark(note, 0, len(note.talk), Talk.OTHER)
    for start in {note.sentence(hit.start).start for hit in note.context.get("elsewhere", ())}:
        sentence = note.sentence(start)
        if sentence.end - sentence.start <= LONGEST_ASIDE:
            mark(note, sentence.start, sentence.end, Talk.OTHER)
    for hit in note.context.get("elsewhere", ()):
        mark(note, hit.start - ASIDE, hit.end + ASIDE, Talk.OTHER)
    _plans(note)
    recalled(note)


def _questions(note: Note) -> None:
    words = note.words
    for sentence in note.sentences:
        if sentence.mark != "?":
            continue
        first = _clause_start(note, sentence.end)
        first += words[first] == ":"
        led = words[first] in _LEADS_QUESTION and words[first + 1 : first + 2] in _WHICH
        if led and any(words[i : i + 2] in _ASKED_FOR for i in range(first, sentence.end)):
            mark(note, first, sentence.end, Talk.ASKED)  # "at what number do you want a call?"
            continue
        at_boundary = True
        for index in range(sentence.start, sentence.end):
            word = words[index]
            filler = word in ("ok", "okay") and words[index + 1 : index + 2] != ["to"]
            told = index > sentence.start and word in _TELLING and words[index + 1] not in _SUBJECTS
            if at_boundary and word in _QUESTION_WORDS and not filler and not told:
                if not _wonders_at_finding(words, index, sentence.end):
                    mark(note, index, sentence.end, Talk.ASKED)
                break
            if word == "or" and index > first and not _SENDS.isdisjoint(words[index:][:5]):
                mark(note, first, sentence.end, Talk.ASKED)  # "calf pain, you or the ER?"
                break
            if word in ("would", "correct") and words[sentence.end - 1] != "warm":
                mark(note, sentence.start, sentence.end, Talk.ASKED)
                break
            at_boundary = word in _CLAUSE_ENDS or (
                at_boundary
                and word in ("hey", "hi", "dr", "doc", "doctor", "q", "question", "also", "just")
            )


def _wonders_at_finding(words: list[str], index: int, end: int) -> bool:
    """ "Could this be a seroma?" names a finding; "is it normal ..." asks in general."""
    after = words[index + 1 : index + 3]
    if after in (["there", "anything"], ["there", "any"]):
        return False  # "is there anything published on MLD after a DVT?"
    named = (
        words[index] in ("could", "might")
        and "be" in words[index:end]
        and after[:1]
        in (
            ["the"],
            ["her"],
            ["his"],
        )
    )  # "could the redness be an allergy?"
    if named and not _HARMLESS.intersection(words[index:end]):
        return True
    return (
        words[index] in ("is", "could", "might", "can", "would", "are", "was")
        and bool(_DEMONSTRATIVES.intersection(after[:1]))
        and not _HARMLESS.intersection(words[index:end])
    )


def _reported_questions(note: Note) -> None:
    lost = [hit for hit in note.found.get("flag", ()) if hit.code == RedFlagCode.CONFUSION]
    for hit in note.context.get("question", ()):
        if any(sign.start <= hit.start < sign.end for sign in lost):
            continue  # "she keeps asking what year it is": that is the sign
        mark(note, hit.start, min(note.sentence(hit.start).end, hit.end + 30), Talk.ASKED)


def _worries(note: Note) -> None:
    """What the patient is afraid of ("she is worried about a blood clot"), a few words long."""
    for hit in note.context.get("worry", ()):
        mark(note, hit.start, min(note.sentence(hit.start).end, hit.end + 3), Talk.ASKED)


_NO_WARNING = set_of("as see felt feels ok fine okay sure unsure")
_REACTS = set_of(
    """
    hurt hurts cry cries crying cried scream screams screaming screamed yell yells yelps winces
    flinches jumps sobs sobbing gasps worse sore
    """
)


def _warnings(note: Note) -> None:
    signs = note.found.get("flag", ())
    for hit in note.context.get("warning", ()):
        end = note.sentence(hit.start).end
        if note.words[hit.start] == "if" and hit.start in note.quoted:
            continue  # the patient's own "better off if I was dead"
        before = note.words[hit.start - 1] if hit.start else ""
        if any(sign.start < hit.start < sign.end for sign in signs):
            continue  # "better off if he was dead"
        if note.words[hit.start] == "if" and (before in _NO_WARNING or before in _REACTS):
            continue  # "screams if the sheet touches it" is what is, not what may come
        mark(note, hit.start, min(end, hit.end + 40), Talk.WARNED)
    _instructions(note)
    _rules(note)


_SENDS = set_of("er 911 call ed emergency a&e ambulance")
_SENDS_AWAY = _SENDS | set_of(
    "phone ring text stop contact message dont straight clinic office surgeon doctor you hospital"
)
_POINTS_BACK = set_of("that which this it")


def _rules(note: Note) -> None:
    """ "(calf swelling, chest pain = ER)": what a sign would mean, and none that is there."""
    words = note.words
    for index, word in enumerate(words):
        if word in ("means", "mean") and words[index - 1] not in _POINTS_BACK:
            if not _SENDS_AWAY.isdisjoint(words[index + 1 : index + 4]):
                mark(note, _clause_start(note, index), index, Talk.WARNED)
            continue
        away = _SENDS_AWAY if word == "=" else _SENDS
        if word not in ("=", "→") or not away.intersection(words[index + 1 : index + 3]):
            continue
        start = note.sentence(index).start
        opened = [i for i in range(start, index) if words[i] in ("(", ":")]
        told = [i for i in range(start, index) if words[i] in _TELLS]
        listed = bool(opened) and words[opened[-1] - 1] in _TELLS  # "told: crooked face -> 911"
        if opened and (word == "=" or words[opened[-1]] == "(" or listed):
            mark(note, opened[-1], index, Talk.WARNED)
        elif told and word == "=":
            mark(note, told[0], index, Talk.WARNED)  # "told her not being able to pee = ER"


def _clause_start(note: Note, index: int) -> int:
    """Where the clause before `index` begins: after a colon or a bracket, or with the sentence."""
    start = note.sentence(index).start
    opened = [i for i in range(start, index) if note.words[i] in (":", "(", ";")]
    return opened[-1] if opened else start


_BACK_TO_PATIENT = set_of("911 988 she shes pt patient her client but he his my ) so")


_HE = set_of("he his")
_MINE_STOPS = set_of("pt patient client but )")


_MEN = set_of(
    "husband brother father dad son boyfriend uncle grandfather grandpa nephew bf hubby grandson "
    "fiance stepson"
)


_TELLS = set_of("told tell advised instructed reminded educated warned taught explained knows know")


def _instructions(note: Note) -> None:
    """ "Told pt and husband: any fever, pus -> call you" warns to the end of the sentence."""
    words = note.words
    for index, word in enumerate(words):
        if word != "any" or not index:
            continue
        sentence = note.sentence(index)
        before = words[max(sentence.start, index - 9) : index]
        after = words[index : sentence.end]
        called = {"→", "call", "calls", "er", "911", "phone", "ring", "text"}.intersection(after)
        if _TELLS.intersection(before) or (called and index == sentence.start):
            mark(note, index, sentence.end, Talk.WARNED)


_CHILDREN = set_of("daughter daughters son sons kid kids child")
_PARENTS = set_of("mama mom mum mother dad father")
_QUOTES = set_of(': , " that says writes said wrote')
_OUR_PATIENT = (["our"], ["my"], ["the"])
_LIFTS = set_of("lift lifted lifting carry carried carrying walk walked walking hold holding chase")
_WITHIN = set_of("from in at of")


def _is_patient(note: Note, hit: Hit) -> bool:
    """Whether the relative is the patient, or only what the patient had to do with."""
    words, at, end = note.words, hit.start, hit.end
    if words[end : end + 1] == ["("] and words[end + 1 : end + 2] in _OUR_PATIENT:
        return words[end + 2 : end + 3] in (["pt"], ["patient"], ["client"])  # "mom (our pt) has"
    told = words[max(0, at - 6) : at]
    if words[at] in _PARENTS and told[-1:] and told[-1] in _QUOTES:
        return not _CHILDREN.isdisjoint(told)  # "daughter texts: mama just had convulsions"
    lifted = words[max(0, at - 2) : at]
    return bool(_LIFTS.intersection(lifted))  # "bent to lift the dog and two sutures tore"


def _others(note: Note) -> None:
    words = note.words
    reports = {i for hit in note.context.get("reports", ()) for i in hit.parts}
    of_a_woman = not {"she", "shes", "her"}.isdisjoint(words)
    for hit in note.context.get("other_person", ()):
        sentence = note.sentence(hit.start)
        before = words[max(0, hit.start - 2) : hit.start]
        if _is_patient(note, hit):
            continue
        owned = words[max(0, hit.start - 3) : hit.start]
        if "like" in words[max(0, hit.start - 5) : hit.start] and "belongs" in owned:
            continue  # "feels like it belongs to someone else"
        if (
            "about" in before
            or {"belongs", "belonged"}.intersection(owned)
            or ("for" in before and "was" in words[max(0, hit.start - 4) : hit.start])
        ):
            mark(note, sentence.start, sentence.end, Talk.OTHER)
            continue
        reporting = any(i in reports for i in range(hit.end, min(hit.end + 4, sentence.end)))
        ill = words[hit.end : hit.end + 2] == ["came", "down"]  # with something of their own
        if reporting and not ill and "life" not in words[hit.end : hit.end + 5]:
            continue
        if before == ["like", "a"]:
            continue  # "slept like a baby"
        if before[-1:] in (["like"], ["if"]) and words[hit.start] in ("somebody", "someone"):
            continue  # "like somebody is sitting on her chest"
        end = hit.end
        stops = (
            _BACK_TO_PATIENT - _HE if words[hit.start] in _MEN and of_a_woman else _BACK_TO_PATIENT
        )
        if before[-1:] in (["my"], ["our"]):
            stops = _MINE_STOPS  # "my neighbor had a tummy tuck and her incision popped open"
        if words[end : end + 1] and words[end] in _WITHIN:
            end += 2  # "friend from her forum got black skin"
        while end < min(sentence.end, hit.end + 40) and words[end] not in stops:
            if words[end] == "(" and ")" in words[end : min(sentence.end, end + 14)]:
                end = words.index(")", end) + 1  # "her mom (with her) has a DVT"
                continue
            if words[end] == "," and not _carries_on(words, end, sentence.end):
                break
            if words[end] in ("mld", "we", "i"):
                break
            end += 1
        mark(note, hit.start, end, Talk.OTHER)
    for index, word in enumerate(words):
        if word == "own" and index and words[index - 1] == "my" and index not in note.quoted:
            sentence = note.sentence(index)
            mark(note, sentence.start, sentence.end, Talk.OTHER)


def _carries_on(words: list[str], comma: int, end: int) -> bool:
    """Whether a list goes on after the comma ("fever, chills")."""
    return comma + 1 < end and words[comma + 1] in (
        "and",
        "or",
        "chills",
        "cough",
        "fever",
        "vomiting",
        "who",
        "has",
        "had",
    )


_DONE_BEGINS = set_of("tx treatment session visit sess today treated did done rx performed gave")


_OWN_REPORT = set_of("my this the session visit treatment progress short")
_PRESCRIBES = set_of("put started gave prescribed switched stopped took changed increased")


def _is_done(note: Note, hit: Hit) -> bool:
    """ "my report on visit 4", "her PCP put her on celecoxib": no plan, for all its words."""
    word, before, after = (
        note.words[hit.start],
        note.words[hit.start - 1 : hit.start],
        note.words[hit.end : hit.end + 1],
    )
    if word == "home" and after in (["visit"], ["visits"], ["session"]):
        return True  # where it took place
    return (word == "report" and not _OWN_REPORT.isdisjoint(before)) or (
        word == "pcp" and not _PRESCRIBES.isdisjoint(after)
    )


def _plans(note: Note) -> None:
    section = False
    for sentence in note.sentences:
        first = note.words[sentence.start : sentence.start + 2]
        if (
            len(first) == 2
            and first[1] in (":", "-", ")", "/", "&")
            and first[0]
            in (
                "p",
                "plan",
                "s",
                "o",
                "a",
                "t",
                "tx",
                "treatment",
                "subjective",
                "objective",
                "assessment",
                "i",
                "intervention",
            )
        ):
            section = first[0] in ("p", "plan")
        if note.topic_at.get(sentence.start + 1) == "MIN":
            section = False  # "P: next 9/17\n60 min MLD": what was done stands under the plan
        opens = bool(sentence.start) and note.tokens[sentence.start - 1].kind is Kind.BREAK
        if section and opens and first[:1] and first[0] in _DONE_BEGINS and first[1:] != [":"]:
            section = False  # "P: next appt Sat.\nTx #4, MLD abd, 75 min"
        if section:
            mark(note, sentence.start, sentence.end, Talk.PLANNED)
    for hit in note.found.get("visit", ()):
        if hit.code == "planned" and not _is_done(note, hit):
            sentence = note.sentence(hit.start)
            end = hit.end
            while end < min(sentence.end, hit.end + 40) and note.words[end] not in (
                ",",
                "(",
                "but",
            ):
                end += 1
            mark(note, hit.start, end, Talk.PLANNED)
