"""The store's own trouble, for those who are not to know the store."""

from bot.store.errors import DatabaseBusy as StoreBusy
from bot.store.errors import DatabaseFull as StoreFull
from bot.store.errors import DatabaseUnreachable as StoreTrouble

__all__ = ["StoreBusy", "StoreFull", "StoreTrouble"]
