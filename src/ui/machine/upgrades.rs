//! What could be bought, each with its price, whether it goes in, and what then runs; beside it what is known of this PC.

use std::borrow::Cow;

use eframe::egui::{Frame, Label, Margin, RichText, Stroke, Ui, vec2};

use super::runs::{how, plan, rate};
use super::{MachineInputs, MachineViewState, UpgradeLine, column, stands_beside};
use crate::advise::remedies::words::Speech;
use crate::advise::runs::upgrade::{Enclosure, Obstacle};
use crate::catalog::platform::RamKind;
use crate::text::{self, Join, Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::inside;
use crate::ui::widgets::row::Row;
use crate::ui::widgets::typed;
use crate::ui::widgets::value_field::ValueField;

/// Width of what is known of the PC.
const PC: f32 = 300.0;
const FIELD: f32 = 110.0;
/// What can be typed: watts of a supply and of the rest, slots.
const SUPPLY: (f64, f64) = (100.0, 5000.0);
const REST: (f64, f64) = (10.0, 3000.0);
const SLOTS: (f64, f64) = (1.0, 8.0);

pub(super) fn show(ui: &mut Ui, inputs: &MachineInputs<'_>, state: &mut MachineViewState, commands: &mut Vec<Command>) {
    let rect = ui.available_rect_before_wrap();
    if stands_beside(ui) {
        let left = rect.with_max_x(rect.left() + PC);
        ui.painter().vline(left.right() + 14.0, rect.y_range(), Stroke::new(1.0, Tokens::of(ui).line));
        inside(ui, "this pc", left, |ui| pc(ui, inputs, &mut state.enclosure));
        column(ui, "upgrades", rect.with_min_x(left.right() + 28.0), |ui| list(ui, inputs, commands));
    } else {
        column(ui, "this pc and upgrades", rect, |ui| {
            pc(ui, inputs, &mut state.enclosure);
            ui.add_space(space::L);
            list(ui, inputs, commands);
        });
    }
    ui.advance_cursor_after_rect(rect);
}

fn pc(ui: &mut Ui, inputs: &MachineInputs<'_>, enclosure: &mut Enclosure) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
    ui.label(RichText::new(locale.word(Key::MachinePc)).font(Type::Section.font()).color(t.text));
    ui.add_space(4.0);
    let hint = RichText::new(locale.word(Key::MachinePcHint)).font(Type::Caption.font()).color(t.faint);
    ui.add(Label::new(hint).wrap());
    ui.add_space(space::M);
    let mut field = |salt, key, (low, high): (f64, f64), value: Option<f64>| -> Option<Option<f64>> {
        let name = locale.word(key);
        let reading = value.map(|value| text::trimmed(value, 0)).unwrap_or_default();
        let within = typed::within(locale, text::parse_number, low..=high, |value| text::trimmed(value, 0));
        // An empty field means that nobody knows.
        let parse = |typed: &str| if typed.trim().is_empty() { Ok(f64::NAN) } else { within(typed) };
        let hint = locale.word(Key::MachineNotTyped);
        let field = ValueField { name, reading: &reading, unit: "", hint, parse: &parse, boxed: true };
        let row = Row { name, tip: None, salt, width: PC - 8.0, control: Some(FIELD), gap: 6.0 };
        row.field(ui, field).map(|value| Some(value).filter(|value| value.is_finite()))
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the ranges above")]
    let whole = |value: f64| value.round() as u32;
    if let Some(typed) = field("supply", Key::MachineSupply, SUPPLY, enclosure.supply_w.map(f64::from)) {
        enclosure.supply_w = typed.map(whole);
    }
    if let Some(typed) = field("rest", Key::MachineRestDraw, REST, enclosure.rest_w.map(f64::from)) {
        enclosure.rest_w = typed.map(whole);
    }
    if let Some(typed) = field("slots", Key::MachineThickness, SLOTS, enclosure.slots.map(f64::from)) {
        enclosure.slots = typed.map(|value| u8::try_from(whole(value)).unwrap_or(u8::MAX));
    }
    let unknown = locale.word(Key::MachineNotTyped);
    let kinds = [(None, unknown), (Some(RamKind::DDR4), "DDR4"), (Some(RamKind::DDR5), "DDR5")];
    let name = locale.word(Key::MachineRamKind);
    ui.add_space(space::S);
    ui.label(RichText::new(name).font(Type::Small.font()).color(t.sec));
    ui.add_space(4.0);
    if let Some(kind) = crate::ui::widgets::segmented::segmented(ui, name, &kinds, enclosure.ram, PC - 8.0) {
        enclosure.ram = kind;
    }
}

fn list(ui: &mut Ui, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let nothing = match inputs.upgrades {
        None => Some(Key::MachineUpgradesLooking),
        Some([]) => Some(Key::MachineUpgradesNone),
        Some(_) => None,
    };
    if let Some(key) = nothing {
        ui.add(Label::new(RichText::new(locale.word(key)).font(Type::Body.font()).color(t.sec)).wrap());
    }
    for upgrade in inputs.upgrades.unwrap_or_default() {
        one(ui, upgrade, inputs, commands);
        ui.add_space(space::M);
    }
}

fn one(ui: &mut Ui, upgrade: &UpgradeLine, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let speech = Speech { locale, catalog: inputs.catalog, before: &upgrade.before };
    let title = speech.bought(&upgrade.change);
    let frame = Frame::new().fill(t.panel).stroke(Stroke::new(1.0, t.line)).corner_radius(radius::CARD);
    frame.inner_margin(Margin::same(14)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(title.as_str()).font(Type::Section.font()).color(t.text));
            ui.label(RichText::new(speech.cost(&upgrade.cost)).font(Type::Body.font()).color(t.sec));
        });
        if let Some(obstacle) = upgrade.obstacle {
            let words = locale.word(match obstacle {
                Obstacle::Slots => Key::MachineObstacleSlots,
                Obstacle::Thickness => Key::MachineObstacleThick,
                Obstacle::Power => Key::MachineObstaclePower,
            });
            let ink = t.verdict(crate::estimate::Verdict::DoesNotFit);
            ui.label(RichText::new(words).font(Type::Small.font()).color(ink));
        }
        ui.add(Label::new(RichText::new(gains(upgrade, inputs)).font(Type::Body.font()).color(t.text)).wrap());
        let Some(best) = &upgrade.best else { return };
        ui.horizontal_wrapped(|ui| {
            let facts = locale.join(Join::Phrases, [how(best, inputs), rate(best, inputs)]);
            let holes = [(Placeholder::Name, best.name.as_str()), (Placeholder::Value, &*facts)];
            let words = locale.sentence(Key::MachineBest, &holes);
            ui.label(RichText::new(words).font(Type::Small.font()).color(t.sec));
            let planned = button(ui, locale.word(Key::MachinePlanIt), ButtonLook::Plain, None);
            if planned.on_hover_text(title.as_str()).clicked() {
                commands.extend(plan(best));
            }
        });
    });
}

fn gains(upgrade: &UpgradeLine, inputs: &MachineInputs<'_>) -> Cow<'static, str> {
    let locale = inputs.locale;
    if upgrade.gained == 0 {
        return locale.word(Key::MachineGainNone).into();
    }
    let mut names = locale.join(Join::Items, &upgrade.names);
    if upgrade.gained > upgrade.names.len() {
        // On the line of the last name.
        names += "\u{a0}…";
    }
    let key = if upgrade.gained == 1 { Key::MachineGainOne } else { Key::MachineGains };
    let count = upgrade.gained.to_string();
    locale.sentence(key, &[(Placeholder::Count, &*count), (Placeholder::Name, &*names)]).into()
}
