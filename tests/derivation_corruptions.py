"""Wrong lines: a step of a derivation with one thing changed in it, as a slip of the pen would.

    for kind, wrong in corruptions(step, d): …     every single change, with the name of its kind

`python tests/derivation_corruptions.py 10000` has that many checked, and prints how many of each kind were rejected,
and how many turned out to say the same after all (tests/derivation_witness.py decides).
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import count
from time import perf_counter
from typing import Any

import numpy as np
from derivation_graphs import Case, derivation_graph
from derivation_witness import Witness

import minigrad as mg
from minigrad.derivation import expressions as x
from minigrad.derivation.checks import check_steps
from minigrad.derivation.derivation import points_of
from minigrad.derivation.indices import Index, Position, Shifted
from minigrad.derivation.points import GraphPoint
from minigrad.derivation.steps import Step
from minigrad.derivation.substitution import substituted
from minigrad.errors import DerivationError

MINUS = x.Number(-1)
Change = tuple[str, x.Expression]
M, DECAY = x.Name("m"), x.Name("λ")


class Known:
    """What a derivation speaks of: the material of slips."""

    def __init__(self, steps: Sequence[Step]) -> None:
        found = [e for step in steps for side in (step.left, step.right) for e in side.walk()]
        self.symbols = list(dict.fromkeys(e for e in found if isinstance(e, x.Symbol)))
        self.functions = list(dict.fromkeys(e.function for e in found if isinstance(e, x.Call)))
        self.indices = list(dict.fromkeys(index for step in steps for index in indices_in(step)))


def indices_in(step: Step) -> list[Index]:
    """All indices of a step, free or bound, by their letters."""
    found: set[Index] = set(step.left.free | step.right.free)
    for side in (step.left, step.right):
        for e in side.walk():
            found |= e.free
            if isinstance(e, x.Sum):
                found.add(e.index)
    return sorted(found, key=lambda index: (index.letter, index.start, index.stop))


def corruptions(step: Step, known: Known) -> Iterator[tuple[str, Step]]:
    """The step with each single change, on either side."""
    others = indices_in(step)
    for side in ("right", "left"):
        for kind, changed in everywhere(getattr(step, side), lambda e: changes(e, known, others)):
            yield kind, replace(step, **{side: changed})


def everywhere(e: x.Expression, change: Callable[[x.Expression], Iterator[Change]]) -> Iterator[Change]:
    """An expression with a change at any one place of its tree."""
    yield from change(e)
    for k, part in enumerate(e.parts):
        for kind, changed in everywhere(part, change):
            try:
                yield kind, e.with_parts((*e.parts[:k], changed, *e.parts[k + 1 :]))
            except (IndexError, TypeError):  # an array's shape is asked of a number
                continue


def changes(  # noqa: PLR0912, PLR0915  # a branch for each kind of expression
    e: x.Expression, known: Known, others: Sequence[Index]
) -> Iterator[Change]:
    """All slips at the top of an expression."""
    if not isinstance(e, x.Number):
        yield "a sign", x.Times((MINUS, e))
    yield from _positions(e, others)
    match e:
        case x.Plus():
            yield from (("a missing term", without(e, k)) for k in range(len(e.items)))
        case x.Times():
            for k, item in enumerate(e.items):
                yield ("a missing 1/m" if _names(item, M) else "a missing factor"), without(e, k)
            if len(e.shape) == 2 and len(e.items) == 2:
                yield "a product of matrices for ⊙", x.MatMul(*e.items)
        case x.Over():
            yield ("a missing 1/m" if _names(e.right, M) else "a missing denominator"), e.left
            yield "a fraction upside down", x.Over(e.right, e.left)
        case x.Number():
            yield "another number", x.Number(e.value + 1)
        case x.Power():
            yield "a missing power", e.left
        case x.Named():
            yield "another number", x.Named(e.name, e.value + 1)
        case x.MatMul():
            yield "⊙ for a product of matrices", x.Times((e.left, e.right))
            yield "the factors of a product swapped", x.MatMul(e.right, e.left)
        case x.Transpose():
            yield "a transposition", e.array
        case x.Diag():
            yield "a missing diag", e.array
        case x.WithoutBias():
            yield "the bias column", e.array
        case x.Padded():
            yield "the bias column", e.array
            yield from (
                ("the bias column", wrapped.array) for wrapped in [e.array] if isinstance(wrapped, x.WithoutBias)
            )
        case x.Within():
            yield "the bias column", x.Number(1)
            yield "the bias column", replace(e, start=e.start - 1)
            yield "the bias column", replace(e, start=e.start + 1)
        case x.Delta():
            yield "a missing Kronecker delta", x.Number(1)
        case x.Sum():
            yield from _sums(e, others)
        case x.Call():
            yield from _functions(e, known)
        case x.Symbol():
            yield from _symbols(e, known)
        case x.Partial():
            yield "a derivative the other way up", x.Partial(e.by, e.of)
            yield "a missing derivative", x.Number(1)
    if len(e.shape) == 2 and not isinstance(e, x.Transpose):
        yield "a transposition", x.Transpose(e)
        if isinstance(e, x.Symbol) and e.starts[-1:] == (0,) and len(e.axes) == 2:
            yield "the bias column", x.WithoutBias(e)


def without(e: x.Chain, k: int) -> x.Expression:
    items = (*e.items[:k], *e.items[k + 1 :])
    left_over = x.Number(0 if isinstance(e, x.Plus) else 1)
    return type(e)(items) if len(items) > 1 else items[0] if items else left_over  # type: ignore[call-arg]


def _names(e: x.Expression, name: x.Name) -> bool:
    return any(isinstance(part, x.Named) and part.name == name for part in e.walk())


def same_range(index: Index, others: Sequence[Index]) -> list[Index]:
    """Other indices of the same numbers; if there are none, one with a letter of its own."""
    found = [other for other in others if (other.start, other.stop) == (index.start, index.stop) and other != index]
    return found or [Index(f"{index.letter}°", index.start, index.stop)]


def _positions(e: x.Expression, others: Sequence[Index]) -> Iterator[Change]:
    """Slips in the indices of an entry, a Kronecker delta, a sample."""
    if isinstance(e, x.Entry):
        at = e.positions
        for k, position in enumerate(at):
            for other in _slipped(position, others):
                yield "an index", replace(e, positions=(*at[:k], other, *at[k + 1 :]))
        if len(at) > 1 and at[0] != at[1]:
            yield "two indices swapped", replace(e, positions=(at[1], at[0], *at[2:]))
    if isinstance(e, x.Delta):
        yield from (("an index", replace(e, left=other)) for other in _slipped(e.left, others) if other != e.right)
    if isinstance(e, x.Symbol) and e.sample is not None:
        yield from (("a sample's index", replace(e, sample=other)) for other in same_range(e.sample, ()))


def _slipped(position: Position, others: Sequence[Index]) -> Iterator[Position]:
    if isinstance(position, Index):
        yield from same_range(position, others)
        yield Shifted(position, 1)
        if position.start == 0:
            yield Index(position.letter, 1, position.stop)
    elif isinstance(position, Shifted):
        yield position.index
    else:
        yield position + 1


def _sums(e: x.Sum, others: Sequence[Index]) -> Iterator[Change]:
    yield "a Σ dropped", e.body
    yield from (("a Σ over another index", replace(e, index=other)) for other in others if other != e.index)
    if e.index.start == 0:
        yield "the bias column", over_numbers(e, replace(e.index, start=1))
    yield "a Σ too short", over_numbers(e, replace(e.index, stop=e.index.stop - 1))


def over_numbers(e: x.Sum, index: Index) -> x.Expression:
    """The same sum over fewer numbers."""
    return x.Sum(index, substituted(e.body, {e.index: index}))


def _functions(e: x.Call, known: Known) -> Iterator[Change]:
    for other in known.functions:
        if other.name == e.function.name and other.primes != e.function.primes:
            yield "g for g′, or g′ for g", replace(e, function=other)
        elif other.name != e.function.name and other.form == e.function.form == "call":
            yield "another function", replace(e, function=other)
    if len(e.arguments) == 2:
        yield "arguments swapped", replace(e, arguments=e.arguments[::-1])
    if len(e.arguments) == 1:
        yield "a missing function", e.arguments[0]


def _symbols(e: x.Symbol, known: Known) -> Iterator[Change]:
    for other in known.symbols:
        if other == e or (other.sample is None) != (e.sample is None):
            continue
        if other.of == e.of and other.key != e.key:
            kind = "δ of another layer" if "gradient" in e.of else "another array"
            if len(other.axes) == len(e.axes) and len(other.shape) == len(e.shape):
                yield kind, other
        elif other.key == e.key and other.shape == e.shape:
            yield "δ for its array, or the array for δ", other


class Bench:
    """A graph's derivation, whose steps are corrupted, at its points."""

    def __init__(self, case: Case) -> None:
        self.case, self.derivation = case, case.derivation()
        self.steps = self.derivation.steps
        self.known = Known(self.steps)
        self.points: list[GraphPoint] = list(points_of(self.derivation._board, 5, 0))

    def draw(self, rng: np.random.Generator) -> tuple[str, Step] | None:
        """A change of a random step, all kinds being equally likely."""
        found: dict[str, list[Step]] = {}
        for kind, wrong in corruptions(self.steps[rng.integers(len(self.steps))], self.known):
            found.setdefault(kind, []).append(wrong)
        if not found:
            return None
        kind = sorted(found)[rng.integers(len(found))]
        return kind, found[kind][rng.integers(len(found[kind]))]

    def is_rejected(self, wrong: Step, in_full: bool = False) -> bool:
        """Whether check() raises DerivationError; in_full by itself, else for this step alone, at points made once."""
        try:
            if in_full:
                self.derivation.with_step(wrong).check()
            else:
                check_steps([wrong], self.points, lambda step: step.id)
        except DerivationError:
            return True
        return False

    def is_rejected_at_more_points(self, wrong: Step) -> bool:
        """The same with 60 random points: a few entries of steps and ties may agree at five by chance."""
        try:
            self.derivation.with_step(wrong).check(points=60)
        except DerivationError:
            return True
        return False

    def is_true(self, wrong: Step) -> bool:
        """Whether it holds after all, at values of one's own at which the step itself is seen to hold."""
        right = next(step for step in self.steps if step.id == wrong.id)
        sound = [witness for witness in self.witnesses if witness.holds(right)]
        assert sound, f"graph {self.case.seed}: {right.id} is not seen to hold anywhere"
        return all(witness.holds(wrong) for witness in sound)

    @cached_property
    def witnesses(self) -> list[Witness]:
        """At values near the graph's own, and at smaller ones, where less saturates."""
        found = []
        for seed, spread in enumerate((1.0, 1.0, 0.7, 0.4, 0.2)):
            with suppress(mg.MinigradError), np.errstate(all="ignore"):
                found.append(Witness(self.derivation, seed, spread))
        return found


