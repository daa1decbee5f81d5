"""What is sealed opens in its own place, with its own key, until it is erased."""

import asyncio
import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import select

from bot.store.database import Database
from bot.store.errors import ConstraintViolated
from bot.store.master_keys import KeysInvalid, MasterKeys, new_master_key
from bot.store.sealing import Cell, CellKey, SealBroken, new_key_id
from bot.store.tables.keys import DataKeyRecord, KeyOwner, MasterKeyRecord
from bot.store.url import DatabaseKind
from bot.store.vault import KeyDestroyed, KeyMissing, Vault, WrongMasterKey, check_master_keys

NAME = Cell("patients", "name", "p1")
CANARY = "Zsófia Quibblethorpe-Ønskestad"


async def patient_key(database: Database, vault: Vault, patient: str = "p1") -> str:
    async with database.transaction() as session:
        return await vault.key_for(session, KeyOwner.PATIENT, patient)


async def sealed_name(database: Database, vault: Vault, key_id: str) -> bytes:
    async with database.reading() as session:
        return await vault.seal(session, key_id, NAME, CANARY)


async def opened(
    database: Database, vault: Vault, key_id: str, sealed: bytes, cell: Cell = NAME
) -> str:
    async with database.reading() as session:
        return await vault.open(session, key_id, cell, sealed)


async def run(database: Database, statement: str, **values: object) -> None:
    async with database.transaction() as session:
        await (await session.connection()).execute(text(statement), values)


# --- Sealing and opening ---------------------------------------------------------------------


async def test_what_was_sealed_opens_again(database: Database, vault: Vault) -> None:
    key_id = await patient_key(database, vault)
    sealed = await sealed_name(database, vault, key_id)
    assert CANARY.encode() not in sealed
    assert await opened(database, vault, key_id, sealed) == CANARY


async def test_the_same_text_is_sealed_differently_each_time(
    database: Database, vault: Vault
) -> None:
    key_id = await patient_key(database, vault)
    first, second = [await sealed_name(database, vault, key_id) for _ in range(2)]
    assert first != second


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives(text: str) -> None:
    key = CellKey(new_key_id(), "clinic", AESGCM.generate_key(256))
    assert key.open(NAME, key.seal(NAME, text)) == text


