//! What starts the plan that is shown, over the views: a tool to choose, its lines explained, a button that copies them.

use eframe::egui::{Align, Context, Label, Layout, RichText, vec2};

use super::App;
use super::modal::{heading, modal};
use crate::share::launch::{self, Launch, LaunchTool};
use crate::text::{Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::launch::lines;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::segmented::segmented;

/// The dialog is no larger, and leaves so much of the window around it.
const LARGEST: (f32, f32) = (720.0, 640.0);
const AROUND: f32 = 96.0;

/// The dialog while it is open.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LaunchSheet {
    /// The tool that was chosen; the usual one where none was, or where it does not run the plan.
    tool: Option<LaunchTool>,
}

/// What was done in the dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
enum LaunchAction {
    Copy(String),
    Close,
}

impl App {
    /// Opens the dialog.
    pub(super) fn open_launch(&mut self) {
        self.dialogs.launch = Some(LaunchSheet::default());
    }

    /// Draws the dialog while it is open.
    pub(super) fn draw_launch(&mut self, ctx: &Context) {
        let Some(mut sheet) = self.dialogs.launch else { return };
        let action = self.show_launch(ctx, &mut sheet);
        self.dialogs.launch = Some(sheet);
        match action {
            None => return,
            Some(LaunchAction::Copy(text)) => self.copied(text, ctx),
            Some(LaunchAction::Close) => self.dialogs.launch = None,
        }
        ctx.request_repaint();
    }

    fn show_launch(&self, ctx: &Context, sheet: &mut LaunchSheet) -> Option<LaunchAction> {
        let locale = self.locale();
        let found = self.session.plan().zip(self.computed.estimate.as_ref().ok());
        let tools = found.map(|(plan, estimate)| launch::tools(plan, estimate)).unwrap_or_default();
        let tool = sheet.tool.filter(|tool| tools.contains(tool)).or_else(|| tools.first().copied());
        let launch =
            found.zip(tool).and_then(|((plan, estimate), tool)| launch::launch(tool, plan, estimate, &self.catalog));
        let in_order = |(plan, estimate)| launch::in_order(plan, estimate, launch.as_ref(), &self.catalog);
        let all = found.map(in_order).unwrap_or_default();
        let room = ctx.content_rect().size();
        let size = vec2((room.x - AROUND).min(LARGEST.0), (room.y - AROUND).min(LARGEST.1));
        let mut action = None;
        let shown = modal("launch", ctx).show(ctx, |ui| {
            ui.set_width(size.x);
            ui.set_height(size.y);
            ui.horizontal(|ui| {
                heading(ui, locale.word(Key::LaunchTitle));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if button(ui, locale.word(Key::Close), ButtonLook::Plain, None).clicked() {
                        action = Some(LaunchAction::Close);
                    }
                    if let Some(launch) = &launch
                        && button(ui, locale.word(Key::Copy), ButtonLook::Plain, None).clicked()
                    {
                        let texts: Vec<String> = all.iter().map(Launch::text).collect();
                        action =
                            Some(LaunchAction::Copy(if texts.len() > 1 { texts.join("\n") } else { launch.text() }));
                    }
                });
            });
            ui.add_space(space::S);
            let Some((launch, tool)) = launch.as_ref().zip(tool) else {
                ui.add(Label::new(locale.word(Key::LaunchNone)).wrap());
                return;
            };
            let options: Vec<(LaunchTool, &str)> = tools.iter().map(|tool| (*tool, tool.name())).collect();
            let width = size.x.min(140.0 * options.len() as f32);
            if let Some(chosen) = segmented(ui, locale.word(Key::LaunchTools), &options, tool, width) {
                sheet.tool = Some(chosen);
            }
            ui.add_space(space::S);
            let how = RichText::new(how(launch, locale)).font(Type::Caption.font()).color(Tokens::of(ui).faint);
            ui.add(Label::new(how).wrap());
            ui.add_space(space::S);
            lines(ui, &all, locale);
        });
        action.or_else(|| shown.should_close().then_some(LaunchAction::Close))
    }
}

/// What is done with it.
fn how(launch: &Launch, locale: crate::text::Locale) -> String {
    match launch.tool.file_name() {
        Some(name) => locale.sentence(Key::LaunchFile, &[(Placeholder::Name, name)]),
        None => locale.word(Key::LaunchCommand).to_owned(),
    }
}
