"""One training step of a Transformers model, its phases named as the table names them."""

import contextlib
import gc

import torch
import torch.nn as nn

from losses import loss_of
from on_cpu import DEVICE
from storages import StorageTracker

BF16, FP32 = torch.bfloat16, torch.float32


def build(config, task, precision, attention, rank):
    """The model of a configuration, as `task` and `precision` have it."""
    from transformers import AutoModelForCausalLM

    config._attn_implementation = attention
    config.use_cache = False
    # Adapters leave 16-bit weights as they are, autocast or not; what is quantized was in 16 bits before.
    wide = precision == "fp32" and task != "qlora" or precision == "amp" and task == "full"
    dtype = FP32 if wide else BF16
    default = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with torch.device(DEVICE):
            model = AutoModelForCausalLM.from_config(config, attn_implementation=attention, dtype=dtype)
    finally:
        torch.set_default_dtype(default)
    if task == "full":
        return model
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training

    if task == "qlora":
        quantize(model, FP32 if precision == "fp32" else BF16)
        if precision != "bf16":
            model.is_loaded_in_4bit = True
            model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    lora = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear", task_type="CAUSAL_LM")
    with torch.device(DEVICE):
        model = get_peft_model(model, lora, autocast_adapter_dtype=precision != "bf16")
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.to(BF16 if precision == "bf16" else FP32)
    return model


def quantize(model, runs_in):
    """bitsandbytes' nf4 with double quantization for every linear layer but the output matrix."""
    import bitsandbytes as bnb

    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if not isinstance(child, nn.Linear) or name == "lm_head":
                continue
            codes, state = bnb.functional.quantize_4bit(
                child.weight.data, blocksize=64, compress_statistics=True, quant_type="nf4"
            )
            # A fake tensor cannot be `Params4bit`: a frozen parameter that carries the same state stands in.
            weight = nn.Parameter(codes, requires_grad=False)
            weight.quant_state, weight.compress_statistics, weight.quant_type = state, True, "nf4"
            weight.bnb_quantized, weight.quant_storage = True, torch.uint8
            linear = bnb.nn.Linear4bit.__new__(bnb.nn.Linear4bit)
            nn.Linear.__init__(linear, 1, 1, bias=False)
            linear.in_features, linear.out_features = child.in_features, child.out_features
            linear.weight, linear.quant_state, linear.bias = weight, state, child.bias
            linear.compute_dtype, linear.compute_type_is_set, linear.quant_storage = runs_in, True, torch.uint8
            linear.support_avx512bf16_for_cpu = False
            setattr(module, name, linear)


def static_tensors(model, optimizer):
    """Everything that is there before the step: weights and their scales, buffers, optimizer states."""
    yield from (parameter.data for parameter in model.parameters())
    yield from model.buffers()
    for module in model.modules():
        state = getattr(module, "quant_state", None)
        if state is not None:
            second = state.state2
            yield from (state.absmax, state.code, state.offset, second.absmax, second.code)
    for state in optimizer.state.values():
        yield from (value for value in state.values() if isinstance(value, torch.Tensor))


def trace(config, measure, *, task, precision, attention, checkpointing, sequence, batch, rank=8, loss="standard"):
    """Instants of the second step, as (phase, {category: size}).

    Phases: fwd, loss_fwd, loss_bwd (to the last norm), layer_N (backward of layer N, from the moment its output's gradient is there), bwd_emb.
    """
    model = build(config, task, precision, "sdpa" if attention == "flash" else attention, rank)
    model.train()
    if checkpointing:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        if task != "full":
            model.enable_input_require_grads()
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4, fused=True)
    for parameter in trained:
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    gc.collect()

    tracker = StorageTracker(measure, DEVICE)
    for tensor in static_tensors(model, optimizer):
        tracker.add(tensor, "static")
    tracker.category = "kept"
    ids = torch.zeros(batch, sequence, dtype=torch.long, device=DEVICE)
    labels = torch.zeros(batch, sequence, dtype=torch.long, device=DEVICE)
    tracker.add(ids)
    tracker.add(labels)

    def enter(phase):
        tracker.phase = phase

    def graded(parameter):
        tracker.add(parameter.grad, "gradient")
        tracker.note()

    for parameter in trained:
        parameter.register_post_accumulate_grad_hook(graded)
    base = model.get_base_model() if task != "full" else model
    layers = base.model.layers

    def begins_backward(phase):
        """A hook on a module: `phase` begins once the gradient of what enters the module is there."""

        def hook(module, arguments, keywords):
            hidden = arguments[0] if arguments else keywords["hidden_states"]
            if hidden.requires_grad:
                hidden.register_hook(lambda gradient: enter(phase))

        return hook

    # What enters layer N left layer N - 1, whose turn then comes; what enters the last norm left the last layer.
    for index, module in enumerate((*layers, base.model.norm)):
        phase = f"layer_{index - 1}" if index else "bwd_emb"
        module.register_forward_pre_hook(begins_backward(phase), with_kwargs=True)

    autocast = torch.autocast(DEVICE, dtype=BF16) if precision == "amp" else contextlib.nullcontext()
    with tracker:
        enter("fwd")
        with autocast:
            outputs, value = loss_of(loss, model, base, ids, labels, lambda: enter("loss_fwd"))
        enter("loss_bwd")
        tracker.category = "temporary"
        tracker.note()
        value.backward()
        enter("after")
        del outputs, value
        tracker.note()
    return tracker.instants