class Tally:
    """The corrupted derivations: how many were rejected or true after all, and those that passed though wrong."""

    def __init__(self) -> None:
        self.rejected: Counter[str] = Counter()
        self.true: Counter[str] = Counter()
        self.late: list[tuple[int, str, Step]] = []  # at more points only
        self.passed: list[tuple[int, str, Step]] = []
        self.crashed: list[tuple[int, str, Step, Exception]] = []


def corrupt(wanted: int, seed: int = 0, graphs: int = 200, in_full: int = 20) -> Tally:
    """Have `wanted` wrong steps checked, every `in_full`-th by check() of the whole derivation."""
    rng, tally = np.random.default_rng(seed), Tally()
    benches: dict[int, Bench] = {}
    seen: set[tuple[int, Step]] = set()
    for drawn in count():
        if tally.rejected.total() >= wanted:
            break
        number = int(rng.integers(graphs))
        if number not in benches:
            benches[number] = Bench(suitable(number))
        bench = benches[number]
        change = bench.draw(rng)
        if change is None or (number, change[1]) in seen:
            continue
        kind, wrong = change
        seen.add((number, wrong))
        try:
            if bench.is_rejected(wrong, in_full=drawn % in_full == 0):
                tally.rejected[kind] += 1
            elif bench.is_true(wrong):
                tally.true[kind] += 1
            elif bench.is_rejected_at_more_points(wrong):
                tally.late.append((bench.case.seed, kind, wrong))
            else:
                tally.passed.append((bench.case.seed, kind, wrong))
        except Exception as error:
            tally.crashed.append((bench.case.seed, kind, wrong, error))
        if len(tally.passed) + len(tally.crashed) > 10:  # enough to see
            break
    return tally


