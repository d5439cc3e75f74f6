"""Golden vectors of the controller at 50 digits (mpmath), rounded once at the end: probabilities round by round, bounds, gains.

Weights are products of the factors of each round, not exponentials of a sum, and bounds are the published closed forms where
there are any, so that little of the arithmetic is shared with an implementation.
"""
import json
import pathlib
import random

import mpmath
from mpmath import exp, log, mp, mpf, sqrt

mp.dps = 50
random.seed(20261103)


def tensor(shape, values):
    return {"shape": shape, "values": [float(v) for v in values]}


def case(name, numbers, **tensors):
    return {"name": name, "numbers": {k: float(v) for k, v in numbers.items()}, "tensors": tensors}


def table(rows):
    return tensor([len(rows), len(rows[0])], sum(rows, []))


def normalised(weights):
    total = sum(weights)
    return [w / total for w in weights]


def draw(rows, columns):
    """Rewards with few digits."""
    return [[mpf(random.randrange(257)) / 256 for _ in range(columns)] for _ in range(rows)]


class Rounding:
    """Bound on the relative error of float64 probabilities, in unit roundoffs.

    An error e of the exponents (relative to the largest) makes one of 2 e of a probability, and K + 8 roundings of sum, quotient and
    mixture come on top. A bandit divides by it in an estimate of size x (in units of the exponent), which adds x times it and 4
    roundings to the exponents of the next round; 8 roundings of an exponent of at most `largest` come from every round. Both of two
    arms compared have these errors.
    """

    def __init__(self, arms):
        self.arms, self.exponent = arms, mpf(8)

    def probability(self):
        return 2 * self.exponent + self.arms + 8

    def after(self, estimate, largest):
        self.exponent += 2 * (estimate * (self.probability() + 4) + 8 * (largest + 1))


def spread(weights):
    """Difference of the largest and the smallest exponent."""
    return log(max(weights)) - log(min(weights))


def trajectory(name, prior, numbers, feedback, step, probabilities, **inputs):
    """step(t, p, feedback) -> (gain of each arm's score, rate, largest estimate); rates may fall, so scores are kept as well."""
    q0 = [mpf(q) for q in prior]
    scores = [mpf(0)] * len(q0)
    weights = q0
    rounding = Rounding(len(q0))
    ps = [probabilities(normalised(weights))]
    bounds = [rounding.probability()]
    for t, seen in enumerate(feedback, 1):
        gains, rate, following = step(t, ps[-1], seen)
        scores = [s + g for s, g in zip(scores, gains)]
        if following == rate:
            weights = [w * exp(rate * g) for w, g in zip(weights, gains)]
        else:
            weights = [q * exp(following * s) for q, s in zip(q0, scores)]
        estimate = rate * max(abs(g) for g in gains) if "drawn" in inputs else 0
        rounding.after(estimate, spread(weights) + spread(q0))
        ps.append(probabilities(normalised(weights)))
        bounds.append(rounding.probability())
    return case(name, numbers, prior=tensor([len(q0)], q0), probabilities=table(ps), roundings=tensor([len(bounds)], bounds), **inputs)


def unchanged(p):
    return p


def rate_at(c, decreasing, t):
    return c / sqrt(t) if decreasing else c


def hedge(name, prior, c, decreasing, rewards):
    c = mpf(c)

    def step(t, p, g):
        return g, rate_at(c, decreasing, t), rate_at(c, decreasing, t + 1)

    return trajectory("hedge " + name, prior, {"coefficient": c, "decreasing": decreasing}, rewards, step, unchanged,
                      rewards=table(rewards))


def drawn_tables(draws, rewards):
    return {"drawn": table([[mpf(a) for a in row] for row in draws]), "rewards": table(rewards)}


def exp3ix(name, prior, c, decreasing, draws, rewards):
    c = mpf(c)

    def step(t, p, seen):
        arms, g = seen
        eta = rate_at(c, decreasing, t)
        estimates = [mpf(0)] * len(p)
        for a, r in zip(arms, g):
            estimates[a] += (1 - r) / (p[a] + eta / 2) / len(arms)
        return [-e for e in estimates], eta, rate_at(c, decreasing, t + 1)

    return trajectory("exp3-ix " + name, prior, {"coefficient": c, "decreasing": decreasing}, list(zip(draws, rewards)), step,
                      unchanged, **drawn_tables(draws, rewards))


def exp3p(name, prior, eta, gamma, beta, draws, rewards):
    eta, gamma, beta = mpf(eta), mpf(gamma), mpf(beta)

    def step(t, p, seen):
        arms, g = seen
        received = [mpf(0)] * len(p)
        for a, r in zip(arms, g):
            received[a] += r / len(arms)
        return [(x + beta) / q for x, q in zip(received, p)], eta, eta

    def mixed(w):
        return [(1 - gamma) * x + gamma / len(w) for x in w]

    return trajectory("exp3.p " + name, prior, {"rate": eta, "exploration": gamma, "bias": beta}, list(zip(draws, rewards)), step,
                      mixed, **drawn_tables(draws, rewards))


