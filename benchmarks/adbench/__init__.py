"""ADBench's objectives: how long the engine takes beside jax, PyTorch and autograd, side by side in one run.

    gmm, ba, lstm       one objective each, in plain NumPy functions: of arrays, and of nodes, unchanged
    problems            random instances, and the rows: which objective at which sizes
    rewritten           the same source on another library's NumPy
    by_minigrad, by_numpy, by_jax, by_torch, by_autograd
                        what each side computes: value and gradient, or errors and sparse Jacobian
    worker, report      one figure, in a process of its own; the tables

`python -m benchmarks.adbench --help` says how to run it, ../README.md what the figures mean.
Source: Šrajer, Kukelova and Fitzgibbon, "A benchmark of selected algorithmic differentiation tools on some problems in
computer vision and machine learning" (2018), and its implementation, ADBench.
"""
