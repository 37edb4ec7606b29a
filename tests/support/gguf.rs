//! Writes the start of GGUF files, for tests that read them.

/// The start of a GGUF file: keys and tensors, no data.
#[derive(Clone)]
pub(crate) struct Gguf {
    keys: Vec<Vec<u8>>,
    tensors: Vec<Vec<u8>>,
}

fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()
}

impl Gguf {
    /// Of this architecture.
    pub(crate) fn new(architecture: &str) -> Self {
        Self { keys: Vec::new(), tensors: Vec::new() }.text("general.architecture", architecture)
    }

    /// With a text.
    pub(crate) fn text(mut self, key: &str, value: &str) -> Self {
        self.keys.push([text(key), 8_u32.to_le_bytes().to_vec(), text(value)].concat());
        self
    }

    /// With a whole number; a later one of the same key wins.
    pub(crate) fn number(mut self, key: &str, value: u64) -> Self {
        self.keys.push([text(key), 10_u32.to_le_bytes().to_vec(), value.to_le_bytes().to_vec()].concat());
        self
    }

    /// With a list of whole numbers.
    #[allow(dead_code, reason = "one of the test binaries uses it")]
    pub(crate) fn numbers(mut self, key: &str, values: &[u64]) -> Self {
        let head = [9_u32.to_le_bytes(), 10_u32.to_le_bytes()].concat();
        let length = (values.len() as u64).to_le_bytes();
        let values: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.keys.push([text(key), head, length.to_vec(), values].concat());
        self
    }

    /// With a list of texts, as vocabularies are.
    pub(crate) fn texts(mut self, key: &str, values: &[&str]) -> Self {
        let head = [9_u32.to_le_bytes(), 8_u32.to_le_bytes()].concat();
        let values: Vec<u8> = values.iter().flat_map(|value| text(value)).collect();
        let length = (values.len() as u64 / 9).to_le_bytes();
        self.keys.push([text(key), head, length.to_vec(), values].concat());
        self
    }

    /// With a tensor.
    pub(crate) fn tensor(mut self, name: &str, ne: &[u64], kind: u32) -> Self {
        let mut bytes = text(name);
        bytes.extend(u32::try_from(ne.len()).expect("few sides").to_le_bytes());
        bytes.extend(ne.iter().flat_map(|side| side.to_le_bytes()));
        bytes.extend(kind.to_le_bytes());
        bytes.extend(0_u64.to_le_bytes());
        self.tensors.push(bytes);
        self
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"GGUF\x03\0\0\0".to_vec();
        bytes.extend((self.tensors.len() as u64).to_le_bytes());
        bytes.extend((self.keys.len() as u64).to_le_bytes());
        bytes.extend(self.keys.concat());
        bytes.extend(self.tensors.concat());
        bytes
    }

    /// Two files: the keys and the first so many tensors in one, the rest in the other.
    pub(crate) fn split(&self, first: usize) -> (Vec<u8>, Vec<u8>) {
        let (one, other) = self.tensors.split_at(first);
        let part =
            |keys: &[Vec<u8>], tensors: &[Vec<u8>]| Self { keys: keys.to_vec(), tensors: tensors.to_vec() }.bytes();
        (part(&self.keys, one), part(&[], other))
    }
}

/// Puts a hole behind the header of a GGUF file, as long as any data; other files stay as they are.
#[allow(dead_code, reason = "not every test binary writes files")]
pub(crate) fn fill(path: &std::path::Path) {
    if path.extension().is_some_and(|it| it == "gguf") {
        let file = std::fs::OpenOptions::new().write(true).open(path).expect("it is there");
        file.set_len(1 << 42).expect("a hole");
    }
}

/// Llama 3.1 8B in `Q4_K_M`: 292 tensors.
pub(crate) fn llama() -> Gguf {
    let (f32, q4, q6) = (0, 12, 14);
    let mut file = Gguf::new("llama")
        .text("general.name", "Test Llama")
        .number("general.file_type", 15)
        .number("llama.block_count", 32)
        .number("llama.context_length", 131_072)
        .number("llama.attention.head_count", 32)
        .number("llama.attention.head_count_kv", 8)
        .number("llama.rope.dimension_count", 128)
        .texts("tokenizer.ggml.tokens", &["a", "b", "c"])
        .tensor("token_embd.weight", &[4096, 128_256], q4)
        .tensor("output.weight", &[4096, 128_256], q6)
        .tensor("output_norm.weight", &[4096], f32)
        .tensor("rope_freqs.weight", &[64], f32);
    for layer in 0..32_u64 {
        let more = if !(4..28).contains(&layer) || (layer - 4) % 3 == 2 { q6 } else { q4 };
        for (name, ne, kind) in [
            ("attn_norm", &[4096][..], f32),
            ("attn_q", &[4096, 4096], q4),
            ("attn_k", &[4096, 1024], q4),
            ("attn_v", &[4096, 1024], more),
            ("attn_output", &[4096, 4096], q4),
            ("ffn_norm", &[4096], f32),
            ("ffn_gate", &[4096, 14_336], q4),
            ("ffn_up", &[4096, 14_336], q4),
            ("ffn_down", &[14_336, 4096], more),
        ] {
            file = file.tensor(&format!("blk.{layer}.{name}.weight"), ne, kind);
        }
    }
    file
}
