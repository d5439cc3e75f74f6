"""Golden vectors of the poolings and of GatedFusion, written out in PyTorch for one row at a time with
the valid entries alone. Gradients of sum(output * cotangent)."""
import torch

from golden import case, draw, leaf, write


def mean(x, mask):
    rows = [x[b, mask[b]].mean(0) if mask[b].any() else torch.zeros(x.shape[2]) for b in range(len(x))]
    return torch.stack(rows)


def last(x, mask):
    rows = [x[b, mask[b]][-1] if mask[b].any() else torch.zeros(x.shape[2]) for b in range(len(x))]
    return torch.stack(rows)


def plain(name, function, mask):
    x = leaf(*mask.shape, 3)
    y = function(x, mask)
    cotangent = draw(*y.shape)
    (y * cotangent).sum().backward()
    return case(
        name, {}, x=x, mask=mask.double(), output=y, cotangent=cotangent, xGradient=x.grad
    )


def attention(mask, columns, hidden):
    x = leaf(*mask.shape, columns)
    w, b, u = leaf(columns, hidden), leaf(hidden), leaf(hidden, 1)
    rows = []
    for i in range(len(x)):
        if not mask[i].any():
            rows.append(torch.zeros(columns))
            continue
        v = x[i, mask[i]]
        a = torch.softmax((torch.tanh(v @ w + b) @ u)[:, 0], 0)
        rows.append((a[:, None] * v).sum(0))
    y = torch.stack(rows)
    cotangent = draw(*y.shape)
    (y * cotangent).sum().backward()
    return case(
        "attention",
        {"columns": columns, "hidden": hidden},
        x=x,
        mask=mask.double(),
        hiddenWeight=w,
        hiddenBias=b,
        context=u,
        output=y,
        cotangent=cotangent,
        xGradient=x.grad,
        hiddenWeightGradient=w.grad,
        hiddenBiasGradient=b.grad,
        contextGradient=u.grad,
    )


def gated(presence, width):
    rows, modalities = presence.shape
    z = leaf(modalities, rows, width)
    w, b = leaf(modalities, width), leaf(modalities)
    out = []
    for i in range(rows):
        have = presence[i]
        if not have.any():
            out.append(torch.zeros(width))
            continue
        s = (z[have, i] * w[have]).sum(1) + b[have]
        out.append((torch.softmax(s, 0)[:, None] * z[have, i]).sum(0))
    y = torch.stack(out)
    cotangent = draw(*y.shape)
    (y * cotangent).sum().backward()
    return case(
        "gated",
        {"width": width, "modalities": modalities},
        embeddings=z,
        presence=presence.double(),
        weights=w,
        biases=b,
        output=y,
        cotangent=cotangent,
        embeddingsGradient=z.grad,
        weightsGradient=w.grad,
        biasesGradient=b.grad,
    )


gaps = torch.tensor([[1, 1, 1, 1], [0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0]]) > 0
presence = torch.tensor([[1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0], [1, 0, 1]]) > 0
write(
    __file__,
    [
        plain("mean", mean, gaps),
        plain("last", last, gaps),
        attention(gaps, 3, 5),
        gated(presence, 4),
    ],
)