@given(position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_changed_bit_breaks_the_seal(position: int, bit: int) -> None:
    key = CellKey(new_key_id(), "clinic", AESGCM.generate_key(256))
    sealed = bytearray(key.seal(NAME, CANARY))
    sealed[position % len(sealed)] ^= 1 << bit
    with pytest.raises(SealBroken):
        key.open(NAME, bytes(sealed))


@given(length=st.integers(0, 60))
def test_a_truncated_seal_does_not_open(length: int) -> None:
    key = CellKey(new_key_id(), "clinic", AESGCM.generate_key(256))
    sealed = key.seal(NAME, CANARY)
    with pytest.raises(SealBroken):
        key.open(NAME, sealed[:length])


@pytest.mark.parametrize(
    "elsewhere",
    [
        Cell("patients", "name", "p2"),
        Cell("patients", "phone", "p1"),
        Cell("referrals", "name", "p1"),
        Cell("patientsn", "ame", "p1"),
    ],
)
async def test_a_cell_put_into_another_place_does_not_open(
    database: Database, vault: Vault, elsewhere: Cell
) -> None:
    key_id = await patient_key(database, vault)
    sealed = await sealed_name(database, vault, key_id)
    with pytest.raises(SealBroken):
        await opened(database, vault, key_id, sealed, elsewhere)


async def test_one_patients_cell_does_not_open_with_the_key_of_another(
    database: Database, vault: Vault
) -> None:
    mine, theirs = await patient_key(database, vault), await patient_key(database, vault, "p2")
    sealed = await sealed_name(database, vault, mine)
    with pytest.raises(SealBroken):
        await opened(database, vault, theirs, sealed)


async def test_another_tenants_vault_does_not_open_it(
    database: Database, vault: Vault, masters: MasterKeys
) -> None:
    key_id = await patient_key(database, vault)
    sealed = await sealed_name(database, vault, key_id)
    other = await Vault.start(database, masters, tenant="another")
    with pytest.raises(KeyMissing):
        await opened(database, other, key_id, sealed)


async def test_the_mailbox_has_a_key_of_its_own(database: Database, vault: Vault) -> None:
    sealed = await sealed_name(database, vault, vault.mailbox_key)
    assert await opened(database, vault, vault.mailbox_key, sealed) == CANARY


async def test_mail_is_sealed_for_its_cell_under_the_mailbox_key(
    database: Database, vault: Vault
) -> None:
    sealed = vault.seal_mail(NAME, CANARY)
    assert await opened(database, vault, vault.mailbox_key, sealed) == CANARY
    with pytest.raises(SealBroken):
        await opened(database, vault, vault.mailbox_key, sealed, Cell("patients", "name", "p2"))


async def test_two_tenants_have_keys_of_their_own_for_the_same_owner(
    database: Database, vault: Vault, masters: MasterKeys
) -> None:
    other = await Vault.start(database, masters, tenant="another")
    assert await patient_key(database, vault) != await patient_key(database, other)


async def test_an_owner_has_one_living_key(database: Database, vault: Vault) -> None:
    key_id = await patient_key(database, vault)
    assert await patient_key(database, vault) == key_id
    with pytest.raises(ConstraintViolated):
        async with database.transaction() as session:
            await vault.new_key(session, KeyOwner.PATIENT, "p1")


async def test_many_keys_are_fetched_at_once(database: Database, vault: Vault) -> None:
    keys = {f"p{n}": await patient_key(database, vault, f"p{n}") for n in range(20)}
    sealed = {patient: await sealed_name(database, vault, key) for patient, key in keys.items()}
    async with database.reading() as session:
        await vault.prepare(session, keys.values())
        for patient, key in keys.items():
            assert await vault.open(session, key, NAME, sealed[patient]) == CANARY


# --- Erasing ---------------------------------------------------------------------------------


async def test_an_erased_patients_data_never_open_again(
    database: Database, vault: Vault, masters: MasterKeys
) -> None:
    key_id = await patient_key(database, vault)
    sealed = await sealed_name(database, vault, key_id)
    async with database.transaction() as session:
        assert await vault.open(session, key_id, NAME, sealed) == CANARY
        await vault.destroy_key(session, key_id)
        with pytest.raises(KeyDestroyed):
            await vault.open(session, key_id, NAME, sealed)
    for holder in (vault, await Vault.start(database, masters)):
        with pytest.raises(KeyDestroyed):
            await opened(database, holder, key_id, sealed)
        with pytest.raises(KeyDestroyed):
            await sealed_name(database, holder, key_id)
    async with database.transaction() as session:
        await vault.destroy_key(session, key_id)  # again: harmless


async def test_what_another_process_erased_is_erased_here_too(
    database: Database, vault: Vault, masters: MasterKeys
) -> None:
    elsewhere = await Vault.start(database, masters)
    key_id = await patient_key(database, vault)
    sealed = await sealed_name(database, vault, key_id)
    assert await opened(database, vault, key_id, sealed) == CANARY
    async with database.transaction() as session:
        await elsewhere.destroy_key(session, key_id)
    with pytest.raises(KeyDestroyed):
        await opened(database, vault, key_id, sealed)


async def test_an_erasure_that_is_undone_erases_nothing(database: Database, vault: Vault) -> None:
    key_id = await patient_key(database, vault)
    sealed = await sealed_name(database, vault, key_id)
    with pytest.raises(LookupError):
        async with database.transaction() as session:
            await vault.destroy_key(session, key_id)
            raise LookupError
    assert await opened(database, vault, key_id, sealed) == CANARY


async def test_the_erased_key_itself_is_gone_from_the_table(
    database: Database, vault: Vault
) -> None:
    key_id = await patient_key(database, vault)
    async with database.transaction() as session:
        await vault.destroy_key(session, key_id)
    async with database.reading() as session:
        record = (await session.exec(select(DataKeyRecord).where(DataKeyRecord.id == key_id))).one()
    assert record.wrapped is None
    assert record.destroyed_at is not None


async def test_an_erased_owner_may_get_a_new_key(database: Database, vault: Vault) -> None:
    old = await patient_key(database, vault)
    async with database.transaction() as session:
        await vault.destroy_key(session, old)
    assert await patient_key(database, vault) != old


async def test_the_tenants_own_keys_cannot_be_erased(database: Database, vault: Vault) -> None:
    with pytest.raises(ValueError, match="own keys"):
        async with database.transaction() as session:
            await vault.destroy_key(session, vault.mailbox_key)


async def test_a_key_that_never_was_is_missing(database: Database, vault: Vault) -> None:
    with pytest.raises(KeyMissing):
        await sealed_name(database, vault, new_key_id())


# --- Changing the master key -------------------------------------------------------------------


async def test_a_new_master_key_takes_over_and_the_old_one_can_go(database: Database) -> None:
    old_text, new_text = new_master_key("1"), new_master_key("2")
    before = await Vault.start(database, MasterKeys.parse(old_text))
    key_id = await patient_key(database, before)
    sealed = await sealed_name(database, before, key_id)
    index, audit = before.blind_index("phone", "5550100"), before.audit_key()

    during = await Vault.start(database, MasterKeys.parse(f"{old_text},{new_text}"))
    assert await opened(database, during, key_id, sealed) == CANARY
    counts: list[int] = []
    while not counts or counts[-1]:
        async with database.transaction() as session:
            counts.append(await during.rewrap(session, batch=3))
    assert counts == [3, 1, 0]  # the patient's, the mailbox's, the audit's, the index's
    assert await opened(database, during, key_id, sealed) == CANARY

    after = await Vault.start(database, MasterKeys.parse(new_text))
    assert await opened(database, after, key_id, sealed) == CANARY
    assert after.blind_index("phone", "5550100") == index
    assert after.audit_key() == audit


class Asked:
    """A source of master keys that counts how often it is asked."""

    def __init__(self, *given: str) -> None:
        self.given = list(given)
        self.times = 0

    def __call__(self) -> MasterKeys:
        self.times += 1
        return MasterKeys.parse("\n".join(self.given))


async def test_a_master_key_that_came_after_the_start_is_taken_up_from_its_source(
    database: Database,
) -> None:
    first, second = new_master_key("1"), new_master_key("2")
    source = Asked(first)
    running = await Vault.start(database, MasterKeys.parse(first), source=source)
    key_id = await patient_key(database, running)
    sealed = await sealed_name(database, running, key_id)
    assert source.times == 0

    source.given.append(second)
    rotating = await Vault.start(database, MasterKeys.parse(f"{first},{second}"))
    async with database.transaction() as session:
        await rotating.rewrap(session)

    assert await opened(database, running, key_id, sealed) == CANARY
    assert source.times == 1
    async with database.reading() as session:
        times = await session.exec(select(DataKeyRecord.rewrapped_at))
        assert None not in times.all()
    newer = await patient_key(database, running, "p2")
    async with database.reading() as session:
        record = (await session.exec(select(DataKeyRecord).where(DataKeyRecord.id == newer))).one()
    assert record.master_key_id == "2"
    assert source.times == 1


async def test_a_new_key_is_wrapped_by_a_master_key_that_nothing_was_read_under_yet(
    database: Database,
) -> None:
    first, second = new_master_key("1"), new_master_key("2")
    source = Asked(first, second)
    running = await Vault.start(database, MasterKeys.parse(first), source=source)
    await Vault.start(database, MasterKeys.parse(f"{first},{second}"))
    await patient_key(database, running)
    async with database.reading() as session:
        wanted = select(DataKeyRecord.master_key_id).where(DataKeyRecord.owner_id == "p1")
        assert (await session.exec(wanted)).one() == "2"


async def test_a_retired_master_key_is_asked_for_once(database: Database) -> None:
    first, second = new_master_key("1"), new_master_key("2")
    both = await Vault.start(database, MasterKeys.parse(f"{first},{second}"))
    async with database.transaction() as session:
        await both.rewrap(session)
    source = Asked(second)
    running = await Vault.start(database, MasterKeys.parse(second), source=source)
    for patient in ("p1", "p2", "p3"):
        await patient_key(database, running, patient)
    assert source.times == 1


async def test_rewrapping_does_not_revive_what_was_erased(database: Database) -> None:
    old_text, new_text = new_master_key("1"), new_master_key("2")
    vault = await Vault.start(database, MasterKeys.parse(old_text))
    key_id = await patient_key(database, vault)
    sealed = await sealed_name(database, vault, key_id)
    async with database.transaction() as session:
        await vault.destroy_key(session, key_id)
    both = await Vault.start(database, MasterKeys.parse(f"{old_text},{new_text}"))
    async with database.transaction() as session:
        await both.rewrap(session)
    with pytest.raises(KeyDestroyed):
        await opened(database, both, key_id, sealed)


async def test_a_wrong_master_key_is_named_at_the_start(database: Database, vault: Vault) -> None:
    wrong = new_master_key("1")
    with pytest.raises(WrongMasterKey, match="master key 1 is not the one") as caught:
        await Vault.start(database, MasterKeys.parse(wrong))
    assert wrong.partition(":")[2] not in str(caught.value)
    del vault


async def test_a_missing_master_key_is_named_at_the_start(database: Database, vault: Vault) -> None:
    with pytest.raises(WrongMasterKey, match="master key 1 is missing, and 3 data keys"):
        await Vault.start(database, MasterKeys.parse(new_master_key("2")))
    async with database.reading() as session:
        assert list(await session.exec(select(MasterKeyRecord.id))) == ["1"]
    del vault


async def test_checking_the_keys_of_a_new_database_finds_nothing_wrong(
    database: Database, masters: MasterKeys
) -> None:
    async with database.reading() as session:
        assert await check_master_keys(session, masters) == []


async def test_two_processes_that_start_at_once_share_their_keys(
    database_url: str, masters: MasterKeys
) -> None:
    databases = [await Database.open(database_url, lock=False) for _ in range(3)]
    vaults = await asyncio.gather(*(Vault.start(database, masters) for database in databases))
    assert len({vault.mailbox_key for vault in vaults}) == 1
    assert len({vault.audit_key() for vault in vaults}) == 1
    for database in databases:
        await database.close()


async def test_a_data_key_given_to_another_owner_does_not_unwrap(
    database: Database, vault: Vault, masters: MasterKeys
) -> None:
    key_id, other = await patient_key(database, vault), await patient_key(database, vault, "p2")
    sealed = await sealed_name(database, vault, key_id)
    await run(
        database,
        "UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE id = :other)"
        " WHERE id = :mine",
        other=other,
        mine=key_id,
    )
    with pytest.raises(SealBroken):
        await opened(database, await Vault.start(database, masters), key_id, sealed)


# --- Searching -----------------------------------------------------------------------------


async def test_an_identifier_is_found_by_its_blind_index_alone(
    vault: Vault, database: Database
) -> None:
    index = vault.blind_index("record_number", "12345")
    assert len(index) == 32
    assert index == vault.blind_index("record_number", "12345")
    assert index != vault.blind_index("record_number", "12346")
    assert index != vault.blind_index("phone", "12345")
    del database


# --- The master keys as they are given ----------------------------------------------------------


def test_the_last_master_key_is_current_unless_one_is_marked() -> None:
    one, two = new_master_key("1"), new_master_key("2")
    assert MasterKeys.parse(f"{one},{two}").current_id == "2"
    assert MasterKeys.parse(f"*{one}, {two}\n").current_id == "1"


def test_every_problem_with_the_master_keys_is_named_and_no_value_is_shown() -> None:
    good = new_master_key("a")
    short = base64.b64encode(b"sixteen bytes...").decode()
    zeros = base64.b64encode(bytes(32)).decode()
    with pytest.raises(KeysInvalid) as caught:
        MasterKeys.parse(f"*{good},{good},b:{short},c:{zeros},*d:???,nonsense")
    assert caught.value.problems == [
        "key a is there twice",
        "key b has 16 bytes where 32 are needed",
        "key c is not random; `careloop keys new` makes one",
        "key d is not base64",
        "entry 6 is not written as id:base64",
        "keys a, d are all marked as current; mark one",
    ]
    for secret in (good.partition(":")[2], short, zeros):
        assert secret not in str(caught.value)


def test_no_master_key_at_all_says_how_to_make_one() -> None:
    with pytest.raises(KeysInvalid, match="careloop keys new"):
        MasterKeys.parse(" ")


def test_master_keys_do_not_show_in_a_representation() -> None:
    written = new_master_key("1")
    masters = MasterKeys.parse(written)
    assert repr(masters) == "MasterKeys(current_id='1')"
    assert repr(masters.current) == "MasterKey(id='1')"


# --- On the disk -------------------------------------------------------------------------------


async def test_neither_the_file_nor_its_journal_holds_anything_in_clear(
    tmp_path: Path, masters: MasterKeys
) -> None:
    from bot.store.migrations import migrate

    url = f"sqlite:///{tmp_path / 'careloop.db'}"
    await migrate(url)
    database = await Database.open(url)
    vault = await Vault.start(database, masters)
    key_id = await patient_key(database, vault)
    sealed = await sealed_name(database, vault, key_id)
    await run(database, "CREATE TABLE notes (name BLOB)")
    await run(database, "INSERT INTO notes VALUES (:sealed)", sealed=sealed)
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert sealed in stored
    assert CANARY.encode() not in stored
    await database.close()


async def test_an_erased_key_is_gone_from_the_file_and_its_journal(
    database: Database, vault: Vault
) -> None:
    key_id = await patient_key(database, vault)
    async with database.reading() as session:
        wrapped = (
            await session.exec(select(DataKeyRecord.wrapped).where(DataKeyRecord.id == key_id))
        ).one()
    assert wrapped is not None
    files = Path(str(database)).parent.glob("careloop.db*")
    if database.kind is DatabaseKind.SQLITE:
        assert wrapped in b"".join(file.read_bytes() for file in files)
    async with database.transaction() as session:
        await vault.destroy_key(session, key_id)
    await database.purge()
    files = Path(str(database)).parent.glob("careloop.db*")
    if database.kind is DatabaseKind.SQLITE:
        assert wrapped not in b"".join(file.read_bytes() for file in files)
    assert await patient_key(database, vault) != key_id  # and the database goes on working
