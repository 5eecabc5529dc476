"""Rules of what is found without reading everything that the shop has ever sold."""

import pytest
from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

from storage.schema import metadata

DELETED = {"inventory", "customer"}
"""Tables that others refer to and from which rows are deleted: for each, all that may refer to it is looked at."""


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_a_reference_to_what_is_deleted_begins_an_index(table: Table) -> None:
    indexed = _first_columns(table)
    for reference in table.foreign_keys:
        assert reference.column.table.name not in DELETED or reference.parent.name in indexed


def _first_columns(table: Table) -> set[str]:
    """With what the indexes of a table begin, also those of its keys."""
    keys = [each for each in table.constraints if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)]
    return {next(iter(each.columns)).name for each in (*keys, *table.indexes)}
