//! The shared libraries that a window needs and no linker names: they are loaded while it starts. Where it does not, those
//! that are missing are named as Debian packages them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::display::Display;

/// A library and the Debian package that has it.
#[derive(Debug, Clone, Copy)]
struct WindowLibrary {
    file: &'static str,
    package: &'static str,
}

const fn library(file: &'static str, package: &'static str) -> WindowLibrary {
    WindowLibrary { file, package }
}

/// What draws, on any display.
const DRAWING: [WindowLibrary; 2] = [library("libGL.so.1", "libgl1"), library("libEGL.so.1", "libegl1")];
/// What talks to an X server.
const X11: [WindowLibrary; 6] = [
    library("libX11.so.6", "libx11-6"),
    library("libX11-xcb.so.1", "libx11-xcb1"),
    library("libXcursor.so.1", "libxcursor1"),
    library("libXi.so.6", "libxi6"),
    library("libxkbcommon.so.0", "libxkbcommon0"),
    library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
];
/// What talks to a compositor.
const WAYLAND: [WindowLibrary; 3] = [
    library("libwayland-client.so.0", "libwayland-client0"),
    library("libwayland-egl.so.1", "libwayland-egl1"),
    library("libxkbcommon.so.0", "libxkbcommon0"),
];

/// The Debian packages of the libraries that are missing for a window on `display`; empty where none is, or where the
/// system keeps libraries in another way.
pub fn missing(display: Display) -> Vec<&'static str> {
    let of_display: &[WindowLibrary] = match display {
        Display::Own => return Vec::new(),
        Display::X11 => &X11,
        Display::Wayland => &WAYLAND,
    };
    let folders = folders();
    let is_there = |file: &str| folders.iter().any(|folder| folder.join(file).exists());
    let mut packages: Vec<&'static str> =
        DRAWING.iter().chain(of_display).filter(|it| !is_there(it.file)).map(|it| it.package).collect();
    // Mesa's drivers, unless a maker's own is there.
    if packages.is_empty() && !is_there("libGLX_nvidia.so.0") && !folders.iter().any(|folder| has_driver(folder)) {
        packages.push("libgl1-mesa-dri");
    }
    packages
}

/// Whether Mesa's drivers lie below this folder of libraries.
fn has_driver(folder: &Path) -> bool {
    let ends = |entry: fs::DirEntry| entry.file_name().to_string_lossy().ends_with("_dri.so");
    fs::read_dir(folder.join("dri")).into_iter().flatten().flatten().any(ends)
}

/// Where the system's loader looks.
fn folders() -> Vec<PathBuf> {
    let own = env::var_os("LD_LIBRARY_PATH").map(|paths| env::split_paths(&paths).collect::<Vec<_>>());
    let configured = fs::read_dir("/etc/ld.so.conf.d").into_iter().flatten().flatten().flat_map(|entry| {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        text.lines().map(str::trim).filter(|line| line.starts_with('/')).map(PathBuf::from).collect::<Vec<_>>()
    });
    let usual = ["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"].map(PathBuf::from);
    own.into_iter().flatten().chain(configured).chain(usual).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = include_str!("../../tools/start");
    const MANIFEST: &str = include_str!("../../Cargo.toml");

    /// The script that sets everything up and the package name no library that the program does not know.
    #[test]
    fn the_script_and_the_package_name_the_same_libraries() {
        let known: Vec<_> = DRAWING.iter().chain(&X11).chain(&WAYLAND).collect();
        let listed = START.split("<<'LIBRARIES'\n").nth(1).unwrap().split("LIBRARIES").next().unwrap();
        let recommended = MANIFEST.split("recommends = \"").nth(1).unwrap().split('"').next().unwrap();
        let recommended: Vec<&str> = recommended.split(", ").collect();
        for line in listed.lines() {
            let (file, package) = line.split_once(' ').unwrap();
            assert!(known.iter().any(|it| it.file == file && it.package == package), "{line}");
            assert!(recommended.contains(&package), "{package} is not recommended by the package");
        }
    }
}
