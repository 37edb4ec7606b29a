//! What is wished for besides the budget: the goal, whether used parts will do, and what is there already.

use eframe::egui::{Align2, Rect, ScrollArea, Ui, pos2, vec2};

use super::{BuildInputs, SIDE, edit, names};
use crate::advise::builder::words;
use crate::catalog::Catalog;
use crate::catalog::entry_table::Entry;
use crate::catalog::parts::{Circuit, PartKind, Written};
use crate::catalog::quantization::Quantization;
use crate::plan::{BuildGoal, BuildRequest, Buying};
use crate::text::find::matching;
use crate::text::{self, Concept, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::check_box;
use crate::ui::widgets::inside;
use crate::ui::widgets::picker::Picker;
use crate::ui::widgets::stepper::{self, stepper};
use crate::ui::widgets::tip::{Begun, Tip};
use crate::ui::widgets::typed;
use crate::ui::widgets::value_field::ValueField;

/// Height of the row of wishes.
const ROW: f32 = 42.0;
/// Height of the row of owned parts.
const OWNED: f32 = 40.0;
/// Room beside the words of a picker, for the arrow and the margins.
const BESIDE: f32 = 44.0;
/// Width of the outlet.
const OUTLET: f32 = 176.0;
/// A long name widens it to this, where so much room is left for what follows.
const WIDE_OUTLET: f32 = 290.0;
const ROOM_FOR_WIDE: f32 = 1000.0;
/// The most of one part that can be owned.
const MOST_OWNED: u32 = 64;

/// Where there is less room than this, what a goal asks for beside it stands in a row of its own.
const ONE_ROW: f32 = 1190.0;

/// How high the wishes are in so much width: what is owned has a row of its own.
pub(super) fn height(request: &BuildRequest, width: f32) -> f32 {
    goal_height(request, width - 2.0 * SIDE) + if request.owned.is_empty() { 0.0 } else { OWNED }
}

/// The same of the goal and what stands beside it.
fn goal_height(request: &BuildRequest, width: f32) -> f32 {
    if request.goal.least_decode().is_some() && width < ONE_ROW { 2.0 * ROW } else { ROW }
}

pub(super) fn show(ui: &mut Ui, request: &mut BuildRequest, inputs: &BuildInputs<'_>) {
    let rect = ui.max_rect().shrink2(vec2(SIDE, 0.0));
    let locale = inputs.locale;
    let row = Rect::from_min_size(rect.min, vec2(rect.width(), space::FIELD));
    let mut left = goal(ui, row, request, inputs);
    left = buying(ui, row.with_min_x(left + space::XL), request, locale);
    left = quiet(ui, row.with_min_x(left + space::XL), request, locale);
    left = outlet(ui, row.with_min_x(left + space::XL), request, inputs);
    let place = Rect::from_min_size(pos2(left + space::XL, row.top()), vec2(176.0, space::FIELD));
    inside(ui, "own", place, |ui| own(ui, request, inputs));
    let high = goal_height(request, rect.width());
    // What the largest model alone asks for stands last, so that it moves nothing.
    let beside = if high > ROW {
        Rect::from_min_size(rect.min + vec2(0.0, ROW), row.size())
    } else {
        row.with_min_x(place.right() + space::XL)
    };
    let end = largest(ui, beside, request, locale);
    plan(ui, beside.with_min_x(end + space::XL), inputs);
    if !request.owned.is_empty() {
        let below = Rect::from_min_size(pos2(rect.left(), rect.top() + high - 4.0), vec2(rect.width(), OWNED));
        inside(ui, "owned", below, |ui| owned(ui, request, inputs));
    }
}

/// Which goal; where it ends.
fn goal(ui: &mut Ui, row: Rect, request: &mut BuildRequest, inputs: &BuildInputs<'_>) -> f32 {
    let locale = inputs.locale;
    let trains = inputs.plan.workload.task.trains();
    let run = if trains { Key::BuildGoalTrain } else { Key::BuildGoalRun };
    // The one that is chosen keeps what was typed of it.
    let kept = |goal: BuildGoal| {
        let same = std::mem::discriminant(&goal) == std::mem::discriminant(&request.goal);
        if same { request.goal } else { goal }
    };
    let goals = [
        (BuildGoal::RunPlan, run, Key::TipGoalRun),
        (BuildGoal::MostTokens, Key::BuildGoalTokens, Key::TipGoalTokens),
        (kept(BuildGoal::USERS), Key::BuildGoalUsers, Key::TipGoalUsers),
        (kept(BuildGoal::LARGEST), Key::BuildGoalLargest, Key::TipGoalLargest),
        (kept(BuildGoal::MIXTURE), Key::BuildGoalMixture, Key::TipGoalMixture),
    ];
    let words = goals.map(|(_, words, _)| locale.word(words));
    let widest = words.iter().map(|words| paint::width(ui.painter(), words, Type::Body)).fold(0.0, f32::max);
    let place = row.with_max_x(row.left() + widest + BESIDE);
    let current = goals.iter().position(|(goal, ..)| *goal == request.goal).unwrap_or(0);
    let picker = Picker {
        salt: "goal",
        name: locale.word(Key::BuildGoal),
        current: (words[current], ""),
        search: None,
        nothing: |_| String::new(),
        size: (place.width(), place.height()),
        quiet: false,
    };
    let tip = goals[current].2;
    let begun = Begun::here(ui);
    let picked = inside(ui, "goal", place, |ui| {
        picker.show(ui, |_| (0..goals.len()).collect(), |place| (words[place].to_owned(), String::new()))
    });
    let concept = match request.goal {
        BuildGoal::MostTokens | BuildGoal::MostUsers { .. } => Some(Concept::Throughput),
        BuildGoal::LargestModel { .. } => Some(Concept::Dense),
        BuildGoal::RunPlan | BuildGoal::BestMixture { .. } => None,
    };
    Tip { concept, more: locale.word(tip), locale }.over(ui, begun, place, "goal");
    if let Some((goal, ..)) = picked.and_then(|place| goals.get(place)) {
        request.goal = *goal;
    }
    place.right()
}

/// How the largest model is stored and how fast it must be; where that ends.
fn largest(ui: &mut Ui, row: Rect, request: &mut BuildRequest, locale: Locale) -> f32 {
    let Some(least_decode) = request.goal.least_decode() else { return row.left() - space::XL };
    let Some(quantization) = request.goal.quantization() else {
        return least_speed(ui, row, request, least_decode, locale);
    };
    let place = row.with_max_x(row.left() + 92.0);
    let label = |it: Quantization| it.facts().map_or_else(|| it.to_string(), |facts| facts.label.clone());
    let current = label(quantization);
    let picker = Picker {
        salt: "largest at",
        name: locale.word(Key::WeightPrecision),
        current: (&current, ""),
        search: None,
        nothing: |_| String::new(),
        size: (place.width(), place.height()),
        quiet: false,
    };
    let all = Quantization::SLIDER;
    let begun = Begun::here(ui);
    let picked = inside(ui, "largest at", place, |ui| {
        picker.show(ui, |_| (0..all.len()).collect(), |place| (label(all[place]), String::new()))
    });
    Tip::of(Key::WeightPrecision, locale).over(ui, begun, place, "largest at");
    if let Some(place) = picked {
        request.goal = request.goal.stored_as(all[place]);
    }
    least_speed(ui, row.with_min_x(place.right() + 12.0), request, least_decode, locale)
}

/// The least speed that the goal asks for; where its field ends.
fn least_speed(ui: &mut Ui, row: Rect, request: &mut BuildRequest, least_decode: f64, locale: Locale) -> f32 {
    let words = locale.word(Key::CardsLeastSpeed);
    let at = row.left_center();
    let drawn = paint::text(ui.painter(), at, Align2::LEFT_CENTER, words, Type::Body, Tokens::of(ui).sec);
    let field = Rect::from_min_size(pos2(drawn.right() + 8.0, row.top()), vec2(88.0, space::FIELD));
    let reading = text::trimmed(least_decode, 1);
    let parse = typed::number(locale, parse_speed);
    let value = ValueField { name: words, reading: &reading, unit: "tok/s", hint: "", parse: &parse, boxed: true };
    let id = ui.make_persistent_id("least decode");
    let begun = Begun::here(ui);
    let typed = value.show(ui, field, id);
    Tip::of(Key::CardsLeastSpeed, locale).over(ui, begun, drawn, "least decode");
    if let Some(least) = typed {
        request.goal = request.goal.at_least(least);
    }
    field.right()
}

fn parse_speed(typed: &str) -> Option<f64> {
    text::parse_number(typed).filter(|speed| (0.0..=1e6).contains(speed))
}

/// What it is plugged into; where that ends.
fn outlet(ui: &mut Ui, row: Rect, request: &mut BuildRequest, inputs: &BuildInputs<'_>) -> f32 {
    let locale = inputs.locale;
    let current = words::outlet(request.outlet_where(inputs.outlet), locale);
    let most = if row.width() >= ROOM_FOR_WIDE { WIDE_OUTLET } else { OUTLET };
    let wanted = paint::width(ui.painter(), current, Type::Body) + BESIDE;
    let place = row.with_max_x(row.left() + wanted.clamp(OUTLET, most));
    let picker = Picker {
        salt: "outlet",
        name: locale.word(Key::BuildOutlet),
        current: (current, ""),
        search: None,
        nothing: |_| String::new(),
        size: (place.width(), place.height()),
        quiet: false,
    };
    let all = Circuit::all();
    let begun = Begun::here(ui);
    let picked = inside(ui, "outlet", place, |ui| {
        let carries = |circuit: &Circuit| format!("{} W", text::decimal(circuit.carries().0, 0));
        picker.show(
            ui,
            |_| (0..all.len()).collect(),
            |place| (all[place].name.said_in(locale).to_owned(), carries(&all[place])),
        )
    });
    Tip::plain(locale.word(Key::TipBuildOutlet), locale).over(ui, begun, place, "outlet");
    if let Some(place) = picked {
        request.circuit = Some(all[place].id);
    }
    place.right()
}

/// Whether used parts will do; where that ends.
fn buying(ui: &mut Ui, row: Rect, request: &mut BuildRequest, locale: Locale) -> f32 {
    let said = |buying: Buying| match buying {
        Buying::NewOrUsed => locale.word(Key::BuildUsed),
        Buying::New => locale.word(Key::BuildNew),
        Buying::UsedCards => locale.word(Key::BuildUsedCards),
    };
    let all = Buying::ALL;
    let widest = all.map(|buying| paint::width(ui.painter(), said(buying), Type::Body)).into_iter().fold(0.0, f32::max);
    let place = row.with_max_x(row.left() + widest + BESIDE);
    let picker = Picker {
        salt: "buying",
        name: locale.word(Key::BuildBuying),
        current: (said(request.buying), ""),
        search: None,
        nothing: |_| String::new(),
        size: (place.width(), place.height()),
        quiet: false,
    };
    let begun = Begun::here(ui);
    let picked = inside(ui, "buying", place, |ui| {
        picker.show(ui, |_| (0..all.len()).collect(), |place| (said(all[place]).to_owned(), String::new()))
    });
    Tip::of(Key::BuildBuying, locale).more(locale.word(Key::TipBuildUsed)).over(ui, begun, place, "buying");
    if let Some(buying) = picked.and_then(|place| all.get(place)) {
        request.buying = *buying;
    }
    place.right()
}

/// Whether it is to stand beside a desk; where that ends.
fn quiet(ui: &mut Ui, row: Rect, request: &mut BuildRequest, locale: Locale) -> f32 {
    let words = locale.word(Key::BuildQuiet);
    let width = paint::width(ui.painter(), words, Type::Body) + 26.0;
    let place = Rect::from_min_size(pos2(row.left(), row.top() + 3.0), vec2(width, 20.0));
    let tip = Tip::plain(locale.word(Key::TipBuildQuiet), locale);
    let check = |ui: &mut Ui| check_box::explained(ui, (words, "quiet"), &mut request.quiet, width, &tip);
    ui.push_id("quiet", |ui| inside(ui, "check", place, check));
    place.right()
}

/// A part that can be owned.
struct Ownable<'a> {
    kind: PartKind,
    id: &'a str,
    written: Written<'a>,
}

