//! The keys that ask for commands.

use eframe::egui::{Context, Event, Key, KeyboardShortcut, Modifiers};

use crate::ui::command::{Command, CommandEntry};

/// The keys of the first plans, in their order.
const PLANS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// The keys to show beside a command, such as `Ctrl+S`; empty where there are none.
pub(super) fn shown(ctx: &Context, command: &Command) -> String {
    CommandEntry::find(command).map(|entry| of(ctx, entry)).unwrap_or_default()
}

/// The keys to show beside an entry of the table.
pub(super) fn of(ctx: &Context, entry: &CommandEntry) -> String {
    entry.keys.first().map(|keys| written(ctx, *keys)).unwrap_or_default()
}

/// Keys as they are written.
pub(super) fn written(ctx: &Context, keys: KeyboardShortcut) -> String {
    let named = [
        ("Comma", ","),
        ("Questionmark", "?"),
        ("Plus", "+"),
        ("Minus", "-"),
        ("Num", ""),
        ("PageUp", "PgUp"),
        ("PageDown", "PgDn"),
    ];
    named.iter().fold(ctx.format_shortcut(&keys), |words, (name, sign)| words.replace(name, sign))
}

/// The keys of the plan in this place; none where there are too many.
pub(super) fn of_plan(ctx: &Context, place: usize) -> String {
    let keys = PLANS.get(place).map(|key| KeyboardShortcut::new(Modifiers::ALT, *key));
    keys.map(|keys| written(ctx, keys)).unwrap_or_default()
}

/// Whether Alt makes a chord of a letter: on a Mac it writes another letter.
const ALT_IS_CHORD: bool = !cfg!(target_os = "macos");

/// What the keys of this frame ask for. A field that is being typed in keeps its own undo and redo, and whatever is no
/// chord.
pub(super) fn commands(ctx: &Context) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    let named =
        CommandEntry::all().iter().flat_map(|entry| entry.keys.iter().map(|keys| (*keys, entry.command.clone())));
    let plans = PLANS.into_iter().enumerate().map(|(place, key)| {
        let keys = KeyboardShortcut::new(Modifiers::ALT, key);
        (keys, Command::ShowPlan(place))
    });
    let mut all: Vec<(KeyboardShortcut, Command)> = named.chain(plans).collect();
    // A chord with fewer keys would take the keys of one with more.
    all.sort_by_key(|(keys, _)| !(keys.modifiers.shift || keys.modifiers.alt));
    let own = |keys: &KeyboardShortcut, command: &Command| {
        let modifiers = keys.modifiers;
        let is_chord = modifiers.command || modifiers.ctrl || (ALT_IS_CHORD && modifiers.alt);
        matches!(command, Command::Undo | Command::Redo) || !is_chord
    };
    ctx.input_mut(|input| {
        let mut commands = Vec::new();
        for (keys, command) in all.into_iter().filter(|(keys, command)| !(typing && own(keys, command))) {
            if input.consume_shortcut(&keys) {
                commands.push(command);
                if keys.modifiers.alt {
                    // The letter of the chord comes as text as well.
                    input.events.retain(|event| !matches!(event, Event::Text(_)));
                }
            }
        }
        commands
    })
}
