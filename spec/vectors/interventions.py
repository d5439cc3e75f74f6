"""Golden vectors of the interventions on embeddings: results at severities 0, 0.5 and 1, gradients at 0.5 of the sum of the result times fixed weights.

Means, deviations, the leading pair and the draws are held fixed in the gradients, as the definitions have it. The leading direction has no sign of its own: "direction" is the one
used, "mirrored" results belong to its negative.
"""
from exact import *

random.seed(20260203)
SEVERITIES = {"Untouched": mp.mpf(0), "Half": mp.mpf(0.5), "Gone": mp.mpf(1)}


def case(name, z, bits, seed):
    key = Key(seed)
    w, fixed = draw(z.rows, z.cols), draw(1, z.cols)
    mean = means(z)
    centred = z - mean
    variance = means(zipped(lambda x: x * x, centred))
    noise = zipped(lambda m, v, g: m + mp.sqrt(v) * g, mean, variance, normal(key, bits, z.rows, z.cols))
    values, v = leading(z)
    values.append(mp.mpf(0))
    along = mp.sqrt(values[0]) * normal(key, bits, z.rows, 1) * v.T
    cycle = shuffled(key, z.rows)
    source = {cycle[i]: cycle[(i + 1) % z.rows] for i in range(z.rows)}

    def replaced(replacement):
        return lambda x, s, c: (1 - s) * x + s * replacement(x, c)

    def shrunk(sign):
        return lambda x, s, c: mean + mp.sqrt(1 - s) * (x - mean) + sign * mp.sqrt(s) * along

    effects = {
        "omission": replaced(lambda x, c: 0 * x),
        "gaussian": replaced(lambda x, c: noise),
        "shuffle": replaced(lambda x, c: mp.matrix([[x[source[i], j] for j in range(x.cols)] for i in range(x.rows)])),
        "constant": replaced(lambda x, c: mp.matrix([[c[0, j] for j in range(x.cols)] for _ in range(x.rows)])),
        "shrink": shrunk(1),
        "mirrored": shrunk(-1),
    }
    half = mp.mpf(0.5)
    numbers = {"bits": bits, "seed": seed, "condition": float(values[0] / (values[0] - values[1]))}
    tensors = {"z": tensor(z), "weights": tensor(w), "fixed": tensor(fixed), "direction": tensor(v.T)}
    for effect, f in effects.items():
        for severity, s in SEVERITIES.items():
            tensors[effect + severity] = tensor(f(z, s, fixed))
        tensors[effect + "Gradient"] = tensor(gradient(lambda x: dot(f(x, half, fixed), w), z))
        slope = (dot(f(z, half + STEP, fixed), w) - dot(f(z, half - STEP, fixed), w)) / (2 * STEP)
        tensors[effect + "Slope"] = tensor(mp.matrix([[slope]]))
    tensors["constantGradientFixed"] = tensor(gradient(lambda c: dot(effects["constant"](z, half, c), w), fixed))
    return {"name": name + str(bits), "numbers": numbers, "tensors": tensors}


cases = []
for bits in (32, 64):
    cases += [case("tall", draw(7, 3), bits, 3), case("wide", draw(4, 6), bits, 4), case("twoRows", draw(2, 3), bits, 5)]
write(__file__, cases)
