//! Starting the program where no window can be opened.

#![cfg(target_os = "linux")]
use assert_cmd::Command;

use super::display::MemoryDisplay;

fn start(display: Option<&str>) -> (i32, String) {
    let mut program = Command::cargo_bin("rigplan").unwrap();
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        program.env_remove(name);
    }
    if let Some(display) = display {
        program.env("DISPLAY", display);
    }
    let output = program.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn without_a_display_one_line_names_the_way_out() {
    for display in [None, Some(""), Some("no such display")] {
        let (code, said) = start(display);
        assert_eq!(code, 2, "{display:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{display:?}: {said}");
        assert!(said.starts_with("rigplan: ") && said.contains("`rigplan estimate`"), "{display:?}: {said}");
        assert!(!said.contains("panicked"), "{display:?}: {said}");
    }
}

/// A socket that nobody listens at any more, beside nothing else.
#[test]
fn a_compositor_that_is_gone_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::cargo_bin("rigplan").unwrap();
    program.env_remove("DISPLAY").env_remove("WAYLAND_SOCKET");
    program.env("XDG_RUNTIME_DIR", folder.path()).env("WAYLAND_DISPLAY", "wayland-7");
    let output = program.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("wayland-7") && said.contains("`rigplan estimate`") && said.lines().count() == 1, "{said}");
}

/// Neither a home, nor fonts, nor a portal, a language that does not exist, a day long gone, a compositor that is gone and
/// little memory: the window opens on a small display all the same.
#[test]
fn a_window_opens_where_nearly_everything_is_missing() {
    let Some(display) = MemoryDisplay::open(640, 480) else { return println!("no Xvfb: no window is opened") };
    let folder = tempfile::tempdir().unwrap();
    let (file, said) = (folder.path().join("a file"), folder.path().join("said"));
    std::fs::write(&file, "").unwrap();
    // So many KiB of addresses, of which drivers map most and use little.
    let limited = format!("ulimit -v {}; exec \"$0\"", 3 << 20);
    let mut program = std::process::Command::new("sh");
    program.args(["-c", &limited, env!("CARGO_BIN_EXE_rigplan")]);
    program.env("DISPLAY", &display.name).env("LIBGL_ALWAYS_SOFTWARE", "1");
    program.env("WAYLAND_DISPLAY", "wayland-7").env("XDG_RUNTIME_DIR", folder.path());
    for home in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        program.env(home, file.join("below"));
    }
    program.env("FONTCONFIG_FILE", "/nowhere").env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    program.env("LC_ALL", "xx_YY@odd").env("SOURCE_DATE_EPOCH", "0");
    program.stderr(std::fs::File::create(&said).unwrap());
    let mut window = program.spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(8));
    let ended = window.try_wait().unwrap();
    let said = std::fs::read_to_string(&said).unwrap();
    assert!(ended.is_none(), "{ended:?}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    display.close();
    window.wait().unwrap();
}
