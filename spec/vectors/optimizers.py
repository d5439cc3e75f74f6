"""Shared by adamw.py and sgd.py: runs a PyTorch optimiser over given gradients with a learning rate for
each step, on one decayed and one undecayed parameter, and a change of the decay half-way."""
import torch

from golden import case, draw

STEPS = 6


def run(name, numbers, make):
    w = torch.nn.Parameter(draw(3, 2))
    b = torch.nn.Parameter(draw(2))
    decays = [0.125 if t < STEPS // 2 else 0.5 for t in range(STEPS)]
    rates = [0.0625 * (t + 1) / STEPS for t in range(STEPS)]
    optimizer = make([{"params": [w], "weight_decay": decays[0]}, {"params": [b], "weight_decay": 0.0}])
    gradients_w, gradients_b = draw(STEPS, 3, 2), draw(STEPS, 2)
    gradients_w[1] = 0.0
    start_w, start_b = w.detach().clone(), b.detach().clone()
    after_w, after_b = [], []
    for t in range(STEPS):
        w.grad, b.grad = gradients_w[t].clone(), gradients_b[t].clone()
        optimizer.param_groups[0]["weight_decay"] = decays[t]
        for group in optimizer.param_groups:
            group["lr"] = rates[t]
        optimizer.step()
        after_w.append(w.detach().clone())
        after_b.append(b.detach().clone())
    return case(
        name,
        numbers,
        weight=start_w,
        bias=start_b,
        rates=torch.tensor(rates),
        decays=torch.tensor(decays),
        weightGradients=gradients_w,
        biasGradients=gradients_b,
        weightAfter=torch.stack(after_w),
        biasAfter=torch.stack(after_b),
    )
