//! A seminar for calendars and for paper: iCalendar (RFC 5545), and a sheet to sign.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use crdt::id::DocumentId;
use crdt::kinds::seminar::{Seminar, is_time};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::App;
use crate::assets;
use crate::error::Failure;
use crate::format;
use crate::library::DocumentPage;
use crate::library::notes::guests;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::{answer, error};
use crate::words;
use crate::words::records as rw;

/// Octets of a line at the most, without its end (RFC 5545, section 3.1).
const LINE_OCTETS: usize = 75;
/// Events of one seminar at the most: a month of days, more than any seminar lasts.
const DAYS_MAX: usize = 31;
/// How long a session takes that does not say it.
const SESSION_MINUTES: u32 = 60;
/// The longest session that is believed.
const DAY_MINUTES: u32 = 24 * 60;
/// Lines of a sheet beyond the seats: people bring a colleague.
const SPARE_LINES: u64 = 5;
/// Lines of a sheet at the most: ten pages.
const LINES_MAX: u64 = 300;

async fn seminar(app: &App, id: DocumentId) -> Result<(DocumentPage, Seminar), Failure> {
    let page = app.ask(move |library| library.document(id)).await?;
    let seminar = page.typed().ok_or_else(Failure::not_found)?;
    Ok((page, seminar))
}

/// `/records/{id}/calendar.ics`
pub(crate) async fn ics(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    match seminar(&app, id).await {
        Ok((page, seminar)) => match written(&v, &page, &seminar) {
            Some(text) => {
                let disposition = format!("attachment; filename=\"seminar-{}.ics\"", &page.card.id[..8]);
                ([(CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)], text)
                    .into_response()
            }
            None => error::page(&v, &Failure::not_found()),
        },
        Err(failure) => error::page(&v, &failure),
    }
}

/// One day of a seminar: the moments between which its programme runs, if it has times.
struct Day {
    date: Date,
    hours: Option<(Timestamp, Timestamp)>,
}

/// The calendar: one event of whole days, or one a day where the programme has times; none if the
/// first day is no day.
fn written(v: &Visitor, page: &DocumentPage, seminar: &Seminar) -> Option<String> {
    let starts: Date = seminar.starts.as_deref()?.parse().ok()?;
    let ends: Date =
        seminar.ends.as_deref().and_then(|day| day.parse().ok()).filter(|day| *day >= starts).unwrap_or(starts);
    let place = [seminar.venue.community.as_deref().map(|code| v.place(code)), Some(seminar.venue.address.clone())];
    let place = place.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(", ");
    let programme = seminar.programme.iter().map(|one| format!("{} {}", one.time, one.title)).collect::<Vec<_>>();
    let description = [seminar.about.clone(), programme.join("\n"), seminar.venue.url.clone()];
    let description = description.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("\n\n");
    let stamp = Timestamp::from_millisecond(i64::try_from(page.card.updated_at).ok()?).ok()?;
    let days = days(seminar, starts, ends);
    let timed = days.iter().any(|day| day.hours.is_some());
    let spans: Vec<(&Day, Date)> = if timed {
        days.iter().map(|day| (day, day.date)).collect()
    } else {
        days.first().map(|day| (day, ends)).into_iter().collect()
    };
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            fold(&mut text, &format!("{name}:{value}"));
        }
    };
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Dosvid//Dosvid//UK");
    for (day, last) in spans {
        line("BEGIN", "VEVENT");
        let suffix = if day.date == starts { String::new() } else { format!("-{}", written_day(day.date)) };
        line("UID", &format!("{}{suffix}@dosvid", page.card.id));
        line("DTSTAMP", &written_moment(stamp));
        match day.hours {
            Some((from, until)) => {
                line("DTSTART", &written_moment(from));
                line("DTEND", &written_moment(until));
            }
            None => {
                line("DTSTART;VALUE=DATE", &written_day(day.date));
                // The end of an event of whole days is the day after it.
                line("DTEND;VALUE=DATE", &written_day(last.tomorrow().ok()?));
            }
        }
        // A calendar that took the event already strikes it out.
        line("STATUS", if seminar.registration.as_deref() == Some("cancelled") { "CANCELLED" } else { "" });
        line("SUMMARY", &escaped(&seminar.title));
        line("LOCATION", &escaped(&place));
        line("DESCRIPTION", &escaped(&description));
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    Some(text)
}

