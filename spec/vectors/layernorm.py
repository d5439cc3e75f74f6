"""Golden vectors of LayerNorm: torch.nn.functional.layer_norm. Gradients of sum(output * cotangent)."""
import torch

from golden import case, draw, leaf, write


def one(name, shape, epsilon, scale=1.0, shift=0.0):
    columns = shape[-1]
    x = (draw(*shape, scale=scale) + shift).requires_grad_(True)
    gain, bias = leaf(columns), leaf(columns)
    y = torch.nn.functional.layer_norm(x, (columns,), gain, bias, epsilon)
    cotangent = draw(*shape)
    (y * cotangent).sum().backward()
    return case(
        name,
        {"columns": columns, "epsilon": epsilon},
        x=x,
        gain=gain,
        bias=bias,
        output=y,
        cotangent=cotangent,
        xGradient=x.grad,
        gainGradient=gain.grad,
        biasGradient=bias.grad,
    )


write(
    __file__,
    [
        one("rows", (4, 7), 1e-5),
        one("sequence", (2, 3, 5), 1e-3, scale=4.0),
        one("oneColumn", (3, 1), 1e-5),
        one("shifted", (3, 8), 1e-5, shift=16.0),
    ],
)
