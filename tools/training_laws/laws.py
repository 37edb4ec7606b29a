"""Traces methods with Llama's layers, solves the linear forms, prunes, and writes or checks rows of the table.

    python laws.py                                          # print the rows of all methods
    python laws.py --task full lora --precision bf16        # of some
    python laws.py --check ../../data/training_laws.txt     # compare them with the table instead
"""

import argparse
import itertools
import warnings
from dataclasses import dataclass
from fractions import Fraction

import on_cpu
from forms import BATCH, NAMES, SEQUENCE, TOY, Form, Forms
from shapes import shapes, state_bytes

warnings.filterwarnings("ignore")

TASKS, PRECISIONS, ATTENTIONS = ("full", "lora", "qlora"), ("bf16", "amp", "fp32"), ("flash", "eager")
KEPT = ("plain", "checkpointed")
# An instant stays where no other comes within this share of the device, at some shape.
TOLERANCE = {"flash": 0.0004, "eager": 0.001}
PHASES = ("fwd", "loss_fwd", "loss_bwd", "bwd_last", "bwd_first", "bwd_embedding")
UNTIL_LOSS = ("fwd", "loss_fwd")
# Instants say nothing of what has no layer's or token's width.
NARROW = ({"tokens"}, {"sequence_length"}, {"sequence_length", "head_dim"}, {"tokens", "sequence_length"}, {"hidden_size"}, set())


@dataclass(frozen=True)
class Instant:
    """What lies there besides what layers keep."""

    kept: tuple
    gradients: tuple
    temporaries: tuple

    @classmethod
    def of(cls, kept, gradients, temporaries):
        wide = lambda form: tuple(sorted((p, c) for p, c in form.items() if set(p) not in NARROW))
        return cls(wide(kept), wide(gradients), wide(temporaries))

    def forms(self):
        return [Form(dict(form)) for form in (self.kept, self.gradients, self.temporaries)]

    def value(self, sizes):
        return sum(form.value(sizes) for form in self.forms())


@dataclass
class Law:
    always: Form
    layer: Form
    # Until the loss is known: autocast's copies are freed then.
    layer_until_loss: Form
    layer_gradients: Form
    instants: dict


def traced(task, precision, attention, kept, layers):
    from torch._subclasses.fake_tensor import FakeTensorMode
    from transformers import LlamaConfig

    from step import trace

    config = LlamaConfig(
        num_hidden_layers=layers,
        hidden_size=TOY["hidden_size"],
        num_attention_heads=TOY["heads"],
        num_key_value_heads=TOY["key_value_heads"],
        head_dim=TOY["head_dim"],
        intermediate_size=TOY["mlp_width"],
        vocab_size=TOY["vocabulary"],
        max_position_embeddings=131072,
        tie_word_embeddings=False,
    )
    names = {f"layer_{layers - 1}": "bwd_last", "layer_0": "bwd_first", "bwd_emb": "bwd_embedding"}
    with FakeTensorMode(allow_non_fake_inputs=True):
        instants = trace(
            config,
            Forms(),
            task=task,
            precision=precision,
            attention=attention,
            checkpointing=kept == "checkpointed",
            sequence=SEQUENCE,
            batch=BATCH,
            rank=TOY["lora_rank"],
        )
    by_phase = {}
    for phase, live in instants:
        by_phase.setdefault(names.get(phase, phase), []).append(live)
    return by_phase


def solve(three, four):
    """The law from the instants at 3 and at 4 layers."""
    layer = four["loss_bwd"][0]["kept"] - three["loss_bwd"][0]["kept"]
    until_loss = four["loss_fwd"][0]["kept"] - three["loss_fwd"][0]["kept"]
    gradients = four["after"][-1]["gradient"] - three["after"][-1]["gradient"]
    always = narrow(three["bwd_last"][0]["kept"] - layer.scaled(3))
    one_layer = len(four["fwd"]) - len(three["fwd"])
    instants = {}
    for phase in PHASES:
        few, many = three.get(phase, []), four.get(phase, [])
        if phase == "fwd":
            # From the last layer on, when all others keep their share.
            few, many = few[-one_layer - 8 :], many[-one_layer - 8 :]
        if len(few) != len(many):
            raise ValueError(f"{phase}: {len(few)} instants at 3 layers, {len(many)} at 4")
        keeping, done = {"bwd_first": (1, 2), "bwd_embedding": (0, 3)}.get(phase, (3, 0))
        each = until_loss if phase in UNTIL_LOSS else layer
        instants[phase] = {
            Instant.of(live["kept"] - each.scaled(keeping), live["gradient"] - gradients.scaled(done), live["temporary"])
            for live in few
        }
    return Law(always, layer, until_loss, gradients, instants)


