//! A search as an address says it, and an address that says a search.

use axum::http::StatusCode;

use crate::error::Failure;
use crate::extract::bad;
use crate::library::PAGE_MAX;
use crate::library::search::{DEPTH_MAX, FACET_VALUES_MAX, Facet, SearchRequest, Sort};

/// Letters of a facet's value or of a place: the longest term has 40, a code 19.
const VALUE_CHARS_MAX: usize = 64;

/// Reads the parameters of an address. Names that mean nothing are an error to programs, which
/// otherwise would not learn of a slip; people's addresses carry more than the search.
pub(crate) fn request(pairs: &[(String, String)], limit: usize, strict: bool) -> Result<SearchRequest, Failure> {
    let mut request = SearchRequest { limit, ..SearchRequest::default() };
    for (name, value) in pairs {
        match name.as_str() {
            "q" => value.trim().clone_into(&mut request.query),
            "sort" => request.sort = sort(value)?,
            "near" => request.near = Some(bounded(name, value)?).filter(|near| !near.is_empty()),
            "verbatim" => request.verbatim = flag(name, value)?,
            "offset" => request.offset = number(name, value, 0, DEPTH_MAX)?,
            "limit" => request.limit = number(name, value, 1, PAGE_MAX)?,
            other => match Facet::ALL.iter().find(|facet| facet.key() == other) {
                Some(_) if value.is_empty() => {}
                Some(facet) => narrow(&mut request, *facet, bounded(name, value)?)?,
                None if strict => return Err(unknown(other)),
                None => {}
            },
        }
    }
    Ok(request)
}

fn narrow(request: &mut SearchRequest, facet: Facet, value: String) -> Result<(), Failure> {
    let values = match request.filters.iter_mut().find(|(named, _)| *named == facet) {
        Some((_, values)) => values,
        None => {
            request.filters.push((facet, Vec::new()));
            &mut request.filters.last_mut().expect("a filter was pushed just now").1
        }
    };
    if values.len() >= FACET_VALUES_MAX {
        return Err(bad(
            "too_many_values",
            format!("Забагато значень для {}: можна щонайбільше {FACET_VALUES_MAX}", facet.key()),
            format!("Too many values of {}: at most {FACET_VALUES_MAX} are taken", facet.key()),
        ));
    }
    if !values.contains(&value) {
        values.push(value);
    }
    Ok(())
}

fn sort(value: &str) -> Result<Sort, Failure> {
    match Sort::ALL.iter().find(|sort| sort.key() == value) {
        Some(sort) => Ok(*sort),
        None if value.is_empty() => Ok(Sort::default()),
        None => Err(malformed("sort")),
    }
}

fn flag(name: &str, value: &str) -> Result<bool, Failure> {
    match value {
        "true" | "1" => Ok(true),
        "false" | "0" | "" => Ok(false),
        _ => Err(malformed(name)),
    }
}

fn number(name: &str, value: &str, least: usize, most: usize) -> Result<usize, Failure> {
    let number: usize = value.parse().map_err(|_| malformed(name))?;
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(bad(
        if name == "limit" { "limit_out_of_range" } else { "offset_out_of_range" },
        format!("{name} має бути від {least} до {most}"),
        format!("{name} must be {least} to {most}"),
    ))
}

fn bounded(name: &str, value: &str) -> Result<String, Failure> {
    if value.chars().count() > VALUE_CHARS_MAX { Err(malformed(name)) } else { Ok(value.to_owned()) }
}

fn malformed(name: &str) -> Failure {
    bad(
        "malformed_query",
        format!("Неправильне значення параметра {name}"),
        format!("The parameter {name} has a wrong value"),
    )
}

fn unknown(name: &str) -> Failure {
    let name: String = name.chars().take(VALUE_CHARS_MAX).collect();
    Failure::new(
        StatusCode::BAD_REQUEST,
        "malformed_query",
        format!("Невідомий параметр: {name}"),
        format!("Unknown parameter: {name}"),
    )
}

/// The parameters that say a search; what is as it would be anyway is left out.
pub(crate) fn pairs(request: &SearchRequest) -> Vec<(&'static str, String)> {
    let mut pairs = Vec::new();
    if !request.query.is_empty() {
        pairs.push(("q", request.query.clone()));
    }
    for (facet, values) in &request.filters {
        pairs.extend(values.iter().map(|value| (facet.key(), value.clone())));
    }
    if request.sort != Sort::default() {
        pairs.push(("sort", request.sort.key().to_owned()));
    }
    if let Some(near) = &request.near {
        pairs.push(("near", near.clone()));
    }
    if request.verbatim {
        pairs.push(("verbatim", "1".to_owned()));
    }
    if request.offset > 0 {
        pairs.push(("offset", request.offset.to_string()));
    }
    pairs
}

/// The same search narrowed to a value too, or no longer; from the first hit on.
pub(crate) fn turned(request: &SearchRequest, facet: Facet, value: &str) -> SearchRequest {
    let mut turned = SearchRequest { offset: 0, ..request.clone() };
    let at = turned.filters.iter().position(|(named, _)| *named == facet);
    match at {
        None => turned.filters.push((facet, vec![value.to_owned()])),
        Some(at) => {
            let values = &mut turned.filters[at].1;
            match values.iter().position(|known| known == value) {
                None => values.push(value.to_owned()),
                Some(known) => {
                    values.remove(known);
                }
            }
            if values.is_empty() {
                turned.filters.remove(at);
            }
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str, strict: bool) -> Result<SearchRequest, Failure> {
        let pairs: Vec<(String, String)> =
            address.split('&').map(|pair| pair.split_once('=').unwrap()).map(|(a, b)| (a.into(), b.into())).collect();
        request(&pairs, 20, strict)
    }

    #[test]
    fn an_address_and_a_search_say_the_same() {
        let read =
            read("q=толока&sector=education&sector=culture&year=2024&sort=near&verbatim=1&offset=20", true).unwrap();
        assert_eq!(read.filters[0], (Facet::Sector, vec!["education".into(), "culture".into()]));
        let said: Vec<String> = pairs(&read).iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(said.join("&"), "q=толока&sector=education&sector=culture&year=2024&sort=near&verbatim=1&offset=20");
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let long = format!("sector={}", "x".repeat(65));
        for wrong in ["limit=0", "limit=101", "offset=1001", "offset=-1", "sort=best", "verbatim=x", &long] {
            assert!(read(wrong, false).is_err(), "{wrong}");
        }
        assert!(read("sektor=x", true).is_err());
        assert!(read("sektor=x&lang=en", false).is_ok());
    }

    #[test]
    fn a_value_is_turned_on_and_off() {
        let plain = SearchRequest { offset: 40, ..SearchRequest::default() };
        let on = turned(&plain, Facet::Stage, "pilot");
        assert_eq!((on.offset, on.filters.len()), (0, 1));
        assert!(turned(&on, Facet::Stage, "pilot").filters.is_empty());
    }
}