fn written_day(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

fn written_moment(moment: Timestamp) -> String {
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The days of a seminar, at most [`DAYS_MAX`], with the hours of its programme.
fn days(seminar: &Seminar, starts: Date, ends: Date) -> Vec<Day> {
    let dates = std::iter::successors(Some(starts), |day| day.tomorrow().ok());
    let dates = dates.take_while(|day| *day <= ends).take(DAYS_MAX);
    dates.map(|date| Day { date, hours: hours(seminar, starts, date) }).collect()
}

/// When the programme of a day begins and ends.
fn hours(seminar: &Seminar, starts: Date, date: Date) -> Option<(Timestamp, Timestamp)> {
    let on_day = seminar.programme.iter().filter(|session| match session.date.as_str() {
        "" => date == starts,
        day => day.parse().is_ok_and(|day: Date| day == date),
    });
    let spans = on_day.filter_map(|session| {
        let (hour, minute) = session.time.split_once(':').filter(|_| is_time(&session.time))?;
        let time = jiff::civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
        let from = format::moment_in_kyiv(date.to_datetime(time))?;
        let minutes = session.minutes.unwrap_or(SESSION_MINUTES).min(DAY_MINUTES);
        Some((from, from.checked_add(i64::from(minutes).minutes()).ok()?))
    });
    spans.reduce(|(from, until), (other, end)| (from.min(other), until.max(end)))
}

/// A text as iCalendar writes it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace(';', "\\;")
        .replace(',', "\\,")
        .replace("\r\n", "\\n")
        .replace(['\n', '\r'], "\\n")
}

/// Adds a line, broken where it is too long, never inside a letter.
fn fold(text: &mut String, line: &str) {
    let mut octets = 0;
    for letter in line.chars().filter(|letter| !letter.is_control()) {
        if octets + letter.len_utf8() > LINE_OCTETS {
            text.push_str("\r\n ");
            octets = 1;
        }
        octets += letter.len_utf8();
        text.push(letter);
    }
    text.push_str("\r\n");
}

#[derive(Template)]
#[template(path = "records/sheet.html")]
struct Sheet {
    v: Visitor,
    title: String,
    day: String,
    place: String,
    /// Who is expected, by name: for those alone who may see the list.
    guests: Vec<String>,
    lines: u64,
}

/// `/records/{id}/sheet`: a sheet to sign, to print.
pub(crate) async fn sheet(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    let may_see = v.writes();
    let guests =
        if may_see { app.ask(move |library| guests(library, id)).await.unwrap_or_default() } else { Vec::new() };
    let page = seminar(&app, id).await.map(|(_, seminar)| Sheet {
        guests,
        day: format::date(seminar.starts.as_deref().unwrap_or_default()),
        place: seminar.venue.community.as_deref().map(|code| v.place(code)).unwrap_or(seminar.venue.address),
        lines: seminar.seats.unwrap_or(20).saturating_add(SPARE_LINES).min(LINES_MAX),
        title: seminar.title,
        v: v.clone(),
    });
    answer(&v, page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_letters() {
        let mut text = String::new();
        fold(&mut text, &"ї".repeat(60));
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines.len(), 3, "two lines and the end");
        assert!(lines.iter().all(|line| line.len() <= LINE_OCTETS) && lines[1].starts_with(' '));
        assert_eq!(text.replace("\r\n ", "").trim_end(), "ї".repeat(60));
    }

    #[test]
    fn signs_of_the_format_are_escaped() {
        assert_eq!(escaped("а, б; в\\г\nд"), "а\\, б\\; в\\\\г\\nд");
    }

    #[test]
    fn a_programme_with_times_gives_the_hours_of_each_day() {
        use crdt::kinds::seminar::Session;
        let session = |date: &str, time: &str, minutes| Session {
            date: date.into(),
            time: time.into(),
            minutes,
            ..Session::default()
        };
        let programme = vec![
            session("", "10:00", Some(90)),
            session("2026-11-20", "9:30", None),
            session("2026-07-01", "25:99", None),
        ];
        let seminar = Seminar { programme, ..Seminar::default() };
        let first: Date = "2026-11-20".parse().unwrap();
        let days = days(&seminar, first, first.tomorrow().unwrap());
        let (from, until) = days[0].hours.unwrap();
        // Kyiv is two hours ahead in winter.
        assert_eq!(
            (written_moment(from).as_str(), written_moment(until).as_str()),
            ("20261120T073000Z", "20261120T093000Z")
        );
        assert!(days.len() == 2 && days[1].hours.is_none());
    }
}
