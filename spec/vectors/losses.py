"""Golden vectors of the losses: torch.nn.functional. "predictionGradient" is the gradient of the loss
with respect to logits or prediction."""
import torch
import torch.nn.functional as F

from golden import case, draw, leaf, write


def finish(name, numbers, loss, prediction, **tensors):
    loss.backward()
    return case(
        name, numbers, loss=loss, prediction=prediction, predictionGradient=prediction.grad, **tensors
    )


def labels(scale):
    logits = leaf(5, 4, scale=scale)
    y = torch.tensor([0, 3, 1, 1, 2])
    return finish("labels", {"scale": scale}, F.cross_entropy(logits, y), logits, labels=y)


def weighted():
    logits = leaf(5, 3, scale=2.0)
    y = torch.tensor([0, 2, 1, 1, 2])
    w = torch.tensor([1.0, 0.0, 2.5, 0.25, 4.0])
    loss = (F.cross_entropy(logits, y, reduction="none") * w).sum() / w.sum()
    return finish("weighted", {}, loss, logits, labels=y, weights=w)


def distribution():
    logits = leaf(4, 3, scale=2.0)
    p = torch.tensor([[0.25, 0.5, 0.25], [1.0, 0.0, 0.0], [0.0, 0.125, 0.875], [0.5, 0.5, 0.0]])
    return finish("distribution", {}, F.cross_entropy(logits, p), logits, target=p)


def squared():
    x, y = leaf(4, 3), draw(4, 3)
    return finish("meanSquaredError", {}, F.mse_loss(x, y), x, target=y)


def squared_rows():
    x, y = leaf(4, 3), draw(4, 3)
    mask = torch.tensor([1.0, 0.0, 1.0, 1.0])
    kept = mask > 0
    return finish("meanSquaredErrorRows", {}, F.mse_loss(x[kept], y[kept]), x, target=y, mask=mask)


def huber(delta):
    x, y = leaf(4, 3, scale=2.0), draw(4, 3)
    return finish("huber", {"delta": delta}, F.huber_loss(x, y, delta=delta), x, target=y)


def binary(scale):
    x = leaf(4, 3, scale=scale)
    y = torch.tensor([[0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [0.25, 0.5, 1.0], [1.0, 0.75, 0.0]])
    loss = F.binary_cross_entropy_with_logits(x, y)
    return finish("binaryCrossEntropy", {"scale": scale}, loss, x, target=y)


write(
    __file__,
    [
        labels(1.0),
        labels(32.0),
        weighted(),
        distribution(),
        squared(),
        squared_rows(),
        huber(1.0),
        huber(0.25),
        binary(1.0),
        binary(16.0),
    ],
)
