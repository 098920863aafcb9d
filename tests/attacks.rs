//! Attacks on the pages of a whole node: what strangers write into every field, and addresses that
//! lead astray. What needs no node is tested in `web-ui/src/tests`.

mod library;
mod markup;
mod paths;
mod scripts;
mod texts;
