"""Writing a new revision: `python -m bot.store.migrations "what changes"`.

It compares the models with a database that is at the newest revision and writes what
differs. Read what it wrote: a renamed column looks like one dropped and one added.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from bot.store.engine import create_engine
from bot.store.migrations import config, migrate
from bot.store.url import read_address


async def write_revision(message: str) -> Path:
    """Write a revision that leads from the newest one to the models; where it is."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/scratch.db"
        await migrate(url)
        number = f"{len(list((Path(__file__).parent / 'versions').glob('[0-9]*.py'))) + 1:04}"

        def compare(connection: Connection) -> Path:
            script = command.revision(
                config(connection), message=message, autogenerate=True, rev_id=number
            )
            if script is None or isinstance(script, list):
                raise RuntimeError("expected one revision")
            return Path(script.path)

        engine = create_engine(read_address(url), foreign_keys=False)
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(compare)
        finally:
            await engine.dispose()


if __name__ == "__main__":
    written = asyncio.run(write_revision(" ".join(sys.argv[1:])))
    for arguments in (["check", "--fix", "-q"], ["format", "-q"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(written)], check=False)  # noqa: S603
    sys.stdout.write(f"{written}\n")
