"""Golden vectors of SgdMomentum: torch.optim.SGD."""
import torch

from golden import write
from optimizers import run


def one(name, momentum, nesterov):
    numbers = {"momentum": momentum, "nesterov": 1 if nesterov else 0}
    return run(name, numbers, lambda g: torch.optim.SGD(g, lr=1.0, momentum=momentum, nesterov=nesterov))


write(__file__, [one("plain", 0.0, False), one("momentum", 0.75, False), one("nesterov", 0.9, True)])
