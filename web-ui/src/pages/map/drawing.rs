//! The drawing itself: regions in shades, marks for communities.

use std::collections::BTreeMap;

use crdt::codifier::Position;

use crate::format;
use crate::language::Counted;
use crate::map::{HEIGHT, Outline, WIDTH, clustered, outlines, projected};
use crate::pages::frame::Visitor;
use crate::pages::narrowing::regions;

/// How near marks may be before they are drawn as one, as a part of the map's width: two fingers.
const REACH: f64 = 0.026;
/// The space around a region that fills the map, as a part of its size.
const MARGIN: f64 = 0.08;
/// Names that a mark of several communities tells.
const NAMES_TOLD: usize = 6;

/// A community on the map.
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) oblast: &'static str,
    pub(crate) at: (f64, f64),
    pub(crate) count: u64,
}

/// A region as it is drawn.
pub(crate) struct Area {
    pub(crate) path: &'static str,
    pub(crate) href: String,
    pub(crate) label: String,
    pub(crate) shade: usize,
    pub(crate) chosen: bool,
}

/// A mark as it is drawn.
pub(crate) struct Spot {
    pub(crate) x: String,
    pub(crate) y: String,
    pub(crate) radius: String,
    pub(crate) href: String,
    pub(crate) label: String,
    /// What stands in it: how many, unless it is one.
    pub(crate) text: String,
    pub(crate) text_y: String,
    pub(crate) several: bool,
}

/// The drawing.
pub(crate) struct Drawing {
    pub(crate) view: String,
    /// The height of letters in the map's units.
    pub(crate) letters: String,
    pub(crate) zoomed: bool,
    pub(crate) areas: Vec<Area>,
    pub(crate) spots: Vec<Spot>,
    pub(crate) least: String,
    pub(crate) most: String,
}

/// Draws the whole country, or one oblast with its neighbours around.
pub(crate) fn draw(
    v: &Visitor,
    counts: &BTreeMap<String, u64>,
    places: &[Place],
    oblast: &str,
    href: &dyn Fn(&str) -> String,
    counted: Counted,
) -> Drawing {
    let frame = frame(oblast);
    let mut areas: Vec<Area> = Vec::new();
    for region in regions(v, oblast) {
        let Some(outline) = outlines().iter().find(|outline| outline.code == region.value) else { continue };
        let count = counts.get(&region.value).copied().unwrap_or_default();
        areas.push(Area {
            path: outline.path,
            // The region that is open leads back to the whole country.
            href: href(if region.chosen { "" } else { &region.value }),
            label: format!("{}: {}", region.text, v.count(count, counted)),
            shade: shade(count, counts),
            chosen: region.chosen,
        });
    }
    // Cities inside of an oblast are drawn over it, and the border of what is open over its neighbours'.
    areas.sort_by_key(|area| (area.chosen, area.path.len() < 1_000));
    Drawing {
        view: frame.map(|number| format!("{number:.0}")).join(" "),
        letters: format!("{:.1}", 26.0 * frame[2] / WIDTH),
        zoomed: !oblast.is_empty(),
        areas,
        spots: spots(v, places, frame[2], oblast, href, counted),
        least: format::number(counts.values().copied().filter(|count| *count > 0).min().unwrap_or_default()),
        most: format::number(counts.values().copied().max().unwrap_or_default()),
    }
}

/// Left, top, width and height of what is seen.
fn frame(oblast: &str) -> [f64; 4] {
    let Some(Outline { bounds: [left, top, right, bottom], .. }) =
        outlines().iter().find(|outline| outline.code == oblast)
    else {
        return [0.0, 0.0, WIDTH, HEIGHT];
    };
    let (width, height) = ((right - left) * (1.0 + 2.0 * MARGIN), (bottom - top) * (1.0 + 2.0 * MARGIN));
    // The page gives every map the same shape.
    let width = width.max(height * WIDTH / HEIGHT);
    let height = width * HEIGHT / WIDTH;
    [f64::midpoint(*left, *right) - width / 2.0, f64::midpoint(*top, *bottom) - height / 2.0, width, height]
}

