//! `PyTorch`'s autograd, as far as memory goes: the forward pass.
//!
//! Sources: `torch/csrc/autograd` (`saved_variable.cpp`, `engine.cpp`), checkpoints as `torch/utils/checkpoint.py` (not
//! reentrant) runs them.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::ledger::{Held, Highest, Ledger, Of, Size, Storage};
use super::tensor::{Backward, Node, Saved, Segment, Tensor};

/// What runs a segment again.
pub(super) type Rerun<'a> = dyn Fn(&Segment) + 'a;

/// A step under way.
#[derive(Debug)]
pub(super) struct Tape {
    pub(super) ledger: Rc<Ledger>,
    sequence: Cell<usize>,
    /// New storages are this.
    pub(super) held: Cell<Held>,
    /// The segment whose program runs, for the first time or again.
    segment: RefCell<Option<Rc<Segment>>>,
    rebuilding: Cell<bool>,
    /// A segment that runs again has all that backward reads: what follows in it is not run.
    halted: Cell<bool>,
    /// 16-bit copies of trained weights that autocast keeps, by parameter.
    pub(super) casts: RefCell<BTreeMap<usize, Tensor>>,
    pub(super) gradients: RefCell<BTreeMap<usize, Rc<Storage>>>,
    leaves: RefCell<HashMap<usize, Rc<Node>>>,
}

impl Tape {
    /// An empty one; what lies there at `lists` is listed.
    pub(super) fn new(lists: Option<Highest>) -> Self {
        Self {
            ledger: Ledger::new(lists),
            sequence: Cell::new(0),
            held: Cell::new(Held::Kept),
            segment: RefCell::default(),
            rebuilding: Cell::new(false),
            halted: Cell::new(false),
            casts: RefCell::default(),
            gradients: RefCell::default(),
            leaves: RefCell::default(),
        }
    }

    /// How many operations there were.
    pub(super) const fn sequence(&self) -> usize {
        self.sequence.get()
    }

    /// A weight, by a number of its own.
    pub(super) fn parameter(&self, number: usize, size: Size, trained: bool) -> Tensor {
        let Size { elements, width } = size;
        Tensor { node: trained.then(|| self.leaf(number)), ..Tensor::static_of(elements, width) }
    }

    fn leaf(&self, number: usize) -> Rc<Node> {
        let mut leaves = self.leaves.borrow_mut();
        Rc::clone(leaves.entry(number).or_insert_with(|| Node::new(number, Backward::Leaf, &[])))
    }

    /// A result whose own gradient is asked for (`enable_input_require_grads`; what comes from another stage).
    pub(super) fn wanting(&self, x: &Tensor, number: usize) -> Tensor {
        Tensor { node: Some(self.leaf(number)), ..x.clone() }
    }

    /// A new storage.
    pub(super) fn make(&self, size: Size, of: Of) -> Option<Rc<Storage>> {
        (!self.halted.get()).then(|| Storage::new(&self.ledger, size, self.held.get(), of))
    }

    /// A tensor that no graph knows: a constant, or what a kernel writes beside its result.
    pub(super) fn constant(&self, elements: f64, width: f64) -> Tensor {
        self.constant_of(Of::Tokens, elements, width)
    }

    /// The same of something else than tokens.
    pub(super) fn constant_of(&self, of: Of, elements: f64, width: f64) -> Tensor {
        Tensor { storage: self.make(Size { elements, width }, of), elements, width, node: None, of }
    }

    /// The result of an operation on `inputs` that keeps `saved`.
    pub(super) fn made(
        &self,
        (elements, width): (f64, f64),
        backward: Backward,
        inputs: &[&Tensor],
        saved: &[&Tensor],
    ) -> Tensor {
        // What is made of weights alone is a weight.
        let of = inputs
            .iter()
            .find(|input| input.of != Of::Weight)
            .or_else(|| inputs.first())
            .map_or(Of::Tokens, |it| it.of);
        // Inputs are kept before the result is made: a segment that runs again may end there.
        let node = self.node(backward, inputs, saved);
        Tensor { node, ..self.constant_of(of, elements, width) }
    }

