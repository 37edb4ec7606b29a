//! One frame of the Plan view without the rasterizer (wanted: 1 ms or less), and one of a moving scene (2 ms or less):
//! layout, painting and tessellation, the estimate included where the plan changes.

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use criterion::{Criterion, criterion_group, criterion_main};
use eframe::egui::{self, Pos2, RawInput, Rect, Vec2};
use rigplan::advise::inverse::{self, Limits};
use rigplan::advise::remedies::{Ladder, ladder};
use rigplan::advise::sweep::{self, ContextPoint, SpeedCurves};
use rigplan::catalog::Catalog;
use rigplan::estimate::estimate;
use rigplan::estimate::explain::explain as explain_figure;
use rigplan::plan::{ModelChoice, Plan, ScenePosition};
use rigplan::text::Locale;
use rigplan::ui::explain::{ExplainInputs, ExplainViewState};
use rigplan::ui::plan::{PlanInputs, PlanViewState};
use rigplan::ui::{explain, theme};

struct View {
    context: egui::Context,
    plan: Plan,
    limits: Limits,
    curve: Vec<ContextPoint>,
    ways: Option<(Plan, Ladder)>,
    speeds: SpeedCurves,
    state: PlanViewState,
}

impl View {
    fn new() -> Self {
        let catalog = Catalog::embedded();
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
        let context = egui::Context::default();
        theme::install(&context);
        Self {
            context,
            limits: inverse::limits(&plan, catalog).unwrap_or_default(),
            curve: sweep::memory_against_context(&plan, catalog, 131_072).unwrap_or_default(),
            ways: ladder(&plan, catalog).map(|ladder| (plan.clone(), ladder)),
            speeds: SpeedCurves::of(&plan, catalog),
            plan,
            state: PlanViewState::default(),
        }
    }

    fn frame(&mut self) -> usize {
        let catalog = Catalog::embedded();
        let found = estimate(&self.plan, catalog);
        let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(1440.0, 852.0));
        let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
        let mut output = self.context.run_ui(input, |ui| {
            let inputs = PlanInputs {
                estimate: found.as_ref(),
                limits: &self.limits,
                curve: &self.curve,
                ways: self.ways.as_ref().map(|(plan, ladder)| (plan, ladder)),
                speeds: &self.speeds,
                catalog,
                locale: Locale::En,
                free_now: &[],
                preview: None,
                measurable: true,
                explain: &|plan, figure| explain_figure(plan, catalog, figure).ok(),
            };
            rigplan::ui::plan::show(ui, &mut self.plan, &inputs, &mut self.state);
        });
        // Nothing is drawn, so nobody takes the textures.
        output.textures_delta.clear();
        self.context.tessellate(output.shapes, output.pixels_per_point).len()
    }
}

fn frames(criterion: &mut Criterion) {
    let mut view = View::new();
    view.frame();
    criterion.bench_function("a frame, nothing changed", |bencher| bencher.iter(|| view.frame()));
    let mut view = View::new();
    let mut context = 512;
    criterion.bench_function("a frame while the context is dragged", |bencher| {
        bencher.iter(|| {
            context = if context > 100_000 { 512 } else { context + 256 };
            view.plan.workload.context = context;
            view.frame()
        });
    });
}

/// A frame of a moving scene: both rings, both ways, the words.
fn scenes(criterion: &mut Criterion) {
    let (context, catalog, plan) = (egui::Context::default(), Catalog::embedded(), Plan::default());
    theme::install(&context);
    let mut state = ExplainViewState::default();
    let mut position = ScenePosition::default();
    let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(1440.0, 852.0));
    let mut frame = |time: f32| {
        position.time = time;
        let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
        let mut output = context.run_ui(input, |ui| {
            let inputs = ExplainInputs {
                plan: &plan,
                catalog,
                ladder: None,
                build: None,
                locale: Locale::En,
                still: false,
                presenting: false,
            };
            explain::show(ui, &mut position, &inputs, &mut state);
        });
        output.textures_delta.clear();
        context.tessellate(output.shapes, output.pixels_per_point).len()
    };
    let mut time = 0.0;
    criterion.bench_function("a frame of a moving scene", |bencher| {
        bencher.iter(|| {
            time = if time > 20.0 { 0.0 } else { time + 0.016 };
            frame(time)
        });
    });
}

criterion_group!(benches, frames, scenes);
criterion_main!(benches);
