//! The keys that ask for commands.

use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers};

use crate::ui::command::Command;

/// Second keys, beside those that the commands name themselves.
const MORE: [(Command, KeyboardShortcut); 2] = [
    (Command::Redo, KeyboardShortcut::new(Modifiers::COMMAND, Key::Y)),
    (Command::Quit, KeyboardShortcut::new(Modifiers::COMMAND, Key::Q)),
];

/// The keys to show beside a command.
pub(super) fn shortcut(command: &Command) -> Option<KeyboardShortcut> {
    let more = || MORE.iter().find(|(other, _)| other == command).map(|(_, keys)| *keys);
    command.shortcut().or_else(more)
}

/// What the keys of this frame ask for. A field that is being typed in keeps its own undo and redo.
pub(super) fn commands(ctx: &Context) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    let named = Command::WITH_SHORTCUT.into_iter().filter_map(|command| Some((command.shortcut()?, command)));
    let all = named.chain(MORE.into_iter().map(|(command, shortcut)| (shortcut, command)));
    ctx.input_mut(|input| {
        all.filter(|(_, command)| !(typing && matches!(command, Command::Undo | Command::Redo)))
            .filter_map(|(shortcut, command)| input.consume_shortcut(&shortcut).then_some(command))
            .collect()
    })
}
