//! Six practices with every field filled in, as communities would write them.

use serde_json::{Value, json};
use web_ui::testing::samples;

use crate::process::material;
use crate::world::rng::Rng;

/// What they are called. None begins with a figure: a number before a title is a number of a page.
pub const TITLES: [&str; 6] = [
    "Бюджет участі в сільській громаді: дванадцять проєктів за чотири роки",
    "Ґанок без порогів: як мешканці обирали, де робити пандуси",
    "Їдальня, яку обрали діти",
    "Електронні петиції: від подання до виконання",
    "Об’єднані сусіди: рада мікрорайону над Інгулом, яка щомісяця відкрито звітує про кожну витрачену гривню",
    "Щоденник толоки",
];
/// Words whose letters get lost first.
pub const WORDS: [&str; 5] = ["ґрунтове", "об’їзної", "її", "₴", "єдності"];

/// The practices, in order.
pub fn six() -> Vec<Value> {
    let mut rng = Rng::new(6);
    TITLES.iter().map(|title| case(&mut rng, title)).collect()
}

fn case(rng: &mut Rng, title: &str) -> Value {
    let mut whole = serde_json::to_value(samples::practice()).expect("texts and numbers");
    let written = material::practice(rng, title, 1_800);
    for (key, value) in written.as_object().expect("an object") {
        whole[key] = value.clone();
    }
    // What only the sample library has.
    for key in ["adopted_from", "component_of", "duplicate_of", "related", "contributors"] {
        whole.as_object_mut().expect("an object").remove(key);
    }
    whole["problem"] = json!(
        "Після ремонту об’їзної дороги ґрунтове подвір’я щовесни перетворювалося на болото.\n\nНа збори приходило \
         мало людей:\n- здебільшого її мешканці старшого віку;\n- майже без молоді.\n\nНе вистачало єдності й \
         1 250 000 ₴."
    );
    whole
}
