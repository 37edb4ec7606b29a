//! The bar at the top: mark, File menu, the plan's name, undo and redo, theme, language.

use std::path::PathBuf;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{
    Align, Align2, Button, Key as Press, Layout, Panel, Rect, Response, RichText, Role, Sense, Stroke, TextEdit, Ui,
    UiBuilder, WidgetInfo, vec2,
};

use super::{keys, tabs};
use crate::text::{Key, Locale};
use crate::ui::command::{Command, Tab};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, panel_frame, radius, space};
use crate::ui::widgets::button::icon_button;

/// Height of the bar, in points.
const HEIGHT: f32 = 48.0;
/// Side of an icon button.
const BUTTON: f32 = 32.0;
/// Width of the language switch.
const LANGUAGE: f32 = 66.0;
/// Width of undo, redo, theme and language together.
const TOOLS: f32 = 3.0 * (BUTTON + 4.0) + LANGUAGE;
/// The most recent files that the menu lists.
const RECENT: usize = 8;
/// The longest name of a plan, in characters.
const NAME: usize = 200;

/// What the bar shows.
pub(super) struct TopBar<'a> {
    /// What the document is called.
    pub(super) title: &'a str,
    pub(super) unsaved: bool,
    /// What undo and redo would do; `None` = nothing.
    pub(super) undo: Option<String>,
    pub(super) redo: Option<String>,
    pub(super) recent: &'a [PathBuf],
    pub(super) locale: Locale,
    /// The view that is shown.
    pub(super) tab: Tab,
}

/// What was done in the bar.
#[derive(Debug, Default)]
pub(super) struct TopBarResponse {
    pub(super) commands: Vec<Command>,
    /// A new name for the document.
    pub(super) name: Option<String>,
}

