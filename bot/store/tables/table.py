"""What all tables have in common."""

from sqlmodel import SQLModel
from sqlmodel._compat import SQLModelConfig


class Table(SQLModel):
    """A row. SQLAlchemy makes and reads them; pydantic's own validator takes as long to build as
    all else of a table, so it is built for the few of which somebody asks for it (`model_dump`)."""

    model_config = SQLModelConfig(defer_build=True)
