"""Shapes over which instants compete: models from 0.5 B to 405 B, 256 to 262,144 tokens, ranks 8 to 256."""

# Layers, hidden size, heads, key and value heads, head size, MLP, vocabulary.
MODELS = (
    (24, 896, 14, 2, 64, 4864, 151936),
    (16, 2048, 32, 8, 64, 8192, 128256),
    (28, 3072, 24, 8, 128, 8192, 128256),
    (32, 4096, 32, 32, 128, 11008, 32000),
    (32, 4096, 32, 8, 128, 14336, 128256),
    (40, 5120, 40, 40, 128, 13824, 32000),
    (64, 5120, 40, 8, 128, 27648, 152064),
    (80, 8192, 64, 8, 128, 28672, 128256),
    (126, 16384, 128, 8, 128, 53248, 128256),
)
TOKENS = (256, 1024, 4096, 16384, 65536, 262144)
RANKS = (8, 64, 256)


def shapes(task):
    for layers, hidden, heads, key_value_heads, head_dim, mlp, vocabulary in MODELS:
        for tokens in TOKENS:
            for rank in RANKS if task != "full" else RANKS[:1]:
                yield {
                    "layers": layers,
                    "tokens": tokens,
                    "sequence_length": tokens,
                    "hidden_size": hidden,
                    "query_width": heads * head_dim,
                    "key_width": key_value_heads * head_dim,
                    "head_dim": head_dim,
                    "heads": heads,
                    "key_value_heads": key_value_heads,
                    "mlp_width": mlp,
                    "vocabulary": vocabulary,
                    "lora_rank": rank,
                }


def state_bytes(task, sizes):
    """Weights and AdamW's states in 16 bits; close enough to say what share of a device an instant is."""
    hidden, layers = sizes["hidden_size"], sizes["layers"]
    widths = (hidden, sizes["query_width"], sizes["key_width"], sizes["mlp_width"])
    _, query, key, mlp = widths
    layer = 2 * hidden * (query + key) + 3 * hidden * mlp
    weights = layers * layer + 2 * hidden * sizes["vocabulary"]
    if task == "full":
        return 6 * weights
    adapters = sizes["lora_rank"] * (7 * hidden + 2 * query + 2 * key + 3 * mlp)
    return (2 if task == "lora" else 0.52) * weights + 6 * layers * adapters
