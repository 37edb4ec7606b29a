//! The keys that ask for commands.

use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers};

use crate::ui::command::Command;

/// Second keys, beside those that the commands name themselves.
const MORE: [(Command, KeyboardShortcut); 3] = [
    (Command::Glossary(None), KeyboardShortcut::new(Modifiers::NONE, Key::F1)),
    (Command::Redo, KeyboardShortcut::new(Modifiers::COMMAND, Key::Y)),
    (Command::Quit, KeyboardShortcut::new(Modifiers::COMMAND, Key::Q)),
];

/// The keys to show beside a command, such as `Ctrl+S`; empty where there are none.
pub(super) fn shown(ctx: &Context, command: &Command) -> String {
    let more = || MORE.iter().find(|(other, _)| other == command).map(|(_, keys)| *keys);
    let keys = command.shortcut().or_else(more).map(|keys| ctx.format_shortcut(&keys));
    keys.unwrap_or_default().replace("Comma", ",")
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
