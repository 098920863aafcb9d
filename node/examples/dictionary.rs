//! Makes a dictionary of a list of words, one a line, in the normal forms that queries are read in:
//! `cargo run --release -p node --example dictionary -- FORMS dictionary.fst`.

use std::collections::BTreeSet;
use std::fs;

use node::index::analysis::{normal, words};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("name the list of words and the file to write".into());
    };
    let forms = fs::read_to_string(from)?;
    // What is typed is split at hyphens, so each part is a word.
    let normals: BTreeSet<String> = forms.lines().flat_map(words).map(|word| normal(word.text)).collect();
    let set = fst::Set::from_iter(&normals)?;
    fs::write(&to, set.as_fst().as_bytes())?;
    println!("{to}: {} words, {} bytes", set.len(), set.as_fst().size());
    Ok(())
}
