//! The bar at the top: mark, tabs, menus, the document's name and its plans, undo and redo, theme, language.

use std::path::PathBuf;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{
    Align, Align2, Button, Key as Press, Layout, Panel, Response, RichText, Role, Sense, Stroke, TextEdit, Ui,
    UiBuilder, WidgetInfo, vec2,
};

use super::menus::{self, Menus};
use super::offered::Offered;
use super::plan_chips::{self, PlanChips};
use super::plans::{NameTarget, Naming, letter};
use super::{keys, tabs};
use crate::text::{Join, Key, Locale, Placeholder};
use crate::ui::command::{Command, SHARED, Tab};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, panel_frame, radius, space};
use crate::ui::widgets::button::icon_button;

/// Height of the bar, in points.
const HEIGHT: f32 = 48.0;
/// Width of the mark.
const MARK: f32 = 36.0;
/// Side of an icon button.
const BUTTON: f32 = 32.0;
/// Width of the language switch.
const LANGUAGE: f32 = 66.0;
/// Width of undo, redo, theme and language together.
const TOOLS: f32 = 3.0 * (BUTTON + 4.0) + LANGUAGE;
/// The button for sharing with its word, and bars narrower than this have its icon alone.
const SHARE: f32 = 76.0;
const LEAST_WITH_WORD: f32 = 1150.0;
/// Its height, and what is around its word.
const SHARE_HEIGHT: f32 = 28.0;
const SHARE_AROUND: f32 = 42.0;
/// The least width of its menu.
const SHARE_MENU: f32 = 260.0;
/// Room that the chips of plans always have, if they need it.
const CHIPS: f32 = 156.0;
/// Width of the icon of the notes, with what is beside it.
const NOTES: f32 = 28.0;
/// The most that is shown of the first line of the notes.
const FIRST_LINE: f32 = 180.0;
/// Room for the name of the document with chips and notes beside it, before anything else gives way; and the least that
/// a name is shown in.
const LEAST_NAME: f32 = 250.0;
const SHORTEST_NAME: f32 = 90.0;
/// Bars narrower than this have no tools.
const LEAST_WITH_TOOLS: f32 = 620.0;
/// The longest name, in characters.
const NAME: usize = 200;

/// What the bar shows.
pub(super) struct TopBar<'a> {
    /// What the document is called.
    pub(super) title: &'a str,
    pub(super) unsaved: bool,
    /// The commands as they stand.
    pub(super) offered: &'a [Offered],
    pub(super) recent: &'a [PathBuf],
    /// What each plan is called, and the one that is shown.
    pub(super) plans: (&'a [String], usize),
    /// The notes of the document.
    pub(super) notes: &'a str,
    pub(super) locale: Locale,
    /// The view that is shown.
    pub(super) tab: Tab,
    /// There is no document yet, so that none is named.
    pub(super) at_start: bool,
}

/// What was done in the bar.
#[derive(Debug, Default)]
pub(super) struct TopBarResponse {
    pub(super) commands: Vec<Command>,
    /// The document's name is to be typed.
    pub(super) rename: bool,
    /// A name that was typed.
    pub(super) named: Option<Naming>,
}

