"""Operations: each a value and its local Jacobians (base.py), one room a family.

linear      matmul, add_bias
pointwise   arithmetic, exp, log, tanh, sigmoid, relu, softplus, comparisons
reductions  sum, mean, logsumexp, softmax, log_softmax
shaping     reshape, transpose, broadcast_to, concatenate, stack
indexing    x[index]
losses      cross_entropy, softmax_cross_entropy, squared_error, l2_penalty
forms       the numerically stable second definitions
"""

from . import base, forms, indexing, linear, losses, pointwise, reductions, shaping

__all__ = ["base", "forms", "indexing", "linear", "losses", "pointwise", "reductions", "shaping"]
