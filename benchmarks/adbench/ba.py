"""Bundle adjustment: how far each observed feature lies from where its camera should see its point.

A camera is 11 numbers [r, C, f, u, κ]: rotation as axis times angle (3), centre (3), focal length, principal point (2),
radial distortion (2). Observation i, of point X by a camera, with weight w and feature y (2 numbers), has the errors

    e_i = w (f x (1 + κ₁ |x|² + κ₂ |x|⁴) + u − y)   with x = (z₁, z₂)/z₃, z = R(r) (X − C)        2 numbers
    1 − w²                                                                                        1 number

so its rows of the Jacobian have 15 and 1 nonzeros: of all observations 31 p of 3 p (11 n + 3 m + p).
Source: Šrajer, Kukelova and Fitzgibbon (2018), section 4.2 (see gmm.py), and its implementation, ADBench.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array

CAMERA, POINT = 11, 3  # parameters of each


def errors(cameras: Any, points: Any, weights: Any, features: Any, seen: Any) -> Any:
    """All errors in one array (3 p,): first those of reprojection, two for each observation, then those of weights.

    cameras (n, 11), points (m, 3), weights (p,), features (p, 2); seen (p, 2): by which camera, which point.
    """
    misses = reprojection_errors(*for_each(cameras, points, weights, seen), features)
    return np.concatenate([np.reshape(misses, -1), 1 - weights**2])


def for_each(cameras: Any, points: Any, weights: Any, seen: Any) -> tuple[Any, Any, Any]:
    """Camera (p, 11), point (p, 3) and weight (p, 1) of each observation."""
    return cameras[seen[:, 0]], points[seen[:, 1]], weights[:, None]


def reprojection_errors(camera: Any, point: Any, weight: Any, feature: Any) -> Any:
    """e of observations: camera (…, 11), point (…, 3), weight (…, 1), feature (…, 2)."""
    rotation, centre, focal = camera[..., :3], camera[..., 3:6], camera[..., 6:7]
    principal, distortion = camera[..., 7:9], camera[..., 9:11]
    z = rotated(rotation, point - centre)
    x = z[..., :2] / z[..., 2:]
    square = np.sum(x**2, axis=-1, keepdims=True)
    stretch = 1 + distortion[..., :1] * square + distortion[..., 1:] * square**2
    return weight * (focal * stretch * x + principal - feature)


def rotated(rotation: Any, point: Any) -> Any:
    """Rodrigues' formula: X cos θ + (k × X) sin θ + k (k · X)(1 − cos θ), where r = θ k; to first order at θ = 0."""
    square = np.sum(rotation**2, axis=-1, keepdims=True)
    turns = square > 0
    angle = np.sqrt(np.where(turns, square, 1.0))
    axis = rotation / angle
    along = np.sum(axis * point, axis=-1, keepdims=True)
    cosine, sine = np.cos(angle), np.sin(angle)
    turned = point * cosine + np.cross(axis, point) * sine + axis * along * (1 - cosine)
    return np.where(turns, turned, point + np.cross(rotation, point))


def sparse_from_blocks(blocks: Sequence[Any], weights: Any, cameras: int, points: int, seen: Any) -> Any:
    """The Jacobian of `errors` as a csr_array, (3 p, 11 n + 3 m + p), for a library that knows no sparsity.

    `blocks` are the derivatives of the reprojection errors by camera (p, 2, 11), point (p, 2, 3) and weight (p, 2, 1).
    """
    p = len(weights)
    after_cameras, after_points = CAMERA * cameras, CAMERA * cameras + POINT * points
    columns = np.concatenate(
        [
            CAMERA * seen[:, :1] + np.arange(CAMERA),
            after_cameras + POINT * seen[:, 1:] + np.arange(POINT),
            after_points + np.arange(p)[:, None],
        ],
        axis=1,
    )
    entries = [np.concatenate(blocks, axis=2).ravel(), -2 * weights]
    places = [np.repeat(columns, 2, axis=0).ravel(), after_points + np.arange(p)]
    width = CAMERA + POINT + 1
    starts = [width * np.arange(2 * p), 2 * p * width + np.arange(p + 1)]
    return csr_array(
        (np.concatenate(entries), np.concatenate(places), np.concatenate(starts)), shape=(3 * p, after_points + p)
    )
