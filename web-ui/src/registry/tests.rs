use crdt::profile::{Instrument, Profile, Wish};

use super::*;
use crate::library::CommunityCard;

const TODAY: Date = jiff::civil::date(2026, 11, 28);
const LVIV: &str = "UA46060250000025047";
const KYIV: &str = "UA80000000000093317";
const KHARKIV: &str = "UA63120270000028556";

fn offer(confirmed_on: &str, valid_until: &str) -> Offer {
    Offer {
        sector: "culture".into(),
        themes: vec!["budget".into()],
        formats: vec!["call".into(), "visit_to_us".into()],
        confirmed_on: confirmed_on.into(),
        valid_until: valid_until.into(),
        ..Offer::default()
    }
}

fn entry(code: &str, offers: Vec<Offer>) -> RegistryEntry {
    let hromada = codifier::find(code).unwrap();
    let mut profile = Profile { ready_to_share: offers, ..Profile::default() };
    profile.population.value = Some(12_000);
    profile.needs.push(Wish { sector: "education".into(), text: "досвід".into() });
    profile.instruments.push(Instrument { mechanism: "statute".into(), ..Instrument::default() });
    let community = CommunityCard {
        id: code.to_lowercase(),
        code: code.into(),
        name_uk: hromada.full_name_uk(),
        name_en: hromada.full_name_en(),
        practices: code.bytes().map(u64::from).sum::<u64>() % 7,
        ..CommunityCard::default()
    };
    RegistryEntry { community, profile, ..RegistryEntry::default() }
}

fn entries() -> Vec<RegistryEntry> {
    vec![
        entry(KYIV, vec![]),
        entry(LVIV, vec![offer("2026-11-20", "")]),
        entry(KHARKIV, vec![offer("2026-11-27", "2026-11-01")]),
    ]
}

fn codes(address: &str, home: Option<&str>) -> Vec<String> {
    let pairs: Vec<(String, String)> =
        address.split('&').filter_map(|pair| pair.split_once('=')).map(|(a, b)| (a.into(), b.into())).collect();
    let wanted = Wanted::read(&pairs);
    find(&entries(), &wanted, home, TODAY).iter().map(|row| row.entry.community.code.clone()).collect()
}

#[test]
fn an_offer_fades() {
    let of = |confirmed_on, valid_until| age(&offer(confirmed_on, valid_until), TODAY);
    assert_eq!(of("2026-11-28", ""), (Age::Fresh, Some(0)));
    assert_eq!(of("2026-07-01", ""), (Age::Aging, Some(150)));
    assert_eq!(of("2026-06-01", ""), (Age::Aging, Some(180)));
    assert_eq!(of("2026-05-31", ""), (Age::Stale, Some(181)));
    assert_eq!(of("", ""), (Age::Stale, None));
    assert_eq!(of("вчора", "ніколи"), (Age::Stale, None));
    assert_eq!(of("2027-01-01", ""), (Age::Stale, None));
    assert_eq!(of("2026-11-28", "2026-11-27").0, Age::Expired);
    assert_eq!(of("2026-11-28", "2026-11-28").0, Age::Fresh);
}

#[test]
fn every_choice_narrows() {
    assert_eq!(codes("", None).len(), 3);
    for (address, expected) in [
        ("ready=1", 2),
        ("sector=culture", 2),
        ("sector=education", 3),
        ("sector=education&ready=1", 0),
        ("theme=budget", 2),
        ("format=visit_to_us", 2),
        ("format=internship", 0),
        ("mechanism=statute", 3),
        ("mechanism=osn", 0),
        ("size=from_10k_to_20k", 3),
        ("size=over_100k", 0),
        ("oblast=UA46000000000026241", 1),
        ("q=львівська", 1),
        ("q=Lvivska", 1),
        ("q=ua46060250000025047", 1),
        ("q=громада", 3),
    ] {
        assert_eq!(codes(address, None).len(), expected, "{address}");
    }
}

#[test]
fn who_can_help_comes_first_and_who_is_near_before_who_is_far() {
    assert_eq!(codes("", Some(KHARKIV)), [LVIV, KHARKIV, KYIV], "expired offers and none come last");
    let mut both = entries();
    both.push(entry("UA51100270000073549", vec![offer("2026-11-01", "")]));
    let from = |home| find(&both, &Wanted::default(), Some(home), TODAY)[0].entry.community.code.clone();
    assert_eq!(from(LVIV), LVIV);
    assert_eq!(from("UA51100270000073549"), "UA51100270000073549");
    assert_eq!(codes("sort=fresh", Some(KHARKIV))[0], LVIV);
    assert_eq!(codes("sort=name", None)[0], LVIV);
}

#[test]
fn what_nobody_has_finds_nobody() {
    assert!(codes("sector=xyz", None).is_empty());
    assert!(codes("oblast=xyz", None).is_empty());
    assert_eq!(codes("sort=best&near=xyz&colour=red", None).len(), 3);
    let long = Wanted::read(&[("q".into(), "я".repeat(5_000))]);
    assert!(long.name.chars().count() <= VALUE_CHARS_MAX);
}

#[test]
fn what_is_asked_can_be_said_again() {
    let wanted = Wanted {
        name: "сад".into(),
        sector: "culture".into(),
        ready: true,
        sort: Some(Order::Name),
        near: KYIV.into(),
        ..Wanted::default()
    };
    let pairs: Vec<(String, String)> =
        wanted.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    assert_eq!(Wanted::read(&pairs), wanted);
}

#[test]
fn a_place_outside_the_country_is_not_believed() {
    let mut one = entry(LVIV, vec![]);
    one.profile.location = Some(crdt::practice::Location { lat: 24.0, lon: 49.8 });
    assert_eq!(position(&one), codifier::find(LVIV).unwrap().position());
}
