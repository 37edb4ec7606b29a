//! The native window: its size, icon and identity, and what is said where none can be opened.

use std::path::PathBuf;

use eframe::egui;
use thiserror::Error;

use super::App;
use crate::system::display::{self, Display, DisplayFault};
use crate::system::storage::clear_of_pipes;
use crate::system::window_libraries;
use crate::text::{Fault, Join, Key, Locale, Phrase, Placeholder, foreign, printed_in_english};

/// Names the window to the desktop and the folder where its state is kept.
pub const APP_ID: &str = "rigplan";

/// How the window starts.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A plan file to open.
    pub file: Option<PathBuf>,
    /// Where no document is opened, what to start from is shown; else an empty plan.
    pub start_page: bool,
    /// The language to speak, whatever is preferred.
    pub language: Option<Locale>,
}

/// Why no window could be opened.
#[derive(Debug, Error)]
pub enum StartError {
    /// There is no display to open a window on.
    NoDisplay(#[from] DisplayFault),
    /// The display or the graphics driver refused.
    Window(String),
    /// Libraries are missing that a window needs.
    Libraries {
        /// What was said of it.
        reason: String,
        /// What has them, as Debian calls it.
        packages: Vec<&'static str>,
    },
}

impl Fault for StartError {
    fn phrase(&self) -> Phrase {
        match self {
            Self::NoDisplay(fault) => fault.phrase(),
            Self::Window(reason) => Phrase::new(Key::NoWindow).with(Placeholder::Value, reason),
            Self::Libraries { reason, packages } => Phrase::new(Key::NoLibraries)
                .with(Placeholder::Value, reason)
                .with_list(Placeholder::Name, Join::Items, packages),
        }
    }
}

printed_in_english!(StartError);

impl StartError {
    /// What the windowing libraries said, and which libraries are missing.
    fn refused(words: &str, display: Display) -> Self {
        let (reason, packages) = (reason(words), window_libraries::missing(display));
        if packages.is_empty() { Self::Window(reason) } else { Self::Libraries { reason, packages } }
    }
}

/// Opens the window and returns when it is closed.
pub fn run(options: Options) -> Result<(), StartError> {
    let display = display::find()?;
    quiet_panics_while_starting(display);
    if let Some(folder) = eframe::storage_dir(APP_ID) {
        // The window's size is read from here without a look at what it is: a pipe would be waited for.
        clear_of_pipes(&folder.join("app.ron"));
    }
    let native = eframe::NativeOptions {
        viewport: viewport(),
        renderer: eframe::Renderer::Glow,
        persist_window: true,
        event_loop_builder: event_loop(display),
        ..Default::default()
    };
    eframe::run_native(
        APP_ID,
        native,
        Box::new(move |context| {
            // The window stands: from here on a panic is a fault of ours and says so in full.
            drop(std::panic::take_hook());
            Ok(Box::new(App::start(context, options)))
        }),
    )
    .map_err(|error| StartError::refused(&error.to_string(), display))
}

/// Opens the window on this display, whatever else variables name.
#[cfg(all(unix, not(target_os = "macos")))]
fn event_loop(display: Display) -> Option<eframe::EventLoopBuilderHook> {
    use winit::platform::x11::EventLoopBuilderExtX11;

    (display == Display::X11).then(|| -> eframe::EventLoopBuilderHook {
        Box::new(|builder| {
            builder.with_x11();
        })
    })
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
const fn event_loop(_display: Display) -> Option<eframe::EventLoopBuilderHook> {
    None
}

fn viewport() -> egui::ViewportBuilder {
    let viewport = egui::ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_title("rigplan")
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([1100.0, 700.0])
        .with_drag_and_drop(true);
    match eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png")) {
        Ok(icon) => viewport.with_icon(icon),
        Err(_) => viewport,
    }
}

/// The windowing libraries panic where a shared library or an extension of the display is missing: the person who
/// started the program gets the same one line and exit code as for every other reason.
fn quiet_panics_while_starting(display: Display) {
    std::panic::set_hook(Box::new(move |info| {
        let words = info.payload_as_str().unwrap_or("the windowing library failed");
        let line = format!("rigplan: {}\n", StartError::refused(words, display));
        // Where even this cannot be written there is nobody to tell.
        let _unheard = std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes());
        #[expect(clippy::exit, reason = "a panic hook cannot return an exit code")]
        std::process::exit(2);
    }));
}

/// What went wrong, on one line, without where in the libraries it was noticed.
fn reason(words: &str) -> String {
    let last = words.rsplit(": ").next().unwrap_or(words);
    foreign(&last.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}
