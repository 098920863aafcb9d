//! The map of Ukraine as geometry: outlines, the projection, marks that are near each other as one.
//!
//! Outlines and where they come from: `vendor/ukraine-map`.

use std::sync::LazyLock;

use crdt::codifier::Position;

/// The width of the map in its own units.
pub(crate) const WIDTH: f64 = 2_000.0;
/// The height of the map in its own units.
pub(crate) const HEIGHT: f64 = 1_340.0;

/// The outline of an oblast, of Crimea, Kyiv or Sevastopol.
pub(crate) struct Outline {
    /// The KATOTTG code.
    pub(crate) code: &'static str,
    /// The outline as an SVG path.
    pub(crate) path: &'static str,
    /// Left, top, right and bottom.
    pub(crate) bounds: [f64; 4],
}

/// All outlines, by code.
pub(crate) fn outlines() -> &'static [Outline] {
    static OUTLINES: LazyLock<Vec<Outline>> = LazyLock::new(|| {
        let rows = include_str!("../vendor/ukraine-map/outlines.tsv").lines().skip(1);
        rows.filter_map(|row| row.split_once('\t'))
            .map(|(code, path)| Outline { code, path, bounds: bounds(path) })
            .collect()
    });
    &OUTLINES
}

/// The points of each ring of a path of `M x y l dx dy … z`, the one form in which ours are written.
fn rings(path: &str) -> Vec<Vec<(f64, f64)>> {
    let ring = |text: &str| {
        let spaced = text.replace('-', " -").replace('l', " ");
        let numbers: Vec<f64> = spaced.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let mut at = (0.0, 0.0);
        let steps = numbers.chunks_exact(2).map(|step| (step[0], step[1]));
        steps
            .map(|(x, y)| {
                at = (at.0 + x, at.1 + y);
                at
            })
            .collect()
    };
    path.split('z').filter_map(|part| part.trim().strip_prefix('M')).map(ring).collect()
}

fn bounds(path: &str) -> [f64; 4] {
    let everywhere = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    rings(path).iter().flatten().fold(everywhere, |[left, top, right, bottom], (x, y)| {
        [left.min(*x), top.min(*y), right.max(*x), bottom.max(*y)]
    })
}

/// Where a place is on the map.
pub(crate) fn projected((north, east): Position) -> (f64, f64) {
    let mercator = |north: f64| (std::f64::consts::FRAC_PI_4 + north.to_radians() / 2.0).tan().ln().to_degrees();
    // Fitted to the outlines; see SOURCE.txt beside them.
    (2.0 * (502.968 + 55.442 * (east - 31.2)), 2.0 * (297.118 - 54.677 * (mercator(north) - mercator(49.0))))
}

/// Some places so near each other that they are drawn as one.
pub(crate) struct Mark {
    /// Where it is drawn: at its first place.
    pub(crate) at: (f64, f64),
    /// Which places it stands for, by their numbers.
    pub(crate) members: Vec<usize>,
}

