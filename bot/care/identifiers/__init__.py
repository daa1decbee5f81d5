"""What says who a patient is, in words that somebody typed: found, named by kind, replaced.

Two sources: what is known of the patients of a channel (name, birth date, record number, phone), in
whatever case, spacing and accents it is written; and the shapes that such things have (a social
security number, an address). A finding says where and of what kind; nobody repeats what it covers.

`find` is linear in the text for any one patient; it keeps nothing.
"""

from bot.care.identifiers.find import find, find_known
from bot.care.identifiers.finding import Finding, Kind, kinds_of, merged, replace

__all__ = ["Finding", "Kind", "find", "find_known", "kinds_of", "merged", "replace"]
