//! The story that the network is for, in real browsers on three nodes: a community publishes; a second
//! finds it, asks, is answered, suggests an edit that the first accepts with credit, takes it up, reports
//! stages and a result in the practice's own indicators; the first confirms; a third, which was off for
//! half of it, sees the evidence and the figures side by side and asks for help; staff hold a seminar
//! where the third pledges to repeat the practice, make the collection and a poster. Afterwards all three
//! hold the same set.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::browser;
use super::chromium::{Chromium, Window};
use super::site::{NAME, PASSWORD, running};
use crate::process::material;
use crate::process::town::{Town, agree_on_records};
use crate::world::rng::Rng;

const FIRST: &str = "UA26040190000081578";
const SECOND: &str = "UA74040250000063494";
const THIRD: &str = "UA53080390000027656";

/// Somebody who comes to the seminar, as nobody else is called.
const GUEST: &str = "Ярополк Незабудько-Сторожук";

/// The files below a folder that say something, whatever they are.
fn places_of(text: &str, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(places_of(text, &path));
        } else if std::fs::read(&path).is_ok_and(|bytes| bytes.windows(text.len()).any(|some| some == text.as_bytes()))
        {
            found.push(path);
        }
    }
    found
}

/// A node of a community with somebody who may write.
fn community(name: &'static str, code: &str, peer: Option<&Town>) -> Town {
    let mut town = Town::reader(name);
    town.run(&["init", "--community", code, "--device-name", name]).ends(0);
    town.peers.extend(peer.map(Town::address));
    town.start();
    town.ask("POST", "/accounts", Some(&json!({ "name": NAME, "role": "administrator", "password": PASSWORD })));
    town
}

/// Somebody of a community at their browser, signed in.
struct Clerk {
    window: Window,
    home: String,
}

impl Clerk {
    async fn of(chromium: &mut Chromium, town: &Town) -> Self {
        let clerk = Self { window: chromium.window(1280, false).await, home: format!("http://{}", running(town)) };
        clerk.open("/sign-in?next=/desk").await;
        clerk.window.fill("#name", NAME).await;
        clerk.window.fill("#password", PASSWORD).await;
        clerk.window.click_to("main form .primary", "/desk").await;
        clerk
    }

    async fn open(&self, path: &str) {
        self.window.open(&format!("{}{path}", self.home)).await;
    }

    /// Publishes the form that is open; gives the id of the record that is shown afterwards.
    async fn publish(&self) -> String {
        self.window.click("#sure").await;
        self.window.click_to("button[value='publish']", "/records/").await;
        self.shown().await
    }

    /// The id in the address of the page.
    async fn shown(&self) -> String {
        let path = self.window.run("return location.pathname", Vec::new()).await;
        let path = path.as_str().expect("a path").to_owned();
        path.rsplit('/').next().unwrap_or_default().to_owned()
    }

    async fn choose(&self, select: &str, value: &str) {
        self.window.find(select).await.select_by_value(value).await.expect("a choice");
    }
}

/// The second suggests an edit, and the first accepts it with one press: the credit stays.
async fn suggested_and_accepted(practice: &str, (one, first): (&Clerk, &Town), (two, second): (&Clerk, &Town)) {
    two.open(&format!("/practices/{practice}/suggest")).await;
    two.window.fill("#f-summary", "Учні самі вирішують, на що йде частина грошей школи.").await;
    two.window.fill("#why", "Так зрозуміліше батькам").await;
    two.window.click_to("main form.form .primary", &format!("/practices/{practice}")).await;
    two.window.says("Так зрозуміліше батькам").await;
    agree_on_records(&[first, second]);
    one.open("/messages").await;
    one.window.says("Так зрозуміліше батькам").await;
    one.window.click_to(".messages a[href^='/records/']", "/records/").await;
    one.window.click_to("a[href$='/accept']", "/accept").await;
    one.window.click_to("main form .primary", "accepted").await;
    one.window.says("Учні самі вирішують, на що йде частина грошей школи.").await;
    agree_on_records(&[first, second]);
    two.open(&format!("/practices/{practice}")).await;
    two.window.says("Учні самі вирішують, на що йде частина грошей школи.").await;
    let credited = crdt::codifier::find(SECOND).expect("a hromada").name;
    two.window.holds(&format!("return document.querySelector('main').textContent.includes('{credited}')")).await;
    let read = first.ask("GET", &format!("/practices/{practice}"), None);
    assert_eq!(read["practice"]["contributors"], json!([SECOND]), "the credit");
}