/// Every part that can be owned, by kind.
fn parts(catalog: &Catalog) -> Vec<Ownable<'_>> {
    fn of<'a, T: Entry + 'a>(kind: PartKind, parts: impl Iterator<Item = &'a T>) -> impl Iterator<Item = Ownable<'a>> {
        parts.map(move |part| Ownable { kind, id: part.id(), written: part.written() })
    }
    let cards = catalog.cards().filter(|card| !card.is_unified() && !card.is_laptop());
    let processors = catalog.platforms().filter(|part| part.unified_card.is_none());
    of(PartKind::Card, cards)
        .chain(of(PartKind::Ram, catalog.ram_kits()))
        .chain(of(PartKind::Processor, processors))
        .chain(of(PartKind::Board, catalog.boards()))
        .chain(of(PartKind::Disk, catalog.disks()))
        .chain(of(PartKind::PowerSupply, catalog.power_supplies()))
        .chain(of(PartKind::Case, catalog.cases()))
        .chain(of(PartKind::Fitting, catalog.fittings()))
        .chain(of(PartKind::Cooler, catalog.coolers()))
        .collect()
}

/// The name of a part, or its id where no part has it.
pub(super) fn name(catalog: &Catalog, id: &str, locale: Locale) -> String {
    let part = parts(catalog).into_iter().find(|part| part.id == id).map(|part| part.written);
    let whole = || catalog.systems().find(|system| system.id == id).map(|system| system.written());
    part.or_else(whole).map_or_else(|| id.to_owned(), |written| names::one(written, locale))
}

