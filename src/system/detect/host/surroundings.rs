//! What the system runs inside of, by the signs that each leaves.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::system::detect::small_file::text;

/// What a system may run inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inside {
    /// The Windows Subsystem for Linux.
    Wsl,
    /// A container.
    Container,
    /// A container in the Windows Subsystem for Linux.
    ContainerInWsl,
}

impl Inside {
    /// Whether cards have to be passed on to it.
    pub const fn is_container(self) -> bool {
        matches!(self, Self::Container | Self::ContainerInWsl)
    }

    /// Whether Windows lies around it.
    pub const fn is_wsl(self) -> bool {
        matches!(self, Self::Wsl | Self::ContainerInWsl)
    }
}

/// Groups of the first process that container runtimes name after themselves.
const RUNTIMES: [&str; 5] = ["docker", "kubepods", "containerd", "libpod", "lxc"];

pub(super) fn inside(root: &Path) -> Option<Inside> {
    let kernel = text(&root.join("proc/sys/kernel/osrelease")).unwrap_or_default().to_lowercase();
    let is_wsl = kernel.contains("microsoft");
    let groups = text(&root.join("proc/1/cgroup")).unwrap_or_default();
    let is_container = [".dockerenv", "run/.containerenv"].iter().any(|sign| root.join(sign).exists())
        || RUNTIMES.iter().any(|runtime| groups.contains(runtime));
    match (is_container, is_wsl) {
        (true, true) => Some(Inside::ContainerInWsl),
        (true, false) => Some(Inside::Container),
        (false, true) => Some(Inside::Wsl),
        (false, false) => None,
    }
}
