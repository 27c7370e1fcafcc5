"""Linear maps with a known structure, and their algebra: what a local Jacobian is made of.

      structure              its transpose              v ↦
      Zero, Identity, Scale  the same                   0, v, s v
      Diagonal(d)            itself                     d ⊙ v
      LeftMul(A)             LeftMul(Aᵀ)                A v
      RightMul(B)            RightMul(Bᵀ)               v B
      Inner(c)               Outer(c)                   Σ c ⊙ v
      Centre(p)              itself                     p ⊙ (v − Σ p ⊙ v): softmax's diag(p) − p pᵀ
      Dense(M)               Dense(Mᵀ)                  M v
      Broadcast              SumTo                      v, repeated along new axes
      Reshape, Permute       their inverses             v, laid out anew
      Gather(index)          Scatter(index)             v[index]
      Contract(…, given)     Contract                   einsum(…, given, v)
      Convolve(b)            Correlate(b)               v ∗ b
      Solve(A)               Solve(Aᵀ)                  A⁻¹ v
      Crossing(a)            Crossing(−a)               a × v
      Select(mask)           itself                     v where the mask holds, else 0
      RunningSum             from the other end         v_0 + … + v_k
      Recurrence(a)          from the other end         r_k = v_k + a_k r_{k−1}
      Cast                   Cast back                  v in another precision
      Compose, Sum           of the transposes          along a path, over paths

`algebra` holds what all maps share, `filled` the structures that carry numbers, `layout` those that only move
them, `products` those of further products, `running` those that run along an axis, `selection` those that choose.
Sources: Elliott, "The simple essence of automatic differentiation" (2018); the operators of lineax.
"""

from .algebra import Compose, Filled, Identity, LinearMap, Scale, Sum, Zero, add, compose
from .filled import Centre, Dense, Diagonal, Inner, LeftMul, Outer, RightMul
from .layout import Broadcast, Cast, Gather, Permute, Reshape, Scatter, SumTo
from .products import Contract, Convolve, Correlate, Crossing, Solve
from .running import Recurrence, RunningSum
from .selection import Select, shielded

__all__ = [
    "Broadcast",
    "Cast",
    "Centre",
    "Compose",
    "Contract",
    "Convolve",
    "Correlate",
    "Crossing",
    "Dense",
    "Diagonal",
    "Filled",
    "Gather",
    "Identity",
    "Inner",
    "LeftMul",
    "LinearMap",
    "Outer",
    "Permute",
    "Recurrence",
    "Reshape",
    "RightMul",
    "RunningSum",
    "Scale",
    "Scatter",
    "Select",
    "Solve",
    "Sum",
    "SumTo",
    "Zero",
    "add",
    "compose",
    "shielded",
]
