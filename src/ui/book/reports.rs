//! What the last import came to, and what is wrong with the file of own prices.

use eframe::egui::{Align2, Role, Sense, Ui, WidgetInfo, vec2};

use super::{BookInputs, BookViewState, Report};
use crate::text::{self, Fault, Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::inside;
use crate::ui::widgets::long_list::LongList;

/// Height of a line, and how many are seen at once.
const LINE: f32 = 20.0;
const SEEN: usize = 5;

pub(super) fn show(ui: &mut Ui, inputs: &BookInputs<'_>, state: &mut BookViewState) {
    let reports = Reports { inputs, fault: state.fault.as_deref(), imported: state.imported.as_ref() };
    let count = reports.count();
    if count == 0 {
        return;
    }
    ui.add_space(space::S);
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    let height = count.min(SEEN) as f32 * LINE;
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    inside(ui, "book reports", rect, |ui| {
        ui.shrink_clip_rect(rect);
        let list = LongList { salt: "book reports", count, height: LINE, revealed: None };
        list.show(ui, |ui, index, rect| {
            let line = reports.line(index);
            let room = rect.width() - 12.0;
            let look = (Type::Small, Tokens::of(ui).text);
            let response = ui.interact(rect, ui.make_persistent_id(("report", index)), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &line));
            paint::text_within(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, &line, look, room);
            response.on_hover_text(line);
        });
    });
    if (state.imported.is_some() || state.fault.is_some())
        && button(ui, inputs.locale.word(Key::Dismiss), ButtonLook::Plain, None).clicked()
    {
        state.imported = None;
        state.fault = None;
    }
}

/// The lines, each written when it is in sight.
struct Reports<'a> {
    inputs: &'a BookInputs<'a>,
    fault: Option<&'a str>,
    imported: Option<&'a Report>,
}

impl Reports<'_> {
    fn count(&self) -> usize {
        let of_import = |report: &Report| 1 + report.errors.len() + usize::from(report.more_errors > 0);
        self.inputs.problems.len() + usize::from(self.fault.is_some()) + self.imported.map_or(0, of_import)
    }

    fn line(&self, index: usize) -> String {
        let mut before = self.inputs.problems.len();
        if let Some(problem) = self.inputs.problems.get(index) {
            return problem.say(self.inputs.locale);
        }
        if let Some(fault) = self.fault {
            if index == before {
                return fault.to_owned();
            }
            before += 1;
        }
        let (Some(report), locale) = (self.imported, self.inputs.locale) else { return String::new() };
        let counted = |count: usize| text::count(u64::try_from(count).unwrap_or(u64::MAX));
        match index - before {
            0 => {
                let left_out = counted(report.errors.len() + report.more_errors);
                let (taken, unchanged) = (counted(report.taken), counted(report.unchanged));
                let holes = [
                    (Placeholder::Count, taken.as_str()),
                    (Placeholder::Value, &unchanged),
                    (Placeholder::Other, &left_out),
                ];
                locale.sentence(Key::BookTaken, &holes)
            }
            place => match report.errors.get(place - 1) {
                Some(error) => error.say(locale),
                None => locale.sentence(Key::BookMoreLines, &[(Placeholder::Count, &counted(report.more_errors))]),
            },
        }
    }
}
