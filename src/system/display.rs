//! Which display a window can be opened on. A variable left over from another session (`ssh -X`, `sudo`, a terminal that
//! outlived its desktop) names one that is gone: the other is taken then.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::text::{Fault, Key, Phrase, Placeholder, foreign_path, printed_in_english};

/// How long a compositor is waited for. One that runs answers within a millisecond.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a window is opened on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// The system's own, as on Windows and macOS.
    Own,
    /// An X server; whether it answers is seen when the window is opened.
    X11,
    /// A compositor that answered, or whose socket was handed over.
    Wayland,
}

/// Why there is no display.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisplayFault {
    /// Nothing names one.
    Unnamed,
    /// No compositor answers here, and no X server is named.
    NoCompositor(PathBuf),
}

impl Fault for DisplayFault {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Unnamed => Phrase::new(Key::NoDisplay),
            Self::NoCompositor(socket) => Phrase::new(Key::NoCompositor).with(Placeholder::Value, foreign_path(socket)),
        }
    }
}

printed_in_english!(DisplayFault);

/// The display of this process.
pub fn find() -> Result<Display, DisplayFault> {
    if cfg!(any(target_os = "windows", target_os = "macos")) {
        return Ok(Display::Own);
    }
    named_by(&|name| std::env::var_os(name).filter(|value| !value.is_empty()))
}

/// The display that variables name: a compositor that answers before an X server.
fn named_by(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Display, DisplayFault> {
    if variable("WAYLAND_SOCKET").is_some() {
        return Ok(Display::Wayland);
    }
    let x11 = || variable("DISPLAY").is_some();
    let Some(name) = variable("WAYLAND_DISPLAY") else {
        return if x11() { Ok(Display::X11) } else { Err(DisplayFault::Unnamed) };
    };
    // A whole path stays as it is.
    let socket = variable("XDG_RUNTIME_DIR").map_or_else(PathBuf::new, PathBuf::from).join(name);
    match (answers(&socket, PATIENCE), x11()) {
        (true, _) => Ok(Display::Wayland),
        (false, true) => Ok(Display::X11),
        (false, false) => Err(DisplayFault::NoCompositor(socket)),
    }
}

/// Whether a compositor at this socket answers in time.
#[cfg(unix)]
fn answers(socket: &std::path::Path, patience: Duration) -> bool {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;
    use std::sync::mpsc;

    /// `wl_display.sync`, which every compositor answers: the object, its size and number, and the new object's number.
    const SYNC: [u32; 3] = [1, 12 << 16, 2];

    let (said, heard) = mpsc::sync_channel(1);
    let socket = socket.to_owned();
    let ask = move || {
        let asked = || {
            let mut stream = UnixStream::connect(&socket)?;
            stream.set_read_timeout(Some(patience))?;
            stream.write_all(&SYNC.map(u32::to_ne_bytes).concat())?;
            stream.read(&mut [0; 8])
        };
        // Nobody hears it any more where it took too long.
        let _unheard = said.send(asked().is_ok_and(|bytes| bytes > 0));
    };
    // To connect may wait for ever as well: on a thread of its own, which ends with the program.
    match std::thread::Builder::new().name("display".to_owned()).spawn(ask) {
        Ok(_) => heard.recv_timeout(patience).unwrap_or(false),
        Err(_) => false,
    }
}

#[cfg(not(unix))]
fn answers(_socket: &std::path::Path, _patience: Duration) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    fn with(variables: &[(&str, OsString)]) -> Result<Display, DisplayFault> {
        named_by(&|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()))
    }

    #[test]
    fn a_compositor_that_is_gone_leaves_the_x_server() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = || ("XDG_RUNTIME_DIR", folder.path().as_os_str().to_owned());
        let (wayland, x11) = (|| ("WAYLAND_DISPLAY", "wayland-0".into()), || ("DISPLAY", ":0".into()));
        assert_eq!(with(&[]), Err(DisplayFault::Unnamed));
        assert_eq!(with(&[x11()]), Ok(Display::X11));
        assert_eq!(with(&[runtime(), wayland(), x11()]), Ok(Display::X11), "no socket");
        let socket = folder.path().join("wayland-0");
        assert_eq!(with(&[runtime(), wayland()]), Err(DisplayFault::NoCompositor(socket.clone())));
        drop(UnixListener::bind(&socket).unwrap());
        assert_eq!(with(&[runtime(), wayland(), x11()]), Ok(Display::X11), "a socket that nobody listens at");
        assert_eq!(with(&[("WAYLAND_SOCKET", "7".into()), x11()]), Ok(Display::Wayland), "handed over");
    }

    #[test]
    fn a_compositor_that_never_answers_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("wayland-0");
        let listener = UnixListener::bind(&socket).unwrap();
        assert!(!answers(&socket, Duration::from_millis(50)));
        drop(listener);
        std::fs::remove_file(&socket).unwrap();
        let listener = UnixListener::bind(&socket).unwrap();
        let answer = move || {
            let (mut stream, _) = listener.accept().unwrap();
            std::io::Write::write_all(&mut stream, &[2, 0, 0, 0, 0, 0, 12, 0, 1, 0, 0, 0]).unwrap();
            std::io::Read::read(&mut stream, &mut [0; 12]).unwrap()
        };
        let compositor = std::thread::Builder::new().name("compositor".to_owned()).spawn(answer).unwrap();
        assert!(answers(&socket, PATIENCE));
        compositor.join().unwrap();
    }
}
