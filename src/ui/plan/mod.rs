//! The Plan view: inputs at the left, verdict, bars, table and plot in the center.
