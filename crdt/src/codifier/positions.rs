//! Where communities and regions are, for maps and for what is near.
//!
//! How the table was made, of what, and how far it can be trusted is written in
//! `codifier/positions.py` and `codifier/SOURCE.txt`.

use std::sync::LazyLock;

use super::{Hromada, Region, rows};

/// Degrees north and degrees east (WGS 84).
pub type Position = (f64, f64);

/// The mean radius of the Earth (IUGG), in kilometres.
const EARTH_KM: f64 = 6_371.008_8;

/// What a position is the position of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Precision {
    /// The settlement where the council sits: as a rule within a kilometre.
    Centre,
    /// The settlement is not in the source; the middle of the raion stands for it, tens of
    /// kilometres away as a rule.
    Raion,
}

struct Row {
    code: &'static str,
    precision: Precision,
    position: Position,
}

fn table() -> &'static [Row] {
    static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
        rows(include_str!("../../codifier/positions.tsv"))
            .map(|[code, of, north, east]| {
                let degrees = |text: &str| text.parse().expect("the table has degrees as decimal numbers");
                let precision = if of == "raion" { Precision::Raion } else { Precision::Centre };
                Row { code, precision, position: (degrees(north), degrees(east)) }
            })
            .collect()
    });
    &TABLE
}

fn find(code: &str) -> Option<&'static Row> {
    let found = table().binary_search_by(|row| row.code.cmp(code)).ok()?;
    table().get(found)
}

impl Hromada {
    /// Where its centre is; how exactly, says [`Self::precision`].
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        find(self.code).map(|row| row.position)
    }

    /// What its position is the position of.
    #[must_use]
    pub fn precision(&self) -> Option<Precision> {
        find(self.code).map(|row| row.precision)
    }
}

impl Region {
    /// The middle of the centres of its communities: a place to write its name, not its capital.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        find(self.code).map(|row| row.position)
    }
}

/// The distance along the ground between two positions, in kilometres.
#[must_use]
pub fn distance_km(one: Position, other: Position) -> f64 {
    let [(north, east), (other_north, other_east)] =
        [one, other].map(|(north, east)| (north.to_radians(), east.to_radians()));
    let haversine = |angle: f64| (angle / 2.0).sin().powi(2);
    let half = haversine(other_north - north) + north.cos() * other_north.cos() * haversine(other_east - east);
    2.0 * EARTH_KM * half.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codifier::{RegionLevel, all, find as hromada, region, regions};

    /// Well-known coordinates of cities, to a hundredth of a degree.
    const CITIES: [(&str, f64, f64); 11] = [
        ("UA80000000000093317", 50.45, 30.52),
        ("UA85000000000065278", 44.61, 33.52),
        ("UA46060250000025047", 49.84, 24.03),
        ("UA63120270000028556", 49.99, 36.23),
        ("UA51100270000073549", 46.48, 30.73),
        ("UA12020010000033698", 48.46, 35.05),
        ("UA21100230000083101", 48.62, 22.29),
        ("UA74100390000073425", 51.49, 31.29),
        ("UA44060010000059164", 48.57, 39.31),
        ("UA14120090000098500", 48.74, 37.58),
        ("UA73060610000066784", 48.29, 25.94),
    ];

    #[test]
    fn every_community_and_region_has_a_position_in_ukraine() {
        let of_regions = regions().iter().map(|region| region.position());
        for position in all().iter().map(|hromada| hromada.position()).chain(of_regions) {
            let (north, east) = position.expect("everything is placed");
            assert!((44.3..52.4).contains(&north) && (22.1..40.3).contains(&east), "{north} {east}");
        }
    }

    #[test]
    fn so_many_centres_are_found() {
        let count = |crimea, precision| {
            let of = |hromada: &&Hromada| hromada.code.starts_with("UA01") == crimea;
            all().iter().filter(of).filter(|hromada| hromada.precision() == Some(precision)).count()
        };
        assert_eq!([count(false, Precision::Centre), count(false, Precision::Raion)], [1_422, 49]);
        assert_eq!([count(true, Precision::Centre), count(true, Precision::Raion)], [279, 24]);
    }

    #[test]
    fn known_cities_are_where_they_are() {
        for (code, north, east) in CITIES {
            let ours = hromada(code).and_then(Hromada::position).expect("it is placed");
            let away = distance_km(ours, (north, east));
            assert!(away < 5.0, "{code} is {away:.1} km away");
        }
    }

    #[test]
    fn a_community_lies_near_its_raion_and_oblast() {
        for hromada in all() {
            let position = hromada.position().expect("everything is placed");
            let away = |code| region(code).and_then(Region::position).map(|middle| distance_km(position, middle));
            let (raion, oblast) = (away(hromada.raion).unwrap_or(0.0), away(hromada.oblast).expect("it has an oblast"));
            assert!(raion < 90.0 && oblast < 200.0, "{}: {raion:.0} and {oblast:.0} km", hromada.full_name_uk());
        }
    }

    #[test]
    fn all_27_regions_are_apart_from_each_other() {
        let first: Vec<_> = regions().iter().filter(|region| region.level != RegionLevel::Raion).collect();
        assert_eq!(first.len(), 27);
        for (place, one) in first.iter().enumerate() {
            for other in &first[place + 1..] {
                let [a, b] = [one, other].map(|region| region.position().expect("it is placed"));
                assert!(distance_km(a, b) > 20.0, "{} and {}", one.name, other.name);
            }
        }
    }

    #[test]
    fn distances_are_those_of_the_ground() {
        let (kyiv, lviv) = ((50.4501, 30.5234), (49.8397, 24.0297));
        assert!((distance_km(kyiv, lviv) - 468.0).abs() < 2.0, "{}", distance_km(kyiv, lviv));
        assert!(distance_km(kyiv, kyiv) < 1e-9);
        assert!((distance_km((0.0, 0.0), (0.0, 180.0)) - 20_015.1).abs() < 1.0, "half of the equator");
    }
}
