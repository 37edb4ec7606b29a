//! How much RAM a container or a service is held to: the kernel's control groups, of both versions.

use std::path::{Path, PathBuf};

use crate::system::detect::small_file::{number, text};

/// Where groups are listed, and the files of the limit and of what is used, newest version first.
const VERSIONS: [Version; 2] = [
    Version { mark: "0::", tree: "sys/fs/cgroup", limit: "memory.max", used: "memory.current" },
    Version {
        mark: ":memory:",
        tree: "sys/fs/cgroup/memory",
        limit: "memory.limit_in_bytes",
        used: "memory.usage_in_bytes",
    },
];

struct Version {
    /// What stands before the group's path in the list of a process's groups.
    mark: &'static str,
    tree: &'static str,
    limit: &'static str,
    used: &'static str,
}

/// The lowest limit of all groups that this process is in, and what counts against it, in bytes; none where there is none
/// below all of the RAM.
pub(super) fn of_ram(root: &Path, ram_total_bytes: Option<u64>) -> (Option<u64>, Option<u64>) {
    let groups = text(&root.join("proc/self/cgroup")).unwrap_or_default();
    let mut lowest: Option<(u64, Option<u64>)> = None;
    for version in &VERSIONS {
        let tree = root.join(version.tree);
        for group in folders(&groups, version, &tree) {
            // "max", or in the first version a figure beyond all RAM, is no limit.
            let Some(limit) = number(&group.join(version.limit)).filter(|limit| *limit > 0) else { continue };
            if lowest.is_none_or(|(known, _)| limit < known) {
                lowest = Some((limit, number(&group.join(version.used))));
            }
        }
    }
    let lowest = lowest.filter(|(limit, _)| ram_total_bytes.is_none_or(|total| *limit < total));
    (lowest.map(|(limit, _)| limit), lowest.and_then(|(_, used)| used))
}

/// The group of this process and all above it, up to the tree's own folder. A container sees its own group there, whatever
/// its path is called outside.
fn folders(groups: &str, version: &Version, tree: &Path) -> Vec<PathBuf> {
    let of_line = |line: &str| Some(line.split_once(version.mark)?.1.trim_start_matches('/').to_owned());
    let own = groups.lines().find_map(of_line).unwrap_or_default();
    // A name that leads out of the tree is none of its groups.
    let own = if own.split('/').any(|part| part == "..") { String::new() } else { own };
    let deepest = tree.join(own);
    deepest.ancestors().take_while(|folder| folder.starts_with(tree)).map(Path::to_owned).collect()
}
