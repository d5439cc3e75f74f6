"""Golden vectors of the collapse loss on the stable rank: value and gradient, with the weight, the anchor's target and its scale held fixed, as the definition has it."""
from exact import *


def rank(z):
    values, _ = leading(z)
    return mp.fsum(values) / values[0] if values[0] > 0 else mp.mpf(1)


def reference(decay, ranks):
    average = mp.mpf(0)
    for r in ranks:
        average = mp.mpf(decay) * average + (1 - mp.mpf(decay)) * mp.mpf(r)
    return average / (1 - mp.mpf(decay) ** len(ranks))


def case(name, z, bits, severity, ranks, weight=1.0, exponent=1.0, anchor=0.0, epsilon=1e-3, decay=0.875, seed=7):
    s, lam, kappa, eta, eps = (mp.mpf(v) for v in (severity, weight, exponent, anchor, epsilon))
    ref = reference(decay, ranks)
    target = 1 + (1 - s) * (ref - 1)
    unit = max(ref - 1, eps)
    centred = z - means(z)
    constant = largest(centred) == 0
    scale = mp.sqrt(dot(centred, centred) / (z.rows * z.cols))
    pulled = means(z) + scale * normal(Key(seed), bits, z.rows, z.cols)

    def excess(x):
        return max(mp.mpf(0), rank(x) - target) / unit

    held = lam * excess(z) ** kappa if excess(z) > 0 or kappa > 0 else lam

    def loss(x):
        if constant:
            return held * excess(z)
        distance = x - pulled
        return held * excess(x) + s * eta / (2 * z.rows * z.cols * scale**2) * dot(distance, distance)

    values, _ = leading(z)
    values.append(mp.mpf(0))
    numbers = {
        "bits": bits, "severity": severity, "decay": decay, "weight": weight, "exponent": exponent, "anchor": anchor, "epsilon": epsilon, "seed": seed,
        "reference": float(ref), "rank": float(rank(z)), "excess": float(excess(z)), "value": float(loss(z)), "held": float(held),
        "condition": float(values[0] / (values[0] - values[1])) if not constant else 1.0,
        "pull": 0.0 if constant else largest(zipped(lambda a, b: (abs(a) + abs(b)) / scale, z, pulled)),
        "scale": float(scale),
    }  # fmt: skip
    g = mp.zeros(z.rows, z.cols) if constant else gradient(loss, z)
    rank_gradient = mp.zeros(z.rows, z.cols) if constant else gradient(rank, z)
    numbers["steepest"] = largest(rank_gradient)
    tensors = {"z": tensor(z), "ranks": tensor(mp.matrix([ranks])), "gradient": tensor(g)}
    return {"name": name + str(bits), "numbers": numbers, "tensors": tensors}


def all_of(bits):
    random.seed(20260202)
    tall, wide = draw(7, 3), draw(4, 6)
    equal = mp.matrix([[0.1, -3, 0.75]] * 4)
    return [
        case("spectral", tall, bits, 0.75, [2, 2.25, 1.75]),
        case("unweighted", tall, bits, 1.0, [2.5], exponent=0.0, weight=0.5),
        case("power", wide, bits, 0.5, [1.5, 1.25], exponent=2.5, weight=3.0),
        case("both", tall, bits, 0.75, [1.5, 2], anchor=0.5, weight=2.0),
        case("anchorAlone", wide, bits, 1.0, [2], anchor=0.25, weight=0.0),
        case("severityZeroAboveReference", wide, bits, 0.0, [1.25], anchor=0.5),
        case("belowTarget", tall, bits, 0.0, [3], anchor=0.5),
        case("belowTargetAnchor", tall, bits, 0.125, [3], anchor=0.5),
        case("referenceOne", tall, bits, 0.5, [1], epsilon=0.125),
        case("zeroVariance", equal, bits, 1.0, [2], anchor=1.0),
    ]


write(__file__, all_of(32) + all_of(64))