def discounted(name, prior, temperature, scale, mix, memory, losses):
    q0 = [mpf(q) for q in prior]
    temperature, scale, mix, memory = mpf(temperature), mpf(scale), mpf(mix), mpf(memory)
    average = None
    ps = [q0]
    largest = mpf(0)
    for l in losses:
        average = l if average is None else [memory * a + (1 - memory) * x for a, x in zip(average, l)]
        w = normalised([q * exp(a / scale / temperature) for q, a in zip(q0, average)])
        ps.append([(1 - mix) * x + mix * q for x, q in zip(w, q0)])
        largest = max(largest, max(abs(a) for a in average) / scale / temperature)
    # four roundings per round of the average, four of the exponent, each on two arms
    roundings = 2 * (4 * len(losses) + 4) * (largest + 1) + len(q0) + 8
    return case("discounted-hedge " + name, {"temperature": temperature, "scale": scale, "mix": mix, "memory": memory},
                prior=tensor([len(q0)], q0), losses=table(losses), probabilities=table(ps),
                roundings=tensor([len(ps)], [roundings] * len(ps)))


UNIFORM4 = [0.25] * 4
SKEWED = [0.5, 0.125, 0.25, 0.125]
cases = []

G = draw(10, 4)
EXTREME = [[mpf((i + t) % 3 == 0) for i in range(4)] for t in range(10)]
cases += [
    hedge("uniform", UNIFORM4, 0.5, False, G),
    hedge("prior, falling rate", SKEWED, 2.0, True, G),
    hedge("zeros and ones", UNIFORM4, 3.0, False, EXTREME),
    hedge("one arm", [1.0], 1.0, True, draw(3, 1)),
    hedge("one arm always better", [0.5, 0.5], 64.0, False, [[mpf(1), mpf(0)]] * 5),
    hedge("equal rewards", SKEWED, 4.0, False, [[mpf(1)] * 4] * 3),
]
DRAWS = [[random.randrange(4)] for _ in range(10)]
SEVERAL = [[random.randrange(4) for _ in range(6)] for _ in range(6)]
cases += [
    exp3ix("uniform", UNIFORM4, 0.25, False, DRAWS, draw(10, 1)),
    exp3ix("prior, falling rate", SKEWED, 0.5, True, DRAWS, draw(10, 1)),
    exp3ix("several draws", SKEWED, 0.125, False, SEVERAL, draw(6, 6)),
    exp3ix("zero rewards", UNIFORM4, 0.0625, False, DRAWS, [[mpf(0)]] * 10),
    exp3ix("full rewards", SKEWED, 0.5, True, DRAWS, [[mpf(1)]] * 10),
    exp3ix("one arm", [1.0], 0.5, False, [[0]] * 3, draw(3, 1)),
    exp3p("uniform", UNIFORM4, 0.03125, 0.25, 0.0625, DRAWS, draw(10, 1)),
    exp3p("several draws", SKEWED, 0.015625, 0.125, 0.125, SEVERAL, draw(6, 6)),
    exp3p("full bias", SKEWED, 0.0625, 0.5, 1.0, DRAWS, [[mpf(t % 2)] for t in range(10)]),
    exp3p("one arm", [1.0], 0.125, 0.25, 0.5, [[0]] * 3, draw(3, 1)),
    discounted("stratified", SKEWED, 0.3, float(log(4)), 0.2, 0.9, draw(8, 4)),
    discounted("no memory, no mixture", UNIFORM4, 0.0625, 1.0, 0.0, 0.0, draw(3, 4)),
    discounted("all mixture", SKEWED, 0.5, 2.0, 1.0, 0.5, draw(3, 4)),
]


def tuned(arms, rounds, delta):
    """Uniform prior: published closed forms (K at least 2)."""
    k, t, d = mpf(arms), mpf(rounds), mpf(delta)
    lnk, failure = log(k), log(2 / d)
    beta, gamma = min(mpf(1), sqrt(log(k / d) / (t * k))), min(mpf("0.5"), mpf("1.05") * sqrt(k * lnk / t))
    eta = min(gamma / ((1 + beta) * k), mpf("0.95") * sqrt(lnk / (t * k)))
    return case(f"bound {arms} {rounds} {delta}", {
        "arms": arms, "rounds": rounds, "delta": delta,
        "hedge": sqrt(t * lnk / 2), "hedgeAnytime": sqrt(t * lnk),
        "exp3ix": 2 * sqrt(2 * k * t * lnk) + (sqrt(k * t / (2 * lnk)) + 1) * failure,
        "exp3ixAnytime": 4 * sqrt(k * t * lnk) + (sqrt(k * t / lnk) + 1) * failure,
        "exp3pRate": eta, "exp3pExploration": gamma, "exp3pBias": beta,
        "exp3p": beta * t * k + gamma * t + (1 + beta) * eta * k * t + log(k / d) / beta + lnk / eta,
        "exp3pPublished": mpf("5.15") * sqrt(t * k * log(k / d))})


