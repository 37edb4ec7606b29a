"""Lets the code that runs on a CUDA card run on fake CPU tensors, operator by operator the same.

A CUDA build of PyTorch without a card cannot run autograd on fake `cuda` tensors, so the fake device is `cpu`; where PyTorch
or a library would take another way on a CPU, CUDA's is named here.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

DEVICE = "cpu"


def _attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
    """The flash kernel, which a card from Ampere on takes where there is no mask."""
    if attn_mask is not None:
        raise NotImplementedError("padding masks are not traced")
    if torch.is_autocast_enabled(DEVICE):
        query, key, value = (it.to(torch.get_autocast_dtype(DEVICE)) for it in (query, key, value))
    kernel = torch.ops.aten._scaled_dot_product_flash_attention
    # Values that are narrower than keys are padded, as `integrations/flash_attention.py` does.
    narrow, wide = value.shape[-1], query.shape[-1]
    if narrow < wide:
        value = F.pad(value, (0, wide - narrow))
    return kernel(query, key, value, dropout_p, is_causal, False, scale=scale)[0][..., :narrow]


def _apply(self, fn, recurse=True):
    """`Module._apply` without swapping tensors in place, which fake ones do not allow."""
    for child in self.children():
        child._apply(fn)
    for name, parameter in self._parameters.items():
        if parameter is not None:
            changed = fn(parameter.data)
            if changed is not parameter.data:
                self._parameters[name] = nn.Parameter(changed, parameter.requires_grad)
    for name, buffer in self._buffers.items():
        if buffer is not None:
            self._buffers[name] = fn(buffer)
    return self


def patch():
    """Patches PyTorch and Transformers; call it once, before a model is built."""
    import bitsandbytes
    import transformers.masking_utils

    # Worked out with real numbers, which fake tensors have not.
    bitsandbytes.functional.name2qmap.setdefault("dynamic", bitsandbytes.functional.create_dynamic_map())
    F.scaled_dot_product_attention = torch.nn.functional.scaled_dot_product_attention = _attention
    enabled = torch.is_autocast_enabled
    torch.is_autocast_enabled = lambda device=None: enabled(device or DEVICE)
    nn.Module._apply = _apply
    # Whether a batch is packed cannot be asked of fake tensors: one sequence a row, so no mask.
    transformers.masking_utils.find_packed_sequence_indices = lambda positions: None
