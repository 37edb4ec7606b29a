//! The disk: a file is read in order, several large blocks at once, past the system's cache. Where no file is given one is written that
//! has no name and so is gone with the program, however that ends.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{DiskPlace, MeasureFault, Progress, WHOLE};

/// Blocks that are read at once begin at multiples of their size, and their memory where disks want it.
const BLOCK: usize = 4 << 20;
const ALIGNED: usize = 4096;
/// So many are on their way at once: one alone keeps no disk busy.
const READERS: usize = 4;
/// What is read at most, and for how long; and what tells a rate at least.
const MOST: u64 = 4 << 30;
const LONG: Duration = Duration::from_secs(4);
pub(super) const LEAST: u64 = 64 << 20;
/// How long the file is that is written where none is given.
const WRITTEN: u64 = 1 << 30;

/// Bytes a second.
pub(super) fn read_rate(place: &DiskPlace, progress: &Progress) -> Result<u64, MeasureFault> {
    if progress.is_cancelled() {
        return Err(MeasureFault::Cancelled);
    }
    let file = match place {
        DiskPlace::File(path) => File::open(path).map_err(refused)?,
        DiskPlace::Folder(folder) | DiskPlace::LargestModel(_, folder) => written(folder, progress)?,
    };
    let length = file.metadata().map_err(refused)?;
    if !length.is_file() {
        return Err(MeasureFault::TooShort);
    }
    let blocks = length.len().min(MOST) / BLOCK as u64;
    if blocks * (BLOCK as u64) < LEAST {
        return Err(MeasureFault::TooShort);
    }
    let file = past_cache(file)?;
    rate(&file, blocks, progress)
}

fn refused(error: io::Error) -> MeasureFault {
    MeasureFault::System(error.into())
}

/// A new file of that no disk can make less by packing.
fn written(folder: &Path, progress: &Progress) -> Result<File, MeasureFault> {
    let mut file = tempfile::tempfile_in(folder).map_err(refused)?;
    let mut block = vec![0_u8; BLOCK];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for written in 0..WRITTEN / BLOCK as u64 {
        if progress.is_cancelled() {
            return Err(MeasureFault::Cancelled);
        }
        for word in block.chunks_exact_mut(8) {
            // Marsaglia's xorshift.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word.copy_from_slice(&state.to_le_bytes());
        }
        file.write_all(&block).map_err(refused)?;
        reach(progress, written * BLOCK as u64, WRITTEN, 0);
    }
    file.sync_all().map_err(refused)?;
    Ok(file)
}

/// The second half of the whole: a quarter for writing, a quarter for reading.
fn reach(progress: &Progress, done: u64, of: u64, quarter: u32) {
    let share = u32::try_from(done.min(of) * u64::from(WHOLE / 4) / of.max(1)).unwrap_or(0);
    progress.reach(WHOLE / 2 + quarter * (WHOLE / 4) + share);
}

#[cfg(target_os = "linux")]
fn past_cache(file: File) -> Result<File, MeasureFault> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl, fstatfs};
    // `tmpfs` and `ramfs`, as <linux/magic.h> has them: the first takes the flag and reads from RAM all the same.
    const IN_RAM: [u64; 2] = [0x0102_1994, 0x8584_58F6];
    let kind = fstatfs(&file).ok().and_then(|found| u64::try_from(found.f_type).ok());
    if kind.is_some_and(|kind| IN_RAM.contains(&kind)) {
        return Err(MeasureFault::Cached);
    }
    let set = fcntl_getfl(&file).and_then(|flags| fcntl_setfl(&file, flags | OFlags::DIRECT));
    set.map(|()| file).map_err(|_refused| MeasureFault::Cached)
}

#[cfg(not(target_os = "linux"))]
fn past_cache(_file: File) -> Result<File, MeasureFault> {
    Err(MeasureFault::Cached)
}

fn rate(file: &File, blocks: u64, progress: &Progress) -> Result<u64, MeasureFault> {
    let (next, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let begun = Instant::now();
    let read = || -> io::Result<()> {
        let mut memory = vec![0_u8; BLOCK + ALIGNED];
        let from = memory.as_ptr().align_offset(ALIGNED).min(ALIGNED);
        let memory = memory.get_mut(from..from + BLOCK).unwrap_or_default();
        while begun.elapsed() < LONG && !progress.is_cancelled() {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= blocks {
                break;
            }
            let read = read_at(file, memory, block * BLOCK as u64)?;
            let all = bytes.fetch_add(read as u64, Ordering::Relaxed);
            reach(progress, all, blocks * BLOCK as u64, 1);
        }
        Ok(())
    };
    let ended: Vec<io::Result<()>> = thread::scope(|scope| {
        let started: Vec<_> = (1..READERS)
            .filter_map(|_| thread::Builder::new().name("read disk".to_owned()).spawn_scoped(scope, read).ok())
            .collect();
        let own = read();
        let others = started.into_iter().filter_map(|reader| reader.join().ok());
        others.chain([own]).collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    if progress.is_cancelled() {
        return Err(MeasureFault::Cancelled);
    }
    if let Some(error) = ended.into_iter().find_map(Result::err) {
        let unaligned = error.kind() == io::ErrorKind::InvalidInput;
        return Err(if unaligned { MeasureFault::Cached } else { refused(error) });
    }
    let bytes = bytes.load(Ordering::Relaxed);
    if bytes < LEAST || seconds <= 0.0 {
        return Err(MeasureFault::TooShort);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 2^52 and not negative")]
    let rate = (bytes as f64 / seconds) as u64;
    Ok(rate)
}

#[cfg(unix)]
fn read_at(file: &File, memory: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, memory, at)
}

#[cfg(windows)]
fn read_at(file: &File, memory: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, memory, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_file_tells_no_rate() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("short");
        std::fs::write(&path, [0; 1000]).unwrap();
        assert_eq!(read_rate(&DiskPlace::File(path), &Progress::default()), Err(MeasureFault::TooShort));
    }

    #[test]
    fn a_file_is_read_past_the_cache_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        std::fs::write(&path, vec![7; 96 << 20]).unwrap();
        let progress = Progress::default();
        match read_rate(&DiskPlace::File(path), &progress) {
            Ok(rate) => assert!((1_000_000..1_000_000_000_000).contains(&rate), "{rate}"),
            Err(fault) => assert_eq!(fault, MeasureFault::Cached),
        }
    }
}
