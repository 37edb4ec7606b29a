//! A window in scripted surroundings.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc;
use std::time::Duration;

use crate::support::{click, ctrl, press};
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2, ViewportCommand, ViewportId};
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, HarnessBuilder};
use rigplan::app::{App, Options, PersistedState, PlatformAccess};
use rigplan::system::Wake;
use rigplan::system::detect::Detected;
use rigplan::system::dialogs::{FileDialogs, FileQuestion, PendingAnswer, SetParent};
use rigplan::system::folders::Folders;
use rigplan::system::model_path::{ReadModel, read_in_background};
use rigplan::text::Locale;

/// The answers that dialogs will give, and the questions they were asked.
#[derive(Clone, Default)]
pub(crate) struct Script {
    pub(crate) answers: Rc<RefCell<VecDeque<Option<PathBuf>>>>,
    pub(crate) questions: Rc<RefCell<Vec<FileQuestion>>>,
}

impl Script {
    pub(crate) fn will_choose(&self, path: &Path) {
        self.answers.borrow_mut().push_back(Some(path.to_owned()));
    }
}

impl FileDialogs for Script {
    fn ask(&mut self, question: &FileQuestion, _parent: SetParent<'_>, _wake: Wake) -> PendingAnswer {
        self.questions.borrow_mut().push(question.clone());
        PendingAnswer::ready(self.answers.borrow_mut().pop_front().flatten())
    }
}

/// How a window starts.
#[derive(Default)]
pub(crate) struct Start {
    pub(crate) script: Script,
    pub(crate) found: Detected,
    /// What comes of the first times that the machine is looked at; then `found` comes at once.
    pub(crate) detections: RefCell<VecDeque<mpsc::Receiver<Detected>>>,
    pub(crate) kept: Option<PersistedState>,
    pub(crate) file: Option<PathBuf>,
    pub(crate) folder: Option<PathBuf>,
    /// What `~` stands for, where not a folder that nobody sees.
    pub(crate) home: Option<PathBuf>,
    /// The start page is shown where there is no document.
    pub(crate) page: bool,
    /// Where the one model file that is read comes from, in place of the disk.
    pub(crate) reader: Option<RefCell<Option<mpsc::Receiver<ReadModel>>>>,
}

impl Start {
    /// A later run: settings were kept, nothing is put into the plan on its own.
    pub(crate) fn again() -> Self {
        Self { kept: Some(PersistedState::default()), ..Self::default() }
    }

    /// The window, and what answers its dialogs.
    pub(crate) fn scripted(self) -> (Script, Harness<'static, App>) {
        (self.script.clone(), self.window())
    }

    pub(crate) fn window(self) -> Harness<'static, App> {
        // Workers wake the window when they are done: on a busy machine that is in any frame.
        self.window_in(Harness::builder().with_max_steps(32))
    }

    /// The same, built otherwise.
    pub(crate) fn window_in(self, builder: HarnessBuilder<App>) -> Harness<'static, App> {
        let Self { script, found, detections, kept, file, folder, home, page, reader } = self;
        // Long enough that every frame is drawn with its own limits, whatever the machine; a slow disk has none.
        let patience = if reader.is_some() { Duration::ZERO } else { Duration::from_mins(1) };
        // Goes with the window, since the closure holds it.
        let documents = tempfile::tempdir().expect("a folder");
        let watched = found.clone();
        let surroundings = PlatformAccess {
            documents: documents.path().to_owned(),
            home: home.or_else(|| Some(documents.path().to_owned())),
            dialogs: Box::new(script),
            detect: Box::new(move |_wake| {
                let _kept = &documents;
                if let Some(scripted) = detections.borrow_mut().pop_front() {
                    return scripted;
                }
                let (sender, receiver) = mpsc::channel();
                sender.send(found.clone()).expect("the receiver is here");
                receiver
            }),
            watch: Box::new(move || Box::new(watched.clone())),
            folders: folder.map(Folders::at),
            locale: Locale::En,
            read_model: match reader {
                Some(answer) => Box::new(move |_path, _progress, _wake| answer.borrow_mut().take().expect("one file")),
                None => Box::new(read_in_background),
            },
            patience,
        };
        let mut window = builder.with_size(Vec2::new(1440.0, 900.0)).build_eframe(move |context| {
            App::new(&context.egui_ctx, surroundings, kept, Options { file, start_page: page, language: None })
        });
        window.run();
        window
    }
}

/// Chooses a line of the File menu.
pub(crate) fn menu(window: &mut Harness<'_, App>, label: &str) {
    click(window, "File");
    window.get_by_label_contains(label).click();
    // Some commands are answered from another thread, and the window looks for the answer for some frames.
    window.run_ok();
}

/// Gives the document a name, which is an edit like any other.
pub(crate) fn rename(window: &mut Harness<'_, App>, name: &str) {
    window.get_by_label_contains("Plan name,").click();
    window.run();
    ctrl(window, Key::A);
    window.get_by_label("Plan name").type_text(name);
    window.run();
    press(window, Key::Enter);
    assert_eq!(window.state().document().name, name, "the name was typed");
}

/// Drags through `points`, one frame each.
pub(crate) fn drag(window: &mut Harness<'_, App>, points: &[Pos2]) {
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return };
    window.event(Event::PointerMoved(first));
    window.event(button(first, true));
    window.step();
    for &point in points {
        window.event(Event::PointerMoved(point));
        window.step();
    }
    window.event(button(last, false));
    window.run();
}

/// Whether the last frame told the window to do this.
pub(crate) fn told(window: &Harness<'_, App>, command: &ViewportCommand) -> bool {
    window.output().viewport_output.get(&ViewportId::ROOT).is_some_and(|output| output.commands.contains(command))
}
