"""Identifiers of rows: random, so that they say nothing and can be made before they are stored."""

import secrets


def new_id() -> str:
    """96 random bits in 24 hexadecimal digits."""
    return secrets.token_hex(12)
