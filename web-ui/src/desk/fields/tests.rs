use super::rows::rows_of;
use super::*;
use crate::testing::samples;
use crdt::practice::{PRACTICE, Practice};
use crdt::profile::{PROFILE, Profile};

#[test]
fn a_form_gives_back_what_it_was_filled_from() {
    let practice = samples::practice();
    let (whole, errors) = read(PRACTICE, &fill(PRACTICE, &serde_json::to_value(&practice).unwrap()));
    assert_eq!(errors, []);
    assert_eq!(serde_json::from_value::<Practice>(whole).unwrap(), practice);
    let profile = samples::library().contents().communities.values().next().unwrap().profile.clone();
    let (whole, errors) = read(PROFILE, &fill(PROFILE, &serde_json::to_value(&profile).unwrap()));
    assert_eq!(errors, []);
    assert_eq!(serde_json::from_value::<Profile>(whole).unwrap(), profile);
}

#[test]
fn people_write_numbers_and_dates_their_own_way() {
    let pairs = [
        ("costs.total_uah", "1 250 000"),
        ("started", "24.08.2025"),
        ("ended", "8.2026"),
        ("results.0.indicator", "Участь"),
        ("results.0.after", "12,5"),
        ("community", "решетилівська"),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let (whole, errors) = read(PRACTICE, &pairs);
    assert_eq!(errors, []);
    let practice: Practice = serde_json::from_value(whole).unwrap();
    assert_eq!((practice.costs.total_uah, practice.results[0].after), (Some(1_250_000), Some(12.5)));
    assert_eq!((practice.started.as_deref(), practice.ended.as_deref()), (Some("2025-08-24"), Some("2026-08")));
    assert_eq!(practice.community.as_deref(), Some("UA53080390000027656"));
}

#[test]
fn what_cannot_be_understood_is_named_and_never_lost() {
    let pairs: Pairs = vec![("costs.total_uah".into(), "багато".into()), ("community".into(), "миколаївська".into())];
    let (_, errors) = read(PRACTICE, &pairs);
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["community", "costs.total_uah"]);
}

#[test]
fn rows_come_and_go() {
    let mut pairs: Pairs = vec![("steps.0.title".into(), "а".into()), ("steps.1.title".into(), "б".into())];
    change_rows(&mut pairs, "add:steps");
    assert_eq!(rows_of(&pairs, "steps"), [0, 1, 2]);
    change_rows(&mut pairs, "remove:steps:0");
    assert_eq!((rows_of(&pairs, "steps"), get(&pairs, "steps.0.title")), (vec![0, 1], "б"));
    change_rows(&mut pairs, "remove:steps:x");
    change_rows(&mut pairs, "anything");
}
