"""Golden vectors of the effects of a full factorial experiment at 50 digits (mpmath), rounded once at the end.

Main effects and interactions come from the least-squares fit of a linear model with all products of factors coded -1 and +1,
solved by elimination, and not from differences of means: main = 2 coefficient, interaction = 4 coefficient. Tails of Student's t
are integrals of its density, checked against the incomplete beta function, quantiles their roots. Holm's correction takes the smallest
p-value out of the family one by one; each family holds every p-value as often as the report has figures with these values.
"""
import itertools
import json
import pathlib
import random

import mpmath
from mpmath import mp, mpf, sqrt

mp.dps = 50
random.seed(20261124)


def tail(t, df):
    """P(|T| >= t), t >= 0."""
    density = lambda x: (1 + x * x / df) ** (-(mpf(df) + 1) / 2)
    scale = mpmath.gamma((mpf(df) + 1) / 2) / (sqrt(df * mp.pi) * mpmath.gamma(mpf(df) / 2))
    integral = 2 * scale * mpmath.quad(density, [t, 2 * t + 1, 8 * t + 8, 100 * t + 100, mpmath.inf])
    beta = mpmath.betainc(mpf(df) / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True)
    assert abs(integral - beta) < mpf(10) ** -30 * beta, (t, df)
    return integral


def quantile(df):
    """t with P(|T| >= t) = 0.05."""
    return mpmath.findroot(lambda t: tail(t, df) - mpf(1) / 20, 12.7 if df == 1 else 2.5)


def summary(d):
    n = len(d)
    mean = sum(d) / n
    std = sqrt(sum((x - mean) ** 2 for x in d) / (n - 1))
    return mean, std, tail(abs(mean) / (std / sqrt(n)), n - 1)


def coefficients(k, y):
    """Least squares on products of codes, one per subset of factors; the normal equations, not the orthogonality, give it."""
    subsets = [s for r in range(k + 1) for s in itertools.combinations(range(k), r)]
    code = lambda s, f: 1 if s >> f & 1 else -1
    design = mpmath.matrix([[mpmath.fprod(code(s, f) for f in subset) for subset in subsets] for s in range(2**k)])
    solved = mpmath.lu_solve(design.T * design, design.T * mpmath.matrix(y))
    return {subset: solved[i] for i, subset in enumerate(subsets)}


def holm(ps):
    corrected, left, running = [None] * len(ps), set(range(len(ps))), mpf(0)
    while left:
        least = min(left, key=lambda i: ps[i])
        running = max(running, min(mpf(1), len(left) * ps[least]))
        corrected[least] = running
        left.remove(least)
    return corrected


def effects(k, n, y, kind):
    """One list of values over seeds for each factor, or pair of factors."""
    if kind in ("main", "interaction"):
        fits = [coefficients(k, [y[s][i] for s in range(2**k)]) for i in range(n)]
        order = 1 if kind == "main" else 2
        return [[2**order * fit[subset] for fit in fits] for subset in itertools.combinations(range(k), order)]
    every = 2**k - 1
    ends = lambda f: (1 << f, 0) if kind == "addedAlone" else (every, every - (1 << f))
    return [[y[ends(f)[0]][i] - y[ends(f)[1]][i] for i in range(n)] for f in range(k)]


def tensor(rows):
    return {"shape": [len(rows), len(rows[0])], "values": [float(v) for row in rows for v in row]}


def case(k, n, steps):
    """Accuracies with few digits, each a multiple of 1/steps; the factors do something."""
    y = [
        [mpf(steps // 2 + random.randrange(steps // 8) + sum((s >> f & 1) * (f + 1) * steps // 64 for f in range(k))) / steps for _ in range(n)]
        for s in range(2**k)
    ]
    tensors = {"y": tensor(y)}
    t = quantile(n - 1)
    for kind in ("main", "addedAlone", "takenFromAll") + (("interaction",) if k > 1 else ()):
        rows = [summary(d) for d in effects(k, n, y, kind)]
        figures = 2 if kind == "interaction" else 3
        corrected = holm([p for _, _, p in rows] * figures)
        tensors[kind] = tensor([[mean, std, t * std / sqrt(n), p, c] for (mean, std, p), c in zip(rows, corrected)])
    return {"name": f"{k} factors, {n} seeds", "numbers": {"factors": float(k)}, "tensors": tensors}


cases = [case(k, n, 2048) for k, n in [(1, 2), (1, 10), (2, 3), (3, 5), (4, 10)]]
target = pathlib.Path(__file__).with_suffix(".json")
content = {"source": "mpmath " + mpmath.__version__ + ", 50 digits", "cases": cases}
target.write_text(json.dumps(content, separators=(",", ":")) + "\n")
print(target.name, target.stat().st_size, "bytes")
