"""Golden vectors of gradient masking at 50 digits (mpmath), rounded once at the end."""
import json
import pathlib

import mpmath
from mpmath import mp, mpf, matrix

mp.dps = 50


def dot(a, b):
    return mpmath.fsum(x * y for x, y in zip(a, b))


def soft_mask(fisher, tau):
    return [1 / (1 + f / tau) for f in fisher]


def average(batches, decay):
    total, weight = [mpf(0)] * len(batches[0]), mpf(0)
    for batch in batches:
        total = [decay * a + (1 - decay) * f for a, f in zip(total, batch)]
        weight = decay * weight + 1 - decay
    return [a / weight for a in total]


def largest_scale(a, b, budget):
    """Largest t in [0, 1] with t a + t^2 b / 2 <= budget: 1, or else the only root in [0, 1)."""
    with mpmath.workdps(1000):  # the textbook formula cancels, by as many digits as the coefficients differ
        if a + b / 2 <= budget:
            return mpf(1)
        if b == 0:
            return budget / a
        root = mpmath.sqrt(a * a + 2 * b * budget)
        candidates = [t for t in ((-a + root) / b, (-a - root) / b) if 0 <= t < 1]
        # two only where budget = 0 and one of them is 0: the slope at 0 decides
        return max(candidates) if a < 0 else min(candidates)


def lanczos_steps(n, probability, resolution):
    x = max(mpf(1), mpmath.sqrt(2 * n / mp.pi) * 2 / probability)
    k = 1
    while k < n and mpmath.tanh(mpmath.acosh(x) / (2 * k - 1)) ** 2 > resolution:
        k += 1
    return k


def case(name, numbers, **tensors):
    return {"name": name, "numbers": {k: float(n) for k, n in numbers.items()},
            "tensors": {k: {"shape": s, "values": [float(e) for e in x]} for k, (s, x) in tensors.items()}}


def vector(*values):
    return [mpf(v) for v in values]


cases = []
for name, fisher, tau in [
        ("ordinary", vector(0, 0.25, 1, 4, 3, 1e-3), mpf(1)), ("small tau", vector(0, 1e-30, 1, 1e300), mpf(1e-20)),
        ("large tau", vector(0, 1e-300, 1e10, 1e250), mpf(1e200)), ("one element", vector(0.1), mpf(0.3))]:
    cases.append(case("fisher " + name, {"tau": tau}, fisher=([len(fisher)], fisher),
                      mask=([len(fisher)], soft_mask(fisher, tau))))

for name, batches, decay in [
        ("three", [vector(1, 0, 4), vector(2, 8, 0), vector(0.5, 3, 1e-9)], mpf(0.9)),
        ("last alone", [vector(1, 2, 3), vector(4, 0, 0.1)], mpf(0)),
        ("one", [vector(0.7, 1e-20, 5)], mpf(0.999))]:
    cases.append(case("average " + name, {"decay": decay, "batches": len(batches)},
                      batches=([len(batches), 3], [f for b in batches for f in b]), value=([3], average(batches, decay))))

for a, b, budget in [
        # all signs, binding and not
        (1, 2, 0.5), (1, 2, 2), (1, 2, 3), (1, 0, 0.25), (1, 0, 1), (-1, 4, 0.5), (-1, 4, 1), (-1, 4, 0), (-1, 0, 0), (-1, -1, 0),
        (0, 3, 0.5), (0, 3, 0), (0, -3, 0), (0, 0, 0), (0, 0, 1), (1, -1, 0.25), (1, -1, 0.5), (1, -3, 0), (1, -1.5, 0.1), (1, 1, 0),
        # a double root at 1, nearly; a hill that the whole step lies behind
        (1, -1, 0.4999999999999999), (1, -0.9999999999999999, 0.5), (2, -5, 0.01),
        # cancellation where it is not taken care of
        (1, 1e-18, 0.5), (1e8, 1e-8, 1e-9), (1e-8, 1e8, 1e-30), (-1, 1e18, 1e-18), (-1e-9, 1, 1e-20),
        # magnitudes
        (1e200, 1e250, 1e-30), (1e-200, 1e-250, 1e-300), (1e-200, 1e200, 1e-150), (-1e300, 1.5e308, 1e290),
        (1.7e308, 1.7e308, 1e308), (5e-324, 1e-300, 1e-310), (1e308, -1e308, 3e307)]:
    a, b, budget = mpf(a), mpf(b), mpf(budget)
    cases.append(case(f"scale {float(a)!r} {float(b)!r} {float(budget)!r}",
                      {"slope": a, "curvature": b, "budget": budget, "scale": largest_scale(a, b, budget)}))

