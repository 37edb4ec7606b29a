//! The table: heads that sort, rows of which only those in sight are drawn, and a legend.

use eframe::egui::{
    Align2, EventFilter, Frame, Id, Key as Press, Margin, Rangef, Rect, Role, Sense, Shape, Stroke, TextEdit, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::columns::{self, CardColumn, PlacedColumn};
use super::{CardsInputs, CardsViewState, Reveal, TableRoom, empty, filters, row};
use crate::advise::ranking::{Direction, Offer, SortKey};
use crate::plan::Runtime;
use crate::text::{Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens, radius, space};
use crate::ui::widgets::long_list::LongList;
use crate::ui::widgets::tip::Tip;
use crate::ui::widgets::{inside, keep_arrows};
use crate::units::Bytes;

const HEAD: f32 = 36.0;
const LEGEND: f32 = 40.0;
/// What the scroll bar and its margins take.
const SCROLL_BAR: f32 = 10.0;
const HIGH_ROW: f32 = 50.0;
const LOW_ROW: f32 = 36.0;

pub(super) fn show(
    ui: &mut Ui,
    offers: &[Offer<'_>],
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
    room: TableRoom,
    commands: &mut Vec<Command>,
) {
    let rect = ui.max_rect();
    let (head, rest) = rect.split_top_bottom_at_y(rect.top() + HEAD);
    let (body, legend) = rest.split_top_bottom_at_y(rest.bottom() - LEGEND);
    let beside_bar = head.with_max_x(head.right() - SCROLL_BAR);
    heads(ui, head, &columns::places(beside_bar, inputs.plan.workload.task.trains()), inputs, state);
    self::legend(ui, legend, inputs, state, room.named_below);
    let height = if room.high { HIGH_ROW } else { LOW_ROW };
    let top = state.listing.top;
    let body = if state.listing.rows.len() > top {
        body
    } else {
        // What stands on top stays, and under it is said why nothing else is there.
        let (upper, lower) = body.split_top_bottom_at_y(body.top() + height * top as f32);
        inside(ui, "no rows", lower, |ui| empty::without_rows(ui, offers, inputs, state));
        upper
    };
    if state.listing.rows.is_empty() {
        return;
    }
    let id = ui.make_persistent_id("rows");
    let focus = ui.interact(body, id, Sense::click());
    focus.widget_info(|| WidgetInfo::labeled(Role::Grid, true, inputs.locale.word(Key::CardsTable)));
    keys(ui, id, offers, state, commands);
    let table = CardTable { id, right: beside_bar.right(), height, room };
    inside(ui, "body", body, |ui| {
        ui.shrink_clip_rect(body);
        rows(ui, &table, offers, inputs, state, commands);
    });
    if focus.has_focus() {
        let stroke = Stroke::new(2.0, Tokens::of(ui).focus);
        ui.painter().rect_stroke(body.shrink(2.0), radius::SEGMENT, stroke, eframe::egui::StrokeKind::Inside);
    }
}

fn heads(ui: &mut Ui, rect: Rect, places: &[PlacedColumn], inputs: &CardsInputs<'_>, state: &mut CardsViewState) {
    let t = Tokens::of(ui);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    for place in places {
        let middle = rect.center().y;
        match place.cell {
            CardColumn::Memory => {
                let end = crate::text::gib_trimmed(state.listing.scale_gib);
                let words = inputs.locale.sentence(Key::CardsMemory, &[(Placeholder::Value, &end)]);
                let look = (Type::Small, t.faint);
                let at = pos2(place.x.min, middle);
                let drawn = paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &words, look, place.x.span());
                let response = ui.interact(drawn, ui.make_persistent_id("head of the bars"), Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
                Tip::of(Key::CardsMemory, inputs.locale).on(&response);
            }
            CardColumn::Sorted(SortKey::Card) => {
                let end = head(ui, rect, place, SortKey::Card, inputs, state);
                let field = Rect::from_x_y_ranges(end + 18.0..=place.x.max, middle - 12.0..=middle + 12.0);
                search(ui, field, inputs, state);
            }
            CardColumn::Sorted(column) => {
                head(ui, rect, place, column, inputs, state);
            }
        }
    }
}

/// The field for words of a name, in the head of the names.
fn search(ui: &mut Ui, rect: Rect, inputs: &CardsInputs<'_>, state: &mut CardsViewState) {
    let t = Tokens::of(ui);
    let words = inputs.locale.word(Key::SearchCards);
    let frame = Frame::new()
        .fill(t.bg)
        .stroke(Stroke::new(1.0, t.rail))
        .corner_radius(radius::SEGMENT)
        .inner_margin(Margin::symmetric(6, 3));
    let field = TextEdit::singleline(&mut state.query)
        .id(ui.make_persistent_id("search cards"))
        .font(Type::Small.font())
        .hint_text(words)
        .frame(frame)
        .desired_width(rect.width() - 12.0);
    let response = inside(ui, "search cards", rect, |ui| ui.put(rect, field));
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, words));
    paint::focus_ring(ui, &response, radius::SEGMENT);
    if response.changed() {
        state.reveal = Some(Reveal::Top);
    }
}

