//! A material of the campaign in each of the usual sizes: pictures that can be sent, whose code a camera
//! reads.

use std::io::Cursor;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::inside::{Inside, text};
use crate::process::material::CODE;

/// Where the code leads.
const URL: &str = "https://dosvid.example.ua/practices/вулиця-ґрунтова";
/// The sizes with their pixels; of a text of several pages the first is the picture, and has no code.
const SIZES: [(&str, (u32, u32), bool); 7] = [
    ("poster", (1240, 1754), true),
    ("leaflet", (874, 1240), true),
    ("square", (1080, 1080), true),
    ("wide", (1200, 630), true),
    ("release", (1240, 1754), true),
    ("slides", (1920, 1080), false),
    ("faq", (1240, 1754), true),
];

/// A node with a material, and its number.
fn node_with(words: &str) -> (Inside, String) {
    let node = Inside::founded(CODE);
    let content = json!({
        "type": "poster", "lang": "uk", "title": "Ваше слово вирішує", "audience": "Для всіх мешканців громади",
        "message": "Щороку мешканці самі обирають, на що піде частина бюджету.", "text": words,
        "call": "Подайте проєкт до 1 травня", "url": URL, "donor": "За підтримки громади",
    });
    let answer = node.write(Method::POST, "/documents", &json!({ "kind": "material", "content": content }));
    assert!(answer.status().is_success(), "{}", text(&answer));
    let published: Value = serde_json::from_slice(answer.body()).expect("JSON");
    let id = published["id"].as_str().expect("an id").to_owned();
    (node, id)
}

#[test]
fn a_picture_of_a_long_text_is_as_long_as_the_text() {
    let (node, id) = node_with(&"Будь-хто від 14 років може подати проєкт, а комісія порахує кошторис.\n\n".repeat(60));
    let answer = node.ask_public(&format!("/materials/{id}/release.png"));
    let grey = Grey::read(answer.body());
    assert!(grey.width == 1240 && grey.height > 3_000, "{} × {}", grey.width, grey.height);
    assert_eq!(grey.codes("release"), [URL], "its end is there");
}

#[test]
fn every_picture_has_its_size_and_a_code_that_leads_to_the_address() {
    let words = "Як це працює?\n\nБудь-хто від 14 років може подати проєкт.\n\n- опишіть ідею;\n- зберіть 20 підписів.";
    let (node, id) = node_with(words);
    for (size, pixels, coded) in SIZES {
        let answer = node.ask_public(&format!("/materials/{id}/{size}.png"));
        assert_eq!(
            (answer.status(), &answer.headers()["content-type"]),
            (StatusCode::OK, &"image/png".parse().unwrap())
        );
        let grey = Grey::read(answer.body());
        assert_eq!((grey.width, grey.height), pixels, "{size}");
        let codes = grey.codes(size);
        let expected: &[&str] = if coded { &[URL] } else { &[] };
        assert_eq!(codes, expected, "{size}");
    }
}

/// A picture as a camera sees it that is only after light and dark.
struct Grey {
    width: u32,
    height: u32,
    light: Vec<u8>,
}

impl Grey {
    fn read(file: &[u8]) -> Self {
        let mut reader = png::Decoder::new(Cursor::new(file)).read_info().expect("a picture");
        let mut bytes = vec![0; reader.output_buffer_size().expect("small enough")];
        let info = reader.next_frame(&mut bytes).expect("whole");
        let dots = bytes[..info.buffer_size()].chunks(info.color_type.samples());
        let light = dots.map(|dot| ((u32::from(dot[0]) + u32::from(dot[1]) + u32::from(dot[2])) / 3) as u8);
        Self { width: info.width, height: info.height, light: light.collect() }
    }

    /// What the codes in it say.
    fn codes(&self, size: &str) -> Vec<String> {
        let (width, height) = (self.width as usize, self.height as usize);
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| self.light[y * width + x]);
        picture
            .detect_grids()
            .iter()
            .map(|grid| grid.decode().unwrap_or_else(|error| panic!("{size}: {error}")).1)
            .collect()
    }
}
