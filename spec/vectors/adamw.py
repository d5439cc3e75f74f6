"""Golden vectors of AdamW: torch.optim.AdamW."""
import torch

from golden import write
from optimizers import run


def one(name, beta1, beta2, epsilon):
    numbers = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon}
    return run(name, numbers, lambda g: torch.optim.AdamW(g, lr=1.0, betas=(beta1, beta2), eps=epsilon))


write(__file__, [one("usual", 0.9, 0.999, 1e-8), one("short", 0.5, 0.75, 1e-3), one("none", 0.0, 0.0, 0.5)])
