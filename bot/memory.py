"""Python's garbage collector, kept from stopping the bot: a look through everything that was
loaded takes a tenth of a second and more, in which nobody is answered."""

import gc
from typing import Final

# A deed makes some thousand objects: looked through after about every tenth deed, not several times
# in each. The older generations, which hold little after a start, seldom.
_THRESHOLDS: Final = (20_000, 20, 20)


def start_begins() -> None:
    """Nothing of what is loaded from here on is given up again: looking for that is a waste."""
    gc.disable()


def start_is_over() -> None:
    """What is loaded by now stays as long as the process: it is not looked through again. Changes
    nothing where no start began."""
    if gc.isenabled():
        return
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()


def loaded_later() -> None:
    """What was loaded after a start was over stays, too. Changes nothing where none began."""
    if gc.get_freeze_count():
        gc.freeze()
