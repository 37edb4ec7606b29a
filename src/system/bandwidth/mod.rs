//! How fast this machine's RAM and disk read, measured where somebody asks for it: some seconds of work, beside the window, that can be
//! broken off at any time.

mod disk;
mod kept;
mod ram;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;

pub use kept::{keep, recall};

use super::Wake;
use super::local_models::{Places, find};
use super::system_fault::SystemFault;
use crate::text::{Fault, Key, Phrase, printed_in_english};

/// The whole of a measurement, in the steps that its progress counts.
const WHOLE: u32 = 1000;

/// What is read to measure the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiskPlace {
    /// This file, as it is.
    File(PathBuf),
    /// A file that is written here first and gone thereafter.
    Folder(PathBuf),
    /// The largest model file in these places, which is what will be loaded; without one as in this folder.
    LargestModel(Places, PathBuf),
}

impl DiskPlace {
    /// A path as it was given: a folder, else a file.
    pub fn of(path: PathBuf) -> Self {
        if path.is_dir() { Self::Folder(path) } else { Self::File(path) }
    }

    /// The same, a model looked for where that is asked.
    fn found(&self) -> Self {
        let Self::LargestModel(places, folder) = self else { return self.clone() };
        // Some are listed by what describes them: a file that is as long as the model is the model.
        let is_whole = |path: &Path, bytes: u64| path.metadata().is_ok_and(|it| it.is_file() && it.len() == bytes);
        let models = find(places).models.into_iter().filter(|model| is_whole(&model.path, model.bytes));
        let largest = models.max_by_key(|model| model.bytes).filter(|model| model.bytes >= disk::LEAST);
        largest.map_or_else(|| Self::Folder(folder.clone()), |model| Self::File(model.path))
    }
}

/// Why there is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MeasureFault {
    /// It was broken off.
    Cancelled,
    /// Less RAM is free than the measurement takes.
    NoRoom,
    /// The system reads this place through RAM alone, so that the disk cannot be told.
    Cached,
    /// The file is too short to tell a rate.
    TooShort,
    /// The system refused.
    System(SystemFault),
}

impl Fault for MeasureFault {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Cancelled => Phrase::new(Key::BandwidthCancelled),
            Self::NoRoom => Phrase::new(Key::BandwidthNoRoom),
            Self::Cached => Phrase::new(Key::BandwidthCached),
            Self::TooShort => Phrase::new(Key::BandwidthTooShort),
            Self::System(cause) => cause.phrase(),
        }
    }
}

printed_in_english!(MeasureFault);

/// What came of it, in bytes a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bandwidths {
    /// Reading RAM with all cores.
    pub ram: Result<u64, MeasureFault>,
    /// Reading a file in order, past the system's cache.
    pub disk: Result<u64, MeasureFault>,
}

/// How far it is, and whether anybody still wants it.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU32,
    cancelled: AtomicBool,
}

impl Progress {
    /// From 0 to 1.
    pub fn share(&self) -> f32 {
        let done = self.done.load(Ordering::Relaxed).min(WHOLE);
        f32::from(u16::try_from(done).unwrap_or(u16::MAX)) / f32::from(u16::try_from(WHOLE).unwrap_or(u16::MAX))
    }

    /// Breaks it off at its next step.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// So many thousandths of the whole are done.
    fn reach(&self, done: u32) {
        self.done.fetch_max(done.min(WHOLE), Ordering::Relaxed);
    }
}

/// Measures both, in this thread; `free` is how much RAM a program can have, in bytes.
pub fn measure(place: &DiskPlace, free: Option<u64>, progress: &Progress) -> Bandwidths {
    let ram = ram::read_rate(free, progress);
    progress.reach(WHOLE / 2);
    let disk = disk::read_rate(&place.found(), progress);
    progress.reach(WHOLE);
    Bandwidths { ram, disk }
}

/// A measurement under way; it is broken off where this goes.
#[derive(Debug)]
pub struct Measuring {
    /// How far it is.
    pub progress: Arc<Progress>,
    answer: Receiver<Bandwidths>,
}

impl Measuring {
    /// Starts on a thread of its own and calls `wake` once it is done.
    pub fn start(place: DiskPlace, free: Option<u64>, wake: Wake) -> Self {
        let progress = Arc::new(Progress::default());
        let (sender, answer) = mpsc::channel();
        let shared = Arc::clone(&progress);
        let work = move || {
            // Where it was broken off nobody wants the answer.
            let _ = sender.send(measure(&place, free, &shared));
            wake();
        };
        // A failed start drops the sender with `work`, and the receiver sees a closed channel.
        let _ = thread::Builder::new().name("bandwidth".to_owned()).spawn(work);
        Self { progress, answer }
    }

    /// What came of it, once it is there; one that broke off says so of both.
    pub fn take(&self) -> Option<Bandwidths> {
        match self.answer.try_recv() {
            Ok(found) => Some(found),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some(Bandwidths { ram: Err(MeasureFault::Cancelled), disk: Err(MeasureFault::Cancelled) })
            }
        }
    }
}

impl Drop for Measuring {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_broken_off_has_no_figure() {
        let progress = Progress::default();
        progress.cancel();
        let folder = tempfile::tempdir().unwrap();
        let found = measure(&DiskPlace::Folder(folder.path().to_owned()), Some(8 << 30), &progress);
        assert_eq!(found.ram, Err(MeasureFault::Cancelled));
        assert_eq!(found.disk, Err(MeasureFault::Cancelled));
        assert!(folder.path().read_dir().unwrap().next().is_none(), "nothing is left behind");
    }

    #[test]
    fn too_little_room_is_said_and_a_missing_file_too() {
        let progress = Progress::default();
        let found = measure(&DiskPlace::File(PathBuf::from("/no/such/file")), Some(1 << 20), &progress);
        assert_eq!(found.ram, Err(MeasureFault::NoRoom));
        assert!(matches!(found.disk, Err(MeasureFault::System(_))), "{:?}", found.disk);
        assert!((progress.share() - 1.0).abs() < 0.01);
    }
}
