//! The slot of a kind of card, whose inputs are those of the machine said of one kind alone.

use super::value::Field as _;
use super::{Input, InputValue};
use crate::plan::fault::{Given, OutOfRange};
use crate::plan::machine::CardSlot;

impl CardSlot {
    /// The inputs that it has of its own.
    pub const INPUTS: [Input; 3] = [Input::PcieGen, Input::PcieLanes, Input::PowerLimitW];

    /// What is said of one of them.
    pub fn get(&self, input: Input) -> InputValue {
        match input {
            Input::PcieGen => self.pcie_gen.value(),
            Input::PcieLanes => self.pcie_lanes.value(),
            Input::PowerLimitW => self.power_limit_w.value(),
            _ => InputValue::Unset,
        }
    }

    /// Says one of them.
    ///
    /// # Errors
    /// Where the value lies outside what the input takes.
    pub fn set(&mut self, input: Input, value: InputValue) -> Result<(), OutOfRange> {
        if !input.entry().kind.takes(value) {
            return Err(input.outside(value));
        }
        match input {
            Input::PcieGen => self.pcie_gen.put(value),
            Input::PcieLanes => self.pcie_lanes.put(value),
            Input::PowerLimitW => self.power_limit_w.put(value),
            _ => {}
        }
        Ok(())
    }

    /// Whether all that is said can be planned with. `at` = the path of a field of the slot.
    pub(in crate::plan) fn check(&self, at: impl Fn(&str) -> String) -> Result<(), OutOfRange> {
        let refused = Self::INPUTS.into_iter().find(|input| !input.entry().kind.takes(self.get(*input)));
        refused.map_or(Ok(()), |input| {
            let entry = input.entry();
            let given = Given::Value(self.get(input).to_string());
            Err(OutOfRange::new(at(entry.key), given, entry.kind.allowed()))
        })
    }
}
