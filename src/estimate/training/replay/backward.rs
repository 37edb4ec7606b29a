//! The backward pass: nodes in the reverse order of their making, each when all gradients of its result are there.
//!
//! Sources: `torch/csrc/autograd` (`engine.cpp`, `input_buffer.cpp`, `functions/accumulate_grad.cpp`).

use std::rc::Rc;

use super::ledger::{Held, Size, Storage};
use super::tape::{Rerun, Tape};
use super::tensor::{Backward, Edge, Node, Saved, Tensor};

type Gradient = Option<Rc<Storage>>;

impl Tape {
    /// Differentiates `root`, whose own gradient is `gradient`; `entering` is told when each node was made before it runs.
    pub(super) fn backward(&self, root: Tensor, gradient: Gradient, rerun: &Rerun<'_>, entering: &dyn Fn(usize)) {
        let Some(node) = root.node.clone() else { return };
        drop(root);
        count(&node);
        let mut ready = vec![(node, gradient)];
        while let Some((node, gradient)) = ready.pop() {
            entering(node.sequence);
            let made = self.differentiate(&node, gradient.as_ref(), rerun);
            drop(gradient);
            for (edge, gradient) in node.inputs.iter().zip(made) {
                let Some(next) = &edge.node else { continue };
                if let Some(gradient) = gradient {
                    self.accumulate(next, gradient);
                }
                next.waiting.set(next.waiting.get() - 1);
                if next.waiting.get() == 0 {
                    self.enter(next, &mut ready);
                }
            }
        }
    }

    /// A parameter keeps its gradient, others wait for their turn.
    fn enter(&self, node: &Rc<Node>, ready: &mut Vec<(Rc<Node>, Gradient)>) {
        let gradient = node.gradient.take();
        if node.backward == Backward::Leaf {
            if let Some(gradient) = gradient {
                gradient.become_gradient();
                self.gradients.borrow_mut().insert(node.sequence, gradient);
            }
            return;
        }
        let place = ready.partition_point(|(other, _)| other.sequence < node.sequence);
        ready.insert(place, (Rc::clone(node), gradient));
    }

    /// Added in place where nobody else holds what came first; several gradients of a weight are summed up anew.
    fn accumulate(&self, node: &Node, gradient: Rc<Storage>) {
        let mut waiting = node.gradient.borrow_mut();
        *waiting = match waiting.take() {
            None => Some(gradient),
            Some(known) if Rc::strong_count(&known) == 1 && !node.is_of_weight() => Some(known),
            Some(known) => self.make(known.size, known.of),
        };
    }

    fn differentiate(&self, node: &Node, gradient: Option<&Rc<Storage>>, rerun: &Rerun<'_>) -> Vec<Gradient> {
        for saved in &*node.saved.borrow() {
            if let Saved::Again(segment, _) = saved {
                self.rebuild(segment, rerun);
            }
        }
        let made = self.gradients_of(node, gradient);
        release_rebuilt(node);
        node.saved.take();
        made
    }

    fn gradients_of(&self, node: &Node, gradient: Option<&Rc<Storage>>) -> Vec<Gradient> {
        let fresh = |edge: &Edge| edge.node.as_ref().and_then(|_| self.make(edge.size, edge.of));
        let each = || node.inputs.iter().map(fresh).collect();
        match node.backward {
            Backward::Leaf => Vec::new(),
            Backward::Each => each(),
            Backward::Expand => {
                node.inputs.iter().map(|edge| gradient.filter(|_| edge.node.is_some()).cloned()).collect()
            }
            Backward::Pass => {
                let same = |edge: &Edge| gradient.filter(|it| it.size.bytes() == edge.size.bytes()).cloned();
                let of = |edge: &Edge| same(edge).filter(|_| edge.node.is_some()).or_else(|| fresh(edge));
                node.inputs.iter().map(of).collect()
            }
            Backward::Given => {
                let saved = node.saved.borrow();
                let mut given = saved.iter().filter_map(|saved| match saved {
                    Saved::Here { storage } => Some(Rc::clone(storage)),
                    Saved::Again(..) => None,
                });
                node.inputs.iter().map(|edge| edge.node.as_ref().and_then(|_| given.next())).collect()
            }
            Backward::Beside(of, bytes) => {
                let _beside = self.make(Size { elements: bytes, width: 1.0 }, of);
                each()
            }
            Backward::Spread => {
                let [first, second] = [node.inputs.first(), node.inputs.get(1)];
                let wide = gradient.map_or(0.0, |it| it.size.width);
                // Both products are there before the first is cast and the second summed up.
                let product = |edge: Option<&Edge>| {
                    edge.filter(|edge| edge.node.is_some())
                        .and(first)
                        .and_then(|first| self.make(Size { elements: first.size.elements, width: wide }, first.of))
                };
                let [one, other] = [product(first), product(second)];
                release_rebuilt(node);
                let made = if first.is_some_and(|edge| edge.size.width == wide) { one } else { first.and_then(fresh) };
                let summed = second.and_then(fresh);
                drop(other);
                vec![made, summed]
            }
            Backward::Scatter => {
                let of = |edge: &Edge| {
                    let _zeros = fresh(edge);
                    fresh(edge)
                };
                node.inputs.iter().map(of).collect()
            }
            Backward::Square => {
                let of = |edge: &Edge| {
                    let _passing = [fresh(edge), fresh(edge)];
                    fresh(edge)
                };
                node.inputs.iter().map(of).collect()
            }
        }
    }

    /// From now on what is made is of the backward pass.
    pub(super) fn turn(&self) {
        self.held.set(Held::Temporary);
    }
}

/// What a segment made again is let go as soon as it was read, what was kept all the time with the node.
fn release_rebuilt(node: &Node) {
    for saved in &*node.saved.borrow() {
        if let Saved::Again(segment, place) = saved
            && let Some(slot) = segment.again.borrow_mut().get_mut(*place)
        {
            *slot = None;
        }
    }
}

/// Counts, for every node below this one, how many gradients it waits for.
fn count(root: &Rc<Node>) {
    let mut left = vec![Rc::clone(root)];
    while let Some(node) = left.pop() {
        for next in node.inputs.iter().filter_map(|edge| edge.node.as_ref()) {
            if next.waiting.replace(next.waiting.get() + 1) == 0 {
                left.push(Rc::clone(next));
            }
        }
    }
}
