//! The name of a part, under which a list of what could stand in its place opens.

use eframe::egui::{Align2, Popup, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use super::drawn::ColumnContext;
use super::requirements::nothing;
use super::{edit, line, names};
use crate::advise::builder::{Market, PartLine, Swap, swaps};
use crate::catalog::source::PriceKind;
use crate::plan::BuildRequest;
use crate::text::find::matching;
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::widgets::picker::Picker;

pub(super) fn show(ui: &mut Ui, rect: Rect, line: &PartLine<'_>, drawn: ColumnContext<'_>, request: &mut BuildRequest) {
    let t = Tokens::of(ui);
    let locale = drawn.inputs.locale;
    let words = shown(line, locale);
    let response = ui.interact(rect, ui.make_persistent_id("part"), Sense::click());
    let name = locale.sentence(Key::BuildSwap, &[(Placeholder::Name, &names::one(line.written, locale))]);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(words.clone()),
        ..WidgetInfo::labeled(Role::ComboBox, ui.is_enabled(), &name)
    });
    let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    let hot = response.hovered() || open || response.has_focus();
    if hot {
        ui.painter().rect_filled(rect.expand2(vec2(4.0, -1.0)), radius::SEGMENT, t.hover);
    }
    // That there are others to take is seen without pointing at it.
    let chevron = rect.right_center() - vec2(6.0, 0.0);
    icons::draw(ui.painter(), chevron, Icon::ChevronDown, if hot { t.text } else { t.rail });
    let look = (Type::Small, t.text);
    paint::text_within(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, &words, look, rect.width() - 12.0);
    paint::focus_ring(ui, &response.clone().with_new_rect(rect.expand2(vec2(4.0, -1.0))), radius::SEGMENT);
    if open || response.clicked() {
        if let Some(swap) = pick(ui, &response, line, &name, drawn, request) {
            edit::swap(request, drawn.column.tier, drawn.build, line.id, &swap);
        }
    } else {
        response.on_hover_ui(|ui| line::tip(ui, line, drawn));
    }
}

/// The name with its count, and whether it is bought used or there already.
fn shown(line: &PartLine<'_>, locale: Locale) -> String {
    let mut words = names::counted(line.written, line.count, locale);
    if line.price.is_some_and(|price| price.kind == PriceKind::Used) && line.owned < line.count {
        words = locale.sentence(Key::CardUsedName, &[(Placeholder::Name, &words)]);
    }
    if line.owned == line.count {
        words = locale.sentence(Key::PartOwned, &[(Placeholder::Name, &words)]);
    }
    words
}

/// What could stand in the place of the part, as a list that is searched; what was picked.
fn pick<'a>(
    ui: &mut Ui,
    response: &eframe::egui::Response,
    line: &PartLine<'_>,
    name: &str,
    drawn: ColumnContext<'a>,
    request: &BuildRequest,
) -> Option<Swap<'a>> {
    let inputs = drawn.inputs;
    let locale = inputs.locale;
    let parts = drawn.build.parts();
    let market = Market::all(request, inputs.catalog);
    let all = swaps(&market, inputs.catalog, &parts, line.kind, line.id);
    let picker = Picker {
        salt: "swap",
        name,
        current: ("", ""),
        search: Some(locale.word(Key::BuildSearch)),
        nothing: nothing(locale),
        size: (0.0, 0.0),
        quiet: false,
    };
    let find = |query: &str| matching(all.iter().map(|swap| [swap.name, swap.id].into_iter()), query);
    let picked = picker.show_under(ui, response, find, |place| {
        let swap = &all[place];
        (names::counted(swap.written, swap.count, locale), fact(swap, locale))
    });
    picked.and_then(|place| all.get(place).cloned())
}

/// What a part costs, and whether it goes with the rest.
fn fact(swap: &Swap<'_>, locale: Locale) -> String {
    let price = match swap.price {
        Some(price) => {
            let money = text::money(swap.total.usd);
            let money = match price.kind {
                PriceKind::Used => locale.sentence(Key::CardUsedName, &[(Placeholder::Name, &money)]),
                _ => money,
            };
            format!("{money} · {}", names::month(&price.date, locale))
        }
        None => locale.word(Key::CardsNoPrice).to_owned(),
    };
    let Some(misfit) = &swap.misfit else { return price };
    let key = if misfit.is_want_of_room() { Key::BuildNoRoom } else { Key::BuildMisfit };
    format!("{} · {price}", locale.word(key))
}
