"""Measures whole steps of further architectures: writes `tests/fixtures/training_steps.csv`.

    python measure_steps.py > ../../tests/fixtures/training_steps.csv

A row for a new model is a line in `MODELS`: the catalog's id, the class of its configuration, its sizes, and what else the class
must be told. Bytes besides weights and optimizer states at the highest instant, storages rounded up to 512 bytes.
"""

import itertools
import warnings

import on_cpu

warnings.filterwarnings("ignore")

HEADER = """\
# Bytes besides weights and optimizer states at the highest instant of a training step, by tools/training_laws/measure_steps.py:
# torch 2.15.0, transformers 5.23.0, peft 0.21.2, bitsandbytes 0.50.2; four layers, one sequence of 4,096 tokens, flash attention,
# adapters of rank 16 on all linear layers, output matrix of its own.
model,task,precision,checkpointing,hidden_size,heads,key_value_heads,head_dim,mlp_width,vocabulary,peak_bytes"""

NO_DROPOUT = {"residual_dropout": 0, "attention_dropout": 0}
GRANITE = {"embedding_multiplier": 12.0, "logits_scaling": 8.0, "residual_multiplier": 0.22, "attention_multiplier": 0.015}
LFM2 = {"block_auto_adjust_ff_dim": False, "layer_types": ["conv", "conv", "full_attention", "conv"]}
# Catalog's id, configuration, hidden size, heads, key and value heads, head size, MLP, vocabulary, what else.
MODELS = (
    ("olmo-2-7b", "Olmo2Config", (2048, 16, 16, 128, 8192, 100352), {}),
    ("granite-3.3-8b", "GraniteConfig", (2048, 32, 8, 64, 8192, 49152), GRANITE),
    ("smollm3-3b", "SmolLM3Config", (2048, 16, 4, 128, 11008, 128256), {"pad_token_id": None}),
    ("starcoder2-3b", "Starcoder2Config", (3072, 24, 2, 128, 12288, 49152), {**NO_DROPOUT, "embedding_dropout": 0}),
    ("gemma-2b", "GemmaConfig", (2048, 8, 1, 256, 16384, 256000), {"head_dim": 256}),
    ("seed-oss-36b", "SeedOssConfig", (2048, 32, 8, 64, 8192, 155136), {**NO_DROPOUT, "head_dim": 64}),
    ("lfm2.5-1.2b", "Lfm2Config", (2048, 32, 8, 64, 8192, 65536), LFM2),
)
METHODS = (("full", "bf16"), ("lora", "bf16"), ("qlora", "amp"))


def measure(name, sizes, more, task, precision, checkpointing):
    import transformers
    from torch._subclasses.fake_tensor import FakeTensorMode

    from step import trace
    from storages import Bytes

    hidden, heads, key_value_heads, _, mlp, vocabulary = sizes
    config = getattr(transformers, name)(
        num_hidden_layers=4,
        hidden_size=hidden,
        num_attention_heads=heads,
        num_key_value_heads=key_value_heads,
        intermediate_size=mlp,
        vocab_size=vocabulary,
        tie_word_embeddings=False,
        **more,
    )
    with FakeTensorMode(allow_non_fake_inputs=True):
        instants = trace(
            config,
            Bytes(),
            task=task,
            precision=precision,
            attention="flash",
            checkpointing=checkpointing,
            sequence=4096,
            batch=1,
            rank=16,
        )
    return max(sum(live.values()) - live["static"] for _, live in instants)


def main():
    on_cpu.patch()
    from transformers.models.lfm2.modeling_lfm2 import Lfm2Model

    # The tracer calls the norm behind the layers as most models do.
    Lfm2Model.norm = property(lambda model: model.embedding_norm)
    print(HEADER)
    for (model, name, sizes, more), (task, precision), checkpointing in itertools.product(MODELS, METHODS, (False, True)):
        peak = measure(name, sizes, more, task, precision, checkpointing)
        print(model, task, precision, str(checkpointing).lower(), *sizes, peak, sep=",", flush=True)


if __name__ == "__main__":
    main()
