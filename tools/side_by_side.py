#!/usr/bin/env python3
"""Asks rigplan and other planners the same questions and prints their answers beside what llama.cpp itself allocated.

    tools/side_by_side.py --bin target/release/rigplan --llmfit llmfit --fitllm fitllm --python venv/bin/python

Each question: a model in Q4_K_M (gpt-oss as it is published), a context of 32,768 tokens, a KV cache of f16. `llmfit` is from PyPI or
crates.io, `fitllm` from npm, `--python` a Python that has `hf-mem`; what is not given is left out. None of them asks a network:
hf-mem's function is given the model's configuration, its command would fetch it.
"""
import argparse
import json
import os
import subprocess

CONTEXT = 32768
GIB = 2**30

# What llama.cpp's own accounting says: bytes of the file's weights and of the KV cache.
MODELS = [
    # rigplan, llmfit, fitllm, quantization, weights, KV cache, config.json
    ("llama-3.1-8b", "meta-llama/Llama-3.1-8B-Instruct", "Llama-3.1-8B-Instruct", "Q4_K_M", 4.575493, 4.0,
     {"hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8, "num_hidden_layers": 32}),
    ("qwen3-30b-a3b", "Qwen/Qwen3-30B-A3B", "Qwen3-30B-A3B", "Q4_K_M", 17.276701, 3.0,
     {"hidden_size": 2048, "num_attention_heads": 32, "num_key_value_heads": 4, "num_hidden_layers": 48, "head_dim": 128}),
    ("gemma-3-27b", "google/gemma-3-27b-it", "gemma-3-27b", "Q4_K_M", 15.404193, 3.109375,
     {"hidden_size": 5376, "num_attention_heads": 32, "num_key_value_heads": 16, "num_hidden_layers": 62, "head_dim": 128,
      "sliding_window": 1024, "sliding_window_pattern": 6}),
    ("gpt-oss-20b", "openai/gpt-oss-20b", "gpt-oss-20b", "MXFP4_MOE", 11.265798, 0.767578,
     {"hidden_size": 2880, "num_attention_heads": 64, "num_key_value_heads": 8, "num_hidden_layers": 24, "head_dim": 64,
      "sliding_window": 128}),
    ("deepseek-v2-lite", "deepseek-ai/DeepSeek-V2-Lite", "DeepSeek-V2-Lite", "Q4_K_M", 9.652189, 0.949219,
     {"hidden_size": 2048, "num_attention_heads": 16, "num_key_value_heads": 16, "num_hidden_layers": 27,
      "kv_lora_rank": 512, "qk_rope_head_dim": 64}),
    ("qwen3.5-9b", "Qwen/Qwen3.5-9B", "Qwen3.5-9B", "Q4_K_M", 5.232302, 1.0,
     {"hidden_size": 4096, "num_attention_heads": 16, "num_key_value_heads": 4, "num_hidden_layers": 32, "head_dim": 256}),
]

HF_MEM = """
import json, sys
from hf_mem.safetensors.kv_cache import compute_safetensors_kv_cache_size as size
print(size(json.loads(sys.argv[1]), "BF16", %d, 1))
""" % CONTEXT


def run(command):
    """Standard output, seconds of processor time and the most memory in MiB of the quickest of three runs; none where it fails.

    Processor time, not what a clock says: it is the same on a machine that does other things besides."""
    best = None
    for _ in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            out = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        took = usage.ru_utime + usage.ru_stime
        if not out or process.returncode not in (0, 1):
            return None
        if best is None or took < best[1]:
            best = (out.decode(), took, usage.ru_maxrss / 1024)
    return best


def rigplan(program, model):
    command = [program, "estimate", "--model", model[0], "--quant", model[3], "--context", str(CONTEXT), "--card", "h100-sxm",
               "--json"]
    return command, lambda answer: (answer["weights_bytes"] / GIB, sum(it["kv_cache_bytes"] for it in answer["devices"]) / GIB)


def llmfit(program, model):
    command = [program, "--memory", "80G", "--json", "plan", model[1], "--context", str(CONTEXT), "--quant", "Q4_K_M"]
    kv = lambda answer: next(it["kv_cache_gb"] for it in answer["kv_alternatives"] if it["kv_quant"] == "fp16")
    return command, lambda answer: (answer["disk_size_gb"] * 1e9 / GIB, kv(answer))


def fitllm(program, model):
    command = [program, model[2], "--gpu", "H100", "--ctx", str(CONTEXT), "--quant", "Q4_K_M", "--json", "--why"]
    return command, lambda answer: (answer["basis"]["memoryGiB"]["weights"], answer["basis"]["memoryGiB"]["kvCache"])


def hf_mem(program, model):
    return [program, "-c", HF_MEM, json.dumps(model[6])], lambda answer: (None, answer / GIB)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--bin", default="target/release/rigplan")
    ap.add_argument("--llmfit")
    ap.add_argument("--fitllm")
    ap.add_argument("--python", help="a Python that has hf-mem")
    o = ap.parse_args()
    tools = [("rigplan", o.bin, rigplan), ("llmfit", o.llmfit, llmfit), ("fitllm", o.fitllm, fitllm), ("hf-mem", o.python, hf_mem)]
    tools = [tool for tool in tools if tool[1]]
    figure = lambda value: "no data" if value is None else f"{value:.2f}"
    spent = {name: [] for name, _, _ in tools}
    print("| weights and KV cache, GiB | llama.cpp itself | " + " | ".join(name for name, _, _ in tools) + " |")
    print("| --- |" + " ---: |" * (len(tools) + 1))
    for model in MODELS:
        cells = [f"{model[4]:.2f} and {model[5]:.2f}"]
        for name, program, ask in tools:
            command, read = ask(program, model)
            found = run(command)
            try:
                weights, kv = read(json.loads(found[0]))
            except (TypeError, KeyError, ValueError, StopIteration):
                cells.append("not answered")
                continue
            spent[name].append(found[1:])
            cells.append(f"{figure(weights)} and {figure(kv)}")
        print(f"| {model[0]}, {model[3]} | " + " | ".join(cells) + " |")
    middle = lambda values: sorted(values)[len(values) // 2] if values else None
    for what, unit, place in (("processor time of an answer, median", "ms", 0), ("memory, most", "MiB", 1)):
        cells = []
        for name, _, _ in tools:
            value = middle([it[0] for it in spent[name]]) if place == 0 else max((it[1] for it in spent[name]), default=None)
            cells.append("" if value is None else f"{value * (1000 if place == 0 else 1):.0f} {unit}")
        print(f"| {what} | | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