    /// What the output matrix makes.
    pub(super) fn logits(&self, elements: f64, width: f64, inputs: &[&Tensor], saved: &[&Tensor]) -> Tensor {
        Tensor { node: self.node(Backward::Each, inputs, saved), ..self.constant_of(Of::Logits, elements, width) }
    }

    /// Rows looked up in a table.
    pub(super) fn looked_up(&self, elements: f64, table: &Tensor) -> Tensor {
        Tensor { node: self.node(Backward::Each, &[table], &[]), ..self.constant(elements, table.width) }
    }

    /// A part of a tensor, where it lies; its gradient is filled up with zeros.
    pub(super) fn part(&self, whole: &Tensor, elements: f64) -> Tensor {
        Tensor { node: self.node(Backward::Each, &[whole], &[]), ..whole.viewed(elements) }
    }

    /// Rows added to a tensor where it lies.
    pub(super) fn added_into(&self, sum: &Tensor, rows: &Tensor) -> Tensor {
        Tensor { node: self.node(Backward::Pass, &[sum, rows], &[]), ..sum.clone() }
    }

    /// What remembers an operation, if a gradient is wanted of it.
    fn node(&self, backward: Backward, inputs: &[&Tensor], saved: &[&Tensor]) -> Option<Rc<Node>> {
        if !inputs.iter().any(|input| input.wants_gradient()) || self.halted.get() {
            return None;
        }
        self.sequence.set(self.sequence.get() + 1);
        let node = Node::new(self.sequence.get(), backward, inputs);
        for saved in saved {
            self.save(&node, saved);
        }
        Some(node)
    }

    /// Keeps the result itself for its own backward pass.
    pub(super) fn save_result(&self, made: &Tensor) {
        if let Some(node) = &made.node {
            self.save(node, made);
        }
    }

    fn save(&self, node: &Node, saved: &Tensor) {
        let Some(storage) = &saved.storage else { return };
        let Some(segment) = &*self.segment.borrow() else {
            node.saved.borrow_mut().push(Saved::Here { storage: Rc::clone(storage) });
            return;
        };
        let place = segment.saves.get();
        segment.saves.set(place + 1);
        if !self.rebuilding.get() {
            node.saved.borrow_mut().push(Saved::Again(Rc::clone(segment), place));
            return;
        }
        let mut again = segment.again.borrow_mut();
        if let Some(slot) = again.get_mut(place) {
            *slot = Some(Rc::clone(storage));
        }
        if place + 1 == again.len() {
            self.halted.set(true);
        }
    }

    /// Runs part of a layer so that it keeps its inputs only.
    pub(super) fn checkpointed(&self, layer: usize, inputs: &[&Tensor], run: impl FnOnce() -> Tensor) -> Tensor {
        *self.segment.borrow_mut() = Some(Segment::new(layer, inputs));
        let made = run();
        *self.segment.borrow_mut() = None;
        made
    }

    /// Whether a segment is run again just now.
    pub(super) const fn is_rebuilding(&self) -> bool {
        self.rebuilding.get()
    }

    /// Runs a segment again, up to the last that backward reads.
    pub(super) fn rebuild(&self, segment: &Rc<Segment>, rerun: &Rerun<'_>) {
        if segment.is_rebuilt.replace(true) {
            return;
        }
        *segment.again.borrow_mut() = vec![None; segment.saves.replace(0)];
        *self.segment.borrow_mut() = Some(Rc::clone(segment));
        self.rebuilding.set(true);
        rerun(segment);
        self.halted.set(false);
        self.rebuilding.set(false);
        *self.segment.borrow_mut() = None;
        self.casts.borrow_mut().clear();
    }
}
