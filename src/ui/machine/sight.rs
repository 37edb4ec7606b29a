//! What this view can see of a machine, by what keeps things from it: the row of this one is lit.

use eframe::egui::{Align2, Rect, Stroke, Ui, pos2, vec2};

use super::{MachineInputs, told};
use crate::catalog::card::Vendor;
use crate::system::detect::{Detected, Inside};
use crate::text::{Join, Key};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

const ROW: f32 = 32.0;
/// Where the columns begin, as shares of the width: what it is, what is seen, what is hidden, what to do.
const COLUMNS: [f32; 4] = [0.0, 0.17, 0.44, 0.72];

/// A kind of machine, in words.
type Kind = [Key; 4];

const BOX_IN_WSL: Kind = [Key::SightBoxWsl, Key::SightBoxWslSeen, Key::SightBoxWslHidden, Key::SightBoxWslDo];
const BOX: Kind = [Key::SightBox, Key::SightBoxSeen, Key::SightBoxHidden, Key::SightBoxWslDo];
const WSL: Kind = [Key::SightWsl, Key::SightWslSeen, Key::SightWslHidden, Key::SightWslDo];
const NONE: Kind = [Key::SightNone, Key::SightNoneSeen, Key::SightNoneHidden, Key::SightNoneDo];
const AMD: Kind = [Key::SightAmd, Key::SightAmdSeen, Key::SightAmdHidden, Key::SightAmdDo];
const INTEL: Kind = [Key::SightIntel, Key::SightIntelSeen, Key::SightIntelHidden, Key::SightIntelDo];
const APPLE: Kind = [Key::SightApple, Key::SightAppleSeen, Key::SightAppleHidden, Key::SightAppleDo];
const REMOTE: Kind = [Key::SightRemote, Key::SightRemoteSeen, Key::SightRemoteHidden, Key::SightRemoteDo];

const ALL: [Kind; 8] = [BOX_IN_WSL, BOX, WSL, NONE, AMD, INTEL, APPLE, REMOTE];

/// Which of them this machine is.
fn own(found: &Detected) -> Kind {
    let of = |vendor| found.graphics.iter().any(|chip| chip.vendor() == Some(vendor) && !chip.integrated);
    match found.host.inside {
        Some(Inside::ContainerInWsl) => BOX_IN_WSL,
        Some(Inside::Container) => BOX,
        Some(Inside::Wsl) => WSL,
        None if of(Vendor::Amd) => AMD,
        None if of(Vendor::Intel) => INTEL,
        None if found.graphics.iter().any(|chip| chip.vendor() == Some(Vendor::Apple)) => APPLE,
        None => NONE,
    }
}

pub(super) fn show(ui: &mut Ui, found: &Detected, inputs: &MachineInputs<'_>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let (_, head) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let heads = [Key::MachineSight, Key::MachineSeen, Key::MachineHidden, Key::MachineToDo];
    for (place, key) in heads.into_iter().enumerate() {
        let look = if place == 0 { (Type::Section, t.text) } else { (Type::SmallStrong, t.sec) };
        cell(ui, head, place, locale.word(key), look);
    }
    ui.painter().hline(head.x_range(), head.bottom(), Stroke::new(1.0, t.line));
    let own = own(found);
    for (number, kind) in ALL.into_iter().enumerate() {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
        if kind == own {
            ui.painter().rect_filled(rect.expand2(vec2(8.0, -1.0)), radius::SEGMENT, t.raised);
        }
        for (place, key) in kind.into_iter().enumerate() {
            let look = match place {
                0 => (Type::BodyStrong, t.text),
                2 => (Type::Body, t.sec),
                _ => (Type::Body, t.text),
            };
            cell(ui, rect, place, locale.word(key), look);
        }
        ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line));
        told(ui, rect, ("sight", number), &locale.join(Join::Clauses, kind.map(|key| locale.word(key))));
    }
}

fn cell(ui: &Ui, rect: Rect, place: usize, words: &str, look: (Type, crate::ui::theme::Ink)) {
    let left = rect.left() + COLUMNS[place] * rect.width();
    let end = COLUMNS.get(place + 1).copied().unwrap_or(1.0);
    let room = rect.left() + end * rect.width() - left - 12.0;
    paint::text_in(ui, pos2(left, rect.center().y), Align2::LEFT_CENTER, words, look, room);
}
