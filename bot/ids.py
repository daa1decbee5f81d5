"""Identifiers of rows: random, so that they say nothing and can be made before they are stored."""

import secrets


def new_id() -> str:
    """96 random bits in 24 hexadecimal digits, not all of them decimal.

    The audit refuses a long number: it could be a record's or a phone's. Of random ids one in
    80,000 looks like one.
    """
    while (made := secrets.token_hex(12)).isdigit():
        continue
    return made
