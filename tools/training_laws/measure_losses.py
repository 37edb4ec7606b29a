"""Measures what Liger's and torchtune's losses take: writes `tests/fixtures/training_losses.csv`.

    python measure_losses.py > ../../tests/fixtures/training_losses.csv

Llama at sizes that are no two alike; bytes besides weights and optimizer states, storages rounded up to 512 bytes, the highest
instant of the loss' forward and of its backward pass.
"""

import itertools
import warnings

import on_cpu

warnings.filterwarnings("ignore")

HEADER = """\
# Bytes besides weights and optimizer states while the loss is calculated and differentiated, by tools/training_laws/measure_losses.py:
# torch 2.15.0, transformers 5.23.0, peft 0.21.2, bitsandbytes 0.50.2; LigerForCausalLMLoss of liger-kernel 0.8.5 as on a card of
# compute capability 8.0 on, CEWithChunkedOutputLoss of torchtune 0.6.1 (8 chunks, compile: False). Llama's layers, flash attention.
loss,task,precision,checkpointing,layers,hidden_size,heads,key_value_heads,head_dim,mlp_width,vocabulary,sequence,batch,loss_bytes,loss_backward_bytes"""

# layers, hidden size, heads, key and value heads, head size, MLP, vocabulary, tokens of a sequence, sequences
TOYS = (
    (3, 1536, 12, 4, 128, 4480, 32000, 2048, 1),
    (4, 2048, 32, 8, 64, 5632, 128256, 1024, 3),
    (3, 3072, 24, 8, 128, 8192, 256000, 4096, 2),
    (4, 2560, 20, 5, 128, 6912, 50304, 1000, 1),
)
LLAMA_8B = (32, 4096, 32, 8, 128, 14336, 128256, 8192, 1)
METHODS = tuple(itertools.product(("full", "lora", "qlora"), ("bf16", "amp", "fp32")))


def measure(loss, task, precision, checkpointing, sizes):
    from torch._subclasses.fake_tensor import FakeTensorMode
    from transformers import LlamaConfig

    from step import trace
    from storages import Bytes

    layers, hidden, heads, key_value_heads, head_dim, mlp, vocabulary, sequence, batch = sizes
    config = LlamaConfig(
        num_hidden_layers=layers,
        hidden_size=hidden,
        num_attention_heads=heads,
        num_key_value_heads=key_value_heads,
        head_dim=head_dim,
        intermediate_size=mlp,
        vocab_size=vocabulary,
        max_position_embeddings=131072,
        tie_word_embeddings=False,
    )
    with FakeTensorMode(allow_non_fake_inputs=True):
        instants = trace(
            config,
            Bytes(),
            task=task,
            precision=precision,
            attention="flash",
            checkpointing=checkpointing,
            sequence=sequence,
            batch=batch,
            rank=16,
            loss=loss,
        )
    highest = lambda phase: max(sum(live.values()) - live["static"] for name, live in instants if name == phase)
    return highest("loss_fwd"), highest("loss_bwd")


def main():
    on_cpu.patch()
    from losses import liger

    # Outside fake tensors: what it asks for when it is first read is none of the step's.
    liger()
    print(HEADER)
    cases = [(loss, task, precision, toy) for loss in ("fused", "chunked") for task, precision in METHODS for toy in TOYS]
    cases += [(loss, "full", "bf16", LLAMA_8B) for loss in ("fused", "chunked")]
    cases += [(loss, "qlora", "amp", LLAMA_8B) for loss in ("fused", "chunked")]
    for index, (loss, task, precision, sizes) in enumerate(cases):
        checkpointing = index % 2 == 0 or sizes is LLAMA_8B
        figures = measure(loss, task, precision, checkpointing, sizes)
        print(loss, task, precision, str(checkpointing).lower(), *sizes, *figures, sep=",", flush=True)


if __name__ == "__main__":
    main()
