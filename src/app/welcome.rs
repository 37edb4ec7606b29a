//! What a first start offers, on a strip over the plan: what the bars mean, this machine, an example. One click ends it.

use eframe::egui::{Align, Frame, Layout, Margin, Panel, RichText, Stroke, Ui};

use super::App;
use crate::plan::{ModelChoice, Plan, SceneId};
use crate::text::Key;
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button, icon_button};

/// Height of the strip, in points.
const HEIGHT: f32 = 42.0;
/// A model that one card does not hold: what lies in RAM, and what that costs, is seen at once.
const EXAMPLE: &str = "llama-3.1-70b";

impl App {
    /// Draws the strip until it was dismissed; what was chosen on it.
    pub(super) fn draw_welcome(&mut self, ui: &mut Ui, commands: &mut Vec<Command>) {
        if !self.settings.welcome {
            return;
        }
        let (t, locale) = (Tokens::of(ui), self.locale());
        let frame = Frame::new().fill(t.raised).inner_margin(Margin::symmetric(16, 0));
        Panel::top("welcome").exact_size(HEIGHT).frame(frame).show_separator_line(false).show(ui, |ui| {
            let rect = ui.max_rect().expand2(eframe::egui::vec2(space::L, 0.0));
            ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(RichText::new(locale.word(Key::WelcomeNew)).font(Type::BodyStrong.font()).color(t.text));
                ui.add_space(space::S);
                let offers = [
                    (Key::WelcomeBars, Command::ShowScene(SceneId::Basics)),
                    (Key::UseThisMachine, Command::UseThisMachine),
                    (Key::WelcomeExample, self.example()),
                ];
                for (words, command) in offers {
                    if button(ui, locale.word(words), ButtonLook::Plain, None).clicked() {
                        commands.push(command);
                    }
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let words = locale.word(Key::WelcomeDismiss);
                    self.settings.welcome &= !icon_button(ui, Icon::Close, words, space::ROW).clicked();
                });
            });
        });
    }

    /// A plan that shows what there is to see, in place of the one at hand.
    fn example(&self) -> Command {
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog(EXAMPLE.to_owned());
        let name = self.locale().word(Key::WelcomeExample).to_owned();
        Command::ApplyWay { name, plan: Box::new(plan) }
    }
}
