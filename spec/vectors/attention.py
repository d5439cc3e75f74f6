"""Golden vectors of MultiHeadSelfAttention: torch.nn.MultiheadAttention with a key padding mask.

Weights are written in the layout of spec/layers.md, the transpose of PyTorch's. Outputs at invalid
steps are set to zero. The gradients are those of sum(output * cotangent) over valid steps.
"""
import torch

from golden import case, draw, leaf, write


def one(name, rows, steps, columns, heads, mask):
    attention = torch.nn.MultiheadAttention(columns, heads, batch_first=True)
    for p in attention.parameters():
        p.data = draw(*p.shape, scale=0.5)
    x = leaf(rows, steps, columns)
    out, _ = attention(x, x, x, key_padding_mask=~mask)
    valid = mask[:, :, None]
    cotangent = draw(rows, steps, columns) * valid
    (out * cotangent).sum().backward()
    wg = attention.in_proj_weight.grad.chunk(3)
    bg = attention.in_proj_bias.grad.chunk(3)
    w = attention.in_proj_weight.chunk(3)
    b = attention.in_proj_bias.chunk(3)
    tensors = {}
    for i, role in enumerate(("query", "key", "value")):
        tensors[role + "Weight"] = w[i].T
        tensors[role + "Bias"] = b[i]
        tensors[role + "WeightGradient"] = wg[i].T
        tensors[role + "BiasGradient"] = bg[i]
    return case(
        name,
        {"columns": columns, "heads": heads},
        x=x,
        mask=mask.double(),
        outputWeight=attention.out_proj.weight.T,
        outputBias=attention.out_proj.bias,
        output=out * valid,
        cotangent=cotangent,
        xGradient=x.grad,
        outputWeightGradient=attention.out_proj.weight.grad.T,
        outputBiasGradient=attention.out_proj.bias.grad,
        **tensors,
    )


gaps = torch.tensor([[1, 1, 1, 1, 1], [0, 1, 0, 1, 1], [0, 0, 1, 0, 0]]) > 0
write(
    __file__,
    [
        one("full", 2, 3, 4, 2, torch.ones(2, 3) > 0),
        one("gaps", 3, 5, 6, 3, gaps),
        one("oneHead", 1, 4, 3, 1, torch.tensor([[1, 1, 0, 1]]) > 0),
    ],
)
