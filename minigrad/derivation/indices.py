"""Indices: letters that run over numbers, and where they stand: at i, at i + 1, or at a number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Index:
    """A letter that runs over start, …, stop.

    >>> Index("i", 0, 4).size
    5
    """

    letter: str
    start: int
    stop: int

    @property
    def size(self) -> int:
        return self.stop - self.start + 1


@dataclass(frozen=True)
class Shifted:
    """An index and a fixed offset: i + 1.

    >>> Shifted(Index("i", 1, 4), 1).offset
    1
    """

    index: Index
    offset: int


Position = Index | Shifted | int


def indices_of(positions: tuple[Position, ...]) -> frozenset[Index]:
    """The indices in some positions.

    >>> i = Index("i", 1, 4)
    >>> indices_of((Shifted(i, 1), 3)) == {i}
    True
    """
    return frozenset([bare(position) for position in positions if not isinstance(position, int)])


def shifted(position: Index | int, offset: int) -> Position:
    """A position moved by a fixed offset."""
    if isinstance(position, int):
        return position + offset
    return Shifted(position, offset) if offset else position


def moved(position: Position, offset: int) -> Position:
    """A position moved by a fixed offset.

    >>> moved(3, 1)
    4
    """
    if isinstance(position, Shifted):
        return shifted(position.index, position.offset + offset)
    return shifted(position, offset)


def bare(place: Index | Shifted) -> Index:
    """The index of a position.

    >>> bare(Shifted(Index("i", 1, 4), 1)).letter
    'i'
    """
    return place.index if isinstance(place, Shifted) else place
