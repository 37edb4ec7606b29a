//! The link between a card and the board.

use serde::{Deserialize, Serialize};

use crate::plan::Input;
use crate::plan::inputs::InputValue;

/// A link of PCI Express.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PciLink {
    /// Generation just now; an idle card slows its link down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<u32>,
    /// The highest generation that card and slot reach together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation_max: Option<u32>,
    /// Lanes just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lanes: Option<u32>,
    /// The most lanes that card and slot reach together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lanes_max: Option<u32>,
}

impl PciLink {
    pub(super) fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// The same without what the inputs of a plan do not take.
    pub(super) fn believable(self) -> Self {
        let takes = |input: Input, found: Option<u32>| {
            found.filter(|found| input.entry().kind.takes(InputValue::Whole(u64::from(*found))))
        };
        Self {
            generation: takes(Input::PcieGen, self.generation),
            generation_max: takes(Input::PcieGen, self.generation_max),
            lanes: takes(Input::PcieLanes, self.lanes),
            lanes_max: takes(Input::PcieLanes, self.lanes_max),
        }
    }
}
