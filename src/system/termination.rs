//! The end that the system asks for: at logout, from a terminal, from whoever stops services.

/// Calls `act` on a thread of its own once the system asks the program to end. Where it never does, nothing happens.
#[cfg(unix)]
pub fn on_termination(act: impl FnOnce() + Send + 'static) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGTERM, SIGINT, SIGHUP]) else { return };
    let wait = move || {
        if signals.forever().next().is_some() {
            act();
        }
    };
    // Without a thread the program ends at once, as it would without this.
    drop(std::thread::Builder::new().name("signals".to_owned()).spawn(wait));
}

/// A file that grows past the user's limit (`ulimit -f`) fails to be written, as on a full disk, and ends nothing.
#[cfg(unix)]
pub fn outlive_file_limit() {
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    // Where it cannot be registered the program ends, as it would without this.
    drop(signal_hook::flag::register(signal_hook::consts::SIGXFSZ, asked));
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub const fn outlive_file_limit() {}

/// Other systems close the window instead, which asks first.
#[cfg(not(unix))]
pub fn on_termination(_act: impl FnOnce() + Send + 'static) {}
