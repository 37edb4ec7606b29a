//! Wires the command line to the window and the headless face.

fn main() {}
