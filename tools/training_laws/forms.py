"""Linear forms: what a storage's size is in terms of the model's dimensions.

Toy dimensions are products of primes that no two of them share (but for powers of two, and widths that are heads times their
size), so that a number of bytes says which dimensions it is a product of.
"""

import math
from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement

# Names as the table has them, in the order in which it writes them.
NAMES = (
    "tokens",
    "loss_chunk",
    "sequence_length",
    "hidden_size",
    "query_width",
    "key_width",
    "head_dim",
    "heads",
    "key_value_heads",
    "mlp_width",
    "vocabulary",
    "lora_rank",
)

BATCH, SEQUENCE, HEADS, KEY_VALUE_HEADS, HEAD_DIM = 7, 8 * 101, 11 * 5, 5, 2 * 17
TOY = {
    "tokens": BATCH * SEQUENCE,
    "sequence_length": SEQUENCE,
    "hidden_size": HEADS * 19 * 64,
    "query_width": HEADS * HEAD_DIM,
    "key_width": KEY_VALUE_HEADS * HEAD_DIM,
    "head_dim": HEAD_DIM,
    "heads": HEADS,
    "key_value_heads": KEY_VALUE_HEADS,
    "mlp_width": 1009 * 8,
    "vocabulary": 1_000_003,
    "lora_rank": 23,
}


def loss_chunk(loss, sizes, batch):
    """Tokens whose logits are calculated at a time."""
    tokens = sizes["tokens"]
    if loss == "chunked":
        return batch * math.ceil(sizes["sequence_length"] / 8)
    wider = math.ceil(sizes["vocabulary"] / sizes["hidden_size"])
    return min(tokens, 1 << (math.ceil(tokens / wider) - 1).bit_length())


class Form(Counter):
    """Bytes as a sum of coefficient × product; a product is a tuple of names in the order of `NAMES`."""

    def __iadd__(self, other):
        for product, coefficient in other.items():
            self[product] += coefficient
            if not self[product]:
                del self[product]
        return self

    def __isub__(self, other):
        return self.__iadd__({product: -coefficient for product, coefficient in other.items()})

    def __sub__(self, other):
        result = Form(self)
        result -= other
        return result

    def scaled(self, factor):
        return Form({product: coefficient * factor for product, coefficient in self.items()})

    def without_scalars(self):
        return Form({product: coefficient for product, coefficient in self.items() if product})

    def value(self, sizes):
        return sum(float(coefficient) * math.prod(sizes[name] for name in product) for product, coefficient in self.items())

    def __str__(self):
        """As the table writes it."""
        order = {name: index for index, name in enumerate(NAMES)}
        words = []
        for product, coefficient in sorted(self.items(), key=lambda item: [order[name] for name in item[0]]):
            sign = "-" if coefficient < 0 else "+"
            number = abs(coefficient)
            number = number if number.denominator > 1 else int(number)
            words.append(f"{sign} {number} {'*'.join(product)}".rstrip())
        joined = " ".join(words) or "0"
        return joined.removeprefix("+ ").replace("- ", "-", 1) if joined.startswith("- ") else joined.removeprefix("+ ")


class Forms:
    """Reads the linear form of each storage at the toy dimensions."""

    def __init__(self, sizes=TOY, batch=BATCH, loss="standard"):
        sizes = dict(sizes)
        self.aliases = {8 * batch * (sizes["sequence_length"] + 1): 8 * sizes["tokens"]}
        ignored = set()
        if loss != "standard":
            sizes["loss_chunk"] = loss_chunk(loss, sizes, batch)
            # The last chunk may be shorter: never the highest.
            rest = sizes["tokens"] % sizes["loss_chunk"]
            if loss == "fused" and rest:
                ignored.add("rest")
                sizes["rest"] = rest
        self.known, self.products = {}, {}
        names = [*(name for name in NAMES if name in sizes), *ignored]
        for length in (1, 2, 3):
            for product in combinations_with_replacement(names, length):
                if len(set(product)) == length:
                    self.products.setdefault(math.prod(sizes[name] for name in product), product)
        self.ignored = ignored

    def nothing(self):
        return Form()

    def copy(self, form):
        return Form(form)

    def __call__(self, storage, category):
        size = storage.nbytes()
        if category == "static":
            return Form()
        if size not in self.known:
            self.known[size] = self.read(self.aliases.get(size, size))
        return self.known[size]

    def read(self, size):
        """The product that goes into `size` with the simplest coefficient."""
        if size < 1024:
            return Form({(): size}) if size else Form()
        found = []
        for value, product in self.products.items():
            coefficient = Fraction(size, value)
            if coefficient.denominator <= 64 and coefficient.numerator <= 64:
                found.append((coefficient.denominator, coefficient.numerator, len(product), product))
        if not found:
            raise ValueError(f"a storage of {size} bytes is no product of known dimensions")
        denominator, numerator, _, product = min(found)
        return Form() if self.ignored & set(product) else Form({product: Fraction(numerator, denominator)})
