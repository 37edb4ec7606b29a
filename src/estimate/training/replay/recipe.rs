//! How a model is trained, as its program sees it; and linear layers under it: trained, with adapters, quantized, under autocast.

use std::cell::Cell;

use super::ledger::{Of, Size};
use super::tape::Tape;
use super::tensor::{Backward, Tensor};
use crate::estimate::training::method::{Keeps, LossKernel, Scores};

/// Bytes of what runs in 16 bits.
pub(super) const HALF: f64 = 2.0;

/// How a model is trained.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "switches of trainers, each on its own")]
pub(in crate::estimate::training) struct Recipe {
    /// Everything is trained; adapters are otherwise.
    pub(in crate::estimate::training) full: bool,
    /// Linear layers are unpacked before each use.
    pub(in crate::estimate::training) quantized: bool,
    /// Experts are such layers as well, and run one after the other.
    pub(in crate::estimate::training) loops_experts: bool,
    /// What runs is cast to 16 bits, operation by operation.
    pub(in crate::estimate::training) autocast: bool,
    /// Bytes of an unquantized weight, and of an adapter's.
    pub(in crate::estimate::training) width: f64,
    pub(in crate::estimate::training) adapter_width: f64,
    pub(in crate::estimate::training) rank: f64,
    pub(in crate::estimate::training) scores: Scores,
    pub(in crate::estimate::training) keeps: Keeps,
    /// Inputs of layers wait in RAM.
    pub(in crate::estimate::training) offloads: bool,
    pub(in crate::estimate::training) loss: LossKernel,
    /// Tokens whose logits are calculated at a time.
    pub(in crate::estimate::training) loss_chunk: f64,
    pub(in crate::estimate::training) padding: bool,
    pub(in crate::estimate::training) dropout: bool,
    /// Tokens of a micro-batch, and of one sequence.
    pub(in crate::estimate::training) rows: f64,
    pub(in crate::estimate::training) sequence: f64,
    /// Cards that share heads, widths and the vocabulary; and what is left whole, along the sequence.
    pub(in crate::estimate::training) tensor: f64,
    pub(in crate::estimate::training) shares_rows: f64,
}

/// A program under way: the tape, the recipe, and numbers for weights.
pub(super) struct Run<'a> {
    pub(super) tape: &'a Tape,
    pub(super) recipe: &'a Recipe,
    /// Which layer.
    pub(super) layer: usize,
    numbers: Cell<usize>,
}

/// Numbers of weights that one layer may have.
pub(super) const WEIGHTS: usize = 1 << 12;

/// A weight matrix as one card holds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix {
    pub(super) inputs: f64,
    pub(super) outputs: f64,
    /// The result is the residual stream's.
    pub(super) to_stream: bool,
    pub(super) adapted: bool,
    pub(super) biased: bool,
}

impl<'a> Run<'a> {
    /// A layer's program; its weights have the same numbers whenever it runs.
    pub(super) const fn new(tape: &'a Tape, recipe: &'a Recipe, layer: usize) -> Self {
        Self { tape, recipe, layer, numbers: Cell::new(layer * WEIGHTS) }
    }

    /// Weights that are no matrix of a linear layer: a norm's, the embedding.
    pub(super) fn weight(&self, elements: f64) -> Tensor {
        self.parameter(elements, self.recipe.width, self.recipe.full)
    }

    /// A factor of an adapter.
    pub(super) fn adapter(&self, elements: f64) -> Tensor {
        self.parameter(elements, self.recipe.adapter_width, true)
    }

    fn parameter(&self, elements: f64, width: f64, trained: bool) -> Tensor {
        let number = self.numbers.get();
        self.numbers.set(number + 1);
        self.tape.parameter(number, Size { elements, width }, trained)
    }

    /// In the type that runs.
    pub(super) fn running(&self, x: &Tensor) -> Tensor {
        if self.recipe.autocast { self.tape.cast(x, HALF) } else { x.clone() }
    }

