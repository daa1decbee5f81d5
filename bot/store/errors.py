"""What can go wrong with the store, one type a cause.

None of these carries the database's own text: it repeats statements and values, and values
are patients' data.
"""


class StoreError(Exception):
    """Something is wrong with the store; `str()` of it may be shown and logged."""


class DatabaseUrlInvalid(StoreError):
    """The address of the database cannot be used; the message says why, without the address."""


class AnotherBotIsRunning(StoreError):
    """Another process holds the SQLite file."""


class DatabaseBusy(StoreError):
    """Somebody else held the database, a row or every connection for too long. Try again."""


class DatabaseFull(StoreError):
    """The disk, or the space granted to the database, is used up. Nothing was saved."""


class DatabaseUnreachable(StoreError):
    """The server does not answer, refuses the log-in, or the file cannot be opened or written."""


class DatabaseDamaged(StoreError):
    """The file is no database, or parts of it cannot be read."""


class NotUpToDate(StoreError):
    """The schema of the database lacks migrations."""


class DatabaseIsNewer(StoreError):
    """The database was migrated by a newer version than this one."""


class DatabaseMisused(StoreError):
    """The database refused a statement: a defect in the bot, or a schema that is not ours."""


class ConstraintViolated(StoreError):
    """A rule in the database refused a row.

    `constraint` is its name, for instance `uq_inbox_event_id`, so that a caller can tell a
    repeated event from a defect. SQLite does not name a foreign key: there it is
    `FOREIGN KEY`.
    """

    def __init__(self, constraint: str) -> None:
        super().__init__(f"the database refused a row: {constraint}")
        self.constraint = constraint


class AppendOnly(StoreError):
    """Somebody tried to change or delete what may only be added to."""
