"""Operations: each a value and its local Jacobians (base.py), one room a family.

linear      matmul, add_bias
einsum      einsum in all its forms, and the derivative of every product
products    dot, vdot, inner, outer, tensordot, kron, cross, vecdot, matvec, vecmat
convolution convolve, correlate
matrices    what functions of matrices share
linalg      solve, inv, det, slogdet, matrix_power, multi_dot, tensorsolve, tensorinv
decompositions  cholesky, eigh, svd, qr, eigvalsh, svdvals
pseudo      pinv, lstsq
norms       norm with all orders, cond, matrix_rank
exponential expm, through scipy
pointwise   arithmetic, exp, log, tanh, sigmoid, relu, softplus, comparisons
elementary  sin, arctan, cosh, exp2, log10, sqrt …: elementary functions of one argument
planar      hypot, arctan2, logaddexp, sinc
kinked      maximum, minimum, clip, remainder, nan_to_num …: functions with kinks or jumps
parts       modf, frexp, ldexp, real, imag, angle
rounding    floor, round, isnan, isclose, bitwise_and …: never differentiated
special     scipy.special's erf, ndtr, logit, entr …; special_gamma: gamma, psi, beta …; special_bessel: j0, iv, kn …
reductions  sum, mean, logsumexp, softmax, log_softmax
steps       argmax, count_nonzero, all, any, searchsorted, digitize: never differentiated
extremes    max, min, ptp
factors     prod, cumprod
cumulative  cumsum, diff, ediff1d
differences gradient, trapezoid
statistics  var, std, average, cov, corrcoef
quantiles   median, percentile, quantile, nanmedian …
interpolation  interp
polynomials polyval, vander, polyfit, polyadd …
counting    histogram, histogram_bin_edges
missing     nansum, nanmean, nanmax …: functions that leave NaN out
shaping     reshape, ravel, transpose, broadcast_to, concatenate, stack
arranging   swapaxes, moveaxis, squeeze, expand_dims, atleast_1d …, flip, rot90, broadcast_arrays, meshgrid, ix_
joining     append, vstack, hstack, dstack, block, insert, delete, split …
repeating   tile, repeat, resize, roll, pad
triangles   tril, triu, diagonal, diag, diagflat, trace
indexing    x[index], take, take_along_axis, compress, extract, bincount
positions   argsort, argwhere, nonzero, isin, unravel_index …: never differentiated
sorting     sort, partition, unique, trim_zeros, sets
choosing    where, select, choose, piecewise
making      zeros_like, full_like …, np.shape and other answers, apply_along_axis, apply_over_axes
losses      cross_entropy, softmax_cross_entropy, squared_error, l2_penalty
forms       the numerically stable second definitions
"""

from . import (
    arranging,
    base,
    choosing,
    convolution,
    counting,
    cumulative,
    decompositions,
    differences,
    einsum,
    elementary,
    exponential,
    extremes,
    factors,
    forms,
    indexing,
    interpolation,
    joining,
    kinked,
    linalg,
    linear,
    losses,
    making,
    matrices,
    missing,
    norms,
    parts,
    planar,
    pointwise,
    polynomials,
    positions,
    products,
    pseudo,
    quantiles,
    reductions,
    repeating,
    rounding,
    shaping,
    sorting,
    special,
    special_bessel,
    special_gamma,
    statistics,
    steps,
    triangles,
)

__all__ = [
    "arranging",
    "base",
    "choosing",
    "convolution",
    "counting",
    "cumulative",
    "decompositions",
    "differences",
    "einsum",
    "elementary",
    "exponential",
    "extremes",
    "factors",
    "forms",
    "indexing",
    "interpolation",
    "joining",
    "kinked",
    "linalg",
    "linear",
    "losses",
    "making",
    "matrices",
    "missing",
    "norms",
    "parts",
    "planar",
    "pointwise",
    "polynomials",
    "positions",
    "products",
    "pseudo",
    "quantiles",
    "reductions",
    "repeating",
    "rounding",
    "shaping",
    "sorting",
    "special",
    "special_bessel",
    "special_gamma",
    "statistics",
    "steps",
    "triangles",
]