/// Puts places together that are within `reach` of one before them, so the weightiest come first.
pub(crate) fn clustered(places: &[(f64, f64)], reach: f64) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (number, at) in places.iter().enumerate() {
        let near = |mark: &&mut Mark| (mark.at.0 - at.0).hypot(mark.at.1 - at.1) < reach;
        match marks.iter_mut().find(near) {
            Some(mark) => mark.members.push(number),
            None => marks.push(Mark { at: *at, members: vec![number] }),
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use crdt::codifier::{self, Precision, RegionLevel};

    use super::*;

    #[test]
    fn all_27_regions_are_drawn() {
        let drawn: Vec<&str> = outlines().iter().map(|outline| outline.code).collect();
        let regions = codifier::regions().iter().filter(|region| region.level != RegionLevel::Raion);
        let known: Vec<&str> = regions.map(|region| region.code).collect();
        assert_eq!(drawn, known);
        assert_eq!(drawn.len(), 27);
        for must in ["UA01000000000013043", "UA80000000000093317", "UA85000000000065278"] {
            assert!(drawn.contains(&must), "{must}");
        }
        for outline in outlines() {
            let [left, top, right, bottom] = outline.bounds;
            assert!(left >= 0.0 && top >= 0.0 && right <= WIDTH && bottom <= HEIGHT, "{}", outline.code);
            assert!(right - left > 15.0 && bottom - top > 15.0, "{} can be seen", outline.code);
            let plain = |letter: char| letter.is_ascii_digit() || "Mlz -".contains(letter);
            assert!(outline.path.chars().all(plain), "{}", outline.code);
        }
    }

    /// Whether a point is inside of rings, and how far it is from their lines.
    fn lies(at: (f64, f64), rings: &[Vec<(f64, f64)>]) -> (bool, f64) {
        let (mut inside, mut away) = (false, f64::MAX);
        for ring in rings {
            for (place, a) in ring.iter().enumerate() {
                let b = ring[(place + 1) % ring.len()];
                if (a.1 > at.1) != (b.1 > at.1) && at.0 < (b.0 - a.0) * (at.1 - a.1) / (b.1 - a.1) + a.0 {
                    inside = !inside;
                }
                let (dx, dy) = (b.0 - a.0, b.1 - a.1);
                let along = (((at.0 - a.0) * dx + (at.1 - a.1) * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
                away = away.min((at.0 - a.0 - along * dx).hypot(at.1 - a.1 - along * dy));
            }
        }
        (inside, away)
    }

    #[test]
    fn communities_are_drawn_in_their_own_region() {
        let mut outside = Vec::new();
        for hromada in codifier::all().iter().filter(|hromada| hromada.precision() == Some(Precision::Centre)) {
            let outline = outlines().iter().find(|outline| outline.code == hromada.oblast).unwrap();
            let (inside, away) = lies(projected(hromada.position().unwrap()), &rings(outline.path));
            // Slavutych belongs to Kyiv oblast and lies in Chernihiv's.
            if !inside && hromada.code != "UA32100130000093505" {
                outside.push((away, hromada.full_name_uk()));
            }
        }
        outside.sort_by(|a, b| b.0.total_cmp(&a.0));
        // A unit is 0.65 km.
        assert!(outside.len() <= 60, "{} are outside: {outside:?}", outside.len());
        assert!(outside[0].0 < 14.0, "{:?}", outside[0]);
    }

    #[test]
    fn known_places_are_where_the_outlines_have_them() {
        // Points where three regions meet or the country ends, read from the outlines, with their
        // coordinates in the world.
        let far_west = outlines().iter().map(|outline| outline.bounds[0]).fold(f64::MAX, f64::min);
        let far_north = outlines().iter().map(|outline| outline.bounds[1]).fold(f64::MAX, f64::min);
        let far_east = outlines().iter().map(|outline| outline.bounds[2]).fold(f64::MIN, f64::max);
        let far_south = outlines().iter().map(|outline| outline.bounds[3]).fold(f64::MIN, f64::max);
        let (west, east) = (projected((48.42, 22.137)).0, projected((49.26, 40.228)).0);
        let (north, south) = (projected((52.379, 33.19)).1, projected((44.386, 33.74)).1);
        for (what, ours, drawn) in [
            ("west", west, far_west),
            ("east", east, far_east),
            ("north", north, far_north),
            ("south", south, far_south),
        ] {
            assert!((ours - drawn).abs() < 10.0, "{what}: {ours:.1} and {drawn:.1}");
        }
    }

    #[test]
    fn places_near_each_other_are_one_mark() {
        let marks = clustered(&[(0.0, 0.0), (100.0, 0.0), (5.0, 5.0), (104.0, 3.0)], 10.0);
        let members: Vec<&[usize]> = marks.iter().map(|mark| mark.members.as_slice()).collect();
        assert_eq!(members, [&[0, 2][..], &[1, 3]]);
    }
}