for arms, rounds, delta in [(2, 1, 0.5), (2, 100, 0.05), (6, 1000, 0.1), (62, 10 ** 5, 1e-6), (3, 10 ** 7, 0.01), (62, 10 ** 12, 0.05)]:
    cases.append(tuned(arms, rounds, delta))


def general(prior, c, rounds, delta):
    """A prior and a rate that are tuned to nothing."""
    k, t, c = len(prior), mpf(rounds), mpf(c)
    complexity = max(log(1 / mpf(q)) for q in prior)
    failure = log(2 / mpf(delta))
    numbers = {"coefficient": c, "rounds": rounds, "delta": delta}
    for label, last, total in (("", c, c * t), ("Falling", c / sqrt(t), 2 * c * sqrt(t))):
        numbers["hedge" + label] = complexity / last + total / 8
        numbers["exp3ix" + label] = (complexity + log(k) + failure) / last + k * total + failure
    beta, gamma, eta = mpf(0.125), mpf(0.25), mpf(0.03125)
    numbers["exp3p"] = beta * t * k + gamma * t + (1 + beta) * eta * k * t + log(k / mpf(delta)) / beta + complexity / eta
    return case(f"general bound {rounds} {c}", numbers, prior=tensor([k], prior))


cases += [general(SKEWED, 0.25, 50, 0.1), general(SKEWED, 0.0078125, 4096, 0.001)]

complete, patterns = mpf("0.375"), [mpf("0.875"), mpf("0.125"), mpf("0.375"), mpf("3.1")]
patterns = [mpf(float(p)) for p in patterns]
cases.append(case("gains", {"complete": complete}, patterns=tensor([4], patterns),
                  vInformation=tensor([4], [p - complete for p in patterns]),
                  squaredDifference=tensor([4], [(p - complete) ** 2 for p in patterns]),
                  patternLoss=tensor([4], patterns)))
low, high = mpf(float(mpf("-0.7"))), mpf(float(mpf("1.9")))
values = [low, high, mpf(0), mpf(0.625)]
cases.append(case("scale", {"low": low, "high": high}, values=tensor([4], values),
                  rewards=tensor([4], [(v - low) / (high - low) for v in values])))

ps = [UNIFORM4, SKEWED, [0.125, 0.375, 0.25, 0.25]] * 2
g = G[:6]
received = [[g[t][a] for a in SEVERAL[t]] for t in range(6)]
totals = [sum(row[i] for row in g) for i in range(4)]
expected = sum(sum(mpf(p) * x for p, x in zip(q, row)) for q, row in zip(ps, g))
earned = sum(sum(r) / 6 for r in received)
estimated = [sum(sum(r for a, r in zip(SEVERAL[t], received[t]) if a == i) / 6 / mpf(ps[t][i]) for t in range(6)) for i in range(4)]
cases.append(case("regret", {"best": max(totals), "expected": expected, "earned": earned, "expectedRegret": max(totals) - expected,
                             "realisedRegret": max(totals) - earned, "estimatedRegret": max(estimated) - earned},
                  probabilities=table(ps), all=table(g), estimated=tensor([4], estimated),
                  **drawn_tables(SEVERAL, received)))

# loss sum_i w_i ln(1 + exp(z_i)), whose gradient w_i / (1 + exp(-z_i)) is known apart from any differentiation
z = [[mpf(0.5), mpf(-1), mpf(2)], [mpf(-0.25), mpf(0.75), mpf(0)]]
w = [[mpf(1), mpf(-2), mpf(0.5)], [mpf(3), mpf(0.25), mpf(-1)]]
stand = [[mpf(0)] * 3, [mpf(1), mpf(0.5), mpf(-0.5)]]
slopes = [[wi / (1 + exp(-zi)) for wi, zi in zip(wm, zm)] for wm, zm in zip(w, z)]
cases.append(case("first order", {}, embeddings=table(z), weights=table(w), replacements=table(stand), gradients=table(slopes),
                  gains=tensor([2], [sum(s * (r - x) for s, r, x in zip(sm, rm, zm)) for sm, rm, zm in zip(slopes, stand, z)])))

target = pathlib.Path(__file__).with_suffix(".json")
content = {"source": "mpmath " + mpmath.__version__ + ", 50 digits", "cases": cases}
target.write_text(json.dumps(content, separators=(",", ":")) + "\n")
print(target.name, target.stat().st_size, "bytes")
