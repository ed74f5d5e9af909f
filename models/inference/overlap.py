"""Working at several steps at once: threads that are one item ahead, no more, so that memory stays bounded.

Whoever stops early closes these generators (``contextlib.closing``): left to the garbage collector, their threads would
be waited for in whatever thread it runs, which may hold the lock they need to end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ahead(items: Generator[T]) -> Generator[T]:
    """Yield the items, the next one being made in a thread while one is in use; closed at the end, as they are.

    What is raised in the thread is raised here, in its place in the order. At most two items exist at a time.
    """
    with closing(items), ThreadPoolExecutor(1) as pool:
        pending = pool.submit(_next, items)
        while item := pending.result():
            pending = pool.submit(_next, items)
            yield item[0]


def in_order(work: Callable[[T], R], items: Iterable[T], workers: int) -> Generator[tuple[T, R]]:
    """Yield each item with what ``work`` makes of it, in order; ``workers`` items are worked on at a time."""
    with ThreadPoolExecutor(workers) as pool:
        pending: deque[tuple[T, Future[R]]] = deque()
        try:
            for item in items:
                pending.append((item, pool.submit(work, item)))
                if len(pending) > workers:
                    first, result = pending.popleft()
                    yield first, result.result()
            while pending:
                first, result = pending.popleft()
                yield first, result.result()
        finally:
            for _, result in pending:
                result.cancel()


def _next(items: Iterator[T]) -> tuple[T] | None:
    for item in items:
        return (item,)
    return None
