//! Plain facts that the laws need, the same for every engine: what runs, and what of it lies where.

/// What runs: the same for every place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// Sequences that decode at once.
    pub sequences: f64,
    /// Sequences whose caches are read one by one; 1 where all share one pool.
    pub streams: f64,
    /// Tokens cached when decoding starts and when it ends; the speed is the mean between.
    pub decoding: (f64, f64),
    /// Tokens cached before and after the prompt that is timed.
    pub prompt: (f64, f64),
    /// Tokens of the prompt before the first token.
    pub prompt_tokens: f64,
    /// Tokens of a prompt that go through at once.
    pub batch_tokens: f64,
    /// Flash attention.
    pub flash_attention: bool,
    /// Each kernel is launched by itself, without graphs.
    pub launched: bool,
    /// Experts in a layer and how many a token passes through; `None` without a mixture.
    pub experts: Option<(f64, f64)>,
    /// How the weights are stored.
    pub stored: Stored,
    /// Width of the residual stream.
    pub hidden: f64,
    /// How the devices work together.
    pub together: Together,
}

/// How the weights are stored, as far as it decides which kernels run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// In 16 bits and more.
    Plain,
    /// In fewer bits.
    Quantized,
    /// In fewer bits by codebooks, which a processor unpacks slowly (IQ types).
    Codebooks,
}

/// How several devices work together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Together {
    /// One after the other, each on its own layers.
    Layers,
    /// All at once on every layer.
    Tensor,
}

/// What of the model lies in one place. Blocks count as a transformer block each; a mixer or a feed-forward part alone
/// is half a block. Figures of the experts count all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Share {
    /// Blocks whose fixed cost falls here.
    pub blocks: f64,
    /// Those with routed experts.
    pub expert_blocks: f64,
    /// Those that are recurrent.
    pub recurrent_blocks: f64,
    /// Those with latent attention.
    pub latent_blocks: f64,
    /// Bytes read each step, routed experts aside.
    pub dense_bytes: f64,
    /// Bytes of all routed experts.
    pub expert_bytes: f64,
    /// Weights that multiply each token, routed experts and output matrix aside.
    pub dense_weights: f64,
    /// Weights of all routed experts.
    pub expert_weights: f64,
    /// Weights of the output matrix: multiplied for decoded tokens only.
    pub output_weights: f64,
    /// What attention and recurrence read.
    pub cache: CacheReads,
}

/// What one token of one sequence reads of the caches, by how many tokens are cached.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CacheReads {
    /// Bytes a cached token in layers that see all of them.
    pub full_bytes: f64,
    /// Operations a cached token there.
    pub full_operations: f64,
    /// Bytes a cached token in layers with a window.
    pub window_bytes: f64,
    /// Operations a cached token there.
    pub window_operations: f64,
    /// The window, in tokens.
    pub window: f64,
    /// Bytes of recurrent state.
    pub state_bytes: f64,
}

impl CacheReads {
    /// Bytes and operations of one token, the mean over `from` to `to` cached tokens.
    pub fn mean(&self, (from, to): (f64, f64)) -> (f64, f64) {
        let full = f64::midpoint(from, to);
        let window = mean_below(from, to, self.window);
        (
            self.full_bytes * full + self.window_bytes * window,
            self.full_operations * full + self.window_operations * window,
        )
    }
}

/// The mean of `min(x, most)` for x between `from` and `to`.
fn mean_below(from: f64, to: f64, most: f64) -> f64 {
    if to <= from {
        return from.min(most);
    }
    let bend = most.clamp(from, to);
    (f64::midpoint(from, bend) * (bend - from) + most * (to - bend)) / (to - from)
}

impl Run {
    /// Share of the experts that a step of so many tokens touches: `1 - (1 - k/E)^tokens`.
    pub fn experts_touched(&self, tokens: f64) -> f64 {
        self.experts
            .map_or(0.0, |(all, used)| if all > 0.0 { 1.0 - (1.0 - (used / all).min(1.0)).powf(tokens) } else { 0.0 })
    }

    /// Share of the experts' weights that multiply one token.
    pub fn experts_used(&self) -> f64 {
        self.experts.map_or(0.0, |(all, used)| if all > 0.0 { (used / all).min(1.0) } else { 0.0 })
    }
}

impl Share {
    /// Weights that multiply a prompt's token.
    pub fn weights_of_a_token(&self, run: &Run) -> f64 {
        self.dense_weights + self.expert_weights * run.experts_used()
    }

    /// What a device reads where each block is cut and it has this part of all.
    #[must_use]
    pub fn cut(&self, part: f64) -> Self {
        let cache = CacheReads {
            full_bytes: self.cache.full_bytes * part,
            full_operations: self.cache.full_operations * part,
            window_bytes: self.cache.window_bytes * part,
            window_operations: self.cache.window_operations * part,
            state_bytes: self.cache.state_bytes * part,
            ..self.cache
        };
        Self {
            dense_bytes: self.dense_bytes * part,
            expert_bytes: self.expert_bytes * part,
            dense_weights: self.dense_weights * part,
            expert_weights: self.expert_weights * part,
            output_weights: self.output_weights * part,
            cache,
            ..*self
        }
    }

    /// Nothing lies here.
    pub fn is_empty(&self) -> bool {
        self.dense_bytes + self.expert_bytes <= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_caps_what_is_read() {
        assert!((mean_below(0.0, 100.0, 1000.0) - 50.0).abs() < 1e-9, "the window is not reached");
        assert!((mean_below(200.0, 300.0, 100.0) - 100.0).abs() < 1e-9, "the window is full from the start");
        assert!((mean_below(0.0, 200.0, 100.0) - 75.0).abs() < 1e-9, "half of the way");
    }
}
