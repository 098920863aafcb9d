use proptest::prelude::*;

use super::*;
use crate::format;
use crate::language::Language;

#[test]
fn sums_are_read_as_clerks_type_them() {
    for (text, sum) in [
        ("0", 0),
        ("1200", 1_200),
        (" 1 250 000 ", 1_250_000),
        ("1\u{a0}250\u{a0}000\u{a0}₴", 1_250_000),
        ("1\u{2009}250\u{202f}000 грн.", 1_250_000),
        ("1’250’000", 1_250_000),
        ("1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1.250.000,00 грн", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("12 500,00", 12_500),
        ("12,5 тис.", 12_500),
        ("12.5 тис. грн", 12_500),
        ("12,5тис.грн.", 12_500),
        ("250 тис. грн", 250_000),
        ("250 тисяч гривень", 250_000),
        ("1,2 млн грн", 1_200_000),
        ("1,25 мільйона гривень", 1_250_000),
        ("1 млн 250 тис. грн", 1_250_000),
        ("2 млрд", 2_000_000_000),
        ("12.5k", 12_500),
        ("12.5 K", 12_500),
        ("50к", 50_000),
        ("UAH 1.2 million", 1_200_000),
        ("₴1.5m", 1_500_000),
        ("UAH\u{a0}1\u{a0}234\u{a0}567", 1_234_567),
        ("0,125 млн", 125_000),
        ("3 bn", 3_000_000_000),
        ("1 250 грн 00 коп.", 1_250),
    ] {
        assert_eq!(hryvnias(text), Ok(sum), "{text}");
    }
}

#[test]
fn what_may_mean_two_sums_or_none_is_refused() {
    for text in [
        "",
        "багато",
        "-5",
        "~12 тис.",
        "до 50 тис.",
        "$100",
        "100 EUR",
        "12 50",
        "1 25 000",
        "1,25,000",
        "1.250,000.5",
        "250 тис. 1 млн",
        "5 тис. 5 тис.",
        "тис.",
        "грн",
        "грн 5 грн",
        "12,,5",
        "1e5",
        "12 тис людей",
        "∞",
        "999999999999999999999",
        "18 млрд млрд",
        "1 250 грн 100 коп.",
    ] {
        assert_eq!(hryvnias(text), Err(Unread::Unclear), "{text}");
    }
    let two = |large: &str, small: &str| Err(Unread::TwoWays(large.into(), small.into()));
    assert_eq!(hryvnias("12.500"), two("12 500", "12.5"));
    assert_eq!(hryvnias("12,000 грн"), two("12 000 грн", "12 грн"));
    assert_eq!(hryvnias("1,250 млн"), two("1 250 млн", "1,25 млн"));
    assert_eq!(hryvnias("99,50"), Err(Unread::Fraction(100)));
    assert_eq!(hryvnias("1 грн 50 коп."), Err(Unread::Fraction(2)));
    assert_eq!(hryvnias("1,0000005 млн"), Err(Unread::Fraction(1_000_001)));
    assert_eq!((count("14,8 тис."), count("14 грн")), (Ok(14_800), Err(Unread::Unclear)));
}

#[test]
fn measures_may_be_fractions_and_less_than_nothing() {
    let float = |number| Number::from_f64(number);
    assert_eq!(measure("12,125"), float(12.125));
    assert_eq!(measure("−5,2"), float(-5.2));
    assert_eq!(measure("-1 234,5"), float(-1_234.5));
    assert_eq!(measure("1,2 тис."), Some(1_200.into()));
    assert_eq!(measure("1e-7"), float(1e-7));
    assert_eq!(measure("47"), Some(47.into()));
    assert_eq!((measure("багато"), measure("NaN"), measure("inf"), measure("")), (None, None, None, None));
}

proptest! {
    #[test]
    fn what_is_shown_is_read_back_as_the_same_sum(sum in prop_oneof![0..10_000_u64, 0..10_000_000_000_u64, 0..=10_u64.pow(15)]) {
        for language in [Language::Uk, Language::En] {
            prop_assert_eq!(hryvnias(&format::money(sum, language)), Ok(sum));
            prop_assert_eq!(count(&format::number(sum)), Ok(sum));
            // A short sum is a rounded one: read back it is shown the same.
            let short = format::money_short(sum, language);
            let read = hryvnias(&short);
            prop_assert_eq!(read.map(|read| format::money_short(read, language)), Ok(short));
        }
    }

    #[test]
    fn a_measure_is_read_back_as_it_is_shown(value in -1e9..1e9_f64, places in 0..5_i32) {
        let value = (value * 10_f64.powi(places)).round() / 10_f64.powi(places);
        for language in [Language::Uk, Language::En] {
            let shown = format::decimal(value, language);
            let read = measure(&shown).and_then(|number| number.as_f64());
            prop_assert!(read.is_some_and(|read| (read - value).abs() < 1e-9 * value.abs().max(1.0)), "{shown}: {read:?}");
        }
    }

    #[test]
    fn no_text_brings_the_reader_down(text in "\\PC{0,30}", typed in "[0-9 ,.'тисмлнгрнkUAH₴-]{0,24}") {
        for text in [text, typed] {
            let _ = (hryvnias(&text), count(&text), measure(&text));
        }
    }
}
