"""Starts the drawing process: `python -m bot.pictures FD`, the pipe's number."""

import signal
import sys
from multiprocessing.connection import Connection

from bot.pictures.worker import work


def main() -> None:
    """Draw for whoever holds the other end of the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which then closes
    work(Connection(int(sys.argv[1])))


if __name__ == "__main__":
    main()
