//! Architectures known by their name alone: embedders and others whose tensors and graphs are not laid out here. The
//! catalog holds what is published of their models; every figure that would follow from a layout stays unknown.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    layers: LayerForm { told: false, ..LayerForm::PLAIN },
    tensors: TensorForm { block: |_| None, ..TensorForm::PLAIN },
    ..ArchTraits::PLAIN
};
