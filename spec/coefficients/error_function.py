"""Prints the polynomial coefficients of the error function family, lowest power first.

  scaled:  (1 + 2x) exp(x^2) erfc(x) in t = (x - 4) / (x + 4), x >= 0, degree 24 (form: Shepherd and
           Laframboise, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x in 0 <= x < infinity",
           Math. Comp. 36, 1981; centre and degree chosen here), relative error below 1e-17
  central: erf(x) / x in w = x^2 <= 1, degree 11, relative error below 1e-17
  normal:  (Phi(x) - 1/2) / x in w = x^2 <= 1, degree 10, relative error below 1e-17

Chebyshev projections at 120 and 60 nodes with 60 digits, rewritten in powers. Needs mpmath.
"""
from mpmath import cos, erf, erfc, exp, mp, mpf, pi, sqrt

mp.dps = 60


def projection(f, degree, nodes, low, high):
    """Coefficients in powers of s = (2x - low - high) / (high - low)."""
    s = [cos(pi * (k + mpf(1) / 2) / nodes) for k in range(nodes)]
    values = [f(((high - low) * v + low + high) / 2) for v in s]
    c = [
        2 / mpf(nodes) * sum(v * cos(pi * j * (k + mpf(1) / 2) / nodes) for k, v in enumerate(values))
        for j in range(degree + 1)
    ]
    c[0] /= 2
    t = [[mpf(1)], [mpf(0), mpf(1)]]
    for _ in range(2, degree + 1):
        p = [mpf(0)] + [2 * v for v in t[-1]]
        for i, v in enumerate(t[-2]):
            p[i] -= v
        t.append(p)
    m = [mpf(0)] * (degree + 1)
    for j in range(degree + 1):
        for i, v in enumerate(t[j]):
            m[i] += c[j] * v
    return m


def shifted(m):
    """From powers of 2w - 1 to powers of w."""
    out = [mpf(0)] * len(m)
    power = [mpf(1)]
    for v in m:
        for i, p in enumerate(power):
            out[i] += v * p
        power = [-p for p in power] + [mpf(0)]
        for i in range(len(power) - 1, 0, -1):
            power[i] += -2 * power[i - 1]
    return out


def scaled(t):
    x = 4 * (1 + t) / (1 - t)
    if x > 1000:
        return (1 + 2 * x) / (x * sqrt(pi)) * sum(
            c / x ** (2 * i) for i, c in enumerate([1, mpf(-1) / 2, mpf(3) / 4, mpf(-15) / 8])
        )
    return (1 + 2 * x) * exp(x * x) * erfc(x)


def show(name, coefficients):
    print(name)
    for v in coefficients:
        print("   ", float(v).hex())


if __name__ == "__main__":
    show("scaled", projection(scaled, 24, 120, mpf(-1), mpf(1)))
    show(
        "normal",
        shifted(projection(lambda w: erf(sqrt(w / 2)) / (2 * sqrt(w)), 10, 60, mpf(0), mpf(1))),
    )
    show("central", shifted(projection(lambda w: erf(sqrt(w)) / sqrt(w), 11, 60, mpf(0), mpf(1))))
