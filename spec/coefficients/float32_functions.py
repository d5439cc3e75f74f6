"""Prints the coefficients of the float32 polynomials of the cpu backend, highest power first, as hexadecimal
float32, with the largest weighted error of the exact polynomial in units of u = 2^-24.

  exp:      (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2, degree 4; error relative to e^r
  exp2:     (2^f - 1) / f for |f| <= 1/2, degree 4; error relative to 2^f
  tail:     (exp(a^2/2) Phi(-a) - 1/2) / s in s = a / (a + 4), 0 <= a <= 15, degree 6; relative to exp(a^2/2) Phi(-a),
            over 1 + a^2/2, since rounding a^2 alone moves the exponential by as much
  log:      (ln(1 + f) - f + f^2/2) / f^3 for -1/4 <= f <= 1/2, degree 8; relative to ln(1 + f)
  log1p:    ln(1 + x) / x for 0 <= x <= 1, degree 9; relative
  erf:      erf(x) / x in x^2 <= 1, degree 6; relative
  log erfc: ln erfc(x) for 1 <= x <= 3.93, degree 6; error of erf(x), relative

Remez exchange (E. Ya. Remez, C. R. Acad. Sci. Paris 198, 1934) with 40 digits on a grid of Chebyshev points;
the coefficients are then rounded one by one. Needs mpmath.
"""
import struct

from mpmath import cos, erf, erfc, exp, expm1, fabs, log, log1p, lu_solve, matrix, mp, mpf, nstr, pi, sqrt

mp.dps = 40
U = mpf(2) ** -24


def nodes(low, high, count):
    return [(low + high) / 2 - (high - low) / 2 * cos(pi * mpf(k) / count) for k in range(count + 1)]


def extrema(errors):
    """Position of the largest error between two changes of sign."""
    found = []
    for j, e in enumerate(errors):
        if found and (errors[found[-1]] >= 0) == (e >= 0):
            if fabs(e) > fabs(errors[found[-1]]):
                found[-1] = j
        else:
            found.append(j)
    return found


def remez(f, degree, low, high, weight, grid):
    """Coefficients c, lowest power first, that minimise max |sum c_k x^k - f(x)| weight(x)."""
    n = degree + 1
    points = nodes(low, high, n)
    xs = nodes(low, high, grid)
    values = [(f(x), weight(x)) for x in xs]
    for _ in range(12):
        a, b = matrix(n + 1, n + 1), matrix(n + 1, 1)
        for i, x in enumerate(points):
            for k in range(n):
                a[i, k] = x**k
            a[i, n] = (-1) ** i / weight(x)
            b[i] = f(x)
        c = lu_solve(a, b)
        errors = [(sum(c[k] * x**k for k in range(n)) - v) * w for x, (v, w) in zip(xs, values)]
        at = extrema(errors)
        while len(at) > n + 1:
            at.pop(0 if fabs(errors[at[0]]) < fabs(errors[at[-1]]) else -1)
        largest = max(fabs(e) for e in errors)
        if len(at) < n + 1 or largest < fabs(c[n]) * mpf("1.01"):
            break
        points = [xs[j] for j in at]
    return [c[k] for k in range(n)], largest


def show(name, f, degree, low, high, weight, grid):
    c, error = remez(f, degree, mpf(low), mpf(high), weight, grid)
    rounded = [struct.unpack("f", struct.pack("f", float(v)))[0] for v in reversed(c)]
    print(name, nstr(error / U, 3), ", ".join(v.hex() for v in rounded))


def scaled_tail(a):
    return exp(a * a / 2) * erfc(a / sqrt(mpf(2))) / 2


def magnitude(s):
    return 4 * s / (1 - s)


TINY = mpf("1e-12")
HALF_LN2 = log(mpf(2)) / 2 * mpf("1.0001")

show("exp", lambda r: (expm1(r) - r) / r**2 if r else mpf(1) / 2, 4, -HALF_LN2, HALF_LN2,
     lambda r: r * r / exp(r) + TINY, 401)
show("exp2", lambda f: expm1(log(mpf(2)) * f) / f if f else log(mpf(2)), 4, -mpf("0.50001"), mpf("0.50001"),
     lambda f: fabs(f) / mpf(2)**f + TINY, 301)
show("tail", lambda s: (scaled_tail(magnitude(s)) - mpf(1) / 2) / s, 6, mpf("1e-6"), mpf(15) / 19,
     lambda s: s / scaled_tail(magnitude(s)) / (1 + magnitude(s)**2 / 2), 400)
show("log", lambda x: (log1p(x) - x + x * x / 2) / x**3 if fabs(x) > TINY else mpf(1) / 3, 8, -mpf(1) / 4, mpf(1) / 2,
     lambda x: fabs(x**3 / log1p(x)) + TINY if x else TINY, 601)
show("log1p", lambda x: log1p(x) / x if x else mpf(1), 9, 0, 1, lambda x: x / log1p(x) if x else mpf(1), 401)
show("erf", lambda w: erf(sqrt(w)) / sqrt(w) if w > 0 else 2 / sqrt(pi), 6, 0, 1,
     lambda w: sqrt(w) / erf(sqrt(w)) if w > 0 else sqrt(pi) / 2, 401)
show("log erfc", lambda x: log(erfc(x)), 6, 1, mpf("3.93"), lambda x: erfc(x) / erf(x), 401)
