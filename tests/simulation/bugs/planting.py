"""How a bug is planted: for as long as a context lasts, something of the shop is swapped for something worse."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from unittest.mock import patch

Bug = Callable[[], AbstractContextManager[object]]


def swap(owner: object, name: str, instead: object) -> Bug:
    return lambda: patch.object(owner, name, instead)


def together(*bugs: Bug) -> Bug:
    @contextmanager
    def all_of_them() -> Iterator[None]:
        with ExitStack() as stack:
            for bug in bugs:
                stack.enter_context(bug())
            yield

    return all_of_them


async def nothing(*_args: object, **_more: object) -> None:
    """What is not done."""
    return
