"""Golden vectors of Gru: torch.nn.GRU run on the valid steps of each sequence alone.

Weights are written in the layout of spec/layers.md, [columns, 3 width], the transpose of PyTorch's.
The gradients are those of sum(states * cotangent) over valid steps + sum(last * lastCotangent).
"""
import torch

from golden import case, draw, leaf, write


def one(name, rows, steps, columns, width, mask):
    gru = torch.nn.GRU(columns, width, batch_first=True)
    for p in gru.parameters():
        p.data = draw(*p.shape, scale=0.5)
    x = leaf(rows, steps, columns)
    states = torch.zeros(rows, steps, width)
    last = torch.zeros(rows, width)
    cotangent, last_cotangent = draw(rows, steps, width), draw(rows, width)
    loss = torch.zeros(())
    for b in range(rows):
        valid = mask[b].nonzero().flatten()
        if len(valid) == 0:
            continue
        out, _ = gru(x[b : b + 1, valid])
        states[b, valid] = out[0].detach()
        last[b] = out[0, -1].detach()
        loss = loss + (out[0] * cotangent[b, valid]).sum() + (out[0, -1] * last_cotangent[b]).sum()
    loss.backward()
    w, v, bias, d = gru.weight_ih_l0, gru.weight_hh_l0, gru.bias_ih_l0, gru.bias_hh_l0
    return case(
        name,
        {"columns": columns, "width": width},
        x=x,
        mask=mask.double(),
        inputWeight=w.T,
        inputBias=bias,
        stateWeight=v.T,
        stateBias=d,
        states=states,
        last=last,
        cotangent=cotangent * mask[:, :, None],
        lastCotangent=last_cotangent,
        xGradient=x.grad,
        inputWeightGradient=w.grad.T,
        inputBiasGradient=bias.grad,
        stateWeightGradient=v.grad.T,
        stateBiasGradient=d.grad,
    )


padded = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]]) > 0
gaps = torch.tensor([[0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 1, 1], [1, 1, 1, 1]]) > 0
write(
    __file__,
    [
        one("full", 2, 4, 3, 5, torch.ones(2, 4) > 0),
        one("padded", 3, 5, 2, 3, padded),
        one("gaps", 4, 4, 3, 2, gaps),
        one("single", 1, 1, 1, 1, torch.ones(1, 1) > 0),
    ],
)
