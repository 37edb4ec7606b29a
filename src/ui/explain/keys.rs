//! The keys of the view, while nothing else has the keyboard.

use eframe::egui::{Key, Modifiers, Ui};

use super::player::Step;

const NUMBERS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// What the keys of this frame ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) step: Option<Step>,
    /// A number, counted from 0: an answer or a way out where there are any, else a stop.
    pub(super) number: Option<usize>,
    /// Kitchen words or plain ones.
    pub(super) words: bool,
    /// Out of the full window.
    pub(super) leave: bool,
}

/// Reads the keys; a control that has the keyboard keeps them.
pub(super) fn asked(ui: &Ui) -> Asked {
    if ui.memory(|memory| memory.focused().is_some()) {
        return Asked::default();
    }
    ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        let step = if pressed(Key::Space) | pressed(Key::Enter) | pressed(Key::PageDown) {
            Some(Step::GoOn)
        } else if pressed(Key::ArrowRight) {
            Some(Step::Next)
        } else if pressed(Key::ArrowLeft) | pressed(Key::PageUp) {
            Some(Step::Back)
        } else if pressed(Key::Home) {
            Some(Step::To(0))
        } else if pressed(Key::End) {
            Some(Step::Last)
        } else {
            pressed(Key::R).then_some(Step::Replay)
        };
        let number = NUMBERS.into_iter().position(&mut pressed);
        Asked { step, number, words: pressed(Key::K), leave: pressed(Key::Escape) }
    })
}
