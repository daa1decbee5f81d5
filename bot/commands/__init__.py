"""The parts of the command line, each loaded when it is asked for: `bot.cli` names them."""
