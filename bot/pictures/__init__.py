"""Pictures and documents of a treatment. Drawn in a process of their own, never on the event loop.

Only `studio` is for the rest of the bot: the others load matplotlib and Typst, which take memory
and time that the bot itself has no use for.
"""
