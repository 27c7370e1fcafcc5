"""Repeats in a sequence, against a search that tries every place, block and count."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from viz.repeats import Repeat, all_repeats, longest_repeat

SEQUENCES = st.text(alphabet="abc", max_size=40)


def is_repeat(items, found):
    block = items[found.start : found.start + found.length]
    return items[found.start : found.end] == block * found.times


def tried(items, least):
    """The most items that copies of one block, side by side, cover."""
    sizes = [0]
    for start in range(len(items)):
        for length in range(1, (len(items) - start) // least + 1):
            times = least
            while is_repeat(items, Repeat(start, length, times)) and start + length * times <= len(items):
                sizes.append(length * times)
                times += 1
    return max(sizes)


@given(SEQUENCES, st.integers(2, 4))
def test_no_repeat_covers_more(items, least):
    found = longest_repeat(items, least)
    assert (found.length * found.times if found else 0) == tried(items, least)
    if found:
        assert is_repeat(items, found)
        assert found.times >= least


@given(SEQUENCES)
def test_repeats_are_in_order_and_do_not_overlap(items):
    found = all_repeats(items)
    assert all(is_repeat(items, each) for each in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_of_equal_repeats_the_shortest_block_is_named():
    """Six equal items are six of one, not three of two."""
    assert longest_repeat(["tanh"] * 6) == Repeat(0, 1, 6)


def test_a_long_sequence_takes_a_moment():
    """Each block length is one pass; a hundred thousand items that almost repeat are not searched pair by pair."""
    items = ["a", "b", "c"] * 20_000 + [str(i) for i in range(40_000)]
    assert all_repeats(items) == [Repeat(0, 3, 20_000)]
