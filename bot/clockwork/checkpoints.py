"""Checkpoints of the audit, on a schedule and on command: signed, and given to places outside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.store.audit import AuditLog
from bot.store.checkpoints import CheckpointSigner
from bot.store.database import Database
from bot.store.queries.audit import CHECKPOINT, newest_checkpoint
from bot.transport.checkpoint_places import NotKept, Place, keep_everywhere

_log = structlog.get_logger("careloop.checkpoints")


@dataclass(frozen=True)
class Written:
    """What became of one checkpoint: up to which entry, and which places did not take it."""

    seq: int
    failed: Sequence[NotKept] = ()


class Checkpoints:
    """Writes checkpoints. Several processes may share a database: what is new is told once."""

    def __init__(
        self,
        database: Database,
        audit: AuditLog,
        signer: CheckpointSigner,
        clock: Clock,
        places: Sequence[Place],
        kept: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        """`kept` is told when every place has taken what there is."""
        self._database = database
        self._audit = audit
        self._signer = signer
        self._clock = clock
        self._places = places
        self._kept = kept

    async def look(self) -> None:
        """Write a checkpoint if there is something new. What goes wrong is in the log."""
        written = await self.write(by="clockwork", only_news=True)
        for _ in written.failed if written else ():
            _log.warning("checkpoint_not_kept", seq=written.seq if written else 0)

    async def write(self, *, by: str, only_news: bool = False) -> Written | None:
        """Sign the end of the chain and give it to every place; None if there is nothing to sign.

        That it was kept is in the audit, so that a checkpoint that somebody took away is missed.
        """
        now = self._clock.now()
        async with self._database.reading() as session:
            end = await self._audit.head(session)
            nothing_new = only_news and await self._is_the_end_a_checkpoint(session, end.seq)
        if end.seq == 0:
            return None
        if nothing_new:
            self._kept(now)
            return None
        name = f"{end.seq:012d}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        failed = await keep_everywhere(self._places, self._signer.sign(end, now), name)
        if not failed:
            self._kept(now)
        if len(failed) < len(self._places):
            async with self._database.transaction() as session:
                await self._audit.append(
                    session,
                    at=now,
                    actor=by,
                    deed=CHECKPOINT,
                    subject_kind="audit",
                    # A number of seven digits would be refused there: it could be a record's.
                    subject_id=f"n{end.seq}",
                    outcome="done",
                    surface="clockwork" if by == "clockwork" else "cli",
                    facts={"places": str(len(self._places)), "failed": str(len(failed))},
                )
        return Written(end.seq, failed)

    @staticmethod
    async def _is_the_end_a_checkpoint(session: AsyncSession, seq: int) -> bool:
        newest = await newest_checkpoint(session)
        return newest is not None and newest.seq == seq and '"failed":"0"' in newest.facts
