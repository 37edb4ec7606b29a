//! RAM: all cores compare two pieces each that are too large for any cache, which reads both and writes nothing.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{MeasureFault, Progress, WHOLE};

/// Each core compares two pieces of so many bytes, all together far more than the caches.
const PIECE: usize = 64 << 20;
/// Pieces are compared in steps of so many bytes, between which it is looked whether anybody still waits.
const STEP: usize = 4 << 20;
/// At most one part in so many of the free RAM is taken.
const SHARE: u64 = 4;
/// How long it is read.
const LONG: Duration = Duration::from_millis(1200);
/// How often it is looked whether the others are ready.
const SOON: Duration = Duration::from_millis(5);
/// Where nobody knows how much is free, so few cores take part that no machine notices.
const CAREFUL: usize = 4;

/// Bytes a second that all cores read together.
pub(super) fn read_rate(free: Option<u64>, progress: &Progress) -> Result<u64, MeasureFault> {
    if progress.is_cancelled() {
        return Err(MeasureFault::Cancelled);
    }
    let cores = sysinfo::System::physical_core_count()
        .or_else(|| thread::available_parallelism().ok().map(std::num::NonZero::get))
        .unwrap_or(1);
    let room = free.map(|free| usize::try_from(free / SHARE / (2 * PIECE as u64)).unwrap_or(usize::MAX));
    let workers = room.map_or_else(|| cores.min(CAREFUL), |room| cores.min(room));
    if workers == 0 {
        return Err(MeasureFault::NoRoom);
    }
    let (bytes, ready, go) = (AtomicU64::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let read = || {
        // Written once, so that each page is there; compared with what is the same, so that all of it is read.
        let (one, other) = (vec![1_u8; PIECE], vec![1_u8; PIECE]);
        ready.fetch_add(1, Ordering::Relaxed);
        while !go.load(Ordering::Relaxed) && !progress.is_cancelled() {
            thread::sleep(SOON);
        }
        let begun = Instant::now();
        loop {
            for (one, other) in one.chunks(STEP).zip(other.chunks(STEP)) {
                if begun.elapsed() >= LONG || progress.is_cancelled() {
                    return;
                }
                if black_box(black_box(one) == black_box(other)) {
                    bytes.fetch_add(2 * STEP as u64, Ordering::Relaxed);
                }
            }
        }
    };
    let seconds = thread::scope(|scope| {
        let start = |_: &usize| thread::Builder::new().name("read ram".to_owned()).spawn_scoped(scope, read).is_ok();
        let started = (0..workers).filter(start).count();
        while ready.load(Ordering::Relaxed) < started && !progress.is_cancelled() {
            thread::sleep(SOON);
        }
        go.store(true, Ordering::Relaxed);
        let begun = Instant::now();
        while begun.elapsed() < LONG && !progress.is_cancelled() {
            thread::sleep(SOON);
            let share = begun.elapsed().as_secs_f64() / LONG.as_secs_f64();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "thousandths")]
            progress.reach((f64::from(WHOLE / 2) * share.min(1.0)) as u32);
        }
        begun.elapsed().as_secs_f64()
    });
    if progress.is_cancelled() {
        return Err(MeasureFault::Cancelled);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 2^52 and not negative")]
    let rate = (bytes.load(Ordering::Relaxed) as f64 / seconds.max(LONG.as_secs_f64())) as u64;
    Ok(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_one_that_machines_have() {
        // Room for one worker: tests run beside others.
        let rate = read_rate(Some(SHARE * 2 * PIECE as u64), &Progress::default()).unwrap();
        assert!((100_000_000..10_000_000_000_000).contains(&rate), "{rate}");
    }
}
