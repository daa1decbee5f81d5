"""What people type, made safe to keep: the words stay, the invisible tricks go."""

import unicodedata

# Zero-width joiner and non-joiner carry meaning (emoji families, Persian), so they stay between
# visible characters; everything else that is invisible or turns the reading direction goes.
_KEPT_INVISIBLE = {"\u200c", "\u200d"}
_KEPT_WHITE = {"\n", "\t"}
# Controls, format characters (bidirectional overrides among them), lone surrogates, private use.
_DROPPED = {"Cc", "Cf", "Cs", "Co"}


def clean(text: str) -> str:
    """`text` in Unicode NFC, without control, bidirectional-override and zero-width characters."""
    if text.isascii() and text.isprintable():
        return text.strip()  # most texts: nothing of all that can be in them
    visible = "".join(
        c
        for c in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        if c in _KEPT_WHITE or c in _KEPT_INVISIBLE or unicodedata.category(c) not in _DROPPED
    )
    return visible.strip().strip("\u200c\u200d").strip()


def clean_line(text: str) -> str:
    """As `clean`, on one line."""
    return " ".join(clean(text).split())