fn own(ui: &mut Ui, request: &mut BuildRequest, inputs: &BuildInputs<'_>) {
    let locale = inputs.locale;
    let all = parts(inputs.catalog);
    let picker = Picker {
        salt: "own",
        name: locale.word(Key::BuildOwnAdd),
        current: (locale.word(Key::BuildOwnAdd), ""),
        search: Some(locale.word(Key::BuildSearch)),
        nothing: nothing(locale),
        size: (ui.available_width(), space::FIELD),
        quiet: false,
    };
    let field = button(ui, locale.word(Key::BuildOwnAdd), ButtonLook::Dashed, Some(ui.available_width()));
    let picked = picker.show_under(
        ui,
        &field,
        |query| {
            let written: Vec<String> = all.iter().map(|part| part.written.one(locale)).collect();
            let names = all.iter().zip(&written).map(|(part, written)| [part.id, written.as_str()].into_iter());
            matching(names, query)
        },
        |place| (all[place].written.one(locale), locale.word(words::kind(all[place].kind)).to_owned()),
    );
    if let Some(part) = picked.and_then(|place| all.get(place)) {
        let before = request.owned.iter().find(|owned| owned.part == part.id).map_or(0, |owned| owned.count);
        edit::own(request, part.id, (before + 1).min(MOST_OWNED));
    }
}