/// One head; a click sorts by it, a second one the other way round. Where its words end.
fn head(
    ui: &Ui,
    rect: Rect,
    place: &PlacedColumn,
    column: SortKey,
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
) -> f32 {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let words = locale.word(columns::head(column, inputs.plan.workload.task.trains()));
    let x = match column {
        // The search field stands beside the words.
        SortKey::Card => {
            let wide = paint::width(ui.painter(), words, Type::SmallStrong) + 14.0;
            Rangef::new(place.x.min, place.x.min + wide)
        }
        _ => place.x,
    };
    let hit = Rect::from_x_y_ranges(x.expand(4.0), rect.shrink2(vec2(0.0, 4.0)).y_range());
    let response = ui.interact(hit, ui.make_persistent_id(("head", column)), Sense::click());
    let on = state.column == column;
    response.widget_info(|| {
        let spoken = locale.sentence(Key::CardsSortBy, &[(Placeholder::Name, words)]);
        WidgetInfo::selected(Role::Button, true, on, spoken)
    });
    let left = matches!(column, SortKey::Verdict | SortKey::Card);
    let room = place.x.span();
    let ink = if on || response.hovered() { t.text } else { t.faint };
    let step = if on { Type::SmallStrong } else { Type::Small };
    let middle = rect.center().y;
    let (at, anchor) = if left {
        (pos2(place.x.min, middle), Align2::LEFT_CENTER)
    } else {
        (pos2(place.x.max, middle), Align2::RIGHT_CENTER)
    };
    let drawn = if column == SortKey::Verdict {
        Rect::from_center_size(pos2(place.x.center(), middle), Vec2::ZERO)
    } else {
        paint::text_within(ui.painter(), at, anchor, words, (step, ink), room)
    };
    if on {
        // A triangle on the free side of the words.
        let x = match column {
            SortKey::Verdict => place.x.center(),
            SortKey::Card => drawn.right() + 8.0,
            _ => drawn.left() - 8.0,
        };
        triangle(ui, pos2(x, middle), state.direction, t);
    }
    paint::focus_ring(ui, &response, radius::SEGMENT);
    if response.clicked() {
        state.direction = if on { state.direction.reversed() } else { column.best_first() };
        state.column = column;
        state.reveal = Some(Reveal::Top);
    }
    let trains = inputs.plan.workload.task.trains();
    let tip = Tip::of(columns::head(column, trains), locale);
    tip.more(locale.word(columns::tip(column, trains))).on(&response);
    drawn.right()
}

fn triangle(ui: &Ui, center: eframe::egui::Pos2, direction: Direction, t: &Tokens) {
    let up = if direction == Direction::Rising { 1.0 } else { -1.0 };
    let points = [vec2(-4.0, 2.5 * up), vec2(4.0, 2.5 * up), vec2(0.0, -2.5 * up)].map(|corner| center + corner);
    ui.painter().add(Shape::convex_polygon(points.to_vec(), t.text, Stroke::NONE));
}

