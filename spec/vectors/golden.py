"""Form of the golden vectors: {"source", "cases": [{"name", "numbers", "tensors"}]}, float64 values with all their digits."""
import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(20260101)


def tensor(t):
    return {"shape": list(t.shape), "values": t.detach().contiguous().flatten().tolist()}


def case(name, numbers, **tensors):
    return {"name": name, "numbers": numbers, "tensors": {k: tensor(v) for k, v in tensors.items()}}


def draw(*shape, scale=1.0):
    """Draws with few digits, so that float32 holds them exactly and the files stay small."""
    return torch.round(torch.randn(*shape) * scale * 1024) / 1024


def leaf(*shape, scale=1.0):
    return draw(*shape, scale=scale).requires_grad_(True)


def write(script, cases):
    target = pathlib.Path(script).with_suffix(".json")
    content = {"source": "PyTorch " + torch.__version__ + ", float64", "cases": cases}
    target.write_text(json.dumps(content, separators=(",", ":")) + "\n")
    print(target.name, target.stat().st_size, "bytes")
