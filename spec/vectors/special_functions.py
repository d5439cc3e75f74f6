"""Golden values of the element-wise functions that need a series: special_functions.json, pairs [x, f(x)].

Every x has at most 24 significant bits, so that float32 holds it exactly; f(x) is computed with 50 digits and written
with 25. Needs mpmath.
"""
import json
import pathlib

from mpmath import erf, erfc, exp, log, log1p, mp, mpf, nstr, pi, sqrt, tanh
import mpmath

mp.dps = 50

MAGNITUDES = [
    2.0**-30, 2.0**-10, 0.03125, 0.125, 0.34375, 0.5, 0.75, 0.99609375, 1.0, 1.00390625, 1.25, 1.6875, 2.0,
    2.71875, 3.5, 4.0, 5.5, 6.75, 8.25, 10.5, 12.5, 20.5, 30.25, 36.5,
]
MAGNITUDES = [round(m * 2**40) / 2**40 for m in MAGNITUDES]
BOTH = [0.0] + [s * m for m in MAGNITUDES for s in (1, -1)]
POSITIVE = MAGNITUDES + [2.0**-100, 2.0**-60, 2.0**60, 2.0**100, 0.70703125, 0.7080078125, 1.4140625, 1.4150390625]


def cdf(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def pdf(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


FUNCTIONS = {
    "EXP": (exp, BOTH + [80.5, -80.5]),
    "LOG": (log, POSITIVE),
    "LOG1P": (log1p, [x for x in BOTH if x > -1] + [2.0**60]),
    "TANH": (tanh, BOTH),
    "SIGMOID": (lambda x: 1 / (1 + exp(-x)), BOTH),
    "SOFTPLUS": (lambda x: log1p(exp(x)), BOTH),
    "ERF": (erf, BOTH),
    "NORMAL_PDF": (pdf, BOTH),
    "NORMAL_CDF": (cdf, BOTH),
    "GELU": (lambda x: x * cdf(x), BOTH),
    "GELU_DERIVATIVE": (lambda x: cdf(x) + x * pdf(x), BOTH),
}


def line(name, f, points):
    pairs = ["[%s,%s]" % (float(x).__repr__(), nstr(f(mpf(x)), 25, min_fixed=0, max_fixed=0)) for x in points]
    return '    "%s": [%s]' % (name, ",".join(pairs))


if __name__ == "__main__":
    text = '{\n  "source": "mpmath %s, 50 digits",\n  "functions": {\n%s\n  }\n}\n' % (
        mpmath.__version__,
        ",\n".join(line(name, f, points) for name, (f, points) in FUNCTIONS.items()),
    )
    json.loads(text)
    pathlib.Path(__file__).with_suffix(".json").write_text(text)
