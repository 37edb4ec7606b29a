#!/usr/bin/env python3
"""Writes docs/accuracy.md: the estimates beside what engines allocate and people measure, a line for each model and engine;
and the lines of all models into the manuals, each where its formulas stand.

    tools/accuracy/page.py --bin target/release/rigplan --check ../shared/check/accuracy --out docs/accuracy.md

`--check` is the script that holds the estimates against the tables of measurements; its readers are used, so that the page
and the script cannot differ.
"""
import argparse
import glob
import importlib.machinery
import importlib.util
import math
import os
import re
import subprocess

INTRODUCTION = """# How right the estimates are

Written by `tools/accuracy/page.py` from tables of what engines allocate and of what people measured; do not edit by hand.
The error is |estimate - measured| / measured. *Exact* is the share of figures that are right to the byte. No figure of the
program is fitted to a row; where a law has constants from measurements, `data/` names them with their source.

Program: {version}.
"""

# What stands between these in a manual is written: the errors of the kinds that the first names.
BEGIN, END = re.compile(r"<!-- errors: ([a-z ]+) -->\n"), "<!-- /errors -->"

# How a manual calls the figures, in each language.
HEADS = {"en": ["measured error", "rows", "exact", "median", "95 % within"], "zh": ["测得的误差", "行数", "精确到字节", "中位数", "95 % 以内"]}
NAMES = {
    "parameters": ("parameters", "参数"),
    "file weights": ("weights of the file", "文件的权重"),
    "device weights": ("weights on the card", "卡上的权重"),
    "host weights": ("weights in RAM", "内存里的权重"),
    "kv cache": ("KV cache", "KV 缓存"),
    "recurrent state": ("recurrent state", "循环状态"),
    "compute buffer": ("compute buffer", "计算缓冲"),
    "host compute": ("compute buffer in RAM", "内存里的计算缓冲"),
    "device total": ("all on the card", "卡上合计"),
    "cpu kv cache": ("CPU only: KV cache", "仅 CPU：KV 缓存"),
    "cpu recurrent state": ("CPU only: recurrent state", "仅 CPU：循环状态"),
    "cpu compute buffer": ("CPU only: compute buffer", "仅 CPU：计算缓冲"),
    "offload host weights": ("several devices: weights in RAM", "几个设备：内存里的权重"),
    "offload host kv cache": ("several devices: KV cache in RAM", "几个设备：内存里的 KV 缓存"),
    "offload device weights": ("several devices: weights on each", "几个设备：每个的权重"),
    "offload device kv cache": ("several devices: KV cache on each", "几个设备：每个的 KV 缓存"),
    "offload device compute": ("several devices: compute buffer of each", "几个设备：每个的计算缓冲"),
    "offload device total": ("several devices: all on each", "几个设备：每个的合计"),
    "vllm weights": ("vLLM: weights", "vLLM：权重"),
    "vllm kv pool": ("vLLM: pool", "vLLM：池"),
    "vllm activations": ("vLLM: activations", "vLLM：激活"),
    "vllm weights, before 0.17": ("vLLM before 0.17: weights", "0.17 以前的 vLLM：权重"),
    "vllm kv pool, before 0.17": ("vLLM before 0.17: pool", "0.17 以前的 vLLM：池"),
    "vllm activations, before 0.17": ("vLLM before 0.17: activations", "0.17 以前的 vLLM：激活"),
    "train weights": ("weights and adapters", "权重和适配器"),
    "train optimizer": ("optimizer states", "优化器状态"),
    "train peak": ("peak of a step", "一步的峰值"),
    "decode speed": ("decode speed", "生成速度"),
    "prefill speed": ("prefill speed", "预填充速度"),
}

KINDS = [
    ("llamacpp", "llama.cpp on one device", "Each row is a plan that llama.cpp itself laid out: weights, KV cache, recurrent "
     "state and compute buffers of the device and the host. The figures of its own accounting, so exactness can be asked for."),
    ("offload", "llama.cpp over several devices and RAM", "The same with layers or experts in RAM and with several cards."),
    ("engines", "vLLM", "Start-up logs that print their budget. Rows before version 0.17 stand apart: those budgeted differently."),
    ("training", "Training", "Peaks of PyTorch's own allocator accounting over one step."),
    ("speed", "Speed", "Tokens a second that people published; *in band* is the share inside the range that the program shows."),
    ("cases", "Reports of people", "Logs and reports from public trackers, each asked as the person ran it. Estimated throughout: "
     "a report seldom says all that matters."),
]


def load(path):
    loader = importlib.machinery.SourceFileLoader("accuracy", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("accuracy", loader))
    loader.exec_module(module)
    return module


