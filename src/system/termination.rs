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

/// Other systems close the window instead, which asks first.
#[cfg(not(unix))]
pub fn on_termination(_act: impl FnOnce() + Send + 'static) {}
