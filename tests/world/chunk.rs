//! Change chunks by hand.
