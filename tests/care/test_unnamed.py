"""Who the patient is does not leave the store with what people wrote."""

from datetime import date

import pytest

from bot.care.request import Identifiers
from bot.care.unnamed import without_identifiers

WHO = Identifiers(
    name="Will Xylophagous-Quill",
    birth_date=date(1984, 5, 17),
    record_number="MRN-204418",
    phone="+1 212 555 0142",
)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Will says it is better", "[patient] says it is better"),
        ("it will get better", "it will get better"),
        ("xylophagous slept", "[patient] slept"),
        ("QUILL came", "[patient] came"),
        ("Quilling is no name", "Quilling is no name"),
        ("chart mrn204418", "chart [patient]"),
        ("call 1-212-555-0142", "call [patient]"),
        ("pain 6 to 3", "pain 6 to 3"),
    ],
)
def test_names_and_numbers_are_hidden_and_words_stay(written: str, left: str) -> None:
    assert without_identifiers(written, WHO) == left
