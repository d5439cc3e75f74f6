"""Golden vectors by arithmetic of 120 digits: tensors, embeddings' spectra, differences, and the random draws of a key.

Draws follow spec/kernels-random.md: Philox4x32-10, uniforms, Box and Muller, here with exact logarithm, sine and cosine. float32 and float64 draw from different bits, hence a
case belongs to one type.
"""
import json
import pathlib
import random
import struct

import mpmath as mp

mp.mp.dps = 120
STEP = mp.mpf(10) ** -25
WORD = 0xFFFFFFFF


def write(script, cases):
    target = pathlib.Path(script).with_suffix(".json")
    source = "mpmath " + mp.__version__ + ", 120 digits"
    target.write_text(json.dumps({"source": source, "cases": cases}, separators=(",", ":")) + "\n")
    print(target.name, target.stat().st_size, "bytes")


def tensor(m):
    return {"shape": [m.rows, m.cols], "values": [float(m[i, j]) for i in range(m.rows) for j in range(m.cols)]}


def draw(rows, columns, scale=1.0):
    """Draws with few digits, which float32 holds exactly."""
    return mp.matrix([[round(random.gauss(0, scale) * 256) / 256 for _ in range(columns)] for _ in range(rows)])


def zipped(f, *matrices):
    first = matrices[0]
    return mp.matrix([[f(*(m[i, j] for m in matrices)) for j in range(first.cols)] for i in range(first.rows)])


def total(m):
    return mp.fsum(m[i, j] for i in range(m.rows) for j in range(m.cols))


def dot(a, b):
    return total(zipped(lambda x, y: x * y, a, b))


def means(z):
    """Column means, repeated for every row."""
    row = [mp.fsum(z[i, j] for i in range(z.rows)) / z.rows for j in range(z.cols)]
    return mp.matrix([row for _ in range(z.rows)])


def gradient(f, z):
    """Central differences of f, whose step's square lies far below float64."""
    g = mp.zeros(z.rows, z.cols)
    for i in range(z.rows):
        for j in range(z.cols):
            up, down = z.copy(), z.copy()
            up[i, j] += STEP
            down[i, j] -= STEP
            g[i, j] = (f(up) - f(down)) / (2 * STEP)
    return g


def leading(z):
    """Eigenvalues of the covariance, largest first, and the unit vector of the first."""
    a = z - means(z)
    values, vectors = mp.eigsy(a.T * a / (z.rows - 1))
    order = sorted(range(z.cols), key=lambda i: -values[i])
    return [max(mp.mpf(0), values[i]) for i in order], vectors[:, order[0]]


def largest(*matrices):
    return float(max(abs(m[i, j]) for m in matrices for i in range(m.rows) for j in range(m.cols)))


def philox(low, high, key):
    c = [low & WORD, low >> 32, high & WORD, high >> 32]
    k = [key & WORD, key >> 32]
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [p1 >> 32 ^ c[1] ^ k[0], p1 & WORD, p0 >> 32 ^ c[3] ^ k[1], p0 & WORD]
        k = [k[0] + 0x9E3779B9 & WORD, k[1] + 0xBB67AE85 & WORD]
    return c


assert philox(0, 0, 0) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
assert philox(0x85A308D3243F6A88, 0x0370734413198A2E, 0x299F31D0A4093822) == [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]


class Key:
    def __init__(self, seed, stream=0):
        self.seed, self.stream = seed, stream

    def fold(self, data):
        w = philox(data, self.stream ^ 1 << 63, self.seed)
        return Key(w[0] | w[1] << 32, (w[2] | w[3] << 32) & ~(1 << 63))

    def block(self, i):
        return philox(i, self.stream, self.seed)


def pair(u1, u2):
    r = mp.sqrt(-2 * mp.log(u1))
    return [r * mp.cos(2 * mp.pi * u2), r * mp.sin(2 * mp.pi * u2)]


def normal(key, bits, rows, columns):
    """What Ops.normal draws, as numbers of the type."""
    values = []
    for i in range((rows * columns + 1) // 2):
        w = key.block(i)
        if bits == 32:
            for a, b in ((w[0], w[1]), (w[2], w[3])):
                values += pair((a + mp.mpf(0.5)) / 2**32, mp.mpf(b) / 2**32)
        else:
            u1 = ((w[0] >> 6 << 26 | w[1] >> 6) + mp.mpf(0.5)) / 2**52
            values += pair(u1, mp.mpf(w[2] >> 5 << 26 | w[3] >> 6) / 2**53)
    rounded = [struct.unpack("f", struct.pack("f", v))[0] if bits == 32 else float(v) for v in values]
    return mp.matrix([rounded[i * columns : (i + 1) * columns] for i in range(rows)])


def shuffled(key, count):
    """Fisher and Yates with Lemire's bounded integers, as RandomStream.shuffle."""
    words = (w for i in range(1 << 20) for w in key.block(i))
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        bound = i + 1
        product = next(words) * bound
        while product & WORD < (2**32 - bound) % bound:
            product = next(words) * bound
        j = product >> 32
        order[i], order[j] = order[j], order[i]
    return order
