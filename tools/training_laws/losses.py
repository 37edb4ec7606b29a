"""How logits and loss are calculated: Transformers' own loss, Liger's fused one, torchtune's chunked one."""

import importlib
import inspect

import torch


def loss_of(kind, model, base, ids, labels, begin):
    """What the trainer keeps until after the backward pass, and the loss; `begin()` is called when the loss' turn
    comes: once all logits are there, or with the first chunk of them."""
    if kind == "standard":
        hook = base.lm_head.register_forward_hook(lambda *_: begin())
        outputs = model(input_ids=ids, labels=labels)
        hook.remove()
        return outputs, outputs.loss
    return None, {"fused": fused, "chunked": chunked}[kind](base, ids, labels, begin)


def fused(base, ids, labels, begin):
    """As `liger_kernel.transformers.model.llama.lce_forward`."""
    hidden = base.model(input_ids=ids).last_hidden_state
    begin()
    loss = liger()(hidden, base.lm_head.weight, labels, hidden.shape[-1])
    return loss


def chunked(base, ids, labels, begin):
    """As torchtune's `TransformerDecoder.chunked_output` and `_loss_step` of its recipes, `compile: False`."""
    loss = torchtune()(num_output_chunks=8)
    hidden = base.model(input_ids=ids).last_hidden_state
    begin()
    logits = [base.lm_head(chunk) for chunk in hidden.chunk(loss.num_output_chunks, dim=1)]
    del hidden
    ignored = torch.full((labels.shape[0], 1), loss.ignore_index, device=labels.device)
    value = loss(logits, torch.hstack((labels[..., 1:], ignored)))
    del logits
    return value


def torchtune():
    """The class alone: the package itself asks for versions of libraries that the laws were not traced with."""
    import importlib.util
    import pathlib

    spec = importlib.util.find_spec("torchtune")
    path = pathlib.Path(spec.submodule_search_locations[0], "modules/loss/ce_chunked_output_loss.py")
    spec = importlib.util.spec_from_file_location("ce_chunked_output_loss", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CEWithChunkedOutputLoss


class _Launch:
    """A Triton kernel that is launched and writes in place: no memory of its own."""

    def __getitem__(self, grid):
        return lambda *arguments, **keywords: None


_LIGER = None


def liger():
    """Liger's loss with its kernels' launches left out, taking the way it takes on a CUDA card.

    The source is the package's own; replaced are the questions for a CUDA device, and the two that need a tensor's value.
    """
    global _LIGER
    if _LIGER is not None:
        return _LIGER
    ops = importlib.import_module("liger_kernel.ops.fused_linear_cross_entropy")
    source = inspect.getsource(ops)
    for old, new in (
        ('device.type != "cuda"', 'device.type != "cpu"'),
        ('device.type == "cuda"', 'device.type == "cpu"'),
        ("torch.cuda.get_device_capability(grad_weight.device)[0] >= 8", "True"),
        ('torch.get_autocast_dtype("cuda")', 'torch.get_autocast_dtype("cpu")'),
        ("target_mask.sum().item()", "target_mask.sum().numel()"),
        ("torch.equal(grad_output, torch.tensor(1.0, device=grad_output.device))", "True"),
    ):
        if old not in source:
            raise RuntimeError(f"this version of liger-kernel does not ask `{old}`: read what it does")
        source = source.replace(old, new)
    exec(compile(source, ops.__file__, "exec"), ops.__dict__)
    ops.liger_cross_entropy_kernel = ops.element_mul_kernel = _Launch()
    functional = importlib.import_module("liger_kernel.transformers.functional")
    functional.LigerFusedLinearCrossEntropyFunction = ops.LigerFusedLinearCrossEntropyFunction
    _LIGER = importlib.import_module("liger_kernel.transformers.model.loss_utils").LigerForCausalLMLoss
    return _LIGER
