//! A stated shape for a model known only by its size.

use super::{Architecture, Confidence, Dtype, Model, ModelFault, ModelFields};

/// Width and depth of modern dense models, smallest first: Qwen3 0.6B, 1.7B, 4B and 8B, between its 14B and 32B, Llama 3
/// 70B and 405B as the catalog has them. Below they are drawn on to keep the MLP in proportion, above because no dense
/// model is larger.
const ANCHORS: [(u64, u64); 14] = [
    (512, 10),
    (512, 14),
    (512, 20),
    (512, 28),
    (768, 20),
    (768, 30),
    (1024, 28),
    (2048, 28),
    (2560, 36),
    (4096, 36),
    (5120, 48),
    (8192, 80),
    (16_384, 126),
    (32_768, 200),
];

const HEAD_DIM: u64 = 128;
const KEY_VALUE_HEADS: u64 = 8;
/// Widths of an MLP are multiples of this, so that every quantization fits its rows.
const MLP_STEP: u64 = 256;

/// A width and depth of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rung {
    hidden: u64,
    layers: u64,
}

impl Rung {
    /// Query heads: hidden / 128 in eights, no fewer than 16, as in Qwen3.
    fn heads(self) -> u64 {
        (self.hidden / HEAD_DIM).next_multiple_of(KEY_VALUE_HEADS).max(16)
    }

    /// `SmolLM`'s vocabulary in the smallest, Llama 3's in the others.
    const fn vocab(self) -> u64 {
        if self.hidden <= 1024 { 49_152 } else { 128_256 }
    }

    /// As in Qwen3 and Llama 3.2: tied below 7 B.
    const fn tied(self) -> bool {
        self.hidden <= 2560
    }

    /// Narrowest MLP before a smaller rung takes over: 2.75 × hidden.
    const fn narrowest(self) -> u64 {
        (self.hidden * 11 / 4).next_multiple_of(MLP_STEP)
    }

    /// All parameters with an MLP of that width: embedding (twice unless tied), norms, four attention projections, gate,
    /// up and down.
    fn parameters(self, intermediate: u64) -> u64 {
        let Self { hidden, layers } = self;
        let embeddings = self.vocab() * hidden * if self.tied() { 1 } else { 2 };
        let attention = hidden * HEAD_DIM * 2 * (self.heads() + KEY_VALUE_HEADS);
        embeddings + hidden + layers * (2 * hidden + attention + 3 * hidden * intermediate)
    }

    /// The widest MLP that stays within `parameters`, no narrower than the narrowest.
    fn widest(self, parameters: u64) -> u64 {
        let spare = parameters.saturating_sub(self.parameters(0)) / (3 * self.hidden * self.layers);
        (spare / MLP_STEP * MLP_STEP).max(self.narrowest())
    }
}

/// The anchors and what lies between them: widths in steps of 256, 512, then 1024, depths on the line.
fn ladder() -> Vec<Rung> {
    let mut rungs = Vec::with_capacity(64);
    for pair in ANCHORS.windows(2) {
        let &[(hidden, layers), (next_hidden, next_layers)] = pair else { continue };
        let mut width = hidden;
        loop {
            let done = (width - hidden) as f64 / (next_hidden - hidden).max(1) as f64;
            let depth = (next_layers as f64 - layers as f64).mul_add(done, layers as f64);
            rungs.push(Rung { hidden: width, layers: whole(depth) });
            width += match width {
                0..2560 => 256,
                2560..8192 => 512,
                _ => 1024,
            };
            if width >= next_hidden {
                break;
            }
        }
    }
    rungs.extend(ANCHORS.last().map(|&(hidden, layers)| Rung { hidden, layers }));
    rungs
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a depth lies between 10 and 200")]
fn whole(depth: f64) -> u64 {
    depth.round() as u64
}

impl Model {
    /// A dense transformer of about that many parameters, in the shape usual today: grouped queries on 8 key and value
    /// heads of 128, gated MLP of about 3 × hidden, width and depth on the line through Qwen3 and Llama 3. Off by 3 % at
    /// most from 0.1 to 3,000 billion; a larger size never gives a smaller model. For models known only by their size:
    /// the shape is assumed, and `confidence` says so.
    ///
    /// # Errors
    /// Where the size is so large that the shape has a figure that no model has.
    pub fn typical(parameters: u64) -> Result<Self, ModelFault> {
        let (rung, intermediate_size) = nearest(parameters);
        let counted = rung.parameters(intermediate_size);
        let billions = parameters as f64 / 1e9;
        let (id, name) = (format!("typical-{billions}b"), format!("{billions}B"));
        let source = "assumed shape: the line through Qwen3 and Llama 3";
        Self::new(ModelFields {
            family: "typical".to_owned(),
            total_parameters: Some(counted),
            active_parameters: Some(counted),
            params_read_per_token: Some(if rung.tied() { counted } else { counted - rung.vocab() * rung.hidden }),
            num_hidden_layers: rung.layers,
            hidden_size: rung.hidden,
            intermediate_size,
            num_attention_heads: rung.heads(),
            num_key_value_heads: KEY_VALUE_HEADS,
            head_dim: HEAD_DIM,
            vocab_size: rung.vocab(),
            tie_word_embeddings: rung.tied(),
            native_dtype: Some(Dtype::Bf16),
            confidence: Confidence::Low,
            ..ModelFields::bare(Architecture::Llama, id, name, source)
        })
    }
}

/// The rung and MLP width whose count lies nearest. A rung's models reach up to the next rung's narrowest.
fn nearest(parameters: u64) -> (Rung, u64) {
    let rungs = ladder();
    let start = |rung: &Rung| rung.parameters(rung.narrowest());
    let next = rungs.partition_point(|rung| start(rung) <= parameters);
    let first = rungs.first().copied().unwrap_or(Rung { hidden: 512, layers: 10 });
    let rung = next.checked_sub(1).and_then(|at| rungs.get(at)).copied().unwrap_or(first);
    let below = (rung, rung.widest(parameters));
    let wider = (rung, below.1 + MLP_STEP);
    let above = match rungs.get(next) {
        Some(next) if rung.parameters(wider.1) >= start(next) => (*next, next.narrowest()),
        _ => wider,
    };
    let distance = |(rung, width): (Rung, u64)| rung.parameters(width).abs_diff(parameters);
    if distance(above) < distance(below) { above } else { below }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rungs_rise() {
        let starts: Vec<_> = ladder().iter().map(|rung| rung.parameters(rung.narrowest())).collect();
        assert!(starts.is_sorted_by(|a, b| a < b), "{starts:?}");
    }

    #[test]
    fn within_three_percent_and_never_smaller_for_more() {
        let mut violations = Vec::new();
        let mut before = 0;
        let mut asked = 1e8;
        while asked < 3e12 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1e8 to 3e12")]
            let model = Model::typical(asked as u64).unwrap();
            let counted = model.total_parameters.unwrap();
            let shape = format!("{asked:.3e}: {counted}, {} x {}", model.hidden_size, model.num_hidden_layers);
            if (counted as f64 / asked - 1.0).abs() > 0.03 {
                violations.push(format!("{shape} is off by more than 3 %"));
            }
            if counted < before {
                violations.push(format!("{shape} is smaller than {before}"));
            }
            let ratio = model.intermediate_size as f64 / model.hidden_size as f64;
            if !(2.5..6.5).contains(&ratio) {
                violations.push(format!("{shape}: MLP {ratio:.2} x hidden"));
            }
            before = counted;
            asked *= 1.003;
        }
        assert!(violations.is_empty(), "{}", violations.join("\n"));
    }
}
