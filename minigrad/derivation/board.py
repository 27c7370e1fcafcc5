"""The board: what all sections of a derivation write with: places, symbols, and lines that follow from one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..graph import Node, arguments_first
from . import reasons
from .expressions import Entry, Expression, MatMul, Name, Partial, Symbol, Times
from .indices import Index, Position
from .samples import Samples
from .steps import EVERY_STEP, Prose, Step
from .structure import Structure
from .vocabulary import Places

LOWER = {1: ("i",), 2: ("j", "i"), 3: ("i", "p", "q")}  # of a node: θ_ji
UPPER = ("j", "k", "l", "n", "t", "u")  # of what it acts on


class Board:
    """What the sections share.

    >>> import minigrad as mg
    >>> x = mg.parameter([1.0, 2.0], name="x")
    >>> board = Board(Structure(mg.sum(x * x), [x], "standard"), None)
    >>> board.places(x, ["i"])[0].letter
    'i'
    """

    def __init__(self, structure: Structure, samples: Samples | None) -> None:
        self.structure, self.samples = structure, samples
        self.vocabulary, self.reader = structure.vocabulary, structure.reader
        if samples is not None:
            self.vocabulary.sample = samples.index
            self.vocabulary.sample_axes = {self.vocabulary.key(node): axis for node, axis in samples.axes.items()}

        self.below = set(arguments_first([self.end]))  # what the derived cost is computed from, itself included

    # Places.

    def visible(self, node: Node) -> list[int]:
        """The axes that carry an index: longer than one, and not that of the samples."""
        axis = self.vocabulary.sample_axes.get(self.vocabulary.key(node)) if self.samples else None
        return [k for k in range(node.ndim) if k != axis and node.shape[k] != 1]

    def places(self, node: Node, letters: Sequence[str]) -> Places:
        """A place on every axis: these letters on the visible ones."""
        waiting = iter(letters)
        axis = self.vocabulary.sample_axes.get(self.vocabulary.key(node)) if self.samples else None
        found: list[Position] = []
        for k in range(node.ndim):
            if self.samples and k == axis:
                found.append(self.samples.index)
            else:
                letter = next(waiting) if node.shape[k] != 1 else ""
                found.append(self.vocabulary.index(letter, node, k))
        return tuple(found)

    def letters(self, node: Node, used: Sequence[str] = (), prefer: Sequence[str] = ()) -> list[str]:
        """A letter for each visible axis, none of them used."""
        count = len(self.visible(node))
        sample = ["s"] if self.samples else []
        pool = [*prefer, *LOWER.get(count, LOWER[3]), *UPPER, *"pqrvwabcdefgh", *[f"{x}′" for x in "ijklnpqr"]]
        free = [letter for letter in dict.fromkeys(pool) if letter not in (*used, *sample)]
        return free[:count]

    def indices(self, places: Places) -> tuple[Index, ...]:
        """The indices among some places, without that of the sample."""
        sample = self.samples.index if self.samples else None
        return tuple([place for place in places if isinstance(place, Index) and place != sample])

    # Symbols.

    def bias_unit(self, node: Node) -> Expression:
        """a₀ of a layer with a bias unit on top."""
        return self.value(node, (0, *self.places(node, self.letters(node))[1:]))

    def value(self, node: Node, places: Places | None = None) -> Expression:
        """A node, or its entry at some places."""
        return self.vocabulary.symbol(node) if places is None else self.vocabulary.entry(node, places)

    def gradient(self, node: Node, places: Places | None = None) -> Expression:
        """δ of a node: the gradient of the cost that is derived from."""
        of = "sample gradient" if self.samples else "gradient"
        return self.vocabulary.symbol(node, of) if places is None else self.vocabulary.entry(node, places, of)

    @property
    def cost(self) -> Symbol:
        """What is derived: the output; of one sample, J_s."""
        if self.samples is None:
            return self.total
        total = self.total
        name = replace(total.name, below=self.samples.index.letter)
        key = self.vocabulary.key(self.samples.data)
        return Symbol(name, name, key, "sample value", (), (), (), self.samples.index)

    @property
    def total(self) -> Symbol:
        """The output, over all samples."""
        node = self.structure.output
        letters = [letter for letter in "JLCE" if not self.vocabulary.is_taken(Name(letter))]
        name = self.vocabulary.name(node) if node.name else Name([*letters, "J"][0])
        return Symbol(name, name, self.vocabulary.key(node), "value", (), (), ())

    @property
    def end(self) -> Node:
        """The node of the cost that is derived from."""
        return self.structure.output if self.samples is None else self.samples.data

    def by(self, node: Node, places: Places | None = None) -> Partial:
        """∂J/∂node."""
        return Partial(self.cost, self.value(node, places))


@dataclass
class Lines:
    """A chain of equal expressions, each with its reason; one that changes nothing is left out."""

    section: str
    node: int
    current: Expression
    steps: list[Step] = field(default_factory=list)
    open: bool = False

    def to(
        self,
        right: Expression,
        rule: str,
        reason: Prose,
        level: int = EVERY_STEP,
        *,
        shapes: str = "",
        without_zeros: Sequence[Expression] = (),
    ) -> None:
        """current = right, where none of `without_zeros` is 0."""
        if right == self.current:
            return
        step = Step(
            f"{self.section}.{len(self.steps) + 1}",
            self.current,
            right,
            rule,
            reason,
            level,
            self.node,
            continues=self.open,
            shapes=shapes,
            conditions=reasons.not_zero(without_zeros),
            domain=tuple(without_zeros),
        )
        self.steps.append(step)
        self.current, self.open = right, True

    def start(self, left: Expression) -> None:
        """Begin a new chain in the same section."""
        self.current, self.open = left, False

    def define(self, left: Expression, right: Expression, reason: Prose, level: int) -> None:
        """left := right."""
        self.start(left)
        self.to(right, "definition", reason, level)
        self.steps[-1] = replace(self.steps[-1], defines=True)
        self.open = False


def shapes_of(e: Expression) -> str:
    """The shapes in a product of arrays: (4×4)(4×1) = 4×1.

    >>> from .expressions import Filled
    >>> shapes_of(MatMul(Filled(1, (4, 5)), Filled(1, (5, 1))))
    '(4×5)(5×1) = 4×1'
    """
    product = e
    if isinstance(e, Times):
        product = next((item for item in e.items if isinstance(item, MatMul)), e)
    chain = list(_chain(product))
    return f"{''.join(f'({_shape(m)})' for m in chain)} = {_shape(product)}" if len(chain) > 1 else ""


def _chain(e: Expression) -> Sequence[Expression]:
    return [*_chain(e.left), *_chain(e.right)] if isinstance(e, MatMul) else [e]


def _shape(e: Expression) -> str:
    return "×".join(map(str, e.shape))


def entry_at(array: Expression, indices: Sequence[Index]) -> Entry:
    """The entry of a compound array, whose numbers start at 1."""
    positions = [index for index, n in zip(indices, array.shape, strict=False) if n != 1]
    return Entry(array, tuple(positions))
