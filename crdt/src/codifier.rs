//! The territorial communities of Ukraine, as the official codifier KATOTTG names them.
//!
//! Names cannot be keys: 135 of them belong to several hromadas, and nine are Миколаївська. Whatever
//! speaks of a community carries its code of 19 characters, and this module turns the code into a
//! name. The tables are compiled in; where they come from, and how a kind is told, is written in
//! `codifier/SOURCE.txt` and `codifier/generate.py`.
//!
//! The codifier has no row of a hromada for the cities with special status, Kyiv and Sevastopol; each
//! stands here as one community under the code of the city.

use std::sync::LazyLock;

pub mod positions;
pub mod transliteration;

pub use positions::{Position, Precision, distance_km};
use transliteration::transliterate;

/// Characters of a code: `UA` and 17 digits.
pub const CODE_LEN: usize = 19;

/// What a hromada is called after its centre (Law 280/97-ВР on local self-government).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum HromadaKind {
    /// Міська: the centre is a city (місто).
    Urban,
    /// Селищна: the centre is a settlement (селище).
    Settlement,
    /// Сільська: the centre is a village (село).
    Rural,
    /// Kyiv or Sevastopol, a city that belongs to no raion and no oblast.
    SpecialCity,
}

impl HromadaKind {
    /// Every kind, larger centres first.
    pub const ALL: [Self; 4] = [Self::Urban, Self::Settlement, Self::Rural, Self::SpecialCity];

    /// The word in the table and in the interface of programs.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Urban => "urban",
            Self::Settlement => "settlement",
            Self::Rural => "rural",
            Self::SpecialCity => "special",
        }
    }

    /// The Ukrainian adjective, feminine, as it stands before «громада».
    #[must_use]
    pub fn uk(self) -> &'static str {
        match self {
            Self::Urban => "міська",
            Self::Settlement => "селищна",
            Self::Rural => "сільська",
            Self::SpecialCity => "місто зі спеціальним статусом",
        }
    }

    /// The English label.
    #[must_use]
    pub fn en(self) -> &'static str {
        match self {
            Self::SpecialCity => "city with special status",
            other => other.key(),
        }
    }

    /// The kind of a key; none if there is no such kind.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// Which part of the country a region is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RegionLevel {
    /// The Autonomous Republic of Crimea.
    Republic,
    /// One of the 24 oblasts.
    Oblast,
    /// Kyiv or Sevastopol.
    City,
    /// One of the 136 raions.
    Raion,
}

/// An oblast or what stands beside the oblasts, or a raion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Region {
    /// The KATOTTG code.
    pub code: &'static str,
    /// What it is.
    pub level: RegionLevel,
    /// The bare name, an adjective for oblasts and raions.
    pub name: &'static str,
}

impl Region {
    /// The name as it stands in an address: «Миколаївська область».
    #[must_use]
    pub fn full_name_uk(&self) -> String {
        match self.level {
            RegionLevel::Republic => self.name.to_owned(),
            RegionLevel::Oblast => format!("{} область", self.name),
            RegionLevel::City => format!("місто {}", self.name),
            RegionLevel::Raion => format!("{} район", self.name),
        }
    }

    /// The same in Latin letters: “Mykolaivska oblast”.
    #[must_use]
    pub fn full_name_en(&self) -> String {
        let name = transliterate(self.name);
        match self.level {
            RegionLevel::Republic => "Autonomous Republic of Crimea".to_owned(),
            RegionLevel::Oblast => format!("{name} oblast"),
            RegionLevel::City => format!("city of {name}"),
            RegionLevel::Raion => format!("{name} raion"),
        }
    }
}

/// A territorial community.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hromada {
    /// The KATOTTG code, 19 characters.
    pub code: &'static str,
    /// The adjective («Миколаївська»); of a city with special status, its name.
    pub name: &'static str,
    /// What it is called after its centre.
    pub kind: HromadaKind,
    /// The settlement where its council sits.
    pub centre: &'static str,
    /// The code of its oblast; of a city with special status, the city's own.
    pub oblast: &'static str,
    /// The code of its raion; empty for a city with special status.
    pub raion: &'static str,
}

