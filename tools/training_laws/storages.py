"""Counts every storage that PyTorch's dispatcher sees, from its creation to its release."""

import math
import weakref

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class StorageTracker(TorchDispatchMode):
    """Bytes that live on the device, by category, with an instant after each operator.

    Categories: `static` (weights, buffers, optimizer states), `kept` (made in the forward pass), `temporary` (made in the
    backward pass), `gradient` (became a parameter's `.grad`). A storage counts once, however many tensors view it.
    """

    def __init__(self, measure, device="cpu"):
        """`measure(storage, category)` gives what one storage adds: bytes, or a linear form."""
        super().__init__()
        self.measure, self.device = measure, device
        self.category, self.phase = "static", "before"
        self.live = {category: measure.nothing() for category in ("static", "kept", "temporary", "gradient")}
        self.entries = {}
        self.instants = []

    def add(self, tensor, category=None):
        """Counts a tensor's storage, or moves it to another category."""
        if not isinstance(tensor, torch.Tensor) or tensor.device.type != self.device:
            return
        storage = tensor.untyped_storage()
        entry = self.entries.get(id(storage))
        if entry is not None and entry["storage"]() is storage:
            if category and category != entry["category"]:
                self.live[entry["category"]] -= entry["size"]
                self.live[category] += entry["size"]
                entry["category"] = category
            return
        entry = {"category": category or self.category, "size": self.measure(storage, category or self.category)}
        key = id(storage)

        def released(_):
            self.live[entry["category"]] -= entry["size"]
            if self.entries.get(key) is entry:
                del self.entries[key]

        entry["storage"] = weakref.ref(storage, released)
        self.entries[key] = entry
        self.live[entry["category"]] += entry["size"]

    def note(self):
        """Keeps what lives now as an instant of the present phase."""
        self.instants.append((self.phase, {name: self.measure.copy(size) for name, size in self.live.items()}))

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(out):
            self.add(leaf)
        self.note()
        return out


class Bytes:
    """Bytes of a storage as CUDA's caching allocator rounds them."""

    ROUND = 512

    def nothing(self):
        return 0

    def copy(self, size):
        return size

    def __call__(self, storage, category):
        return math.ceil(storage.nbytes() / self.ROUND) * self.ROUND
