//! Starting the program where no window can be opened.

#![cfg(target_os = "linux")]
use assert_cmd::Command;

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
