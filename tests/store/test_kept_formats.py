"""What an earlier version sealed, hashed and chained is still opened, found and held to.

The values were made once, with these keys. Whoever changes how something is sealed or derived has
to give it a new version, and keep reading the old one.
"""

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.store.audit import AuditCheckpoint, AuditLog
from bot.store.checkpoints import CheckpointSigner
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, derive
from bot.store.sealing import Cell, CellKey, SealBroken, canonical, new_key_id
from bot.store.tables.audit import AuditEntry, AuditHead
from bot.store.tables.keys import DataKeyRecord, KeyOwner, MasterKeyRecord
from bot.store.vault import Vault, WrongMasterKey

MASTER = "1:" + base64.b64encode(bytes(range(32))).decode()
KEY = bytes(range(100, 132))
KEY_ID = "abcdefghijklmnop"
CELL = Cell("patients", "name", "p1")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SEALED = "AQBEMhTHQlS2Nc+wtUELWgkQR6OHSsQ5vmCEF9cyRv8/I9spAaLp7S9skupA2G+9QSvn"
WRAPPED = {
    (KeyOwner.PATIENT, "p1", KEY_ID): (
        "ATDJ7zylhLObsrlBAJL1Q4u5Cy+/CmUuMUrPCRSUVMD0CJ0Vug5rGzf1Eb+0cUzHJE7+TAa/peCZY3WerQ=="
    ),
    (KeyOwner.MAILBOX, "clinic", "a" * 16): (
        "AegW0l3YsRG6371DErPwzPwSZ4abQfdxUVdztq93nKgC7TYOegQPKldBCDS0dTiYGZfTv2p3JVMIrROdOA=="
    ),
    (KeyOwner.AUDIT, "clinic", "b" * 16): (
        "AUm+Gd7xjxsE42IbC8nGbdGxMIW8TzAidx9oomkUD4sUqbWUc1eONLKrklb9wANrj8gfgS5+S82k/h+XYg=="
    ),
    (KeyOwner.INDEX, "clinic", "c" * 16): (
        "Ad7trDs4ug9fKjb+LTlNyl9+oBmoNHPIAH1nzoJHHrxIQcw0PLEwGLOnl+iTuYfh7l4lIBOiJayafs2YpQ=="
    ),
}
CHECKED = "1da259f611a59515442ea3af44b44ad3974bfe7b29835720cc8d1ed658fbb03d"
AUDIT_KEY = "1b5e2998f9a09f14a018441579bfe5ce5315ea303b9310bbaf36afb1b25ae7ef"
FOUND_BY = "efb9e72afe63680aa52dad479d607702154a8d0895aa80d96fa1222c2fe6a19c"
CHAINED = "d4b7f69c40b759948e8b2924508f9078e4783cfaf3850f2f3994ae55c5c75355"
HEAD = "5afce144dc7663d9a6843944d57fb1f39261448b18bfb1472c08e9ac008c7b9f"
KEY_CHECK = "144f8726b1b178a5ef7cc18aaaedc375339f2ddcc717d12cf201ca110dc22a28"
CHECKPOINT = (
    '{"at": "2026-03-02T12:00:00+00:00", "key": "btwB1nD30hl/ogPNVkK1ZVJ/I68p48MKfvoatPpGj0E=",'
    ' "kind": "careloop audit checkpoint 1", "mac": "' + "0" * 64 + '", "seq": 7, "signature":'
    ' "LjonxIZ7soEvSlPtJ8kdDeWsrpyyOpEthEl82x84471QlXQP37S7QX/aHLuZa9OfVpkTacUgS+wIQftd+P2pAw=="}'
)


@pytest.fixture
async def kept(sqlite_url: str) -> AsyncIterator[Database]:
    """A database that an earlier version wrote its keys into."""
    database = await Database.open(sqlite_url)
    async with database.transaction() as session:
        session.add(MasterKeyRecord(id="1", check_value=bytes.fromhex(CHECKED), added_at=NOON))
        await session.flush()
        for (kind, owner, key_id), wrapped in WRAPPED.items():
            session.add(
                DataKeyRecord(
                    id=key_id,
                    tenant="clinic",
                    owner_kind=kind,
                    owner_id=owner,
                    master_key_id="1",
                    wrapped=base64.b64decode(wrapped),
                    created_at=NOON,
                )
            )
    yield database
    await database.close()


async def test_everything_that_was_kept_is_still_opened_and_found(kept: Database) -> None:
    vault = await Vault.start(kept, MasterKeys.parse(MASTER))
    async with kept.reading() as session:
        assert await vault.open(session, KEY_ID, CELL, base64.b64decode(SEALED)) == "Jordan Ellis"
    assert vault.mailbox_key == "a" * 16
    assert vault.audit_key().hex() == AUDIT_KEY
    assert vault.blind_index("phone", "5550100").hex() == FOUND_BY
    with pytest.raises(WrongMasterKey, match="not the one"):
        await Vault.start(kept, MasterKeys.parse("1:" + base64.b64encode(KEY).decode()))


async def test_the_chain_goes_on_as_it_was_begun(kept: Database) -> None:
    audit = AuditLog(bytes.fromhex(AUDIT_KEY))
    async with kept.transaction() as session:
        await audit.append(
            session,
            at=NOON,
            actor="U1",
            deed="see",
            subject_kind="patient",
            subject_id="p1",
            outcome="done",
            surface="modal",
            facts={"b": "2", "a": "1"},
        )
    async with kept.reading() as session:
        end = await audit.head(session)
        head = (await session.exec(select(AuditHead))).one()
        assert (await session.exec(select(AuditEntry.facts))).one() == '{"a":"1","b":"2"}'
    assert (end.seq, end.mac.hex()) == (1, CHAINED)
    assert head.seal.hex() == HEAD
    assert head.key_check.hex() == KEY_CHECK


def test_a_checkpoint_is_signed_and_read_as_ever() -> None:
    signer = CheckpointSigner(KEY)
    (read,) = signer.read(["", CHECKPOINT, " "])
    assert (read.end, read.at) == (AuditCheckpoint(7, bytes(32)), NOON)
    assert signer.sign(read.end, NOON) == CHECKPOINT


def test_a_text_is_sealed_in_the_order_version_key_nonce_words() -> None:
    key = CellKey(KEY_ID, "clinic", KEY)
    sealed = key.seal(CELL, "Jordan Ellis")
    old = base64.b64decode(SEALED)
    assert sealed[:11] == old[:11] == b"\x01" + base64.b32decode(KEY_ID.upper())
    assert len(sealed) == len(old) == 1 + 10 + 12 + len("Jordan Ellis") + 16
    assert sealed[11:23] != old[11:23]
    with pytest.raises(SealBroken):
        CellKey(KEY_ID, "another", KEY).open(CELL, sealed)
    assert len(new_key_id()) == len(KEY_ID)
    assert new_key_id() != new_key_id()


def test_parts_are_told_apart_by_their_lengths() -> None:
    assert canonical(b"ab", b"", b"c") == b"\0\0\0\2ab\0\0\0\0\0\0\0\1c"
    assert derive(KEY, "one") != derive(KEY, "two")
    assert len(derive(KEY, "one")) == 32
