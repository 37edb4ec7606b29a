//! The Explain view in the window: the scene of the document, and what is taken along of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use eframe::egui::{self, ViewportCommand};

use super::App;
use super::platform::Ask;
use crate::plan::{Plan, SceneId, ScenePosition};
use crate::scenes::spans::Tongue;
use crate::scenes::twin;
use crate::share::{page, png};
use crate::system::storage::{self, StorageError};
use crate::system::system_fault::SystemFault;
use crate::text::{Fault, Key, Placeholder, foreign_path};
use crate::ui::command::{Command, SceneExport, Tab};
use crate::ui::explain::{self, ExplainInputs, ExplainViewState};

/// The view, and where its reader is.
#[derive(Debug, Default)]
pub(super) struct SceneStage {
    pub(super) view: ExplainViewState,
    /// Where the reader is; the document follows once that is settled.
    position: ScenePosition,
    /// What the document was told last: another one says something else.
    told: Option<ScenePosition>,
    /// Somebody looked already.
    looked: bool,
    /// The scene has the full window.
    presenting: bool,
    /// Where the next picture of the window goes.
    picture: Option<(PathBuf, Receiver<Arc<egui::ColorImage>>)>,
}

impl SceneStage {
    fn tongue(&self) -> Tongue {
        if self.position.plain_words { Tongue::Plain } else { Tongue::Kitchen }
    }
}

impl App {
    pub(super) fn draw_explain(&mut self, ui: &mut egui::Ui, commands: &mut Vec<Command>) {
        let (locale, still) = (self.locale(), self.settings.reduce_motion);
        self.save_picture(ui.ctx());
        let Some(plan) = self.session.plan() else { return };
        let stage = &mut self.explain;
        let document = self.session.document();
        let kept = &document.scene;
        if !stage.looked || *kept != stage.told {
            match kept {
                Some(kept) => stage.position = kept.clone(),
                None if !stage.looked || stage.told.is_some() => {
                    stage.position = first_position(plan);
                    stage.view.begin(stage.position.scene, &mut stage.position);
                }
                None => {}
            }
            stage.looked = true;
        }
        // What helps is looked for beside the window, as for the view of the plan.
        let tells_plan = stage.position.scene == SceneId::YourPlan;
        if tells_plan {
            self.computed.refresh(plan, &self.catalog, self.detected.as_ref());
        }
        let ladder = self.computed.ways().filter(|(of, _)| tells_plan && *of == plan).map(|(_, ladder)| ladder);
        let inputs = ExplainInputs {
            plan,
            catalog: &self.catalog,
            ladder,
            build: document.build.as_ref(),
            locale,
            still,
            presenting: stage.presenting,
        };
        egui::CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| {
            commands.extend(explain::show(ui, &mut stage.position, &inputs, &mut stage.view));
        });
        if !stage.view.is_playing() {
            self.session.set_scene(&stage.position);
            stage.told = Some(stage.position.clone());
        } else if stage.told != document.scene {
            stage.told.clone_from(&document.scene);
        }
    }

    /// Plays a scene from its beginning.
    pub(super) fn show_scene(&mut self, scene: SceneId) {
        self.tab = Tab::Explain;
        let stage = &mut self.explain;
        if !stage.looked
            && let Some(kept) = &self.session.document().scene
        {
            stage.position = kept.clone();
        }
        stage.looked = true;
        stage.told.clone_from(&self.session.document().scene);
        stage.view.begin(scene, &mut stage.position);
    }

    /// The scene has the full window.
    pub(super) fn is_presenting(&self) -> bool {
        self.explain.presenting && self.tab == Tab::Explain
    }

    /// The full window, and back.
    pub(super) fn present(&mut self, ctx: &egui::Context) {
        self.explain.presenting = !self.explain.presenting;
        if self.explain.presenting {
            self.tab = Tab::Explain;
        }
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(self.explain.presenting));
    }

    /// Takes the scene that is shown along.
    pub(super) fn take_scene(&mut self, export: SceneExport, ctx: &egui::Context, frame: &eframe::Frame) {
        match export {
            SceneExport::Page | SceneExport::Picture => self.ask(Ask::Scene(export), ctx, frame),
            SceneExport::Text => {
                let text = self.scene_text();
                self.copied(text, ctx);
            }
        }
    }

    /// The words of all stops of the scene.
    fn scene_text(&self) -> String {
        let locale = self.locale();
        let Some(scene) = self.explain.view.scene() else { return String::new() };
        let tongue = self.explain.tongue();
        let mut lines = vec![scene.plain(&scene.script.about, tongue, locale)];
        for text in twin::texts(scene, tongue, locale) {
            lines.push(String::new());
            lines.push(text.heading);
            lines.extend([text.sub, text.caption].into_iter().filter(|line| !line.is_empty()));
            lines.extend(text.offers);
        }
        lines.join("\n")
    }

    /// Writes the scene to a chosen file.
    ///
    /// # Errors
    /// One line: why nothing was written.
    pub(super) fn write_scene(&mut self, export: SceneExport, path: &Path, ctx: &egui::Context) -> Result<(), String> {
        let locale = self.locale();
        let Some(scene) = self.explain.view.scene() else { return Err(locale.word(Key::SceneEmpty).to_owned()) };
        match export {
            SceneExport::Page => {
                let page = page(scene, self.explain.tongue(), locale);
                storage::write(path, &page).map_err(|error| error.say(locale))?;
                self.said_written(path, ctx);
            }
            SceneExport::Picture => {
                let (send, receive) = channel();
                let wake = ctx.clone();
                ctx.request_screenshot(move |image| {
                    // Nobody waits any more where the window is closed.
                    let _ = send.send(image);
                    wake.request_repaint();
                });
                self.explain.picture = Some((path.to_owned(), receive));
            }
            SceneExport::Text => {}
        }
        Ok(())
    }

    fn said_written(&mut self, path: &Path, ctx: &egui::Context) {
        let said = self.locale().sentence(Key::SceneWritten, &[(Placeholder::Name, &foreign_path(path))]);
        self.notices.remark(said, ctx.input(|input| input.time));
    }

    /// Writes the picture that was asked for, once the window has it.
    fn save_picture(&mut self, ctx: &egui::Context) {
        let Some((path, image)) = self.explain.picture.take() else { return };
        let image = match image.try_recv() {
            Ok(image) => image,
            Err(TryRecvError::Empty) => {
                self.explain.picture = Some((path, image));
                return;
            }
            Err(TryRecvError::Disconnected) => return,
        };
        let stage = self
            .explain
            .view
            .stage()
            .map_or_else(|| (*image).clone(), |stage| image.region(&stage, Some(ctx.pixels_per_point())));
        let [width, height] = stage.size;
        let pixels: Vec<u8> = stage.pixels.iter().flat_map(egui::Color32::to_srgba_unmultiplied).collect();
        let sides = [width, height].map(|side| u32::try_from(side).unwrap_or(u32::MAX));
        let unwritable = || StorageError::unwritten(&path, SystemFault::UNWRITABLE);
        let bytes = png(sides, &pixels).ok_or_else(unwritable);
        let written = bytes.and_then(|bytes| storage::write_bytes(&path, &bytes));
        match written {
            Ok(()) => self.said_written(&path, ctx),
            Err(error) => {
                let line = error.say(self.locale());
                self.notices.add(line);
            }
        }
    }
}

/// Where a reader begins: with the own plan, once there is one.
fn first_position(plan: &Plan) -> ScenePosition {
    let scene = if *plan == Plan::default() { SceneId::Basics } else { SceneId::YourPlan };
    ScenePosition { scene, ..ScenePosition::default() }
}
