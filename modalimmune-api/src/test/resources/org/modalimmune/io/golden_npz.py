"""Makes golden.npz.base64: python3 golden_npz.py > golden.npz.base64 (NumPy 2)."""

import base64
import io

import numpy as np

buffer = io.BytesIO()
np.savez_compressed(
    buffer,
    fortran=np.asfortranarray(np.arange(6, dtype=">f4").reshape(2, 3)),
    text=np.array(["a", "zw\u00f6lf", ""]),
    flags=np.array([True, False]),
    big=np.array([2**63 + 2**11 + 1], dtype="u8"),
    byte=np.array([b"xy", b"z"]),
    cube=np.asfortranarray(np.arange(24, dtype="<i2").reshape(2, 3, 4)),
    scalar=np.float64(2.5),
    objects=np.array([{}], dtype=object),
    complex=np.array([1j]),
)
print(base64.encodebytes(buffer.getvalue()).decode(), end="")