impl TopBar<'_> {
    /// Draws the bar. `naming` holds the name while it is being typed.
    pub(super) fn show(&self, ui: &mut Ui, naming: &mut Option<String>) -> TopBarResponse {
        let mut done = TopBarResponse::default();
        let frame = panel_frame(Tokens::of(ui));
        Panel::top("top bar").exact_size(HEIGHT).frame(frame).show_separator_line(false).show(ui, |ui| {
            let bar = ui.max_rect();
            let t = Tokens::of(ui);
            ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, Stroke::new(1.0, t.line));
            let inside = bar.shrink2(vec2(space::L, 0.0));
            let (left, right) = inside.split_left_right_at_x(inside.right() - TOOLS);
            let tabs = Rect::from_center_size(bar.center(), vec2(tabs::width(ui, self.locale), HEIGHT));
            let left = left.with_max_x(tabs.left() - space::M);
            done.commands.extend(tabs::show(ui, tabs, self.tab, self.locale));
            let row = Layout::left_to_right(Align::Center);
            ui.scope_builder(UiBuilder::new().max_rect(left).layout(row), |ui| self.left(ui, naming, &mut done));
            ui.scope_builder(UiBuilder::new().max_rect(right).layout(row), |ui| self.tools(ui, &mut done.commands));
        });
        done
    }

    fn left(&self, ui: &mut Ui, naming: &mut Option<String>, done: &mut TopBarResponse) {
        let t = Tokens::of(ui);
        let (mark, _) = ui.allocate_exact_size(vec2(36.0, HEIGHT), Sense::hover());
        icons::mark(ui.painter(), mark.left_center(), t);
        ui.label(RichText::new("rigplan").font(Type::Section.font()).color(t.text));
        ui.add_space(space::S);
        let (rule, _) = ui.allocate_exact_size(vec2(1.0, 26.0), Sense::hover());
        ui.painter().vline(rule.center().x, rule.y_range(), Stroke::new(1.0, t.line));
        ui.add_space(space::S);
        self.file_menu(ui, &mut done.commands);
        ui.add_space(space::S);
        match naming {
            Some(_) => done.name = self.typed_name(ui, naming),
            None => {
                if self.name(ui) {
                    *naming = Some(self.title.to_owned());
                }
            }
        }
    }

    fn file_menu(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let button = Button::new(format!("{}      ", self.locale.word(Key::File))).min_size(vec2(64.0, 28.0));
        let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
            ui.set_min_width(240.0);
            commands.extend(
                [Command::New, Command::Open, Command::Save, Command::SaveAs, Command::OpenModel]
                    .map(|c| self.item(ui, c))
                    .into_iter()
                    .flatten(),
            );
            ui.separator();
            ui.label(RichText::new(self.locale.word(Key::Recent)).font(Type::Small.font()).color(Tokens::of(ui).faint));
            commands.extend(self.recent_item(ui));
            ui.separator();
            commands.extend(
                [Command::PriceBook, Command::Settings, Command::Quit].map(|c| self.item(ui, c)).into_iter().flatten(),
            );
        });
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, self.locale.word(Key::File)));
        let chevron = response.rect.right_center() - vec2(16.0, 0.0);
        icons::draw(ui.painter(), chevron, Icon::ChevronDown, Tokens::of(ui).sec);
        paint::focus_ring(ui, &response, radius::CONTROL);
    }

    /// One line of the menu; the command where it was chosen.
    fn item(&self, ui: &mut Ui, command: Command) -> Option<Command> {
        let keys = keys::shown(ui, &command);
        let response = ui.add(Button::new(self.locale.word(command.label())).shortcut_text(keys));
        paint::focus_ring(ui, &response, radius::SEGMENT);
        if !response.on_hover_text(self.locale.word(command.tooltip())).clicked() {
            return None;
        }
        ui.close();
        Some(command)
    }

    fn recent_item(&self, ui: &mut Ui) -> Option<Command> {
        if self.recent.is_empty() {
            ui.add_enabled(false, Button::new(self.locale.word(Key::NoRecent)));
        }
        let mut chosen = None;
        for path in self.recent.iter().take(RECENT) {
            let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
            let response = ui.push_id(path, |ui| ui.add(Button::new(name).truncate())).inner;
            if response.on_hover_text(path.to_string_lossy()).clicked() {
                chosen = Some(Command::OpenRecent(path.clone()));
                ui.close();
            }
        }
        chosen
    }

    /// The name, its unsaved mark and the pen, as one button; whether it is to be edited.
    fn name(&self, ui: &mut Ui) -> bool {
        let t = Tokens::of(ui);
        let most = (ui.available_width() - 60.0).max(60.0);
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
        let mark = if self.unsaved { format!(", {}", self.locale.word(Key::UnsavedChanges)) } else { String::new() };
        let spoken = format!("{}, {}{mark}", self.locale.word(Key::PlanName), self.title);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
        paint::focus_ring(ui, &response, radius::SEGMENT);
        response.on_hover_text(spoken).clicked()
    }

    /// The field in place of the name; the new name once it is entered. Escape leaves the old one.
    fn typed_name(&self, ui: &mut Ui, naming: &mut Option<String>) -> Option<String> {
        let typed = naming.as_mut()?;
        let field = TextEdit::singleline(typed).font(Type::Section.font()).char_limit(NAME).desired_width(280.0);
        let response = ui.add(field.id_salt("plan name"));
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, self.locale.word(Key::PlanName)));
        if ui.input(|input| input.key_pressed(Press::Escape)) {
            *naming = None;
            return None;
        }
        if response.lost_focus() {
            return naming.take().map(|name| name.trim().to_owned());
        }
        if !response.has_focus() {
            response.request_focus();
        }
        None
    }

    fn tools(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        ui.spacing_mut().item_spacing.x = 4.0;
        commands.extend(self.tool(ui, Command::Undo, Icon::Undo, self.undo.as_deref()));
        commands.extend(self.tool(ui, Command::Redo, Icon::Redo, self.redo.as_deref()));
        commands.extend(self.tool(ui, Command::SwitchTheme, Icon::Theme, Some(self.locale.word(Key::Theme))));
        if self.language(ui).clicked() {
            commands.push(Command::SwitchLanguage);
        }
    }

    /// A button of the bar; without `name` there is nothing to do.
    fn tool(&self, ui: &mut Ui, command: Command, icon: Icon, name: Option<&str>) -> Option<Command> {
        let words = name.unwrap_or_else(|| self.locale.word(command.label()));
        let mut response = ui.add_enabled_ui(name.is_some(), |ui| icon_button(ui, icon, words, BUTTON)).inner;
        let keys = keys::shown(ui, &command);
        if !keys.is_empty() {
            response = response.on_hover_text(keys);
        }
        response.clicked().then_some(command)
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
        let spoken = format!("{}, {}", self.locale.word(Key::Language), self.locale.name());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
        paint::focus_ring(ui, &response, radius::CONTROL);
        response.on_hover_text(self.locale.word(Key::TipLanguage))
    }
}
