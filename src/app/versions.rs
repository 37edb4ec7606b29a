//! Earlier saves of the document: a list of them, each of which can be opened as a copy.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use eframe::egui::{Align, Align2, Context, Label, Layout, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::App;
use super::age::ago;
use super::background::Latest;
use super::files::{self, ReadFile};
use super::glance::{Glance, Glances};
use super::modal::{Dialog, WIDTH};
use super::platform::After;
use super::session::Session;
use crate::system::versions::{Version, Versions};
use crate::text::{Join, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::words;

/// Height of a row.
const ROW: f32 = 44.0;

/// The list while it is open.
#[derive(Debug)]
pub(super) struct VersionSheet {
    versions: Vec<Version>,
    glances: Latest<Glances>,
}

/// What was done in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum VersionAction {
    /// Open a copy of the version in this place.
    Open(usize),
    Close,
}

impl App {
    /// Opens the list of earlier saves.
    pub(super) fn open_versions(&mut self) {
        let Some((folders, path)) = self.outside.folders().zip(self.session.path()) else { return };
        let versions = Versions::of(folders).of_file(path);
        let glances = Latest::new(&self.outside.workers());
        self.dialogs.versions = Some(VersionSheet { versions, glances });
    }

    /// Draws the list while it is open, and does what was asked in it.
    pub(super) fn draw_versions(&mut self, ctx: &Context) {
        let locale = self.locale();
        let Some(sheet) = &mut self.dialogs.versions else { return };
        let paths: Vec<PathBuf> = sheet.versions.iter().map(|version| version.path.clone()).collect();
        sheet.glances.refresh(&paths, &self.catalog);
        match sheet.show(ctx, locale) {
            None => return,
            Some(VersionAction::Close) => self.dialogs.versions = None,
            Some(VersionAction::Open(place)) => {
                let path = paths.get(place).cloned();
                self.dialogs.versions = None;
                if let Some(path) = path {
                    self.leave(After::OpenVersion(path), ctx);
                }
            }
        }
        ctx.request_repaint();
    }

    /// Goes on with a copy of an earlier save, which is in no file yet.
    pub(super) fn open_version(&mut self, path: &Path, time: f64) {
        match files::read(path, self.locale()) {
            Ok(ReadFile { document, .. }) => {
                let document = self.settled(document);
                let name = document.name.trim();
                let name = if name.is_empty() { self.title() } else { name.to_owned() };
                let name = self.locale().sentence(Key::CopyOf, &[(Placeholder::Name, &name)]);
                self.session = Session::new(document, None);
                self.session.leave_file(name, time);
            }
            Err(line) => self.notices.add(line),
        }
    }
}

impl VersionSheet {
    fn show(&self, ctx: &Context, locale: Locale) -> Option<VersionAction> {
        let dialog = Dialog {
            id: "versions",
            title: locale.word(Key::VersionsTitle),
            buttons: &[(locale.word(Key::Close), ButtonLook::Plain, VersionAction::Close)],
            left: VersionAction::Close,
        };
        dialog.show(ctx, |ui| {
            let hint = if self.versions.is_empty() { Key::VersionsNone } else { Key::VersionsHint };
            let ink = Tokens::of(ui).sec;
            ui.add(Label::new(RichText::new(locale.word(hint)).font(Type::Small.font()).color(ink)).wrap());
            ui.add_space(space::S);
            let mut done = None;
            let area = ScrollArea::vertical().id_salt("list of versions").max_height(ROW * 6.5);
            area.auto_shrink([false, true]).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for (place, version) in self.versions.iter().enumerate() {
                    if ui.push_id(place, |ui| self.row(ui, version, locale)).inner {
                        done = Some(VersionAction::Open(place));
                    }
                }
            });
            done
        })
    }

    fn glance(&self, version: &Version) -> Option<&Glance> {
        self.glances.answer()?.of(&version.path)
    }

    /// One version: how it is judged, when it was saved, what it holds; whether a copy of it is to be opened.
    fn row(&self, ui: &mut Ui, version: &Version, locale: Locale) -> bool {
        let t = Tokens::of(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(WIDTH - space::M, ROW), Sense::hover());
        let when = ago(version.kept, SystemTime::now(), locale);
        let what = self.glance(version).map_or_else(String::new, |glance| holds(glance, locale));
        let older = version.schema.map(|_| locale.word(Key::VersionOlder).to_owned());
        let what = locale.join(Join::Phrases, [what].into_iter().filter(|it| !it.is_empty()).chain(older));
        response.widget_info(|| WidgetInfo {
            current_text_value: Some(what.clone()),
            ..WidgetInfo::labeled(Role::ListItem, true, &when)
        });
        let glimpse = self.glance(version).and_then(|glance| glance.found.as_ref().ok());
        if let Some(verdict) = glimpse.and_then(|glimpse| glimpse.first.verdict) {
            icons::verdict_small(ui.painter(), rect.left_center() + vec2(8.0, -8.0), verdict, t);
        }
        let words = locale.word(Key::OpenCopy);
        let wide = paint::width(ui.painter(), words, Type::BodyStrong) + 24.0;
        let room = rect.width() - wide - 24.0 - space::S;
        let at = rect.left_center() + vec2(22.0, 0.0);
        let line = |words: &str, down: f32, look| {
            paint::text_within(ui.painter(), at + vec2(0.0, down), Align2::LEFT_CENTER, words, look, room);
        };
        line(&when, -8.0, (Type::BodyStrong, t.text));
        line(&what, 9.0, (Type::Small, t.sec));
        let place = rect.with_min_x(rect.right() - wide);
        let row = Layout::right_to_left(Align::Center);
        let spoken = locale.sentence(Key::OpenCopyOf, &[(Placeholder::Name, &when)]);
        let button = ui.scope_builder(eframe::egui::UiBuilder::new().max_rect(place).layout(row), |ui| {
            button(ui, words, ButtonLook::Plain, None)
        });
        button.inner.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
        button.inner.clicked()
    }
}

/// What a version holds: its name, its plans, how the first is judged.
fn holds(glance: &Glance, locale: Locale) -> String {
    let glimpse = match &glance.found {
        Ok(glimpse) => glimpse,
        Err(fault) => return fault.say(locale),
    };
    let name = Some(glimpse.name.clone()).filter(|name| !name.is_empty());
    let verdict = glimpse.first.verdict.map(|verdict| locale.word(words::verdict(verdict)).to_owned());
    locale.join(Join::Phrases, name.into_iter().chain([plans(glimpse.plans, locale)]).chain(verdict))
}

/// So many plans.
pub(super) fn plans(count: usize, locale: Locale) -> String {
    match count {
        1 => locale.word(Key::OnePlan).to_owned(),
        count => locale.sentence(Key::CountPlans, &[(Placeholder::Count, &count.to_string())]),
    }
}
