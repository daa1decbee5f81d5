"""The vault: one data key a patient, wrapped by a master key; sealing, opening, erasing.

Every identifier and free text is sealed here before it is stored. Destroying a patient's data
key makes all of it unreadable at once, wherever copies of it are. Changing the master key
re-wraps the data keys and touches no text.
"""

import asyncio
import hashlib
import hmac
import os
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, SystemClock
from bot.store.database import Database
from bot.store.errors import ConstraintViolated, StoreError
from bot.store.key_source import KeySource
from bot.store.master_keys import KEY_BYTES, KeysInvalid, MasterKey, MasterKeys, derive
from bot.store.sealing import (
    NONCE_BYTES,
    VERSION,
    Cell,
    CellKey,
    SealBroken,
    canonical,
    new_key_id,
)
from bot.store.tables.keys import DataKeyRecord, KeyOwner, MasterKeyRecord

__all__ = [
    "Cell",
    "KeyDestroyed",
    "KeyMissing",
    "KeyOwner",
    "KeysInvalid",
    "MasterKeys",
    "SealBroken",
    "Vault",
    "WrongMasterKey",
    "check_master_keys",
]

_CACHED_KEYS: Final = 1024
_LIVING: Final = "careloop.living_keys"
# The tenant's own keys: opened at the start, never erased while the bot runs.
_OWN: Final = (KeyOwner.MAILBOX, KeyOwner.AUDIT, KeyOwner.INDEX)
# Asked in every transaction: building it takes longer than running it.
_RECORD = (
    select(DataKeyRecord)
    .where(DataKeyRecord.id == bindparam("key_id"), DataKeyRecord.tenant == bindparam("tenant"))
    .execution_options(populate_existing=True)
)


class KeyMissing(StoreError):
    """There is no data key of that id."""


class KeyDestroyed(StoreError):
    """The data key was destroyed: what it sealed is erased."""


