"""minigrad: a graph-based autodiff engine that shows its work.

    import numpy as np, minigrad as mg

    W = mg.parameter(w, name="W")                 leaves: differentiated …
    X = mg.constant(x, name="X")                  … and not
    z = mg.matmul(W, X); a = mg.sigmoid(z)        or W @ X, or any NumPy function
    J = mg.cross_entropy(a, Y)
    J.backward(); z.grad                          every node's gradient, from one reverse sweep
    a.jacobians                                   each node's local Jacobians, as structured linear maps

Read in this order: linear_maps/, graph.py, ops/base.py and one room of ops/, sweeps.py, queries.py, network.py.
"""

from . import ops
from .checking import check_gradients
from .checkpoints import checkpoint
from .derivation import Derivation, derive
from .errors import (
    DerivationError,
    DomainError,
    DTypeError,
    GradientCheckError,
    GradientError,
    MinigradError,
    MissingExtraError,
    NonFiniteError,
    ShapeError,
    UnsupportedError,
)
from .graph import Node, constant, parameter, scope
from .jacobians import local_jacobian, total_jacobian
from .linear_maps import (
    Broadcast,
    Cast,
    Centre,
    Compose,
    Contract,
    Convolve,
    Correlate,
    Crossing,
    Dense,
    Diagonal,
    Gather,
    Identity,
    Inner,
    LeftMul,
    LinearMap,
    Outer,
    Permute,
    Recurrence,
    Reshape,
    RightMul,
    RunningSum,
    Scale,
    Scatter,
    Select,
    Solve,
    Sum,
    SumTo,
    Zero,
)
from .network import Network
from .ops.base import Op, astype, stop_gradient
from .ops.exponential import expm
from .ops.indexing import getitem
from .ops.linear import add_bias, matmul
from .ops.losses import cross_entropy, l2_penalty, softmax_cross_entropy, squared_error
from .ops.own import custom
from .ops.pointwise import (
    absolute,
    add,
    divide,
    exp,
    log,
    log1p,
    multiply,
    negative,
    power,
    relu,
    sigmoid,
    softplus,
    subtract,
    tanh,
    where,
)
from .ops.reductions import log_softmax, logsumexp, mean, softmax, sum
from .ops.shaping import broadcast_to, concatenate, reshape, stack, transpose
from .queries import contributions, evaluate, gradients
from .transforms import grad, hessian, hvp, jacobian, jvp, sparse_jacobian, value_and_grad, vjp
from .view import to_networkx

__version__ = "0.1.0"

__all__ = [
    "Broadcast",
    "Cast",
    "Centre",
    "Compose",
    "Contract",
    "Convolve",
    "Correlate",
    "Crossing",
    "DTypeError",
    "Dense",
    "Derivation",
    "DerivationError",
    "Diagonal",
    "DomainError",
    "Gather",
    "GradientCheckError",
    "GradientError",
    "Identity",
    "Inner",
    "LeftMul",
    "LinearMap",
    "MinigradError",
    "MissingExtraError",
    "Network",
    "Node",
    "NonFiniteError",
    "Op",
    "Outer",
    "Permute",
    "Recurrence",
    "Reshape",
    "RightMul",
    "RunningSum",
    "Scale",
    "Scatter",
    "Select",
    "ShapeError",
    "Solve",
    "Sum",
    "SumTo",
    "UnsupportedError",
    "Zero",
    "absolute",
    "add",
    "add_bias",
    "astype",
    "broadcast_to",
    "check_gradients",
    "checkpoint",
    "concatenate",
    "constant",
    "contributions",
    "cross_entropy",
    "custom",
    "derive",
    "divide",
    "evaluate",
    "exp",
    "expm",
    "getitem",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "l2_penalty",
    "local_jacobian",
    "log",
    "log1p",
    "log_softmax",
    "logsumexp",
    "matmul",
    "mean",
    "multiply",
    "negative",
    "ops",
    "parameter",
    "power",
    "relu",
    "reshape",
    "scope",
    "sigmoid",
    "softmax",
    "softmax_cross_entropy",
    "softplus",
    "sparse_jacobian",
    "squared_error",
    "stack",
    "stop_gradient",
    "subtract",
    "sum",
    "tanh",
    "to_networkx",
    "total_jacobian",
    "transpose",
    "value_and_grad",
    "vjp",
    "where",
]