/// 0 for none, else 1 to 5 by the order of the counts, so that one giant does not bleach the rest.
fn shade(count: u64, counts: &BTreeMap<String, u64>) -> usize {
    if count == 0 {
        return 0;
    }
    let filled: Vec<u64> = counts.values().copied().filter(|count| *count > 0).collect();
    let below = filled.iter().filter(|other| **other < count).count();
    let equal = filled.iter().filter(|other| **other == count).count();
    // The middle of its own equals: where all are equal, all are of a middling shade.
    1 + ((2 * below + equal) * 5 / (2 * filled.len()).max(1)).min(4)
}

fn spots(
    v: &Visitor,
    places: &[Place],
    width: f64,
    oblast: &str,
    href: &dyn Fn(&str) -> String,
    counted: Counted,
) -> Vec<Spot> {
    let mut spots = Vec::new();
    let mut by_oblast: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for place in places {
        by_oblast.entry(place.oblast).or_default().push(place);
    }
    let unit = width / WIDTH;
    for (code, places) in by_oblast {
        let points: Vec<(f64, f64)> = places.iter().map(|place| place.at).collect();
        for mark in clustered(&points, width * REACH) {
            let members: Vec<&Place> = mark.members.iter().map(|member| places[*member]).collect();
            let count: u64 = members.iter().map(|place| place.count).sum();
            let text = if count > 1 { short(count) } else { String::new() };
            let size = text.chars().count().min(4);
            #[allow(clippy::cast_precision_loss, reason = "a size on paper")]
            let radius =
                ((11.0 + 3.2 * (count as f64).log2()).min(38.0)).max([11.0, 20.0, 25.0, 31.0, 37.0][size]) * unit;
            let one = members.len() == 1;
            spots.push(Spot {
                x: format!("{:.1}", mark.at.0),
                y: format!("{:.1}", mark.at.1),
                radius: format!("{radius:.1}"),
                // Several are told apart in the oblast's own map, and there in the list beside it.
                href: match members.as_slice() {
                    [one] => one.href.clone(),
                    _ if oblast.is_empty() => href(code),
                    _ => "#here".to_owned(),
                },
                label: label(v, &members, count, counted),
                text_y: format!("{:.1}", mark.at.1 + 9.0 * unit),
                text,
                several: !one,
            });
        }
    }
    spots
}

/// A count in four letters at the most.
fn short(count: u64) -> String {
    match count {
        0..=999 => count.to_string(),
        1_000..=99_999 => format!("{}k", count / 1_000),
        _ => "99k+".to_owned(),
    }
}

fn label(v: &Visitor, members: &[&Place], count: u64, counted: Counted) -> String {
    let told: Vec<&str> = members.iter().take(NAMES_TOLD).map(|place| place.name.as_str()).collect();
    let more = if members.len() > NAMES_TOLD { " …" } else { "" };
    format!("{}{more}: {}", told.join(", "), v.count(count, counted))
}

/// A small map with one place on it.
pub(crate) struct Locator {
    pub(crate) areas: Vec<(&'static str, bool)>,
    pub(crate) x: String,
    pub(crate) y: String,
}

/// Where a place is in the country.
pub(crate) fn locator(position: Position, oblast: &str) -> Locator {
    let (x, y) = projected(position);
    let areas = outlines().iter().map(|outline| (outline.path, outline.code == oblast)).collect();
    Locator { areas, x: format!("{x:.0}"), y: format!("{y:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_tell_more_from_less() {
        let counts = |all: &[u64]| all.iter().enumerate().map(|(at, count)| (at.to_string(), *count)).collect();
        let spread: BTreeMap<String, u64> = counts(&[0, 1, 2, 3, 5, 900]);
        assert_eq!([0, 1, 2, 3, 5, 900].map(|count| shade(count, &spread)), [0, 1, 2, 3, 4, 5]);
        assert_eq!(shade(7, &counts(&[7, 7, 7])), 3);
        assert_eq!(shade(7, &counts(&[7, 0])), 3);
    }

    #[test]
    fn a_frame_has_the_shape_of_the_map_and_holds_its_region() {
        for outline in outlines() {
            let [left, top, width, height] = frame(outline.code);
            let [least_x, least_y, most_x, most_y] = outline.bounds;
            assert!(left < least_x && top < least_y && left + width > most_x && top + height > most_y);
            assert!((width / height - WIDTH / HEIGHT).abs() < 1e-6);
        }
        assert_eq!(frame("nowhere"), [0.0, 0.0, WIDTH, HEIGHT]);
    }
}