impl TopBar<'_> {
    /// Draws the bar. `naming` holds the name while it is being typed.
    pub(super) fn show(&self, ui: &mut Ui, naming: &mut Option<Naming>) -> TopBarResponse {
        let mut done = TopBarResponse::default();
        let frame = panel_frame(Tokens::of(ui));
        Panel::top("top bar").exact_size(HEIGHT).frame(frame).show_separator_line(false).show(ui, |ui| {
            let bar = ui.max_rect();
            let t = Tokens::of(ui);
            ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, Stroke::new(1.0, t.line));
            let inside = bar.shrink2(vec2(space::L, 0.0));
            // What the tools do stands in the menus as well.
            let share = self.share_width(ui, inside.width());
            let tools = if inside.width() < LEAST_WITH_TOOLS { 0.0 } else { TOOLS + 4.0 + share };
            let (left, right) = inside.split_left_right_at_x(inside.right() - tools);
            let row = Layout::left_to_right(Align::Center);
            let left = left.with_max_x(left.right() - space::M);
            ui.scope_builder(UiBuilder::new().max_rect(left).layout(row), |ui| self.left(ui, naming, &mut done));
            if tools > 0.0 {
                ui.scope_builder(UiBuilder::new().max_rect(right).layout(row), |ui| {
                    self.tools(ui, &mut done.commands);
                    self.share(ui, share, &mut done.commands);
                });
            }
        });
        done
    }

    fn left(&self, ui: &mut Ui, naming: &mut Option<Naming>, done: &mut TopBarResponse) {
        let t = Tokens::of(ui);
        ui.spacing_mut().item_spacing.x = 0.0;
        let (mark, _) = ui.allocate_exact_size(vec2(MARK, HEIGHT), Sense::hover());
        icons::mark(ui.painter(), mark.left_center(), t);
        ui.add_space(6.0);
        let menus = Menus { offered: self.offered, recent: self.recent, locale: self.locale };
        let word = paint::width(ui.painter(), "rigplan", Type::Section);
        let side_by_side = tabs::width(ui, self.locale) + menus.width(ui) + LEAST_NAME;
        let (roomy, room) = (word + side_by_side + 4.0 * space::S, ui.available_width());
        if room >= roomy {
            ui.label(RichText::new("rigplan").font(Type::Section.font()).color(t.text));
            ui.add_space(space::S);
        }
        if room >= roomy - word {
            let (tabs, _) = ui.allocate_exact_size(vec2(tabs::width(ui, self.locale), HEIGHT), Sense::hover());
            done.commands.extend(tabs::show(ui, tabs, self.tab, self.locale));
        } else {
            done.commands.extend(tabs::drop_down(ui, self.tab, self.locale));
        }
        ui.add_space(space::S);
        let (rule, _) = ui.allocate_exact_size(vec2(1.0, 26.0), Sense::hover());
        ui.painter().vline(rule.center().x, rule.y_range(), Stroke::new(1.0, t.line));
        ui.add_space(space::S);
        let together = ui.available_width() < menus.width(ui) + LEAST_NAME;
        let wide = if together { menus.together_width(ui) } else { menus.width(ui) };
        ui.allocate_ui_with_layout(vec2(wide, HEIGHT), Layout::left_to_right(Align::Center), |ui| {
            if together { menus.show_together(ui, &mut done.commands) } else { menus.show(ui, &mut done.commands) }
        });
        if self.at_start {
            *naming = None;
            return;
        }
        ui.add_space(space::S);
        let chips = PlanChips { titles: self.plans.0, shown: self.plans.1, offered: self.offered, locale: self.locale };
        if naming.is_some() {
            done.named = self.typed_name(ui, naming);
            return;
        }
        let beside = chips.width().min(CHIPS) + NOTES + plan_chips::APART;
        if ui.available_width() - beside >= SHORTEST_NAME {
            done.rename = self.name(ui, ui.available_width() - beside);
            ui.add_space(plan_chips::APART);
        }
        let room = ui.available_width() - NOTES;
        chips.show(ui, room, &mut done.commands);
        self.noted(ui, &mut done.commands);
    }

    /// The notes of the document: an icon, and as much of the first line as there is room for.
    fn noted(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let t = Tokens::of(ui);
        let words = self.locale.word(Key::Notes).trim_end_matches('…');
        let first = self.notes.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let wanted = paint::width(ui.painter(), first, Type::Caption).min(FIRST_LINE);
        let room = (ui.available_width() - NOTES).max(0.0);
        let line = if room < 40.0 { 0.0 } else { wanted.min(room) };
        let (rect, response) = ui.allocate_exact_size(vec2(NOTES - 4.0 + line, BUTTON), Sense::click());
        response.widget_info(|| WidgetInfo {
            current_text_value: Some(self.notes.to_owned()),
            ..WidgetInfo::labeled(Role::Button, true, words)
        });
        if response.hovered() {
            ui.painter().rect_filled(rect, radius::CONTROL, t.hover);
        }
        let ink = if first.is_empty() { t.faint } else { t.text };
        icons::draw(ui.painter(), rect.left_center() + vec2(12.0, 0.0), Icon::Note, ink);
        if line > 0.0 {
            let at = rect.left_center() + vec2(24.0, 0.0);
            paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, first, (Type::Caption, t.faint), line);
        }
        paint::focus_ring(ui, &response, radius::CONTROL);
        let tip = if self.notes.trim().is_empty() { self.locale.word(Key::TipNotes) } else { self.notes };
        if response.on_hover_text(tip).clicked() {
            commands.push(Command::Notes);
        }
    }

    /// The name, its unsaved mark and the pen, as one button; whether it is to be edited.
    fn name(&self, ui: &mut Ui, room: f32) -> bool {
        let t = Tokens::of(ui);
        let most = (room - 60.0).max(30.0);
        let name = paint::width(ui.painter(), self.title, Type::Section).min(most);
        let width = name + if self.unsaved { 22.0 } else { 6.0 } + 30.0;
        let (rect, response) = ui.allocate_exact_size(vec2(width, 28.0), Sense::click());
        if response.hovered() {
            ui.painter().rect_filled(rect, radius::SEGMENT, t.raised);
        }
        let at = rect.left_center() + vec2(4.0, 0.0);
        paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, self.title, (Type::Section, t.text), most);
        if self.unsaved {
            ui.painter().circle_filled(at + vec2(name + 12.0, 0.0), 3.0, t.text);
        }
        icons::draw(ui.painter(), rect.right_center() - vec2(14.0, 0.0), Icon::Pen, t.faint);
        let mark = self.unsaved.then(|| self.locale.word(Key::UnsavedChanges));
        let spoken = [self.locale.word(Key::PlanName), self.title].into_iter().chain(mark);
        let spoken = self.locale.join(Join::Phrases, spoken);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
        paint::focus_ring(ui, &response, radius::SEGMENT);
        response.on_hover_text(spoken).clicked()
    }

    /// The field in place of the name; the new name once it is entered. Escape leaves the old one.
    fn typed_name(&self, ui: &mut Ui, naming: &mut Option<Naming>) -> Option<Naming> {
        let Naming { what, typed } = naming.as_mut()?;
        let words = match what {
            NameTarget::Document => self.locale.word(Key::PlanName).to_owned(),
            NameTarget::Plan => {
                let letter = letter(self.plans.1);
                self.locale.sentence(Key::NameOfPlan, &[(Placeholder::Value, &letter)])
            }
        };
        let width = (ui.available_width() - space::S).clamp(120.0, 280.0);
        let field = TextEdit::singleline(typed).font(Type::Section.font()).char_limit(NAME).desired_width(width);
        let response = ui.add(field.id_salt("plan name").hint_text(&words));
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &words));
        if ui.input(|input| input.key_pressed(Press::Escape)) {
            *naming = None;
            return None;
        }
        if response.lost_focus() {
            return naming.take().map(|naming| Naming { typed: naming.typed.trim().to_owned(), ..naming });
        }
        if !response.has_focus() {
            response.request_focus();
        }
        None
    }

    fn tools(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (command, icon) in
            [(Command::Undo, Icon::Undo), (Command::Redo, Icon::Redo), (Command::SwitchTheme, Icon::Theme)]
        {
            commands.extend(self.tool(ui, &command, icon));
        }
        if self.language(ui).clicked() {
            commands.push(Command::SwitchLanguage);
        }
    }

    /// How wide the button for sharing is in a bar of this width.
    fn share_width(&self, ui: &Ui, bar: f32) -> f32 {
        let word = paint::width(ui.painter(), self.locale.word(Key::Share), Type::BodyStrong);
        if bar < LEAST_WITH_WORD { BUTTON } else { (word + SHARE_AROUND).max(SHARE) }
    }

    /// Ways to take the plan along.
    fn share(&self, ui: &mut Ui, width: f32, commands: &mut Vec<Command>) {
        let t = Tokens::of(ui);
        let name = self.locale.word(Key::Share);
        let wide = width > BUTTON;
        let (slot, _) = ui.allocate_exact_size(vec2(width, SHARE_HEIGHT), Sense::hover());
        let button = Button::new("").fill(t.text).corner_radius(radius::CONTROL).min_size(slot.size());
        let inside = UiBuilder::new().max_rect(slot).layout(Layout::left_to_right(Align::Center));
        let response = ui
            .scope_builder(inside, |ui| {
                MenuButton::from_button(button)
                    .ui(ui, |ui| {
                        ui.set_min_width(SHARE_MENU);
                        for command in &SHARED {
                            let offered = self.offered.iter().find(|it| it.entry.command == *command);
                            commands.extend(offered.and_then(|offered| menus::item(ui, offered, self.locale)));
                        }
                    })
                    .0
            })
            .inner;
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
        let middle = slot.left_center() + vec2(if wide { 18.0 } else { width / 2.0 }, 0.0);
        icons::draw(ui.painter(), middle, Icon::Share, t.bg);
        if wide {
            let at = slot.right_center() - vec2(12.0, 0.0);
            paint::text(ui.painter(), at, Align2::RIGHT_CENTER, name, Type::BodyStrong, t.bg);
        }
        paint::focus_ring(ui, &response, radius::CONTROL);
        response.on_hover_text(self.locale.word(Key::TipShare));
    }

    /// A button of the bar.
    fn tool(&self, ui: &mut Ui, command: &Command, icon: Icon) -> Option<Command> {
        let offered = self.offered.iter().find(|it| it.entry.command == *command)?;
        let words = if *command == Command::SwitchTheme { self.locale.word(Key::Theme) } else { &offered.name };
        let able = offered.refused.is_none();
        let mut response = ui.add_enabled_ui(able, |ui| icon_button(ui, icon, words, BUTTON)).inner;
        let keys = keys::of(ui, offered.entry);
        if !keys.is_empty() {
            response = response.on_hover_text(keys);
        }
        response.clicked().then(|| command.clone())
    }

    /// Both languages, the present one in the strong ink.
    fn language(&self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(LANGUAGE, BUTTON), Sense::click());
        if response.hovered() {
            ui.painter().rect_filled(rect, radius::CONTROL, t.raised);
        }
        let part = |locale| if locale == self.locale { (Type::BodyStrong, t.text) } else { (Type::Body, t.faint) };
        let mut left = rect.left_center() + vec2(10.0, 0.0);
        for (words, (step, ink)) in [("EN", part(Locale::En)), ("/", (Type::Body, t.faint)), ("中", part(Locale::Zh))]
        {
            left.x = paint::text(ui.painter(), left, Align2::LEFT_CENTER, words, step, ink).right() + 5.0;
        }
        let spoken = self.locale.join(Join::Phrases, [self.locale.word(Key::Language), self.locale.name()]);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
        paint::focus_ring(ui, &response, radius::CONTROL);
        response.on_hover_text(self.locale.word(Key::TipLanguage))
    }
}