/// The keys of the table while it has the focus.
fn keys(ui: &Ui, id: Id, offers: &[Offer<'_>], state: &mut CardsViewState, commands: &mut Vec<Command>) {
    if !ui.memory(|memory| memory.has_focus(id)) {
        return;
    }
    keep_arrows(ui, id, EventFilter { vertical_arrows: true, ..EventFilter::default() });
    let rows = &state.listing.rows;
    let last = rows.len().saturating_sub(1);
    let here = state.selected.as_ref().and_then(|key| rows.iter().position(|&place| offers[place].is(key)));
    let (step, ends, enter, pin) = ui.input(|input| {
        let pages = input.num_presses(Press::PageDown).cast_signed() - input.num_presses(Press::PageUp).cast_signed();
        let step = input.num_presses(Press::ArrowDown).cast_signed() - input.num_presses(Press::ArrowUp).cast_signed();
        let ends = (input.key_pressed(Press::Home), input.key_pressed(Press::End));
        (step + 10 * pages, ends, input.key_pressed(Press::Enter), input.key_pressed(Press::Space))
    });
    let here_or_first = here.unwrap_or(0);
    let next = match ends {
        (true, _) => 0,
        (_, true) => last,
        _ => here_or_first.saturating_add_signed(step).min(last),
    };
    if Some(next) != here && (step != 0 || ends.0 || ends.1) {
        state.selected = rows.get(next).map(|&place| offers[place].key());
        state.reveal = Some(Reveal::Chosen);
    }
    if let Some(key) = state.selected.clone() {
        if enter {
            commands.push(Command::UseCard {
                card: key.card.clone(),
                size_gib: key.size.map(Bytes::gib),
                count: key.count,
            });
        }
        if pin {
            super::facts::toggle_pin(state, key);
        }
    }
}

/// How the rows are drawn.
struct CardTable {
    /// What has the keyboard.
    id: Id,
    /// Where rows end, whether there is a scroll bar beside them or not: under the heads.
    right: f32,
    height: f32,
    room: TableRoom,
}

fn rows(
    ui: &mut Ui,
    table: &CardTable,
    offers: &[Offer<'_>],
    inputs: &CardsInputs<'_>,
    state: &mut CardsViewState,
    commands: &mut Vec<Command>,
) {
    let revealed = state.reveal.take().and_then(|reveal| match reveal {
        Reveal::Top => Some(0),
        Reveal::Chosen => {
            let key = state.selected.as_ref()?;
            state.listing.rows.iter().position(|&place| offers[place].is(key))
        }
    });
    let scale = state.listing.scale_gib;
    let list = LongList { salt: "rows", count: state.listing.rows.len(), height: table.height, revealed };
    list.show(ui, |ui, index, rect| {
        let listing = &state.listing;
        let Some(&place) = listing.rows.get(index) else { return };
        let sold = |index: usize| listing.rows.get(index).is_none_or(|&place| offers[place].is_sold());
        let look = row::RowLayout {
            rect: rect.with_max_x(table.right),
            pinned: listing.pins.contains(&place),
            own: listing.own == Some(place),
            // Where what stands on top ends, and where what nobody sells begins.
            ends: index + 1 == listing.top || (index >= listing.top && sold(index) && !sold(index + 1)),
            room: table.room,
            scale,
            table: table.id,
        };
        row::show(ui, &offers[place], &look, inputs, state, commands);
    });
}

/// How many rows there are, what they are ranked for where that is said here, and what the colors of the bars mean.
fn legend(ui: &Ui, rect: Rect, inputs: &CardsInputs<'_>, state: &CardsViewState, names_plan: bool) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(1.0, t.line));
    let middle = rect.center().y;
    let shown = state.listing.rows.len().to_string();
    let all = state.listing.all.to_string();
    let words = locale.sentence(Key::CardsShown, &[(Placeholder::Count, &shown), (Placeholder::Value, &all)]);
    let at = pos2(rect.left() + space::L, middle);
    let mut left = paint::text(ui.painter(), at, Align2::LEFT_CENTER, &words, Type::Caption, t.faint).right() + 20.0;
    if names_plan {
        let (plan, _) = filters::plan_words(inputs);
        let (at, room) = (pos2(left, middle), rect.right() - space::L - left);
        let look = (Type::Caption, t.text);
        left = paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &plan, look, room).right() + 20.0;
    }
    // What has no room is named where the pointer rests on a bar.
    let until = rect.right() - space::L;
    let fits = |left: f32, words: &str| left + 18.0 + paint::width(ui.painter(), words, Type::Caption) <= until;
    // Server engines hold activations in place of a buffer.
    let buffers = inputs.plan.workload.runtime == Runtime::LlamaCpp;
    let trains = inputs.plan.workload.task.trains();
    let training = [
        (Memory::Weights, Key::Weights),
        (Memory::Gradients, Key::Gradients),
        (Memory::Optimizer, Key::OptimizerStates),
        (Memory::Compute, Key::Activations),
        (Memory::Overhead, Key::RuntimeOverhead),
    ];
    let serving = [
        (Memory::Weights, Key::Weights),
        (Memory::Kv, Key::KvCache),
        (Memory::Compute, if buffers { Key::ComputeBuffer } else { Key::Activations }),
        (Memory::Overhead, Key::RuntimeOverhead),
    ];
    let components = if trains { &training[..] } else { &serving[..] };
    for &(component, key) in components {
        if !fits(left, locale.word(key)) {
            return;
        }
        let square = Rect::from_center_size(pos2(left + 6.0, middle), Vec2::splat(12.0));
        paint::swatch(ui.painter(), square, component, t);
        let at = pos2(left + 18.0, middle);
        left =
            paint::text(ui.painter(), at, Align2::LEFT_CENTER, locale.word(key), Type::Caption, t.sec).right() + 16.0;
    }
    if trains || !fits(left, locale.word(Key::CardsInRam)) {
        return;
    }
    let square = Rect::from_center_size(pos2(left + 6.0, middle), Vec2::splat(12.0));
    paint::hatch(ui.painter(), square, t.memory(Memory::Weights), true);
    let words = locale.word(Key::CardsInRam);
    paint::text(ui.painter(), pos2(left + 18.0, middle), Align2::LEFT_CENTER, words, Type::Caption, t.sec);
}
