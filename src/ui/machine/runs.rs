//! The models that run here, the best first; a click plans one.

use eframe::egui::{Align2, Label, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::{MachineInputs, RunLine};
use crate::advise::runs::Pace;
use crate::text::{self, Join, Key, Placeholder};
use crate::ui::command::{Command, Tab};
use crate::ui::fonts::Type;
use crate::ui::icons;
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens, radius, space};
use crate::ui::widgets::long_list::LongList;
use crate::ui::words;

const ROW: f32 = 44.0;
/// Width of the column of speeds, and of verdicts.
const RATE: f32 = 130.0;
const VERDICT: f32 = 190.0;
/// Width of a verdict's mark, and the width under which it stands alone.
const MARK: f32 = 12.0;
const NARROW: f32 = 640.0;
/// The list is no wider than it can be read.
const WIDEST: f32 = 980.0;

pub(super) fn show(ui: &mut Ui, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let words = match inputs.runs {
        None => locale.word(Key::MachineRunsLooking).to_owned(),
        Some([]) => locale.word(Key::MachineRunsNone).to_owned(),
        Some(runs) => locale.sentence(Key::MachineRunsHead, &[(Placeholder::Count, &*runs.len().to_string())]),
    };
    ui.add(Label::new(RichText::new(words).font(Type::Body.font()).color(t.sec)).wrap());
    ui.add_space(space::S);
    let runs = inputs.runs.unwrap_or_default();
    let list = LongList { salt: "runs here", count: runs.len(), height: ROW, revealed: None };
    list.show(ui, |ui, place, rect| {
        let Some(run) = runs.get(place) else { return };
        let rect = rect.with_max_x(rect.right().min(rect.left() + WIDEST));
        if row(ui, rect, (place, run), inputs) {
            commands.extend(plan(run));
        }
    });
}

/// Plans a model beside what is planned, and shows it.
pub(super) fn plan(run: &RunLine) -> [Command; 2] {
    let taken = Command::Apply(Box::new(run.plan.clone()));
    [Command::InNewPlan(Box::new(taken)), Command::Show(Tab::Plan)]
}

/// How it is stored, and what lies in RAM.
pub(super) fn how(run: &RunLine, inputs: &MachineInputs<'_>) -> String {
    let locale = inputs.locale;
    let stored = run.plan.workload.quantization.facts().map(|facts| facts.label.clone());
    let experts = (run.experts > 0)
        .then(|| locale.sentence(Key::MachineRunExperts, &[(Placeholder::Count, &*run.experts.to_string())]));
    let slow = (run.pace == Pace::Slow).then(|| locale.word(Key::MachineRunSlow).to_owned());
    locale.join(Join::Phrases, [stored, experts, slow].into_iter().flatten())
}

/// `38.8 tok/s`, or that nobody can tell.
pub(super) fn rate(run: &RunLine, inputs: &MachineInputs<'_>) -> String {
    let known = run.rate.map(|rate| format!("{} tok/s", text::figure(rate)));
    known.unwrap_or_else(|| inputs.locale.word(Key::MachineRunNoSpeed).to_owned())
}

fn row(ui: &Ui, rect: Rect, (place, run): (usize, &RunLine), inputs: &MachineInputs<'_>) -> bool {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let verdict = locale.word(words::verdict(run.verdict));
    let (how, rate) = (how(run, inputs), rate(run, inputs));
    let name = locale.sentence(Key::MachineRunPlan, &[(Placeholder::Name, run.name.as_str())]);
    let spoken = locale.join(Join::Phrases, [name.as_str(), &how, verdict, &rate]);
    let response = ui.interact(rect.shrink2(vec2(2.0, 1.0)), ui.scope_id().with(("run", place)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let painter = ui.painter();
    let fill = if response.hovered() { t.hover } else { CLEAR };
    painter.rect_filled(response.rect, radius::SEGMENT, fill);
    painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line));
    // The mark stands for its words where they have no room.
    let verdict_room = if rect.width() < NARROW { MARK } else { VERDICT };
    let room = rect.width() - RATE - verdict_room - 48.0;
    let at = rect.left_center() + vec2(space::M, 0.0);
    let (above, below) = (at - vec2(0.0, 9.0), at + vec2(0.0, 9.0));
    paint::text_within(painter, above, Align2::LEFT_CENTER, &run.name, (Type::BodyStrong, t.text), room);
    paint::text_within(painter, below, Align2::LEFT_CENTER, &how, (Type::Caption, t.faint), room);
    let middle = rect.right_center() - vec2(RATE + verdict_room, 0.0);
    icons::verdict(painter, middle, run.verdict, t);
    if verdict_room > MARK {
        let (at, look) = (middle + vec2(16.0, 0.0), (Type::Small, t.sec));
        paint::text_within(painter, at, Align2::LEFT_CENTER, verdict, look, VERDICT - 20.0);
    }
    let right = rect.right_center() - vec2(space::M, 0.0);
    paint::text(painter, right, Align2::RIGHT_CENTER, &rate, Type::Mono, t.text);
    paint::focus_ring(ui, &response, radius::SEGMENT);
    response.clicked()
}