    /// A weight in the type that runs; autocast keeps its copies of trained ones.
    pub(super) fn running_weight(&self, weight: &Tensor) -> Tensor {
        if !self.recipe.autocast || weight.width == HALF {
            return weight.clone();
        }
        // What is calculated from others is no parameter.
        let leaf = weight.node.as_ref().filter(|node| node.backward == Backward::Leaf);
        let Some(node) = leaf else { return self.tape.cast(weight, HALF) };
        if let Some(known) = self.tape.casts.borrow().get(&node.sequence) {
            return known.clone();
        }
        let cast = self.tape.cast(weight, HALF);
        self.tape.casts.borrow_mut().insert(node.sequence, cast.clone());
        cast
    }

    /// A product of two that are no weights.
    pub(super) fn product(&self, one: &Tensor, other: &Tensor, elements: f64) -> Tensor {
        let (one, other) = (self.running(one), self.running(other));
        self.tape.matmul(&one, &other, elements)
    }

    /// A product with a weight.
    pub(super) fn apply(&self, x: &Tensor, weight: &Tensor, elements: f64) -> Tensor {
        self.apply_with(x, weight, None, elements)
    }

    /// The same, and a bias added.
    pub(super) fn apply_with(&self, x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, elements: f64) -> Tensor {
        let x = self.running(x);
        let weight = self.running_weight(weight);
        match bias.map(|bias| self.running_weight(bias)) {
            Some(bias) => self.tape.matmul_with(&x, &weight, &bias, elements),
            None => self.tape.matmul(&x, &weight, elements),
        }
    }

    /// A linear layer of a block: its base, and its adapter.
    pub(super) fn linear(&self, x: &Tensor, matrix: Matrix) -> Tensor {
        self.linear_of(x, matrix, self.recipe.rows)
    }

    /// The same over so many rows.
    pub(super) fn linear_of(&self, x: &Tensor, matrix: Matrix, rows: f64) -> Tensor {
        let Matrix { inputs, outputs, adapted, to_stream, biased } = matrix;
        let (tape, recipe) = (self.tape, self.recipe);
        let elements = rows * outputs / if to_stream { recipe.shares_rows } else { 1.0 };
        let result = if recipe.quantized {
            self.unpacked(x, matrix, elements)
        } else {
            let weight = self.weight(inputs * outputs);
            let bias = biased.then(|| self.weight(outputs));
            self.apply_with(x, &weight, bias.as_ref(), elements)
        };
        if recipe.full || !adapted {
            return result;
        }
        let down = self.adapter(inputs * recipe.rank);
        let up = self.adapter(recipe.rank * outputs);
        // PEFT leaves the input of a quantized layer to autocast.
        let converts = !(recipe.quantized && recipe.autocast);
        let mut x = if converts { tape.cast(x, recipe.adapter_width) } else { x.clone() };
        if recipe.dropout {
            x = tape.dropout(&x);
        }
        let narrow = self.apply(&x, &down, rows * recipe.rank);
        drop(x);
        let wide = self.apply(&narrow, &up, elements);
        drop(narrow);
        let scaled = tape.scale(&wide);
        drop(wide);
        tape.add(&result, &scaled)
    }

    /// A layer in few bits: unpacked for the product, and again for its gradient; nothing is kept.
    fn unpacked(&self, x: &Tensor, matrix: Matrix, elements: f64) -> Tensor {
        let width = if self.recipe.autocast { HALF } else { x.width };
        let input = self.tape.cast(x, width);
        let weight = self.tape.constant_of(Of::Weight, matrix.inputs * matrix.outputs, width);
        let beside = Backward::Beside(Of::Weight, weight.elements * width);
        let out = self.tape.made((elements, width), beside, &[&input], &[]);
        drop((weight, input));
        self.tape.cast(&out, x.width)
    }
}
