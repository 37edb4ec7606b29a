//! What the pointer is on, for the other places that show the same: a program in its list and its blocks in the bars.

use eframe::egui::{Context, Id};

/// A program that is looked at, and the pass in which it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct LookedAt {
    program: usize,
    pass: u64,
}

fn id() -> Id {
    Id::unique("the program that is looked at")
}

/// Says that the pointer is on this program.
pub fn set(ctx: &Context, program: usize) {
    if !is(ctx, program) {
        // What was drawn before shows it, too.
        ctx.request_repaint();
    }
    let pass = ctx.cumulative_pass_nr();
    ctx.data_mut(|data| data.insert_temp(id(), LookedAt { program, pass }));
}

/// Whether the pointer is on this program, here or elsewhere.
pub fn is(ctx: &Context, program: usize) -> bool {
    ctx.data(|data| data.get_temp::<LookedAt>(id())).is_some_and(|looked| looked.program == program)
}

/// Forgets what nobody looked at in this pass: to be called once all is drawn.
pub fn settle(ctx: &Context) {
    let now = ctx.cumulative_pass_nr();
    if ctx.data(|data| data.get_temp::<LookedAt>(id())).is_some_and(|looked| looked.pass != now) {
        ctx.data_mut(|data| data.remove_temp::<LookedAt>(id()));
        ctx.request_repaint();
    }
}
