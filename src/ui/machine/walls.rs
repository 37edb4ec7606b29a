//! No card can be seen: what stands around the program, what each wall hides, and what to do.

use eframe::egui::{Align2, Label, Rect, RichText, ScrollArea, Stroke, StrokeKind, Ui, pos2, vec2};

use super::bar::{self, Axis, Part};
use super::{MachineInputs, said, sight, stands_beside};
use crate::catalog::card::Vendor;
use crate::system::detect::{Detected, DeviceKind, Inside};
use crate::text::{Join, Key, Locale, Placeholder};
use crate::ui::command::{Command, Tab};
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::inside;
use crate::ui::words;
use crate::units::{Bytes, GIB};

/// Width of what to do.
const TO_DO: f32 = 420.0;
const TO_DO_NARROW: f32 = 330.0;
const NARROW: f32 = 1200.0;
/// Height of what to do, at the least.
const TO_DO_HEIGHT: f32 = 250.0;
/// Height of what stands in a wall, between walls, and the names at their left.
const WITHIN: f32 = 88.0;
const INSET: f32 = 18.0;
const NAMES: f32 = 150.0;
const BAR: f32 = 26.0;
/// What is left of the RAM for the system around a container.
const KEPT: u64 = 2 * GIB;

/// One of the things that stand around each other.
struct Wall {
    name: Key,
    hint: Option<Key>,
    /// All of its RAM, and what is in use; none where it is hidden.
    ram: Option<(Bytes, Option<Bytes>)>,
    ram_words: String,
    cards: Key,
    /// Something is missing here.
    missing: bool,
}

pub(super) fn show(ui: &mut Ui, found: &Detected, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let width = ui.available_width() - 10.0;
    ScrollArea::vertical().id_salt("walls").auto_shrink(false).show(ui, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let walls = walls(found, inputs);
        let whole = walls.len() as f32;
        let beside = stands_beside(ui);
        // As high as what stands beside it.
        let least = if beside { TO_DO_HEIGHT } else { 0.0 };
        let height = (whole * WITHIN + (whole - 1.0) * INSET + INSET + 10.0).max(least);
        let (_, rect) = ui.allocate_space(vec2(width, height));
        if beside {
            let split = rect.right() - if width < NARROW { TO_DO_NARROW } else { TO_DO };
            picture(ui, rect.with_max_x(split - 28.0), &walls, inputs.locale);
            let below = inside(ui, "to do", rect.with_min_x(split), |ui| {
                to_do(ui, found, inputs, commands);
                ui.min_rect().bottom()
            });
            ui.add_space((below - rect.bottom()).max(0.0));
        } else {
            picture(ui, rect, &walls, inputs.locale);
            ui.add_space(space::L);
            to_do(ui, found, inputs, commands);
        }
        ui.add_space(space::L);
        sight::show(ui, found, inputs);
    });
}

/// From the outermost to the one that the program runs in.
fn walls(found: &Detected, inputs: &MachineInputs<'_>) -> Vec<Wall> {
    let (host, locale) = (&found.host, inputs.locale);
    let said = |key, bytes: Option<u64>| {
        let amount = bytes.map_or_else(|| locale.word(Key::NoData).to_owned(), |it| words::gib(Bytes(it)));
        locale.sentence(key, &[(Placeholder::Value, &*amount)])
    };
    let ram = host.ram_total_bytes.map(|total| {
        let used = host.ram_available_bytes.map(|free| Bytes(total.saturating_sub(free)));
        (Bytes(total), used)
    });
    let seen_ram = said(Key::MachineSeenRam, host.ram_total_bytes);
    let inside = host.inside;
    let mut walls = Vec::new();
    if inside.is_some_and(Inside::is_wsl) {
        walls.push(Wall {
            name: Key::MachineWindowsPc,
            hint: Some(Key::MachineWindowsPcHint),
            ram: None,
            ram_words: locale.word(Key::MachineHiddenRam).to_owned(),
            cards: Key::MachineHiddenCards,
            missing: false,
        });
        walls.push(Wall {
            name: Key::MachineWsl,
            hint: Some(Key::MachineWslHint),
            ram,
            ram_words: seen_ram.clone(),
            cards: if inside == Some(Inside::Wsl) { Key::MachineNoCardSeen } else { Key::MachineHiddenCards },
            missing: inside == Some(Inside::Wsl),
        });
    } else {
        let contained = inside.is_some_and(Inside::is_container);
        walls.push(Wall {
            name: Key::MachineComputer,
            hint: None,
            ram,
            ram_words: seen_ram.clone(),
            cards: if contained { Key::MachineHiddenCards } else { Key::MachineNoCardSeen },
            missing: !contained,
        });
    }
    if inside.is_some_and(Inside::is_container) {
        let limit = host.ram_limit_bytes.map(|limit| (Bytes(limit), host.ram_limit_used_bytes.map(Bytes)));
        walls.push(Wall {
            name: Key::MachineBox,
            hint: Some(Key::MachineBoxHint),
            ram: limit.or(ram),
            ram_words: host.ram_limit_bytes.map_or(seen_ram, |limit| said(Key::MachineSeenLimit, Some(limit))),
            cards: Key::MachineNoCardsHere,
            missing: true,
        });
    }
    walls
}

