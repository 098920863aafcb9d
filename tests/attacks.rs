//! Attacks on the pages of a whole node: what strangers write into every field, and addresses that
//! lead astray. What needs no node is tested in `web-ui/src/tests`.

pub mod library;
mod markup;
mod paths;
mod printed;
pub mod scripts;
pub mod texts;
mod told;
mod told_pages;
