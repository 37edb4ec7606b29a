//! Operations as `PyTorch` runs them: what each puts out, what it saves for backward and in which type, what it needs in passing.

use super::ledger::Of;
use super::tape::Tape;
use super::tensor::{Backward, Tensor};

/// Bytes of a 32-bit number, and of what dropout remembers of an element.
pub(super) const SINGLE: f64 = 4.0;
const MASK: f64 = 1.0;

impl Tape {
    /// `x` in another type; itself where it has that.
    pub(super) fn cast(&self, x: &Tensor, width: f64) -> Tensor {
        if x.width == width { x.clone() } else { self.made((x.elements, width), Backward::Each, &[x], &[]) }
    }

    /// As large as `x` and without a memory of it: times a number, plus a constant, rearranged.
    pub(super) fn scale(&self, x: &Tensor) -> Tensor {
        self.made((x.elements, x.width), Backward::Each, &[x], &[])
    }

    /// Element by element; each is kept where the other wants a gradient.
    pub(super) fn mul(&self, one: &Tensor, other: &Tensor) -> Tensor {
        let backward = if other.elements < one.elements { Backward::Spread } else { Backward::Each };
        let size = (one.elements.max(other.elements), one.width.max(other.width));
        self.made(size, backward, &[one, other], &kept(one, other))
    }

    pub(super) fn add(&self, one: &Tensor, other: &Tensor) -> Tensor {
        let size = (one.elements.max(other.elements), one.width.max(other.width));
        self.made(size, Backward::Pass, &[one, other], &[])
    }

    /// A product of two; each is kept where the other wants a gradient.
    pub(super) fn matmul(&self, one: &Tensor, other: &Tensor, elements: f64) -> Tensor {
        self.made((elements, one.width), Backward::Each, &[one, other], &kept(one, other))
    }

    /// The same, and a bias added.
    pub(super) fn matmul_with(&self, one: &Tensor, other: &Tensor, bias: &Tensor, elements: f64) -> Tensor {
        self.made((elements, one.width), Backward::Each, &[one, other, bias], &kept(one, other))
    }

    /// An activation that keeps its input (`SiLU`, `GELU`).
    pub(super) fn activate(&self, x: &Tensor) -> Tensor {
        self.made((x.elements, x.width), Backward::Each, &[x], &[x])
    }

    /// One that keeps its result (softmax, sigmoid, tanh, root).
    pub(super) fn squash(&self, x: &Tensor) -> Tensor {
        let made = self.scale(x);
        self.save_result(&made);
        made
    }

    /// `tanh(x / c) * c`.
    pub(super) fn capped(&self, x: Tensor) -> Tensor {
        let divided = self.scale(&x);
        drop(x);
        let squashed = self.squash(&divided);
        drop(divided);
        self.scale(&squashed)
    }

    pub(super) fn dropout(&self, x: &Tensor) -> Tensor {
        let mask = self.constant(x.elements, MASK);
        self.made((x.elements, x.width), Backward::Each, &[x], &[&mask])
    }

    /// A norm without a mean, over rows of so many elements (`LlamaRMSNorm`); `None` = without weights.
    pub(super) fn rms_norm(&self, x: &Tensor, row: f64, weight: Option<&Tensor>) -> Tensor {
        let normed = self.normed(x, row);
        let normed = self.cast(&normed, x.width);
        match weight {
            Some(weight) => self.mul(&normed, weight),
            None => normed,
        }
    }

    /// The same with weights that are multiplied in 32 bits (`Olmo2RMSNorm`).
    pub(super) fn rms_norm_wide(&self, x: &Tensor, row: f64, weight: &Tensor) -> Tensor {
        let normed = self.normed(x, row);
        let weighted = self.mul(&normed, weight);
        drop(normed);
        self.cast(&weighted, x.width)
    }

    /// `x` in 32 bits times the inverse root of the mean of its squares.
    fn normed(&self, x: &Tensor, row: f64) -> Tensor {
        let wide = self.cast(x, SINGLE);
        let squared = self.made((wide.elements, SINGLE), Backward::Square, &[&wide], &[&wide]);
        let mean = self.made((x.elements / row, SINGLE), Backward::Each, &[&squared], &[]);
        drop(squared);
        let mean = self.scale(&mean);
        let root = self.squash(&mean);
        drop(mean);
        self.mul(&wide, &root)
    }