def suitable(number: int) -> Case:
    """Graph 1,000 + number, or the next where arrays have several lengths: so that most slips can be seen in shapes."""
    for seed in count(1000 + 17 * number):
        case = derivation_graph(seed)
        lengths = {n for leaf in below(case.J) if leaf.op is None for n in leaf.shape}
        if len(lengths - {1}) > 1:
            return case
    raise AssertionError("count() has no end")


def below(J: mg.Node) -> list[mg.Node]:
    found, waiting = {J: None}, [J]
    while waiting:
        for source in waiting.pop().inputs:
            if source not in found:
                found[source] = None
                waiting.append(source)
    return list(found)


def main(wanted: int = 10_000, seed: int = 0) -> None:
    """Print the counts."""
    start = perf_counter()
    tally = corrupt(wanted, seed)
    print(f"{'kind':42}{'rejected':>10}{'true after all':>16}")
    for kind in sorted(tally.rejected | tally.true):
        print(f"{kind:42}{tally.rejected[kind]:10}{tally.true[kind]:16}")
    print(f"{'all':42}{tally.rejected.total():10}{tally.true.total():16}   {perf_counter() - start:.0f} s")
    for number, kind, step in tally.late:
        print(f"at 60 points only: graph {number}, step {step.id}, {kind}: {describe(step)}")
    for number, kind, step in tally.passed[:20]:
        print(f"PASSED graph {number}, step {step.id}, {kind}: {describe(step)}")
    for number, kind, step, error in tally.crashed[:20]:
        print(f"CRASHED graph {number}, step {step.id}, {kind}: {type(error).__name__}: {error}")


def describe(step: Step) -> Any:
    from minigrad.derivation.text import formula

    return f"{formula(step.left)} = {formula(step.right)}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
