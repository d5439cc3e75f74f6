"""Golden vectors of the hyper-gradient: exact recursions and solves at 50 digits (mpmath), rounded once at the end."""
import json
import pathlib

import mpmath
from mpmath import mp, mpf, matrix

mp.dps = 50


def norm(x):
    return mpmath.sqrt(sum(e * e for e in x))


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def neumann(h, v, step, terms):
    q, r = matrix(len(v), 1), v.copy()
    for _ in range(terms):
        q, r = q + step * r, r - step * (h * r)
    return q


def chebyshev(h, v, lower, upper, terms):
    centre, half = (upper + lower) / 2, (upper - lower) / 2
    q, r, d, ratio = matrix(len(v), 1), v.copy(), v / centre, half / centre
    for k in range(terms):
        if k > 0:
            following = 1 / (2 * centre / half - ratio)
            d = following * ratio * d + 2 * following / half * r
            ratio = following
        q, r = q + d, r - h * d
    return q


def conjugate_gradient(h, v, terms):
    q, r, p = matrix(len(v), 1), v.copy(), v.copy()
    for _ in range(terms):
        hp = h * p
        a = dot(r, r) / dot(p, hp)
        following = r - a * hp
        q, p = q + a * p, following + dot(following, following) / dot(r, r) * p
        r = following
    return q


def floats(x):
    return [float(e) for e in x]


def case(name, numbers, **tensors):
    return {"name": name, "numbers": {k: float(n) for k, n in numbers.items()},
            "tensors": {k: {"shape": s, "values": floats(x)} for k, (s, x) in tensors.items()}}


def solve_case(name, method, h, v, lower, upper, terms, step, q):
    n = len(v)
    exact = mpmath.lu_solve(h, v)
    numbers = {"method": method, "terms": terms, "lower": lower, "upper": upper, "step": step,
               "residualNorm": norm(v - h * q), "bound": norm(v - h * q) / lower, "error": norm(q - exact)}
    return case(name, numbers, h=([n, n], list(h)), v=([n], v), q=([n], q), exact=([n], exact))


H = matrix([[4, 1, 0, -1], [1, 3, 1, 0], [0, 1, 5, 2], [-1, 0, 2, 6]])
V = matrix([1, -2, 3, 0.5])
LOWER, UPPER = mpf(1.5), mpf(9)
# diag(1, 1e-4, 1e-8) turned about (1, 1, 1): its entries rounded to float64 are the definition of the case
W = matrix([1, 1, 1])
Q = mpmath.eye(3) - mpf(2) / 3 * W * W.T
ILL = (Q * mpmath.diag([1, mpf("1e-4"), mpf("1e-8")]) * Q.T).apply(lambda e: mpf(float(e)))
IV = matrix([1, 0.25, -0.5])
ILL_LOWER, ILL_UPPER = mpf(float(mpf("0.999999e-8"))), mpf(1.000001)

cases = []
for name, h, v, lower, upper, step in [
        ("well", H, V, LOWER, UPPER, mpf(0.125)), ("ill", ILL, IV, ILL_LOWER, ILL_UPPER, mpf(1.5))]:
    eigenvalues = mpmath.eigsy(h, eigvals_only=True)
    assert lower <= eigenvalues[0] and eigenvalues[len(v) - 1] <= upper
    for terms in (0, 1, 2, 5, 9):
        cases.append(solve_case(f"neumann {name} {terms}", 0, h, v, lower, upper, terms, step, neumann(h, v, step, terms)))
        cases.append(solve_case(f"chebyshev {name} {terms}", 1, h, v, lower, upper, terms, 0, chebyshev(h, v, lower, upper, terms)))
    for terms in (1, 2):
        cases.append(solve_case(f"conjugate gradient {name} {terms}", 2, h, v, lower, upper, terms, 0,
                                conjugate_gradient(h, v, terms)))
cases.append(solve_case("one dimension", 0, matrix([[3]]), matrix([1]), mpf(3), mpf(3), 1, 0, matrix([mpf(1) / 3])))

a = mpf(0.0625)
A = mpmath.eye(4) - a * H
p, r = matrix(4, 1), V.copy()
for terms in range(7):
    exact = mpmath.lu_solve(A, V)
    cases.append(case(f"published {terms}", {
        "terms": terms, "step": a, "lower": LOWER, "upper": UPPER, "error": norm(p - exact),
        "bound": norm(r) / (1 - a * UPPER), "tailBound": (a * UPPER) ** terms * norm(V) / (1 - a * UPPER)},
        h=([4, 4], list(H)), v=([4], V), q=([4], p), exact=([4], exact)))
    p, r = p + r, a * (H * r)

M = matrix([[1, 0, -1, 2], [0.5, 0.25, 0, 0], [0, 0, 0, 0]])
DIRECT = matrix([0.125, -3, 2])
cases.append(case("hyper-gradient", {"lower": LOWER, "upper": UPPER}, h=([4, 4], list(H)), v=([4], V),
                  mixed=([3, 4], list(M)), direct=([3], DIRECT), value=([3], DIRECT - M * mpmath.lu_solve(H, V))))

for n, k, probability in [(100, 20, 0.01), (10 ** 6, 40, 1e-6), (3, 2, 0.5), (50, 10, 1e-12)]:
    x = max(mpf(1), mpmath.sqrt(2 * n / mp.pi) * 2 / mpf(probability))
    eps = mpmath.tanh(mpmath.acosh(x) / (2 * k - 1)) ** 2
    cases.append(case(f"lanczos {n} {k} {probability}", {"n": n, "steps": k, "failureProbability": probability, "eps": eps}))

target = pathlib.Path(__file__).with_suffix(".json")
content = {"source": "mpmath " + mpmath.__version__ + ", 50 digits", "cases": cases}
target.write_text(json.dumps(content, separators=(",", ":")) + "\n")
print(target.name, target.stat().st_size, "bytes")
