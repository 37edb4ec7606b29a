//! A stated shape for a model known only by its size.
