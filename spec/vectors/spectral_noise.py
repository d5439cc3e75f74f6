"""Golden vectors of spectral noise: the covariance within classes, x + a e + b L e' with L the Cholesky factor and the eigenvector form, and the derivatives by a and b."""
from exact import *

random.seed(20260204)


def within(x, labels):
    residual = x.copy()
    for label in set(labels):
        rows = [i for i in range(x.rows) if labels[i] == label]
        for j in range(x.cols):
            mean = mp.fsum(x[i, j] for i in rows) / len(rows)
            for i in rows:
                residual[i, j] -= mean
    return residual.T * residual / max(1, x.rows - len(set(labels)))


def eigenvector_form(covariance):
    """V diag(sqrt l), eigenvalues falling, each vector's component of largest magnitude positive."""
    values, vectors = mp.eigsy(covariance)
    order = sorted(range(len(values)), key=lambda i: -values[i])
    columns = []
    for i in order:
        v = [vectors[k, i] for k in range(covariance.rows)]
        sign = mp.sign(max(v, key=abs))
        columns.append([sign * mp.sqrt(max(values[i], 0)) * c for c in v])
    gaps = [values[order[i]] - values[order[i + 1]] for i in range(len(order) - 1)]
    return mp.matrix(columns).T, values[order[0]] / min(gaps), values[order[0]] / values[order[-1]]


def case(name, x, labels, classes, bits, a, b, seed, singular=False):
    key = Key(seed)
    w = draw(x.rows, x.cols)
    white, draws = normal(key.fold(0), bits, x.rows, x.cols), normal(key.fold(1), bits, x.rows, x.cols)
    covariance = within(x, labels)
    numbers = {"bits": bits, "seed": seed, "classes": classes, "isotropic": a, "spectral": b, "largestDraw": largest(white, draws)}
    tensors = {"x": tensor(x), "labels": tensor(mp.matrix([labels])), "weights": tensor(w), "covariance": tensor(covariance)}
    if not singular:
        form, numbers["separation"], numbers["condition"] = eigenvector_form(covariance)
        numbers.update({k: float(numbers[k]) for k in ("separation", "condition")})
        for kind, factor in (("cholesky", mp.cholesky(covariance)), ("eigen", form)):
            shaped = draws * factor.T
            tensors[kind + "Factor"] = tensor(factor)
            tensors[kind + "Noisy"] = tensor(x + mp.mpf(a) * white + mp.mpf(b) * shaped)
            tensors[kind + "Slopes"] = tensor(mp.matrix([[dot(white, w), dot(shaped, w)]]))
    return {"name": name + str(bits), "numbers": numbers, "tensors": tensors}


cases = []
for bits in (32, 64):
    cases += [
        case("balanced", draw(9, 3), [0, 1, 2] * 3, 3, bits, 0.25, 0.5, 11),
        case("classWithoutRows", draw(8, 2), [0, 3, 3, 0, 3, 3, 3, 0], 4, bits, 0.0, 1.5, 12),
        case("loneRow", draw(7, 2), [0, 0, 1, 2, 2, 2, 0], 3, bits, 0.5, 0.25, 13),
        case("singular", draw(5, 4), [0, 0, 1, 1, 1], 2, bits, 0.25, 0.5, 14, singular=True),
        case("oneRowPerClass", draw(3, 2), [0, 1, 2], 3, bits, 0.25, 0.5, 15, singular=True),
    ]
write(__file__, cases)
