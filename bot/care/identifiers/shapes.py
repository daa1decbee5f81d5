"""What has the shape of an identifier, whoever's it is."""

import re
from collections.abc import Iterator
from typing import Final

from bot.care.identifiers.dates import days_in
from bot.care.identifiers.finding import Finding, Kind

_PHONE_LABEL: Final = r"(?:phone|cell|mobile|tel|telephone|fax|ph|number|call|text|whatsapp)"
_STATES: Final = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|"
    "NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_SHAPES: Final = (
    # https://www.ssa.gov/employer/stateweb.htm: no group is all zeros, none begins 000, 666 or 9.
    (
        Kind.SOCIAL_SECURITY,
        r"(?<![\d-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])",
    ),
    (
        Kind.SOCIAL_SECURITY,
        r"(?i:\b(?:ssn|ss#|soc(?:ial)? sec(?:urity)?(?: (?:no|number|#))?)\W{0,4}"
        r"(?P<it>\d{3}[- .]?\d{2}[- .]?\d{4})(?!\d))",
    ),
    (
        Kind.RECORD_NUMBER,
        r"(?i:\b(?:mrn|med(?:ical)? ?rec(?:ord)?(?: ?(?:no|number|num|#))?"
        r"|(?:record|chart|patient|pt|account|acct) ?(?:no|number|num|id|#))"
        r"[\s:#.=]{0,4}(?:is\s)?(?P<it>[a-z]{0,4}-?\d[\d-]{2,14})\b)",
    ),
    (
        Kind.PHONE,
        r"(?<![\d.,-])(?:\+?1[-. ]{0,2})?(?:\([2-9]\d{2}\)\s{0,2}|[2-9]\d{2}[-. ]{1,2})"
        r"[2-9]\d{2}[-. ]{1,2}\d{4}(?![\d-])",
    ),
    (Kind.PHONE, r"(?<![\w.])[2-9]\d{2}[2-9]\d{6}(?!\d|\.\d)"),
    (Kind.PHONE, r"(?<![\w+])\+[1-9]\d{0,2}(?:[-. ()]{0,2}\d){6,13}(?!\d)"),
    (
        Kind.PHONE,
        rf"(?i:\b{_PHONE_LABEL}\b\W{{0,3}}(?:is\s|at\s|no\.?\s)?(?P<it>\d{{3}}[-. ]\d{{4}})(?!\d))",
    ),
    (Kind.EMAIL, r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}\b"),
    (
        Kind.ADDRESS,
        r"(?<![\d./])\d{1,5}[A-Za-z]?\s(?:[NSEWnsew]\.?\s)?(?:[A-Za-z0-9'.]{1,20}\s){1,3}"
        r"(?i:street|avenue|ave|boulevard|blvd|road|rd|parkway|pkwy|highway|hwy|lane|ln|terrace)\b\.?",
    ),
    (
        Kind.ADDRESS,
        r"(?<![\d./])\d{1,5}[A-Za-z]?\s(?:[NSEW]\.?\s)?(?:[A-Z0-9][A-Za-z0-9'.]{0,19}\s){1,3}"
        r"(?:St|Dr|Drive|Ct|Court|Pl|Place|Way|Circle|Cir|Square|Sq)\b\.?(?!\s+[A-Z][a-z])",
    ),
    (Kind.ADDRESS, r"(?i:\bp\.?\s?o\.?\s?box\s\d{1,6}\b)"),
    (Kind.ADDRESS, rf"\b[A-Z][A-Za-z .]{{2,25}},\s(?:{_STATES})\s\d{{5}}(?:-\d{{4}})?\b"),
)
_COMPILED: Final = tuple((kind, re.compile(shape)) for kind, shape in _SHAPES)
_BORN: Final = re.compile(
    r"\b(?:d\.?o\.?b\b\.?|date of birth|birth ?date|birthday|b-?day|born(?: on)?)[\s:=\-,(]{0,4}(?:is |the )?"
)
_NEAR: Final = 3


def shapes_in(text: str, plain: str) -> Iterator[Finding]:
    """What looks like an identifier. `plain` is `same_length(text)`."""
    for kind, shape in _COMPILED:
        for found in shape.finditer(text):
            part = "it" if "it" in found.groupdict() else 0
            yield Finding(kind, found.start(part), found.end(part))
    labels = [found.end() for found in _BORN.finditer(plain)]
    if labels:
        for day in days_in(plain):
            if any(0 <= day.start - label <= _NEAR for label in labels):
                yield Finding(Kind.BIRTH_DATE, day.start, day.end)
