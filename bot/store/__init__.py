"""Where everything is kept: tables, encryption, the audit chain, migrations, queries."""

from sqlmodel import SQLModel

from bot.store.constraints import NAMING

# Here, before any table is defined: names are given to constraints as their table is made.
SQLModel.metadata.naming_convention = NAMING
