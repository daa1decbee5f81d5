"""A word to the author of a reply: what of it was not read, or why it is no session."""

from bot.care.attached import ReplyWord
from bot.views.message import Message, section
from bot.views.text import escape

_NO_SESSION = "*Kept as a message, not as a session.*"
_WORDS: dict[ReplyWord, tuple[str, str]] = {
    ReplyWord.FILE_ALONE: (
        "*Your file stays in this thread*, but Careloop can't see what is in it, and nobody is "
        "told of it.",
        "If it shows a warning sign or belongs to a session, please say so here in words.",
    ),
    ReplyWord.RECORDING: (
        "*Careloop can't listen to recordings.* Yours stays in this thread, but nothing said in it "
        "was read, and nobody is told of a warning sign in it.",
        "Please type what matters here, in a line.",
    ),
    ReplyWord.TOO_EARLY: (
        f"{_NO_SESSION} This referral is not accepted yet.",
        "Please accept it on the card at the top, then send your update again. "
        "A warning sign is acted on all the same.",
    ),
    ReplyWord.NOT_UNDER_WAY: (
        f"{_NO_SESSION} This case is not under way any more.",
        "If treatment goes on, the surgeon can refer the patient again. "
        "A warning sign is acted on all the same.",
    ),
}


def draw_word_on_reply(word: ReplyWord, case_code: str) -> Message:
    """To its author alone. The words themselves are kept, whatever it says."""
    return Message(f"{escape(case_code)}: a word about your reply", [section(*_WORDS[word])])