for name, n, h in [
        ("indefinite", 4, [2, 1, 0, 0, 1, -1, 0.5, 0, 0, 0.5, 0.25, -1, 0, 0, -1, 3]), ("one element", 1, [-0.375]),
        ("definite", 3, [2, -1, 0, -1, 2, -1, 0, -1, 2]), ("zero", 2, [0, 0, 0, 0]),
        ("multiple eigenvalue", 3, [-1, 0, 0, 0, -1, 0, 0, 0, 1]), ("small beside large", 2, [1e6, 1e3, 1e3, 0.5])]:
    values = mpmath.eigsy(matrix(n, n) + matrix([h[i * n:(i + 1) * n] for i in range(n)]), eigvals_only=True)
    cases.append(case("freeze " + name, {"n": n, "smallest": min(values), "norm": max(abs(v) for v in values)}, h=([n, n], vector(*h))))

for n, probability, resolution in [(1, 0.1, 0.1), (10, 1e-3, 0.05), (1000, 1e-3, 0.05), (10 ** 6, 1e-6, 0.01), (50, 0.5, 0.4), (20000, 1e-9, 0.1)]:
    cases.append(case(f"steps {n} {probability} {resolution}",
                      {"n": n, "probability": probability, "resolution": resolution,
                       "steps": lanczos_steps(n, mpf(probability), mpf(resolution))}))

# a whole step: three blocks of 3, 2 and 1 parameters, the second with a negative eigenvalue
SIZES = [3, 2, 1]
H = matrix([[3, 1, 0, 0.5, 0, 0], [1, 2, -1, 0, 0.25, 0], [0, -1, 4, 0, 0, 1],
            [0.5, 0, 0, 1, 2, 0], [0, 0.25, 0, 2, 1, -0.5], [0, 0, 1, 0, -0.5, 2]])
G = vector(0.5, -1, 0.25, 2, -0.5, 1)
D = vector(-1, 2, -0.5, 1, 3, -2)
ROWS = [vector(1, 0, -0.5, 2, 1, 0), vector(-2, 0.5, 1, 0, 1, 3), vector(0, 1, 0.25, -1, 0.5, -1)]
FISHER = [mpmath.fsum(r[i] ** 2 for r in ROWS) / len(ROWS) for i in range(6)]
TAU, RATE, BUDGET, THRESHOLD = mpf(0.5), mpf(0.25), mpf(0.0625), mpf(0.5)
OFFSETS = [0, 3, 5, 6]


def step(fisher, freeze, scope, budget):
    masks = soft_mask(FISHER, TAU) if fisher else [mpf(1)] * 6
    direction = [m * d for m, d in zip(masks, D)]
    frozen = [False] * 3
    for k in range(3):
        block = range(OFFSETS[k], OFFSETS[k + 1])
        h = matrix([[H[i, j] for j in block] for i in block])
        frozen[k] = freeze and min(mpmath.eigsy(h, eigvals_only=True)) < -THRESHOLD
        if frozen[k]:
            for i in block:
                direction[i] = mpf(0)
    s = [-RATE * e for e in direction]
    scales = [mpf(1)] * 3
    if scope == "joint":
        scales = [largest_scale(dot(G, s), dot(s, H * matrix(s)), budget)] * 3
    elif scope == "each":
        for k in range(3):
            own = [s[i] if OFFSETS[k] <= i < OFFSETS[k + 1] else mpf(0) for i in range(6)]
            scales[k] = largest_scale(dot(G, own), dot(own, H * matrix(own)), budget)
    scales = [mpf(0) if f else t for f, t in zip(frozen, scales)]
    combined = [G[i] + scales[k] * direction[i] for k in range(3) for i in range(OFFSETS[k], OFFSETS[k + 1])]
    return scales, combined


for fisher in (0, 1):
    for freeze in (0, 1):
        for scope, code in (("none", 0), ("joint", 1), ("each", 2)):
            scales, combined = step(fisher, freeze, scope, BUDGET)
            cases.append(case(f"step {fisher} {freeze} {scope}",
                              {"fisher": fisher, "freeze": freeze, "scope": code, "tau": TAU, "rate": RATE, "budget": BUDGET,
                               "threshold": THRESHOLD},
                              h=([6, 6], list(H)), clean=([6], G), destructive=([6], D), rows=([3, 6], [e for r in ROWS for e in r]),
                              diagonal=([6], FISHER), scales=([3], scales), combined=([6], combined)))

target = pathlib.Path(__file__).with_suffix(".json")
content = {"source": "mpmath " + mpmath.__version__ + ", 50 digits", "cases": cases}
target.write_text(json.dumps(content, separators=(",", ":")) + "\n")
print(target.name, target.stat().st_size, "bytes")