impl Hromada {
    /// The name for lists, headings and documents: with raion and oblast, because 135 names are shared.
    ///
    /// Only two communities share even this one, the rural Калінінська of Курманський район in Crimea:
    /// where it must be told for certain which is meant, the code stands beside the name.
    #[must_use]
    pub fn full_name_uk(&self) -> String {
        if self.kind == HromadaKind::SpecialCity {
            let genitive = match self.name {
                "Київ" => "Києва",
                "Севастополь" => "Севастополя",
                other => other,
            };
            return format!("Територіальна громада міста {genitive}");
        }
        let place = self.place().map(Region::full_name_uk).join(", ");
        format!("{} {} територіальна громада, {place}", self.name, self.kind.uk())
    }

    /// The same in Latin letters, by the table of 2010: “Mykolaivska urban hromada, Mykolaivskyi raion,
    /// Mykolaivska oblast”.
    #[must_use]
    pub fn full_name_en(&self) -> String {
        let name = transliterate(self.name);
        if self.kind == HromadaKind::SpecialCity {
            return format!("Hromada of the city of {name}");
        }
        let place = self.place().map(Region::full_name_en).join(", ");
        format!("{name} {} hromada, {place}", self.kind.en())
    }

    fn place(&self) -> [&'static Region; 2] {
        [self.raion, self.oblast].map(|code| region(code).expect("a hromada's raion and oblast are in the codifier"))
    }
}

/// Every community, sorted by code.
#[must_use]
pub fn all() -> &'static [Hromada] {
    static HROMADAS: LazyLock<Vec<Hromada>> = LazyLock::new(|| {
        rows(include_str!("../codifier/hromadas.tsv"))
            .map(|[code, oblast, raion, name, kind, centre]| Hromada {
                code,
                name,
                kind: HromadaKind::from_key(kind).expect("the table has only known kinds"),
                centre,
                oblast,
                raion,
            })
            .collect()
    });
    &HROMADAS
}

/// Every oblast with Crimea, Kyiv and Sevastopol, and every raion, sorted by code.
#[must_use]
pub fn regions() -> &'static [Region] {
    static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
        rows(include_str!("../codifier/regions.tsv"))
            .map(|[code, level, name]| {
                let level = match level {
                    "republic" => RegionLevel::Republic,
                    "oblast" => RegionLevel::Oblast,
                    "city" => RegionLevel::City,
                    _ => RegionLevel::Raion,
                };
                Region { code, level, name }
            })
            .collect()
    });
    &REGIONS
}

/// The rows of one of our tables below its heading.
fn rows<const COLUMNS: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    table.lines().skip(1).map(|line| {
        let columns: Vec<&'static str> = line.split('\t').collect();
        columns.try_into().expect("every row of a table has all its columns")
    })
}

/// The community of a code written exactly as in the codifier; [`parse`] is for what people type.
#[must_use]
pub fn find(code: &str) -> Option<&'static Hromada> {
    let found = all().binary_search_by(|hromada| hromada.code.cmp(code)).ok()?;
    all().get(found)
}

/// The oblast, city or raion of a code.
#[must_use]
pub fn region(code: &str) -> Option<&'static Region> {
    let found = regions().binary_search_by(|region| region.code.cmp(code)).ok()?;
    regions().get(found)
}

/// Why a text names no community.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, thiserror::Error)]
pub enum CodeError {
    /// Not `UA` and 17 digits.
    #[error("a code is UA and 17 digits")]
    Malformed,
    /// A code in form, but of no community: withdrawn, mistyped, or of a raion, an oblast, a village.
    #[error("the codifier has no community of this code")]
    Unknown,
}

/// The community of a code as somebody typed or pasted it.
///
/// Space around it and small letters are forgiven. A Cyrillic «А» or «У» is not: the next program that
/// reads the same list would not find it, so its author had better learn of it.
///
/// # Errors
/// [`CodeError`] says whether the form or the codifier is against it.
pub fn parse(code: &str) -> Result<&'static Hromada, CodeError> {
    let code = code.trim().to_ascii_uppercase();
    let digits = code.strip_prefix("UA").ok_or(CodeError::Malformed)?;
    if code.len() != CODE_LEN || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CodeError::Malformed);
    }
    find(&code).ok_or(CodeError::Unknown)
}

#[cfg(test)]
mod tests;
