//! What the compiled tables promise, and how a code is read.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

#[test]
fn every_community_is_there() {
    let of = |kind| all().iter().filter(|hromada| hromada.kind == kind).count();
    let crimea = all().iter().filter(|hromada| hromada.code.starts_with("UA01")).count();
    // The official number is 1,469 hromadas outside Crimea; the codifier adds 303 in Crimea, and we add
    // the two cities with special status, for which it has no row of a hromada.
    assert_eq!(all().len(), 1469 + 303 + 2);
    assert_eq!(crimea, 303);
    assert_eq!(HromadaKind::ALL.map(of), [428, 482, 862, 2]);
}

#[test]
fn codes_are_unique_sorted_and_well_formed() {
    let sorted: BTreeSet<&str> = all().iter().map(|hromada| hromada.code).collect();
    assert!(sorted.iter().copied().eq(all().iter().map(|hromada| hromada.code)));
    let sorted_regions: BTreeSet<&str> = regions().iter().map(|region| region.code).collect();
    assert!(sorted_regions.iter().copied().eq(regions().iter().map(|region| region.code)));
    for hromada in all() {
        assert_eq!(parse(hromada.code), Ok(hromada));
    }
}

#[test]
fn names_are_trimmed_and_hold_no_latin_letters() {
    let hromadas = all().iter().flat_map(|hromada| [hromada.name, hromada.centre]);
    for name in hromadas.chain(regions().iter().map(|region| region.name)) {
        assert_eq!(name, name.trim());
        assert!(!name.is_empty() && !name.chars().any(|letter| letter.is_ascii_alphanumeric()), "{name}");
        assert!(transliterate(name).is_ascii(), "{name}");
    }
}

#[test]
fn every_oblast_has_communities() {
    let level = |wanted| regions().iter().filter(|region| region.level == wanted).count();
    assert_eq!(level(RegionLevel::Oblast), 24);
    assert_eq!(level(RegionLevel::Republic), 1);
    assert_eq!(level(RegionLevel::City), 2);
    assert_eq!(level(RegionLevel::Raion), 136);
    let used: BTreeSet<&str> = all().iter().flat_map(|hromada| [hromada.oblast, hromada.raion]).collect();
    for region in regions() {
        assert!(used.contains(region.code), "{} has no community", region.name);
    }
}

#[test]
fn raion_and_oblast_are_those_that_the_code_itself_says() {
    for hromada in all() {
        assert_eq!(hromada.code[..4], hromada.oblast[..4]);
        if hromada.kind == HromadaKind::SpecialCity {
            assert_eq!((hromada.oblast, hromada.raion), (hromada.code, ""));
        } else {
            assert_eq!(hromada.code[..6], hromada.raion[..6]);
            assert_eq!(region(hromada.raion).map(|raion| raion.level), Some(RegionLevel::Raion));
        }
    }
}

#[test]
fn names_are_shared_and_full_names_only_once() {
    let mut by_name: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for hromada in all() {
        by_name.entry(hromada.name).or_default().insert(hromada.oblast);
    }
    assert!(by_name["Миколаївська"].len() > 1);
    for full_name in [Hromada::full_name_uk, Hromada::full_name_en] {
        let mut by_full_name: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for hromada in all() {
            by_full_name.entry(full_name(hromada)).or_default().push(hromada.code);
        }
        let shared: Vec<Vec<&str>> = by_full_name.into_values().filter(|codes| codes.len() > 1).collect();
        assert_eq!(shared, [["UA01120150000036675", "UA01120170000016810"]]);
    }
}

#[test]
fn full_names() {
    let mykolaiv = all()
        .iter()
        .find(|hromada| {
            hromada.name == "Миколаївська" && hromada.centre == "Миколаїв" && hromada.oblast.starts_with("UA48")
        })
        .expect("Mykolaiv is in the codifier");
    assert_eq!(
        mykolaiv.full_name_uk(),
        "Миколаївська міська територіальна громада, Миколаївський район, Миколаївська область"
    );
    assert_eq!(mykolaiv.full_name_en(), "Mykolaivska urban hromada, Mykolaivskyi raion, Mykolaivska oblast");

    let crimean = find("UA01020010000048857").expect("Andriivka is in the codifier");
    assert_eq!(
        crimean.full_name_uk(),
        "Андріївська сільська територіальна громада, Бахчисарайський район, Автономна Республіка Крим"
    );
    assert_eq!(
        crimean.full_name_en(),
        "Andriivska rural hromada, Bakhchysaraiskyi raion, Autonomous Republic of Crimea"
    );

    let kyiv = find("UA80000000000093317").expect("Kyiv is in the table");
    assert_eq!(kyiv.full_name_uk(), "Територіальна громада міста Києва");
    assert_eq!(kyiv.full_name_en(), "Hromada of the city of Kyiv");
    assert_eq!(region(kyiv.oblast).map(Region::full_name_uk).as_deref(), Some("місто Київ"));
}

#[test]
fn a_typed_code_is_trimmed_and_not_repaired() {
    let code = "UA26040190000081578";
    let ivano_frankivsk = find(code).expect("Ivano-Frankivsk is in the codifier");
    assert_eq!(ivano_frankivsk.centre, "Івано-Франківськ");
    assert_eq!(parse(" ua26040190000081578\n"), Ok(ivano_frankivsk));
    assert_eq!(parse("\u{a0}UA26040190000081578\u{a0}"), Ok(ivano_frankivsk));
    let cyrillic = code.replace('A', "А");
    for malformed in [
        "",
        "UA",
        "26040190000081578",
        "UA2604019000008157",
        "UA260401900000815780",
        "UA2604019000008157x",
        "UA 26040190000081578",
        cyrillic.as_str(),
    ] {
        assert_eq!(parse(malformed), Err(CodeError::Malformed), "{malformed}");
    }
    // A raion, an oblast, and a code that nobody has.
    for unknown in ["UA26040000000069363", "UA26000000000069363", "UA99999999999999999"] {
        assert_eq!(parse(unknown), Err(CodeError::Unknown), "{unknown}");
    }
    for raion_or_oblast in regions().iter().filter(|region| region.level != RegionLevel::City) {
        assert_eq!(parse(raion_or_oblast.code), Err(CodeError::Unknown));
    }
}

#[test]
fn kinds_have_keys_and_labels() {
    for kind in HromadaKind::ALL {
        assert_eq!(HromadaKind::from_key(kind.key()), Some(kind));
        assert!(!kind.uk().is_empty() && !kind.en().is_empty());
    }
    assert_eq!(HromadaKind::from_key("city"), None);
}
