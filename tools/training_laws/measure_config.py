"""Measures whole steps of a model from its `config.json` alone: rows of `tests/fixtures/training_traces.csv`.

    python measure_config.py ../../tests/fixtures/traced/*.json >> ../../tests/fixtures/training_traces.csv

A configuration should be as wide as the model and have few layers: what lies there is counted on tensors without data, so width
costs nothing. Bytes besides weights and optimizer states at the highest instant, storages rounded up to 512 bytes, and
the phase of that instant.
"""

import argparse
import itertools
import json
import pathlib
import warnings

import on_cpu

warnings.filterwarnings("ignore")

METHODS = (("full", "bf16"), ("lora", "bf16"), ("qlora", "amp"))
SEQUENCE, RANK = 4096, 16


def configuration(path):
    """The configuration that Transformers makes of a file."""
    from transformers import AutoConfig

    fields = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    return AutoConfig.for_model(fields.pop("model_type"), **fields)


def measure(path, task, precision, checkpointing):
    """The most that lies on the device besides weights and states, and when."""
    from torch._subclasses.fake_tensor import FakeTensorMode

    from step import trace
    from storages import Bytes

    with FakeTensorMode(allow_non_fake_inputs=True):
        instants = trace(
            configuration(path),
            Bytes(),
            task=task,
            precision=precision,
            attention="flash",
            checkpointing=checkpointing,
            sequence=SEQUENCE,
            batch=1,
            rank=RANK,
        )
    return max((sum(live.values()) - live["static"], phase) for phase, live in instants)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("configs", nargs="+", metavar="CONFIG")
    asked = arguments.parse_args()
    on_cpu.patch()
    for path, (task, precision), checkpointing in itertools.product(asked.configs, METHODS, (False, True)):
        peak, phase = measure(path, task, precision, checkpointing)
        print(pathlib.Path(path).stem, task, precision, str(checkpointing).lower(), peak, phase, sep=",", flush=True)


if __name__ == "__main__":
    main()