def narrow(form):
    """What is kept all through the step: tokens, and the tables of positions."""
    kept = ({"tokens"}, {"sequence_length", "head_dim"}, {"tokens", "sequence_length"})
    return Form({product: coefficient for product, coefficient in form.items() if set(product) in kept})


class Heights:
    """How high each instant stands at each shape, and what the device holds at its highest."""

    def __init__(self, law, task):
        all_shapes = list(shapes(task))
        self.count = len(all_shapes)
        self.of = {
            (phase, it): [it.value(sizes) for sizes in all_shapes] for phase, its in law.instants.items() for it in its
        }
        self.device = []
        for index, sizes in enumerate(all_shapes):
            layers = sizes["layers"]
            layer, until_loss = law.layer.value(sizes), law.layer_until_loss.value(sizes)
            gradients = law.layer_gradients.value(sizes)
            highest = 0
            for (phase, _), values in self.of.items():
                each = until_loss if phase in UNTIL_LOSS else layer
                keeping = {"bwd_first": 1, "bwd_embedding": 0}.get(phase, layers)
                done = {"bwd_first": layers - 1, "bwd_embedding": layers}.get(phase, 0)
                highest = max(highest, keeping * each + done * gradients + values[index])
            self.device.append(highest + state_bytes(task, sizes))

    def top(self, phase, instants):
        return [max(self.of[phase, it][index] for it in instants) for index in range(self.count)]


def prune(law, heights, tolerance):
    """Fewest instants that come within `tolerance` of the highest at every shape."""
    chosen = {}
    for phase, instants in law.instants.items():
        chosen[phase] = []
        if not instants:
            # A frozen embedding has no backward pass.
            continue
        tops = heights.top(phase, instants)
        near = {
            it: {
                index
                for index, top in enumerate(tops)
                if top - heights.of[phase, it][index] <= tolerance * heights.device[index]
            }
            for it in instants
        }
        left = set(range(heights.count))
        while left:
            # Most shapes first, then the simplest form.
            best = max(near, key=lambda it: (len(near[it] & left), -sum(len(form) for form in it.forms()), it.kept))
            chosen[phase].append(best)
            left -= near[best]
    return chosen


def shortfall(law, heights, listed):
    """The most by which a phase of the table lies below the trace, as a share of the device."""
    most = 0
    for phase, instants in law.instants.items():
        known = [it for it in instants if (phase, it) in listed]
        if known:
            pairs = zip(heights.top(phase, instants), heights.top(phase, known), heights.device)
            most = max(most, max((top - held) / device for top, held, device in pairs))
    return most


def row(instant, law, whole):
    """An instant as the table writes it, with the names of forms where they make it shorter."""
    kept, gradients, temporaries = instant.forms()
    wide = lambda form: Form({p: c for p, c in form.items() if set(p) not in NARROW})

    def named(form, part, name, sign):
        rest = form - wide(part).scaled(sign)
        if len(rest) + 1 < len(form):
            text = str(rest)
            first = f"-{name}" if sign < 0 else name
            return first if text == "0" else f"{first} - {text[1:]}" if text.startswith("-") else f"{first} + {text}"
        return str(form)

    forms = [
        named(kept, whole, "rebuilt_layer", -1),
        named(gradients, law.layer_gradients, "layer_gradients", 1),
        named(temporaries, whole, "rebuilt_layer", 1),
    ]
    while len(forms) > 1 and forms[-1] == "0":
        forms.pop()
    return " | ".join(forms)


def parse(text, named):
    """A form of the table."""
    form, sign, number = Form(), 1, None
    for word in text.split():
        if word in "+-":
            sign = 1 if word == "+" else -1
        elif number is not None:
            order = {name: index for index, name in enumerate(NAMES)}
            form += {tuple(sorted(word.split("*"), key=lambda name: order.get(name, 99))): number}
            number, sign = None, 1
        elif word.lstrip("-") in named:
            form += Form(named[word.lstrip("-")]).scaled(-sign if word.startswith("-") else sign)
            sign = 1
        elif Fraction(word):
            number = sign * Fraction(word)
    return form


