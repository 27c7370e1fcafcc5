"""Layout: where the pieces of a frame stand, the same for all frames but for the card's own lines.

      title                                  title
      ┌ board, left to right ──────────┐     ┌ board, ┐  card
      └────────────────────────────────┘     │ top    │
      card                                   │ down   │
      key                                    key

Pure geometry: sizes in, places out. A card is a few groups of lines, set side by side as long as there is room.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["LEADING", "Arrangement", "Place", "Size", "arranged", "flow"]

Size = tuple[float, float]

SLIDE = 1600.0, 900.0
MARGIN, GAP, LEADING = 36.0, 20.0, 7.0
BETWEEN = 40.0, 16.0
"""Between two groups of a card: to the right, and down."""
LARGEST, KEY = 2.2, 1.6
"""Type on a slide is enlarged by at most so much, from 13 points to 28; the key by less."""
CARD_WIDTH = 900.0
"""The width that a card has on a page at least."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece stands: its left upper corner and its scale."""

    x: float
    y: float
    scale: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The size of all frames and the places of their pieces; a card is drawn in groups, `cards[frame][group]`."""

    direction: str
    width: float
    height: float
    title: Place
    board: Place
    key: Place
    cards: tuple[tuple[Place, ...], ...]


def arranged(
    boards: Mapping[str, Size], title: Size, key: Size, cards: Sequence[Sequence[Size]], size: str
) -> Arrangement:
    """The arrangement for a graph drawn in two directions, "LR" and "TB", and the groups of each card; all at scale 1.

    The direction is the one in which the graph is larger on a slide. On a page everything has scale 1, and the page is
    as large as it needs to be; a slide is 1600 × 900, and all that is on it as large as there is room.

    >>> boards = {"LR": (1400.0, 200.0), "TB": (300.0, 1500.0)}
    >>> arranged(boards, (300.0, 20.0), (400.0, 20.0), [[(200.0, 50.0)]], "page").direction
    'LR'
    """
    width = SLIDE[0] - 2 * MARGIN
    title_scale, key_scale = min(LARGEST, width / title[0]), min(KEY, width / key[0])
    top = MARGIN + title_scale * title[1] + GAP
    height = SLIDE[1] - MARGIN - key_scale * key[1] - GAP - top
    (wide, low), (narrow, tall) = boards["LR"], boards["TB"]
    scales = {
        "LR": min(LARGEST, width / wide, 0.5 * height / low),
        "TB": min(LARGEST, height / tall, 0.5 * width / narrow),
    }
    direction = "LR" if scales["LR"] >= scales["TB"] else "TB"
    scale = scales[direction]
    if size == "page":
        scale = title_scale = key_scale = 1.0
        top = MARGIN + title[1] + GAP
    board = boards[direction][0] * scale, boards[direction][1] * scale
    left, upper = (MARGIN, top + board[1] + GAP) if direction == "LR" else (MARGIN + board[0] + GAP, top)
    if size == "page":
        room = (max(board[0], CARD_WIDTH) if direction == "LR" else CARD_WIDTH), float("inf")
    else:
        room = SLIDE[0] - MARGIN - left, top + height - upper
    set_cards = [flow(groups, room, 1.0 if size == "page" else LARGEST) for groups in cards]
    if size == "page":
        right, bottom = MARGIN + max(board[0], title[0], key[0]), top + board[1]
        for groups, places in zip(cards, set_cards, strict=True):
            right = max(right, *(left + place.x + group[0] for group, place in zip(groups, places, strict=True)))
            bottom = max(bottom, *(upper + place.y + group[1] for group, place in zip(groups, places, strict=True)))
        page = float(round(right + MARGIN)), float(round(bottom + GAP + key[1] + MARGIN))
    else:
        page = SLIDE
    return Arrangement(
        direction,
        *page,
        title=Place(MARGIN, MARGIN, title_scale),
        board=Place(MARGIN, top, scale),
        key=Place(MARGIN, page[1] - MARGIN - key_scale * key[1], key_scale),
        cards=tuple(
            tuple(Place(left + place.x, upper + place.y, place.scale) for place in places) for places in set_cards
        ),
    )


def flow(groups: Sequence[Size], room: Size, largest: float) -> list[Place]:
    """Groups side by side, then in further lines, as large as the room allows but not larger than `largest`.

    >>> [(place.x, place.y, place.scale) for place in flow([(100.0, 50.0), (100.0, 50.0)], (120.0, 200.0), 1.0)]
    [(0.0, 0.0, 1.0), (0.0, 66.0, 1.0)]
    """
    scale = largest
    while True:
        x = y = line = right = 0.0
        places = []
        for width, height in groups:
            if x > 0.0 and (x + width) * scale > room[0]:
                x, y, line = 0.0, y + line + BETWEEN[1], 0.0
            places.append(Place(x * scale, y * scale, scale))
            right, line = max(right, x + width), max(line, height)
            x += width + BETWEEN[0]
        if (right * scale <= room[0] and (y + line) * scale <= room[1]) or scale < 0.1:
            return places
        scale *= 0.95
