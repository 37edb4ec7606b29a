//! Controls, each named for screen readers and driven by the keyboard.