class WrongMasterKey(StoreError):
    """A master key is missing or is not the one this database was written with."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


async def check_master_keys(session: AsyncSession, masters: MasterKeys) -> list[str]:
    """What is wrong with `masters` for this database, one sentence each; empty when right."""
    known = {record.id: record for record in await session.exec(select(MasterKeyRecord))}
    needed = await session.exec(
        select(DataKeyRecord.master_key_id, func.count())
        .where(col(DataKeyRecord.destroyed_at).is_(None))
        .group_by(col(DataKeyRecord.master_key_id))
    )
    problems = [
        f"master key {key.id} is not the one that this database was written with"
        for key in masters.keys.values()
        if key.id in known and not hmac.compare_digest(known[key.id].check_value, key.check_value)
    ]
    return problems + [
        f"master key {key_id} is missing, and {count} data keys still need it"
        for key_id, count in needed
        if key_id not in masters.keys
    ]


class Vault:
    """Seals and opens texts for one tenant. Made by `Vault.start`."""

    def __init__(
        self, masters: MasterKeys, tenant: str, clock: Clock, source: KeySource | None = None
    ) -> None:
        self._masters = masters
        self._source = source
        # Retired ones, of which only the record is left: they are asked for once.
        self._not_there: set[str] = set()
        self._clock = clock
        self._tenant = tenant
        self._unwrapped: OrderedDict[bytes, CellKey] = OrderedDict()
        self._own: dict[KeyOwner, tuple[str, bytes]] = {}
        self._own_keys: dict[str, CellKey] = {}

    @classmethod
    async def start(
        cls,
        database: Database,
        masters: MasterKeys,
        *,
        tenant: str = "clinic",
        clock: Clock | None = None,
        source: KeySource | None = None,
    ) -> "Vault":
        """Check the master keys against `database` and open the tenant's own keys.

        `source` is asked again when a master key is met that came after the start.
        Makes what is not there yet. Raises `WrongMasterKey`, naming every key that is wrong.
        """
        vault = cls(masters, tenant, clock or SystemClock(), source)
        try:
            await vault._prepare(database)
        except ConstraintViolated:  # another process prepared the same keys at the same time
            await vault._prepare(database)
        return vault

    async def _prepare(self, database: Database) -> None:
        async with database.transaction() as session:
            problems = await check_master_keys(session, self._masters)
            if problems:
                raise WrongMasterKey(problems)
            known = set(await session.exec(select(MasterKeyRecord.id)))
            for key in self._masters.keys.values():
                if key.id not in known:
                    session.add(_record(key, self._clock.now()))
            await session.flush()
            for kind in _OWN:
                key_id = await self.key_for(session, kind, self._tenant)
                self._own[kind] = (key_id, await self._bytes_of(session, key_id))
                self._own_keys[key_id] = CellKey(key_id, self._tenant, self._own[kind][1])

    # --- Keys ---------------------------------------------------------------------------------

    @property
    def mailbox_key(self) -> str:
        """The id of the key for the tenant's inbox, outbox and timers."""
        return self._own[KeyOwner.MAILBOX][0]

    def seal_mail(self, cell: Cell, text: str) -> bytes:
        """`text` sealed for `cell` with the mailbox key, which lives as long as the bot runs."""
        return self._own_keys[self.mailbox_key].seal(cell, text)

    def audit_key(self) -> bytes:
        """The key of the audit chain. It outlives every change of the master key."""
        return derive(self._own[KeyOwner.AUDIT][1], "careloop audit chain")

    async def new_key(self, session: AsyncSession, owner_kind: KeyOwner, owner_id: str) -> str:
        """Make the data key of an owner who has none; its id.

        Raises `ConstraintViolated` when the owner has a living key.
        """
        for master in await session.exec(select(MasterKeyRecord.id)):
            await self._meet(master)
        key_id = new_key_id()
        record = DataKeyRecord(
            id=key_id,
            tenant=self._tenant,
            owner_kind=owner_kind,
            owner_id=owner_id,
            master_key_id=self._masters.current_id,
            created_at=self._clock.now(),
        )
        record.wrapped = self._wrap(record, AESGCM.generate_key(KEY_BYTES * 8))
        session.add(record)
        await session.flush()
        return key_id

    async def key_for(self, session: AsyncSession, owner_kind: KeyOwner, owner_id: str) -> str:
        """The id of the owner's living data key; makes one when there is none."""
        key_id = (
            await session.exec(
                select(DataKeyRecord.id).where(
                    DataKeyRecord.tenant == self._tenant,
                    DataKeyRecord.owner_kind == owner_kind,
                    DataKeyRecord.owner_id == owner_id,
                    col(DataKeyRecord.destroyed_at).is_(None),
                )
            )
        ).one_or_none()
        return key_id or await self.new_key(session, owner_kind, owner_id)

    async def destroy_key(self, session: AsyncSession, key_id: str) -> None:
        """Erase: what this key sealed can never be opened again. Harmless when done twice.

        Raises `KeyMissing`, and ValueError for a key that the tenant itself needs.
        """
        if key_id in self._own_keys:
            raise ValueError("the tenant's own keys cannot be erased")
        record = await self._record_of(session, key_id)
        if record.destroyed_at is None:
            if record.wrapped is not None:
                self._unwrapped.pop(record.wrapped, None)
            record.wrapped, record.destroyed_at = None, self._clock.now()
            session.add(record)
            await session.flush()
        _living(session).pop(key_id, None)

    async def rewrap(self, session: AsyncSession, batch: int = 100) -> int:
        """Wrap up to `batch` data keys anew, by the current master key; how many were left
        over from an older one. Call it until it answers 0; texts are not touched."""
        records = await session.exec(
            select(DataKeyRecord)
            .where(
                DataKeyRecord.master_key_id != self._masters.current_id,
                col(DataKeyRecord.destroyed_at).is_(None),
            )
            .limit(batch)
        )
        done = 0
        for record in records.all():
            renewed = DataKeyRecord(
                **record.model_dump(exclude={"master_key_id"}),
                master_key_id=self._masters.current_id,
            )
            # Only while nobody destroyed or re-wrapped it meanwhile.
            await session.exec(
                update(DataKeyRecord)
                .where(
                    col(DataKeyRecord.id) == record.id,
                    col(DataKeyRecord.wrapped) == record.wrapped,
                )
                .values(
                    master_key_id=renewed.master_key_id,
                    wrapped=self._wrap(renewed, self._unwrap(record)),
                    rewrapped_at=self._clock.now(),
                )
                .execution_options(synchronize_session=False)
            )
            if record.wrapped is not None:
                self._unwrapped.pop(record.wrapped, None)
            done += 1
        session.expire_all()  # what was read before the change is not what is there now
        return done

    # --- Texts --------------------------------------------------------------------------------

    async def seal(self, session: AsyncSession, key_id: str, cell: Cell, text: str) -> bytes:
        """`text` sealed for `cell`. Raises `KeyMissing`, `KeyDestroyed`."""
        key = self._own_keys.get(key_id) or await self._living_key(session, key_id)
        return key.seal(cell, text)

    async def open(self, session: AsyncSession, key_id: str, cell: Cell, sealed: bytes) -> str:
        """The text that was sealed for `cell`.

        Raises `SealBroken` for what was changed, swapped or sealed by another key,
        `KeyDestroyed` for what was erased, `KeyMissing`.
        """
        key = self._own_keys.get(key_id) or await self._living_key(session, key_id)
        return key.open(cell, sealed)

    async def prepare(self, session: AsyncSession, key_ids: Iterable[str]) -> None:
        """Fetch many keys at once, before opening many texts. Missing ones are passed over."""
        wanted = sorted(set(key_ids) - set(_living(session)) - set(self._own_keys))
        for start in range(0, len(wanted), 500):
            chosen = col(DataKeyRecord.id).in_(wanted[start : start + 500])
            for record in (await session.exec(select(DataKeyRecord).where(chosen))).all():
                if record.wrapped is not None:
                    await self._meet(record.master_key_id)
                    _living(session)[record.id] = self._unwrapped_key(record)

    def blind_index(self, purpose: str, normalised: str) -> bytes:
        """32 bytes that are the same for the same `normalised` text, and tell nothing of it.

        `purpose` separates what must not be compared, for instance `record_number` and
        `phone`. The caller normalises.
        """
        key = derive(self._own[KeyOwner.INDEX][1], f"careloop blind index {purpose}")
        return hmac.digest(key, normalised.encode(), hashlib.sha256)

    # --- Inside -------------------------------------------------------------------------------

    async def _living_key(self, session: AsyncSession, key_id: str) -> CellKey:
        """A key that is alive in this transaction.

        Whether it is alive is asked once a transaction, of the database: another process may
        have erased it a moment ago. Only the unwrapping is remembered for longer.
        """
        living = _living(session)
        if key_id not in living:
            record = await self._record_of(session, key_id)
            await self._meet(record.master_key_id)
            living[key_id] = self._unwrapped_key(record)
        return living[key_id]

    async def _meet(self, master_key_id: str) -> None:
        """Take up a master key that was made while this process runs, if the source has it.

        One that is not there is noticed where it is needed. Raises `KeysInvalid`.
        """
        known = self._masters.keys
        if self._source is None or master_key_id in known or master_key_id in self._not_there:
            return
        self._masters = await asyncio.to_thread(self._source)
        if master_key_id not in self._masters.keys:
            self._not_there.add(master_key_id)

    def _unwrapped_key(self, record: DataKeyRecord) -> CellKey:
        if record.wrapped is None:
            raise KeyDestroyed("what this key sealed was erased")
        key = self._unwrapped.get(record.wrapped)
        if key is None:
            key = CellKey(record.id, self._tenant, self._unwrap(record))
            self._unwrapped[record.wrapped] = key
            if len(self._unwrapped) > _CACHED_KEYS:
                self._unwrapped.popitem(last=False)
        else:
            self._unwrapped.move_to_end(record.wrapped)
        return key

    async def _bytes_of(self, session: AsyncSession, key_id: str) -> bytes:
        record = await self._record_of(session, key_id)
        await self._meet(record.master_key_id)
        return self._unwrap(record)

    async def _record_of(self, session: AsyncSession, key_id: str) -> DataKeyRecord:
        which = {"key_id": key_id, "tenant": self._tenant}
        record = (await session.exec(_RECORD, params=which)).one_or_none()
        if record is None:
            raise KeyMissing("there is no such data key")
        return record

    def _wrap(self, record: DataKeyRecord, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        master = self._masters.keys[record.master_key_id]
        return VERSION + nonce + master.wrapping.encrypt(nonce, key, _wrapping_data(record))

    def _unwrap(self, record: DataKeyRecord) -> bytes:
        master = self._masters.keys.get(record.master_key_id)
        if master is None:
            raise WrongMasterKey([f"master key {record.master_key_id} is missing"])
        wrapped = record.wrapped or b""
        nonce, rest = wrapped[1 : 1 + NONCE_BYTES], wrapped[1 + NONCE_BYTES :]
        try:
            if wrapped[:1] != VERSION:
                raise ValueError
            return master.wrapping.decrypt(nonce, rest, _wrapping_data(record))
        except (InvalidTag, ValueError):
            raise SealBroken(f"data key {record.id} was changed or swapped") from None


def _record(key: MasterKey, at: datetime) -> MasterKeyRecord:
    return MasterKeyRecord(id=key.id, check_value=key.check_value, added_at=at)


def _wrapping_data(record: DataKeyRecord) -> bytes:
    """What a wrapped key is bound to: it does not open as the key of anybody else."""
    return canonical(
        b"careloop data key 1",
        record.tenant.encode(),
        record.id.encode(),
        record.owner_kind.value.encode(),
        record.owner_id.encode(),
        record.master_key_id.encode(),
    )


def _living(session: AsyncSession) -> dict[str, CellKey]:
    living: dict[str, CellKey] = session.info.setdefault(_LIVING, {})
    return living
