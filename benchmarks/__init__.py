"""How fast the engine is: a ratio to NumPy code written by hand, row by row.

    rows           what is computed: the networks, the chain, and the target of each
    by_hand        the yardstick: NumPy as one would write it without an engine
    by_minigrad    the same by the engine
    by_torch       the same by PyTorch's eager mode, where it is installed
    measure        pairs of runs, and bytes
    worker         one row, in a process of its own
    report         the table

`python -m benchmarks --help` says how to run it, README.md what the figures mean.
"""