    /// `nn.LayerNorm` in one kernel, which keeps its input, and a mean and a deviation of each row.
    pub(super) fn layer_norm(&self, x: &Tensor, row: f64, weight: &Tensor, bias: &Tensor) -> Tensor {
        let statistics = [(); 2].map(|()| self.constant(x.elements / row, SINGLE));
        self.made((x.elements, x.width), Backward::Each, &[x, weight, bias], &[x, &statistics[0], &statistics[1]])
    }

    /// A norm with a mean, step by step in 32 bits (`CohereLayerNorm`).
    pub(super) fn layer_norm_wide(&self, x: &Tensor, row: f64, weight: &Tensor) -> Tensor {
        let wide = self.cast(x, SINGLE);
        let statistic = |of: &Tensor| self.made((x.elements / row, SINGLE), Backward::Each, &[of], &[]);
        let mean = statistic(&wide);
        let centered = self.made((wide.elements, SINGLE), Backward::Spread, &[&wide, &mean], &[]);
        let squared = self.made((wide.elements, SINGLE), Backward::Square, &[&centered], &[&centered]);
        drop(centered);
        let variance = statistic(&squared);
        drop(squared);
        let centered = self.made((wide.elements, SINGLE), Backward::Spread, &[&wide, &mean], &[]);
        let root = self.squash(&self.scale(&variance));
        drop((wide, variance, mean));
        let normed = self.mul(&centered, &root);
        drop((centered, root));
        let weighted = self.mul(&normed, &self.cast(weight, SINGLE));
        drop(normed);
        self.cast(&weighted, x.width)
    }

    /// Positions turned in, `x * cos + rotate_half(x) * sin`; the tables are kept once for all layers.
    pub(super) fn rope(&self, x: &Tensor, tables: &Tensor) -> Tensor {
        let turned = self.made((x.elements, x.width), Backward::Each, &[x], &[tables]);
        let half = x.viewed(x.elements / 2.0);
        let beside = Backward::Beside(Of::Tokens, x.elements * x.width);
        let negated = self.made((half.elements, x.width), beside, &[&half], &[]);
        let rotated = self.made((x.elements, x.width), Backward::Pass, &[&negated.viewed(x.elements)], &[]);
        drop(negated);
        let other = self.made((x.elements, x.width), Backward::Each, &[&rotated], &[tables]);
        drop(rotated);
        self.add(&turned, &other)
    }

    /// Attention in one kernel: keeps queries, keys, values, its result, and a sum for each row and head.
    pub(super) fn flash(&self, [q, k, v]: [&Tensor; 3], sums: f64, values: f64, mask: Option<&Tensor>) -> Tensor {
        let sums = self.constant(sums, SINGLE);
        let saved: Vec<&Tensor> = [q, k, v, &sums].into_iter().chain(mask).collect();
        let out = self.made((values, q.width), Backward::Each, &[q, k, v], &saved);
        self.save_result(&out);
        out
    }

    /// Tensors behind one another; their gradients are parts of its own.
    pub(super) fn joined(&self, parts: &[&Tensor], elements: f64) -> Tensor {
        let width = parts.iter().map(|part| part.width).fold(0.0, f64::max);
        self.made((elements, width), Backward::Expand, parts, &[])
    }

    /// The same, written into a new one part by part; each has a gradient of its own.
    pub(super) fn copied_into(&self, parts: &[&Tensor], elements: f64) -> Tensor {
        let width = parts.iter().map(|part| part.width).fold(0.0, f64::max);
        self.made((elements, width), Backward::Each, parts, &[])
    }

    /// Filled up with zeros, or cut off.
    pub(super) fn resized(&self, x: &Tensor, elements: f64) -> Tensor {
        self.made((elements, x.width), Backward::Each, &[x], &[])
    }

    /// Rows repeated to so many elements (keys and values to all heads).
    pub(super) fn repeat(&self, x: &Tensor, elements: f64) -> Tensor {
        if x.elements == elements { x.clone() } else { self.made((elements, x.width), Backward::Each, &[x], &[]) }
    }
}

/// Which of two factors are kept for the other's gradient.
fn kept<'a>(one: &'a Tensor, other: &'a Tensor) -> Vec<&'a Tensor> {
    let pairs = [(one, other), (other, one)];
    pairs.into_iter().filter_map(|(it, kept)| it.wants_gradient().then_some(kept)).collect()
}