fn picture(ui: &Ui, rect: Rect, walls: &[Wall], locale: Locale) {
    let t = Tokens::of(ui);
    // What is said stands behind the bars, which so have the room that is left in the innermost wall.
    let room = rect.width() - 2.0 * INSET * walls.len() as f32 - NAMES;
    let axis = Axis::of(walls.iter().filter_map(|wall| Some(wall.ram?.0)), room.max(200.0));
    for (depth, wall) in walls.iter().enumerate() {
        let out = INSET * depth as f32;
        let top = rect.top() + depth as f32 * (WITHIN + INSET / 2.0);
        let bottom = rect.bottom() - out;
        let edges = Rect::from_min_max(pos2(rect.left() + out, top), pos2(rect.right() - out, bottom));
        let painter = ui.painter();
        let innermost = depth + 1 == walls.len();
        if wall.ram.is_none() {
            paint::dashed(painter, edges, Stroke::new(1.0, t.rail));
        } else {
            let fill = if innermost { t.raised } else { t.panel };
            let stroke = if innermost { Stroke::new(1.5, t.text) } else { Stroke::new(1.0, t.rail) };
            painter.rect(edges, radius::CARD, fill, stroke, StrokeKind::Inside);
        }
        let left = rect.left() + INSET * walls.len() as f32;
        within(
            ui,
            Rect::from_min_max(pos2(left, top + 10.0), pos2(edges.right() - 8.0, top + WITHIN)),
            (wall, axis),
            locale,
        );
    }
}

fn within(ui: &Ui, rect: Rect, (wall, axis): (&Wall, Axis), locale: Locale) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let at = rect.left_top() + vec2(0.0, 12.0);
    paint::text_within(painter, at, Align2::LEFT_CENTER, locale.word(wall.name), (Type::Section, t.text), NAMES - 8.0);
    if let Some(hint) = wall.hint {
        let at = at + vec2(0.0, 20.0);
        paint::text_within(painter, at, Align2::LEFT_CENTER, locale.word(hint), (Type::Caption, t.sec), NAMES - 8.0);
    }
    let bars = rect.with_min_x(rect.left() + NAMES);
    let line = Rect::from_min_size(bars.min, vec2(bars.width(), BAR));
    let behind = match wall.ram {
        Some((total, used)) => {
            let parts: Vec<Part> =
                used.map(|bytes| Part { name: String::new(), bytes, rest: true }).into_iter().collect();
            bar::draw(ui, line, (total, axis), &parts).right()
        }
        None => line.left(),
    };
    let at = pos2(behind + 10.0, line.center().y);
    paint::text_within(painter, at, Align2::LEFT_CENTER, &wall.ram_words, (Type::Small, t.text), rect.right() - at.x);
    let second = Rect::from_min_size(bars.min + vec2(0.0, BAR + 10.0), vec2(bars.width().min(300.0), BAR));
    let ink = if wall.missing { t.verdict(crate::estimate::Verdict::DoesNotFit) } else { t.rail };
    paint::dashed(painter, second, Stroke::new(1.0, ink));
    let words = locale.word(wall.cards);
    let at = second.left_center() + vec2(10.0, 0.0);
    paint::text_within(painter, at, Align2::LEFT_CENTER, words, (Type::Small, t.text), second.width() - 16.0);
    let spoken = [locale.word(wall.name), &wall.ram_words, words];
    said(ui, bars, ("wall", locale.word(wall.name)), &locale.join(Join::Phrases, spoken));
}