def jobs(check, truth, kind, band):
    """(model, request, pairs) of each measured row."""
    if kind in ("llamacpp", "offload"):
        off = kind == "offload"
        table = "llamacpp_offload" if off else "llamacpp"
        for row in check.rows_of(truth, table):
            yield row["model"], check.llama_request(row, off), lambda a, row=row: check.llama_pairs(row, a, off)
    elif kind == "training":
        for row in check.rows_of(truth, "training"):
            yield row["model"], check.training_request(row), lambda a, row=row: check.training_pairs(row, a)
    elif kind == "engines":
        for row in check.engine_rows(truth):
            yield row["catalogue_id"], check.engine_request(row), lambda a, row=row: check.engine_pairs(row, a)
    elif kind == "speed":
        for row in check.rows_of(truth, "speed"):
            yield row["model"], check.speed_request(row), lambda a, row=row: check.speed_pairs(row, a, band)
    else:
        for row in check.cases(truth):
            yield row["group"], dict(row["request"]), lambda a, row=row: check.case_pairs(row, a, band)


def error(mine, true):
    if mine is None:
        return 1.0
    return abs(mine - true) / true if true else float(bool(mine))


def spread(errors):
    """Median, 95th percentile and largest of relative errors."""
    errors = sorted(errors)
    at = lambda share: errors[min(len(errors) - 1, math.ceil(share * len(errors)) - 1)]
    return at(0.5), at(0.95), errors[-1]


def percent(share):
    return f"{100 * share:.2f} %" if 0 < share < 0.1 else f"{100 * share:.1f} %"


def table(lines, heads, rows):
    lines += ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    lines.append("")


def section(check, o, kind, title, about, lines):
    band = {}
    work = list(jobs(check, o.truth, kind, band))
    if not work:
        return
    figures, models, unanswered = {}, {}, 0
    for (model, _, pairs), answer in zip(work, check.ask(o.bin, [request for _, request, _ in work])):
        if "error" in answer:
            unanswered += 1
            continue
        for figure, mine, true in pairs(answer):
            if true is None:
                continue
            found = (error(mine, true), mine is not None and round(mine) == round(true))
            figures.setdefault(figure, []).append(found)
            models.setdefault(model, []).append(found)
    lines += [f"## {title}", "", about, ""]
    if unanswered:
        lines += [f"{len(work)} rows, of which {unanswered} ask for what the program does not know.", ""]
    exact = lambda found: percent(sum(right for _, right in found) / len(found))
    rows = []
    for figure, found in figures.items():
        inside = band.get(figure) or band.get(figure.removesuffix(" speed"))
        inside = percent(sum(inside) / len(inside)) if inside else ""
        rows.append([figure, str(len(found)), exact(found), *map(percent, spread([e for e, _ in found])), inside])
    table(lines, ["figure", "rows", "exact", "median", "95 %", "worst", "in band"], rows)
    if kind != "cases":
        o.summary[kind] = [row[:5] for row in rows]
    if kind != "cases":
        rows = [[model, str(len(found)), exact(found), *map(percent, spread([e for e, _ in found]))]
                for model, found in sorted(models.items())]
        lines += ["<details><summary>By model</summary>", ""]
        table(lines, ["model", "figures", "exact", "median", "95 %", "worst"], rows)
        lines += ["</details>", ""]


def summarize(manual, summary):
    """Puts the lines of all models between the marks of a manual."""
    with open(manual, encoding="utf-8") as file:
        text = file.read()
    language = "zh" if manual.endswith(".zh.md") else "en"
    name = lambda figure: NAMES.get(figure, (figure, figure))[list(HEADS).index(language)]
    parts = BEGIN.split(text)
    for place in range(1, len(parts), 2):
        rows = [[name(figure), *rest] for kind in parts[place].split() for figure, *rest in summary.get(kind, [])]
        lines = []
        table(lines, HEADS[language], rows)
        parts[place + 1] = "\n".join(lines) + END + parts[place + 1].split(END)[1]
        parts[place] = f"<!-- errors: {parts[place]} -->\n"
    with open(manual, "w", encoding="utf-8") as file:
        file.write("".join(parts))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--bin", default="target/release/rigplan")
    ap.add_argument("--check", default="../shared/check/accuracy")
    ap.add_argument("--truth")
    ap.add_argument("--out", default="docs/accuracy.md")
    o = ap.parse_args()
    o.summary = {}
    o.truth = o.truth or os.path.join(os.path.dirname(o.check), "..", "truth")
    check = load(o.check)
    version = subprocess.run([o.bin, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    lines = INTRODUCTION.format(version=version).splitlines() + [""]
    for kind, title, about in KINDS:
        section(check, o, kind, title, about, lines)
    with open(o.out, "w", encoding="utf-8") as out:
        out.write("\n".join(lines).rstrip() + "\n")
    for manual in sorted(glob.glob(os.path.join(os.path.dirname(o.out), "manual*.md"))):
        summarize(manual, o.summary)


if __name__ == "__main__":
    main()