/// What an empty list says.
pub(super) fn nothing(locale: Locale) -> fn(&str) -> String {
    match locale {
        Locale::En => |_| Locale::En.word(Key::BuildNoPart).to_owned(),
        Locale::Zh => |_| Locale::Zh.word(Key::BuildNoPart).to_owned(),
    }
}

/// What is owned, each part with its count; at none it goes.
fn owned(ui: &mut Ui, request: &mut BuildRequest, inputs: &BuildInputs<'_>) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let mut changes = Vec::new();
    ScrollArea::horizontal().id_salt("owned").show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let words = locale.word(Key::BuildOwned);
            let (_, head) =
                ui.allocate_space(vec2(paint::width(ui.painter(), words, Type::Body) + 8.0, stepper::HEIGHT));
            paint::text(ui.painter(), head.left_center(), Align2::LEFT_CENTER, words, Type::Body, t.sec);
            for part in &request.owned {
                let name = name(inputs.catalog, &part.part, locale);
                let width = paint::width(ui.painter(), &name, Type::BodyStrong);
                let (_, at) = ui.allocate_space(vec2(width, stepper::HEIGHT));
                let look = Type::BodyStrong;
                paint::text(ui.painter(), at.left_center(), Align2::LEFT_CENTER, &name, look, t.text);
                let mut count = part.count;
                let (fewer, more) = (
                    locale.sentence(Key::BuildFewer, &[(Placeholder::Name, &name)]),
                    locale.sentence(Key::BuildMore, &[(Placeholder::Name, &name)]),
                );
                let changed =
                    ui.push_id(&part.part, |ui| stepper(ui, (&fewer, &more), &mut count, (0, MOST_OWNED))).inner;
                if changed {
                    changes.push((part.part.clone(), count));
                }
                ui.add_space(12.0);
            }
        });
    });
    for (part, count) in changes {
        edit::own(request, &part, count);
    }
}

/// What is to run, at the right.
fn plan(ui: &Ui, rect: Rect, inputs: &BuildInputs<'_>) {
    if rect.width() < 150.0 {
        return;
    }
    let t = Tokens::of(ui);
    let model = names::model(inputs.plan, inputs.catalog, inputs.locale);
    let bits = names::bits(inputs.plan, inputs.locale);
    let context = text::count(inputs.plan.workload.length());
    let holes = [(Placeholder::Name, model.as_str()), (Placeholder::Bits, bits), (Placeholder::Context, &context)];
    let look = (Type::Small, t.faint);
    // Without the context where the line is too narrow for it.
    let whole = inputs.locale.sentence(Key::BuildFor, &holes);
    let fits = paint::width(ui.painter(), &whole, Type::Small) <= rect.width();
    let words = if fits { whole } else { format!("{model} {bits}") };
    paint::text_within(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, &words, look, rect.width());
}
