"""Golden vectors of the collapse operator at 50 digits and more: ranks, their gradients and Hessian-vector products.

Derivatives are differences of the ranks themselves, so that they share no formula with an implementation.
"""
import json
import pathlib
import random

import mpmath as mp

mp.mp.dps = 120
STEP = mp.mpf(10) ** -25
UNIT_ROUNDOFF = mp.mpf(2) ** -53
random.seed(20260201)


def draw(rows, columns, scale=1.0, shift=0.0):
    return [[round(random.gauss(0, scale) * 256) / 256 + shift for _ in range(columns)] for _ in range(rows)]


def spectrum(z):
    """Eigenvalues of S, largest first, from the smaller Gram matrix."""
    rows, columns = z.rows, z.cols
    a = z.copy()
    for j in range(columns):
        mean = sum(z[i, j] for i in range(rows)) / rows
        for i in range(rows):
            a[i, j] = z[i, j] - mean
    gram = a.T * a if columns <= rows else a * a.T
    values = mp.eigsy(gram, eigvals_only=True)
    return sorted((max(mp.mpf(0), v) / (rows - 1) for v in values), reverse=True)


def stable(z):
    l = spectrum(z)
    return sum(l) / l[0]


def participation(z):
    l = spectrum(z)
    return sum(l) ** 2 / sum(x * x for x in l)


def entropy(z):
    l = spectrum(z)
    total = sum(l)
    return mp.exp(-sum(x / total * mp.log(x / total + UNIT_ROUNDOFF) for x in l))


def moved(z, i, j, h, direction, k):
    m = z + direction * k
    m[i, j] += h
    return m


def gradient(f, z):
    zero = mp.zeros(z.rows, z.cols)
    return [
        (f(moved(z, i, j, STEP, zero, 0)) - f(moved(z, i, j, -STEP, zero, 0))) / (2 * STEP)
        for i in range(z.rows)
        for j in range(z.cols)
    ]


def product(f, z, d):
    return [
        (
            f(moved(z, i, j, STEP, d, STEP))
            - f(moved(z, i, j, STEP, d, -STEP))
            - f(moved(z, i, j, -STEP, d, STEP))
            + f(moved(z, i, j, -STEP, d, -STEP))
        )
        / (4 * STEP**2)
        for i in range(z.rows)
        for j in range(z.cols)
    ]


def tensor(values, shape):
    return {"shape": shape, "values": [float(v) for v in values]}


def case(name, rows, smooth=True):
    shape = [len(rows), len(rows[0])]
    z = mp.matrix(rows)
    direction = draw(*shape)
    l = spectrum(z) + [mp.mpf(0)]
    second = l[1] if min(shape) > 1 else mp.mpf(0)
    numbers = {"largest": float(l[0]), "gap": float(l[0] - second)}
    tensors = {"z": tensor(sum(rows, []), shape), "direction": tensor(sum(direction, []), shape)}
    for measure, f in (("stable", stable), ("participation", participation), ("entropy", entropy)):
        numbers[measure] = float(f(z))
        if smooth or measure != "stable":
            tensors[measure + "Gradient"] = tensor(gradient(f, z), shape)
            tensors[measure + "Product"] = tensor(product(f, z, mp.matrix(direction)), shape)
    return {"name": name, "numbers": numbers, "tensors": tensors}


def with_constant_column(rows):
    return [row[:1] + [0.1] + row[1:] for row in rows]


cases = [
    case("tall", draw(7, 3)),
    case("wide", draw(4, 6)),
    case("square", draw(4, 4)),
    case("shifted", draw(6, 3, shift=4096.0)),
    case("twoRows", draw(2, 3)),
    case("oneColumn", draw(4, 1)),
    case("constantColumn", with_constant_column(draw(6, 2))),
    case("closePair", [[1.0, 0, 0], [-1.0, 0, 0], [0, 0.9375, 0], [0, -0.9375, 0], [0, 0, 0.25], [0, 0, -0.25]]),
    case("tie", [[1.0, 0], [-1.0, 0], [0, 1.0], [0, -1.0]], smooth=False),
]
target = pathlib.Path(__file__).with_suffix(".json")
source = "mpmath " + mp.__version__ + ", 120 digits"
target.write_text(json.dumps({"source": source, "cases": cases}, separators=(",", ":")) + "\n")
print(target.name, target.stat().st_size, "bytes")