/// One thing to do: its name, why, and what is typed.
struct Step {
    name: Key,
    hint: Option<Key>,
    typed: Option<String>,
}

/// What helps, fastest first.
fn steps(found: &Detected) -> Vec<Step> {
    let host = &found.host;
    let typed = |name, hint, typed: &str| Step { name, hint, typed: Some(typed.to_owned()) };
    let mut found = Vec::new();
    if host.inside.is_some_and(Inside::is_container) {
        found.push(typed(Key::MachineToDoGpus, None, "docker run --gpus all …"));
        if let Some((total, _)) = host.ram_total_bytes.zip(host.ram_limit_bytes) {
            let gib = total.saturating_sub(KEPT) / GIB;
            found.push(typed(Key::MachineToDoLimit, None, &format!("docker run --memory {gib}g …")));
        }
    }
    if host.inside.is_some_and(Inside::is_wsl)
        && let Some(total) = host.ram_total_bytes
    {
        // WSL takes half of the RAM where nothing is set, so there is up to as much again.
        let gib = (total + total / 2) / GIB;
        found.push(typed(Key::MachineToDoWsl, Some(Key::MachineToDoWslHint), &format!("memory={gib}GB")));
    }
    found.push(Step { name: Key::MachineToDoPlan, hint: Some(Key::MachineToDoPlanHint), typed: None });
    found
}

fn to_do(ui: &mut Ui, found: &Detected, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let label = |ui: &mut Ui, words: &str, look: (Type, crate::ui::theme::Ink)| {
        ui.add(Label::new(RichText::new(words).font(look.0.font()).color(look.1)).wrap());
    };
    label(ui, locale.word(Key::MachineToDo), (Type::Section, t.text));
    ui.add_space(space::S);
    label(ui, &why(found, inputs), (Type::Small, t.sec));
    for (place, step) in steps(found).iter().enumerate() {
        ui.add_space(space::M);
        label(ui, &format!("{}. {}", place + 1, locale.word(step.name)), (Type::BodyStrong, t.text));
        if let Some(hint) = step.hint {
            label(ui, locale.word(hint), (Type::Small, t.sec));
        }
        if let Some(typed) = &step.typed {
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                ui.label(RichText::new(typed).font(Type::Mono.font()).color(t.text));
                if icon_button(ui, Icon::Copy, &copied(typed, locale), 24.0).clicked() {
                    commands.push(Command::Copy(typed.clone()));
                }
            });
        }
    }
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        if button(ui, locale.word(Key::MachineChooseCard), ButtonLook::Plain, None).clicked() {
            commands.push(Command::Show(Tab::Cards));
        }
        if button(ui, locale.word(Key::MachineOpen), ButtonLook::Plain, None).clicked() {
            commands.push(Command::OpenMachine);
        }
    });
    ui.add_space(space::S);
    label(ui, locale.word(Key::MachineToDoReport), (Type::Caption, t.faint));
}

fn copied(typed: &str, locale: Locale) -> String {
    locale.sentence(Key::CopyNamed, &[(Placeholder::Name, typed)])
}

/// How it stands with the driver, and with chips that are there and of no use.
fn why(found: &Detected, inputs: &MachineInputs<'_>) -> String {
    let locale = inputs.locale;
    let devices = found.devices(inputs.catalog);
    let of_no_use = devices.iter().filter_map(|device| {
        let name = device.name.as_deref()?;
        let key = match device.kind {
            DeviceKind::Integrated => Key::MachineIntegrated,
            DeviceKind::WithoutDriver => Key::MachineNoDriver,
            _ => return None,
        };
        Some(locale.sentence(key, &[(Placeholder::Card, name)]))
    });
    // Whoever has another maker's card is told nothing of NVIDIA's driver.
    let other = found.graphics.iter().any(|chip| chip.vendor() == Some(Vendor::Amd) && !chip.integrated);
    let driver = (!other).then(|| found.nvml.say(locale));
    let unreadable = found.unreadable.iter().map(|card| {
        let holes = [(Placeholder::Count, &*card.index.to_string()), (Placeholder::Name, &*card.why(locale))];
        locale.sentence(Key::MachineUnreadable, &holes)
    });
    locale.join(Join::Clauses, driver.into_iter().chain(unreadable).chain(of_no_use))
}