def table_rows(path, head):
    """Rows of the block that begins with `head`, and what its head says is kept all through the step."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    block = text.split(f"\nmethod {head} | ")[1].split("\n\n")[0]
    always, *lines = block.split("\n")
    return always, [line for line in lines if line]


def check(path, method, law, whole):
    """Rows of the table that the trace has as well, the others, and all its instants."""
    always, lines = table_rows(path, " ".join(method))
    same, other, listed = [], [], set()
    wide = lambda form: Form({p: c for p, c in form.items() if p})
    (same if parse(always, {}) == law.always else other).append(f"always | {always}")
    names = {"rebuilt_layer": Form({p: c for p, c in whole.items() if set(p) not in NARROW})}
    names["layer_gradients"] = Form({p: c for p, c in law.layer_gradients.items() if set(p) not in NARROW})
    for line in lines:
        head, *forms = line.split(" | ")
        kind, families = head.split(" ", 1)
        if not {"llama", "*"} & set(families.removeprefix("until_loss ").split(",")):
            continue
        if kind == "keep":
            found = [wide(law.layer), wide(law.layer_gradients)]
            found += [wide(law.layer_until_loss)] if law.layer_until_loss != law.layer else []
            (same if [parse(form, {}) for form in forms] == found else other).append(line)
            continue
        parsed = [parse(form, names) for form in forms] + [Form()] * (3 - len(forms))
        if kind in UNTIL_LOSS and not families.startswith("until_loss"):
            # Written beside what layers keep afterwards: as at three layers.
            parsed[0] -= (law.layer_until_loss - law.layer).scaled(3)
        instant = Instant.of(*parsed)
        listed.update((phase, instant) for phase in (("bwd_last", "bwd_first") if kind == "bwd" else (kind,)))
        phases = ("bwd_last", "bwd_first") if kind == "bwd" else (kind,)
        seen = [phase for phase in phases if instant in law.instants[phase]]
        (same if len(seen) == len(phases) else other).append(line)
    return same, other, listed


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", metavar="TABLE", help="compare with the rows of a table instead of printing them")
    for name, values in (("task", TASKS), ("precision", PRECISIONS), ("attention", ATTENTIONS)):
        arguments.add_argument(f"--{name}", nargs="+", choices=values, default=values)
    asked = arguments.parse_args()
    on_cpu.patch()
    for task, precision, attention in itertools.product(asked.task, asked.precision, asked.attention):
        whole = None
        for kept in KEPT:
            method = (task, precision, attention, kept)
            law = solve(traced(*method, layers=3), traced(*method, layers=4))
            whole = whole or law.layer
            heights = Heights(law, task)
            if asked.check:
                report(asked.check, method, law, heights, whole)
            else:
                write(method, law, prune(law, heights, TOLERANCE[attention]), whole)


def report(path, method, law, heights, whole):
    same, other, listed = check(path, method, law, whole)
    below = 100 * shortfall(law, heights, listed)
    print(f"{' '.join(method)}: {len(same)} of {len(same) + len(other)} rows, phases at most {below:.3f} % low", flush=True)
    for line in other:
        print(f"  not traced: {line}")


def write(method, law, chosen, whole):
    print(f"method {' '.join(method)} | {law.always}")
    keep = [law.layer, law.layer_gradients] + ([law.layer_until_loss] if law.layer_until_loss != law.layer else [])
    print("keep llama | " + " | ".join(str(form.without_scalars()) for form in keep))
    either = [it for it in chosen["bwd_last"] if it in law.instants["bwd_first"]]
    until_loss = "until_loss " if law.layer_until_loss != law.layer else ""
    for phase in PHASES:
        for instant in chosen[phase]:
            if phase == "bwd_first" and instant in either:
                continue
            name = "bwd" if phase == "bwd_last" and instant in either else phase
            print(f"{name} {until_loss if phase in UNTIL_LOSS else ''}llama | {row(instant, law, whole)}")
    print(flush=True)


if __name__ == "__main__":
    main()