#[test]
fn a_practice_is_found_asked_about_repeated_confirmed_and_told_of() {
    let Some(mut chromium) = browser() else { return };
    let first = community("origin", FIRST, None);
    let mut third = community("third", THIRD, Some(&first));
    agree_on_records(&[&first, &third]);
    // Whoever connects last gets all there is at once, and waits for nobody's next round.
    let second = community("second", SECOND, Some(&first));
    agree_on_records(&[&first, &second, &third]);
    // The third goes off before anything happens.
    third.stop();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        // 1. The first publishes.
        let mut practice = material::practice(&mut Rng::new(21), "Шкільний бюджет участі", 700);
        practice["sectors"] = json!(["education"]);
        practice["community"] = json!(FIRST);
        practice["results"] = json!([{ "indicator": "Учні, що голосували", "unit": "осіб", "before": 120, "after": 641 }]);
        let practice = first.publish(&practice);
        agree_on_records(&[&first, &second]);
        second.wait_until("it can be found", |status| status["index"]["state"] == "ready");
        let (one, two) = (Clerk::of(&mut chromium, &first).await, Clerk::of(&mut chromium, &second).await);
        // 2. The second finds it and asks.
        two.open("/").await;
        two.window.fill("input[name='q']", "шкільний бюджет").await;
        two.window.click_to("form[role='search'] button", "/practices?").await;
        two.window.click_to(&format!("a[href='/practices/{practice}']"), &practice).await;
        two.window.click_to("a[href*='purpose=question']", "/write/record/new").await;
        two.window.fill("#f-text", "Скільки часу пішло на положення?").await;
        two.window.says("збережено о").await;
        two.window.click("#sure").await;
        two.window.click_to("button[value='publish']", &practice).await;
        two.window.says("Скільки часу пішло на положення?").await;
        agree_on_records(&[&first, &second]);
        // 3. The first sees it among its messages and answers.
        one.open("/messages").await;
        one.window.says("Скільки часу пішло на положення?").await;
        one.open(&format!("/practices/{practice}")).await;
        one.window.click_to("a[href*='purpose=answer']", "/write/record/new").await;
        one.window.fill("#f-text", "Два місяці, зразок надішлемо.").await;
        one.window.click("#sure").await;
        one.window.click_to("button[value='publish']", &practice).await;
        agree_on_records(&[&first, &second]);
        suggested_and_accepted(&practice, (&one, &first), (&two, &second)).await;
        // 4. The second takes it up, and tells how it went.
        two.open(&format!("/practices/{practice}")).await;
        two.window.says("Два місяці, зразок надішлемо.").await;
        two.window.click_to("a[href*='kind=adoption']", "/write/record/new").await;
        two.window.fill("#f-stages-0-note", "Хочемо так само").await;
        let adoption = two.publish().await;
        two.window.says("Зацікавлені").await;
        two.open(&format!("/records/{adoption}/edit")).await;
        two.window.click_away("button[value='add:stages']").await;
        two.choose("#f-stages-1-status", "works").await;
        two.window.fill("#f-stages-1-date", "01.09.2025").await;
        two.window.fill("#f-stages-1-note", "Проголосували 812 учнів").await;
        two.choose("#f-outcome", "success").await;
        // The indicators are those of the practice already.
        two.window.fill("#f-results-0-before", "0").await;
        two.window.fill("#f-results-0-after", "812").await;
        assert_eq!(two.publish().await, adoption);
        two.window.says("Проголосували 812 учнів").await;
        agree_on_records(&[&first, &second]);
        // 5. The first confirms.
        one.open(&format!("/records/{adoption}")).await;
        one.window.click_to("a[href*='kind=endorsement']", "/write/record/new").await;
        one.choose("#f-basis", "visited").await;
        one.window.fill("#f-text", "Були на голосуванні.").await;
        one.publish().await;
        agree_on_records(&[&first, &second]);
        // 6. The third comes back, sees the evidence and asks for help.
        third.start();
        agree_on_records(&[&first, &second, &third]);
        let three = Clerk::of(&mut chromium, &third).await;
        three.open(&format!("/practices/{practice}")).await;
        three.window.says("Працює").await;
        three.window.says("Проголосували 812 учнів").await;
        three.window.says("Підсумок відомий для 1 з 1").await;
        let measured = "const t = document.querySelector('#measured + .scroll table').textContent; \
                        return ['Учні, що голосували, осіб', '120', '641', '812', 'ця практика'].every(x => t.includes(x))";
        three.window.holds(measured).await;
        three.open(&format!("/records/{adoption}")).await;
        three.window.says("підтвердила громада, чия це практика").await;
        three.open("/exchange").await;
        three.window.click_to("a[href*='direction=request']", "/write/record/new").await;
        three.window.fill("#f-title", "Шукаємо, хто вже має шкільний бюджет").await;
        three.window.fill("#f-what", "Допоможіть із положенням.").await;
        three.window.click("input[name='sectors'][value='education']").await;
        three.publish().await;
        three.window.says("має таку практику").await;
        // 7. Staff hold a seminar; the third registers.
        one.open("/seminars").await;
        one.window.click_to("a[href*='kind=seminar']", "/write/record/new").await;
        one.window.fill("#f-title", "Семінар рівних: Центр").await;
        one.window.fill("#f-about", "Для тих, хто хоче шкільний бюджет.").await;
        one.window.click("input[name='sectors'][value='education']").await;
        one.choose("#f-region", "centre").await;
        one.choose("#f-mode", "in_person").await;
        one.window.fill("#f-starts", "14.10.2030").await;
        one.window.fill("#f-contact-role", "координаторка").await;
        one.window.click_away("button[value='add:programme']").await;
        one.window.fill("#f-programme-0-title", "Як ми почали").await;
        // What is presented is chosen by its title.
        one.window.click_to("button[value='pick:programme.0.practice']", "/pick").await;
        one.window.click_to(&format!("button[name='add'][value='{practice}']"), "#f-programme-0-practice").await;
        let seminar = one.publish().await;
        agree_on_records(&[&first, &second, &third]);
        three.open(&format!("/records/{seminar}")).await;
        three.window.click_to("a[href*='kind=registration']", "/write/record/new").await;
        three.window.fill("#f-parties-0-role", "голова").await;
        three.window.fill("#f-parties-0-people", "2").await;
        three.publish().await;
        agree_on_records(&[&first, &second, &third]);
        one.open(&format!("/records/{seminar}")).await;
        one.window.says("2\u{a0}людини").await;
        // Who comes is the host's to know: the list is no record.
        let before = first.status()["fingerprint"].clone();
        one.open(&format!("/records/{seminar}/guests")).await;
        one.window.fill("#guests", GUEST).await;
        one.window.click_to("main form .primary", "saved=1").await;
        one.open(&format!("/records/{seminar}/sheet")).await;
        one.window.says(GUEST).await;
        assert_eq!(first.status()["fingerprint"], before);
        // The third pledges to repeat what it heard there.
        three.open(&format!("/records/{seminar}")).await;
        three.window.click_to("a[href*='pledged_at=']", "/write/record/new").await;
        let pledge = three.publish().await;
        three.window.says("Зацікавлені").await;
        agree_on_records(&[&first, &second, &third]);
        one.open(&format!("/records/{seminar}")).await;
        one.window.holds(&format!("return !!document.querySelector(\"a[href$='/records/{pledge}']\")")).await;
        // 8. Staff make the collection and a poster.
        one.open(&format!("/practices/{practice}")).await;
        one.window.click_to("a[href$='/collect']", "/collect").await;
        one.window.picture("collect").await;
        one.window.click_to("a[href*='kind=collection']", "/write/record/new").await;
        one.window.says("редакція від").await;
        one.window.fill("#f-title", "Пряма демократія").await;
        one.window.click_to("button[value='pick:items']", "/pick").await;
        one.window.picture("pick").await;
        one.window.click_to("#f-back", "/write/record/").await;
        one.window.picture("collection-form").await;
        one.window.click("#sure").await;
        one.window.click_to("button[value='publish']", "/collections/").await;
        one.window.says("Шкільний бюджет участі").await;
        one.window.picture("collection").await;
        one.open(&format!("/practices/{practice}")).await;
        one.window.click_to("a[href*='/write/material']", "/write/material").await;
        one.window.picture("material-type").await;
        one.window.click("input[value='poster']").await;
        one.window.click_to("main form .primary", "/write/record/new").await;
        one.window.picture("material-form").await;
        one.window.fill("#f-title", "Ваше слово вирішує").await;
        one.window.fill("#f-message", "Школярі вже вирішують.").await;
        one.window.click("#sure").await;
        one.window.click_to("button[value='publish']", "/materials/").await;
        one.window.says("Ваше слово вирішує").await;
        agree_on_records(&[&first, &second, &third]);
        for clerk in [one, two, three] {
            clerk.window.close().await;
        }
    });
    for town in [&second, &third] {
        let places = places_of(GUEST, town.folder());
        assert!(places.is_empty(), "{GUEST} is in {places:?}");
    }
    let places = places_of(GUEST, first.folder());
    assert!(matches!(&places[..], [one] if one.parent().is_some_and(|dir| dir.ends_with("notes"))), "{places:?}");
    let fingerprints = [&first, &second, &third].map(|town| town.status()["fingerprint"].clone());
    assert!(fingerprints.iter().all(|one| *one == fingerprints[0]), "{fingerprints:?}");
    for town in [&first, &second, &third] {
        let census = town.ask("GET", "/census?kind=adoption&by=state&by=outcome", None);
        let rows = census["rows"].as_array().expect("rows");
        let counted = rows.iter().map(|row| (row["state"].as_str(), row["outcome"].as_str()));
        let counted: BTreeSet<_> = counted.collect();
        let wanted = BTreeSet::from([(Some("interested"), Some("")), (Some("works"), Some("success"))]);
        assert_eq!((&census["total"], counted), (&json!(2), wanted));
        town.was_quiet();
    }
}
