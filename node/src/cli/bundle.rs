//! `dosvid bundle`: the library, or what is new in it, as one file.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use web_ui::library::BlockReport;

use super::client::{Client, Denied};
use super::console::{note, out};
use super::words::{Language, say};
use super::{Outcome, progress};
use crate::bundle::{self, Next, Reader};
use crate::fault::Fault;

/// What can be done with bundles.
#[derive(Debug, clap::Subcommand)]
pub enum BundleCommand {
    /// Write the records held here to a file
    Export {
        /// Only records made since a day (2026-11-23) or a moment (milliseconds since 1970);
        /// charters always
        #[arg(long, value_name = "DAY", value_parser = since)]
        since: Option<u64>,
        /// The file to write
        file: PathBuf,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Take the records of a file that are not held here
    Import {
        /// Only say what would happen
        #[arg(long)]
        dry_run: bool,
        /// The file to read
        file: PathBuf,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

/// Milliseconds since 1970 of a day or a moment.
fn since(text: &str) -> Result<u64, String> {
    if let Ok(ms) = text.parse() {
        return Ok(ms);
    }
    let day: jiff::civil::Date = text.parse().map_err(|_| "a day like 2026-11-23".to_owned())?;
    let moment = jiff::tz::Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_err(|error| error.to_string())?;
    u64::try_from(moment.as_millisecond()).map_err(|_| "a day since 1970".to_owned())
}

pub async fn perform(client: &Client, command: BundleCommand, language: Language) -> anyhow::Result<Outcome> {
    match command {
        BundleCommand::Export { since, file, json } => export(client, since.unwrap_or(0), &file, json, language).await,
        BundleCommand::Import { dry_run, file, json } => import(client, &file, dry_run, json, language).await,
    }
}

/// Writes beside the file and renames, so that a file with the right name is whole.
async fn export(client: &Client, since: u64, path: &Path, json: bool, language: Language) -> anyhow::Result<Outcome> {
    let part = path.with_extension("part");
    let cannot = || Fault::file("cannot write", &part);
    let mut output = BufWriter::new(File::create(&part).map_err(cannot())?);
    bundle::begin(&mut output).map_err(cannot())?;
    let mut after: Option<String> = None;
    let mut records = 0;
    let bar = progress(0, language, "Записую", "Writing");
    loop {
        let place = after.as_ref().map(|after| format!("&after={after}")).unwrap_or_default();
        let answer = client.get(&format!("/bundle?since={since}{place}")).await?;
        let number = |name| answer.header(name).and_then(|value| value.parse::<u64>().ok()).unwrap_or(0);
        output.write_all(&answer.body).map_err(cannot())?;
        records += number("dosvid-records");
        bar.set_length(number("dosvid-total"));
        bar.set_position(records);
        after = answer.header("dosvid-next").filter(|next| !next.is_empty()).map(str::to_owned);
        if after.is_none() {
            break;
        }
    }
    bar.finish_and_clear();
    let file = output.into_inner().map_err(|error| error.into_error()).map_err(cannot())?;
    file.sync_all().map_err(cannot())?;
    let bytes = file.metadata().map_err(cannot())?.len();
    std::fs::rename(&part, path).map_err(Fault::file("cannot rename to", path))?;
    crate::journal::sync_folder(path)?;
    if json {
        out!("{}", serde_json::json!({ "records": records, "bytes": bytes }));
    } else {
        let path = path.display();
        out!(
            "{}",
            say(
                language,
                format!("{path}: записів {records}, байтів {bytes}"),
                format!("{path}: {records} records, {bytes} bytes")
            )
        );
    }
    Ok(Outcome::Done)
}

/// A block is taken whole or not at all, and what is held already is passed over: an import that
/// was interrupted goes on by being started again.
async fn import(
    client: &Client,
    path: &Path,
    dry_run: bool,
    json: bool,
    language: Language,
) -> anyhow::Result<Outcome> {
    let file = File::open(path).map_err(Fault::file("cannot open", path))?;
    let len = file.metadata().with_context(|| path.display().to_string())?.len();
    let Some(mut reader) = Reader::open(BufReader::new(file))? else {
        return Err(Denied::new(
            "not_a_bundle",
            format!("{} не є файлом бібліотеки Досвід", path.display()),
            format!("{} is not a bundle", path.display()),
        )
        .into());
    };
    let bar = progress(len, language, "Читаю", "Reading");
    let mut total = BlockReport::default();
    let mut damaged = None;
    loop {
        match reader.next_block()? {
            Next::Block(block) => {
                let answer = client.send_bytes(&format!("/bundle?dry_run={dry_run}"), block).await?;
                add(&mut total, answer.json()?);
                bar.set_position(reader.offset());
            }
            Next::End => break,
            Next::Damaged(problem) => {
                damaged = Some(problem);
                break;
            }
        }
    }
    bar.finish_and_clear();
    report(&total, dry_run, json, language)?;
    if let Some(problem) = damaged {
        let at = reader.offset();
        if total == BlockReport::default() {
            bail!("{}: {problem} at byte {at}; nothing could be read", path.display());
        }
        note!(
            "{}",
            say(
                language,
                format!("Файл пошкоджено з байта {at}: прочитане збережено, скопіюйте файл ще раз і повторіть"),
                format!(
                    "The file is damaged from byte {at} on ({problem}): what was read is kept, copy the file again and repeat"
                ),
            )
        );
        return Ok(Outcome::Partly);
    }
    Ok(if total.refused > 0 { Outcome::Partly } else { Outcome::Done })
}

fn add(total: &mut BlockReport, block: BlockReport) {
    total.new += block.new;
    total.known += block.known;
    total.withdrawn += block.withdrawn;
    total.waiting += block.waiting;
    total.refused += block.refused;
    for (reason, count) in block.reasons {
        *total.reasons.entry(reason).or_default() += count;
    }
}

fn report(total: &BlockReport, dry_run: bool, json: bool, language: Language) -> anyhow::Result<()> {
    if json {
        out!("{}", serde_json::to_string(total)?);
        return Ok(());
    }
    let BlockReport { new, known, withdrawn, waiting, refused, .. } = total;
    let (would_uk, would_en) = if dry_run { ("Було б нових", "Would be new") } else { ("Нових", "New") };
    out!(
        "{}",
        say(
            language,
            format!(
                "{would_uk}: {new}, уже були: {known}, відкликані: {withdrawn}, чекають на статут громади: {waiting}, відхилено: {refused}"
            ),
            format!(
                "{would_en}: {new}, known: {known}, withdrawn: {withdrawn}, waiting for a charter: {waiting}, refused: {refused}"
            ),
        )
    );
    for (reason, count) in &total.reasons {
        out!("  {count}: {reason}");
    }
    Ok(())
}
