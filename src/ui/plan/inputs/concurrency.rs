//! From people to concurrent sequences: a small popover beside the slider.

use eframe::egui::{
    Align2, Frame, Label, Margin, Popup, PopupCloseBehavior, Pos2, Rect, Response, RichText, Role, Sense, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};

use super::rows;
use crate::advise::concurrency::{Busy, Concurrency, Load};
use crate::plan::Workload;
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::segmented::segmented;
use crate::ui::widgets::typed;
use crate::ui::widgets::value_field::ValueField;

/// The most people, requests or seconds that anyone counts.
const MOST: f64 = 1e9;

/// Shows the button right of the slider's name, whose header begins at `header`, and the popover while it is open.
pub(super) fn show(ui: &mut Ui, header: Pos2, workload: &mut Workload, people: &mut Concurrency, locale: Locale) {
    let response = opener(ui, header, locale);
    let name = locale.word(Key::PeopleTitle);
    let fill = Tokens::of(ui).raised;
    let frame = Frame::popup(ui.style()).fill(fill).inner_margin(Margin::same(14));
    let shown = Popup::from_toggle_button_response(&response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .accessible_name(name)
        .frame(frame)
        .show(|ui| {
            ui.set_width(space::CONTROL);
            ui.spacing_mut().item_spacing.y = 0.0;
            inside(ui, people, locale)
        });
    if shown.is_some_and(|shown| shown.inner) {
        workload.sequences = people.sequences();
        Popup::close_id(ui.ctx(), Popup::default_response_id(&response));
        response.request_focus();
    }
}

fn opener(ui: &Ui, header: Pos2, locale: Locale) -> Response {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let words = locale.word(Key::PeopleOpen);
    let left = header.x + paint::width(painter, locale.word(Key::Sequences), Type::Small) + 10.0;
    let size = vec2(paint::width(painter, words, Type::Caption) + 14.0, 18.0);
    let rect = Rect::from_min_size(pos2(left, header.y), size);
    let response = ui.interact(rect, ui.make_persistent_id("people"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), words));
    let fill = if response.hovered() || response.has_focus() { t.hover } else { t.raised };
    painter.rect_filled(rect, radius::SEGMENT, fill);
    paint::text(painter, rect.center(), Align2::CENTER_CENTER, words, Type::Caption, t.sec);
    paint::focus_ring(ui, &response, radius::SEGMENT);
    response
}

/// What the popover holds; whether the result is to be applied.
fn inside(ui: &mut Ui, people: &mut Concurrency, locale: Locale) -> bool {
    let t = Tokens::of(ui);
    ui.add(Label::new(RichText::new(locale.word(Key::PeopleTitle)).font(Type::BodyStrong.font()).color(t.text)));
    ui.add_space(space::S);
    number(ui, Key::People, "", &mut people.people, locale);
    let busy = [(Busy::Requests, locale.word(Key::PeopleRequests)), (Busy::Share, locale.word(Key::PeopleShare))];
    if let Some(chosen) = segmented(ui, locale.word(Key::PeopleBusy), &busy, people.busy, space::CONTROL) {
        people.busy = chosen;
    }
    ui.add_space(space::S);
    let (percent, from, formula) =
        (people.share * 100.0, people.people, |key, holes: &[(Placeholder, &str)]| locale.sentence(key, holes));
    let shown = |value: f64| text::trimmed(value, 2);
    let mean = shown(people.in_flight());
    let formula = match people.busy {
        Busy::Requests => {
            number(ui, Key::RequestsPerHour, "", &mut people.requests_per_hour, locale);
            number(ui, Key::SecondsPerRequest, "s", &mut people.seconds_per_request, locale);
            let holes = [
                (Placeholder::Count, shown(from)),
                (Placeholder::Value, shown(people.requests_per_hour)),
                (Placeholder::Other, shown(people.seconds_per_request)),
                (Placeholder::Needed, mean),
            ];
            formula(Key::LittlesLaw, &holes.iter().map(|(hole, value)| (*hole, value.as_str())).collect::<Vec<_>>())
        }
        Busy::Share => {
            let mut percent = percent;
            number(ui, Key::ActiveShare, "%", &mut percent, locale);
            people.share = (percent / 100.0).clamp(0.0, 1.0);
            let holes =
                [(Placeholder::Count, shown(from)), (Placeholder::Value, shown(percent)), (Placeholder::Needed, mean)];
            formula(Key::ShareLaw, &holes.iter().map(|(hole, value)| (*hole, value.as_str())).collect::<Vec<_>>())
        }
    };
    ui.add(Label::new(RichText::new(formula).font(Type::Caption.font()).color(t.sec)).wrap());
    ui.add_space(space::S);
    let moments = [(Load::Average, locale.word(Key::LoadAverage)), (Load::Busy, locale.word(Key::LoadBusy))];
    if let Some(chosen) = segmented(ui, locale.word(Key::LoadFor), &moments, people.load, space::CONTROL) {
        people.load = chosen;
    }
    let why = if people.load == Load::Busy { Key::LoadBusyWhy } else { Key::LoadAverageWhy };
    ui.add_space(4.0);
    ui.add(Label::new(RichText::new(locale.word(why)).font(Type::Caption.font()).color(t.faint)).wrap());
    ui.add_space(space::M);
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top() - 6.0, Stroke::new(1.0, t.line));
    let count = text::count(people.sequences().into());
    let apply = locale.sentence(Key::PeopleApply, &[(Placeholder::Count, &count)]);
    button(ui, &apply, ButtonLook::Primary, Some(space::CONTROL)).clicked()
}

fn number(ui: &mut Ui, key: Key, unit: &str, value: &mut f64, locale: Locale) {
    let reading = text::trimmed(*value, 2);
    let parse = typed::within(locale, text::parse_number, 0.0..=MOST, |value| text::trimmed(value, 2));
    let name = locale.word(key);
    let field = ValueField { name, reading: &reading, unit, hint: "", parse: &parse, boxed: true };
    if let Some(typed) = rows::number(ui, salt(key), field) {
        *value = typed;
    }
}

const fn salt(key: Key) -> &'static str {
    match key {
        Key::People => "how many people",
        Key::RequestsPerHour => "requests an hour",
        Key::SecondsPerRequest => "seconds a request",
        _ => "share active",
    }
}
