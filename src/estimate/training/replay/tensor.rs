//! Tensors without data, and the graph that remembers how they were made.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::ledger::{Of, Size, Storage};

/// A tensor: how many elements of how many bytes, where they lie, and what made it.
#[derive(Debug, Clone)]
pub(super) struct Tensor {
    /// `None` = among the weights, which are counted elsewhere.
    pub(super) storage: Option<Rc<Storage>>,
    pub(super) elements: f64,
    pub(super) width: f64,
    /// `None` where no gradient is wanted.
    pub(super) node: Option<Rc<Node>>,
    pub(super) of: Of,
}

impl Tensor {
    /// One among the weights, of which no graph knows.
    pub(super) const fn static_of(elements: f64, width: f64) -> Self {
        Self { storage: None, elements, width, node: None, of: Of::Weight }
    }

    pub(super) const fn wants_gradient(&self) -> bool {
        self.node.is_some()
    }

    pub(super) const fn size(&self) -> Size {
        Size { elements: self.elements, width: self.width }
    }

    /// The same memory, read as so many elements.
    pub(super) fn viewed(&self, elements: f64) -> Self {
        Self { elements, ..self.clone() }
    }
}

/// How the gradients of a node's inputs are made from the gradient of its output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Backward {
    /// A parameter: the gradient is its own.
    Leaf,
    /// The gradient itself, for every input of its type (sums, views).
    Pass,
    /// The gradient itself, seen as large as the input (sums over rows).
    Expand,
    /// A new tensor for every input.
    Each,
    /// A new one for the first input; for the second, which is spread over the first, the product before it is summed up.
    Spread,
    /// Zeros as large as the input, and a copy with the gradient put in.
    Scatter,
    /// The input once more, twice the input, and the product.
    Square,
    /// What was kept: gradients made with the result.
    Given,
    /// As `Each`, beside so many bytes that lie there meanwhile.
    Beside(Of, f64),
}

/// What an input is to a node.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) node: Option<Rc<Node>>,
    pub(super) size: Size,
    pub(super) of: Of,
}

/// One operation in the graph.
#[derive(Debug)]
pub(super) struct Node {
    /// A parameter's number; of others, when they were made.
    pub(super) sequence: usize,
    pub(super) backward: Backward,
    pub(super) inputs: Vec<Edge>,
    pub(super) saved: RefCell<Vec<Saved>>,
    /// Nodes whose gradients are still to come, and what came so far.
    pub(super) waiting: Cell<u32>,
    pub(super) gradient: RefCell<Option<Rc<Storage>>>,
}

impl Node {
    pub(super) fn new(sequence: usize, backward: Backward, inputs: &[&Tensor]) -> Rc<Self> {
        let edge = |input: &&Tensor| Edge { node: input.node.clone(), size: input.size(), of: input.of };
        Rc::new(Self {
            sequence,
            backward,
            inputs: inputs.iter().map(edge).collect(),
            saved: RefCell::default(),
            waiting: Cell::new(0),
            gradient: RefCell::default(),
        })
    }

    /// A parameter, or its copy in another type.
    pub(super) fn is_of_weight(&self) -> bool {
        let is_leaf = |node: &Self| node.backward == Backward::Leaf;
        is_leaf(self) || matches!(&self.inputs[..], [edge] if edge.node.as_deref().is_some_and(is_leaf))
    }
}

impl Drop for Node {
    /// One after the other: a graph is deeper than a stack.
    fn drop(&mut self) {
        let of = |inputs: &mut Vec<Edge>| inputs.drain(..).filter_map(|edge| edge.node).collect::<Vec<_>>();
        let mut left = of(&mut self.inputs);
        while let Some(node) = left.pop() {
            if let Some(mut node) = Rc::into_inner(node) {
                left.extend(of(&mut node.inputs));
            }
        }
    }
}

/// What a node keeps for its backward pass.
#[derive(Debug)]
pub(super) enum Saved {
    Here {
        storage: Rc<Storage>,
    },
    /// In a segment that is run again, in this place.
    Again(Rc<Segment>, usize),
}

/// Part of the program that keeps its inputs only, and is run again for the backward pass.
#[derive(Debug)]
pub(super) struct Segment {
    /// Which layer it is of.
    pub(super) layer: usize,
    pub(super) inputs: Vec<Tensor>,
    pub(super) saves: Cell<usize>,
    pub(super) again: RefCell<Vec<Option<Rc<Storage>>>>,
    pub(super) is_rebuilt: Cell<bool>,
}

impl Segment {
    pub(super) fn new(layer: usize, inputs: &[&Tensor]) -> Rc<Self> {
        Rc::new(Self {
            layer,
            inputs: inputs.iter().copied().cloned().collect(),
            saves: Cell::new(0),
            again: RefCell::default(),
            is_rebuilt: Cell::new(false),
        })
    }
}
