//! Records that go bad on the disk, and power that fails.

use crate::world::{MINUTE, World, practice};

#[test]
fn a_damaged_record_is_fetched_again() {
    let (mut world, [ananiv, bar]) = World::with_towns();
    world.link(ananiv, bar);
    let document = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк"]));
    world.converge();
    // 1. Every change in Bar's store goes bad on the disk.
    world.stop(bar);
    damage_changes(&world.town(bar).dir.join("store"));
    world.start(bar);
    // 2. Somebody reads; the damage is found; the record is fetched again.
    assert_eq!(world.node(bar).store.records_of(&document).expect("read"), []);
    world.link(bar, ananiv);
    world.converge();
    assert!(world.shown(bar, &document).is_some());
}

#[test]
fn a_document_can_be_withdrawn_though_its_records_are_damaged() {
    for noticed_before in [false, true] {
        let (mut world, [ananiv, bar]) = World::with_towns();
        world.link(ananiv, bar);
        let document = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк"]));
        world.converge();
        // 1. Bar's copy goes bad on the disk.
        world.stop(bar);
        damage_changes(&world.town(bar).dir.join("store"));
        world.start(bar);
        if noticed_before {
            assert_eq!(world.node(bar).store.records_of(&document).expect("read"), []);
        } else {
            world.link(bar, ananiv);
            world.settle();
        }
        // 2. The document is taken back.
        world.withdraw(ananiv, &document);
        world.link(bar, ananiv);
        world.converge();
        assert_eq!(world.view(bar, &document), None);
        assert_eq!(world.views(bar).len(), 0);
    }
}

#[test]
fn a_power_cut_after_something_was_taken_back_costs_nothing_else() {
    let (mut world, [ananiv, bar]) = World::with_towns();
    // 1. Two practices, safe on the disk.
    let taken_back = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк"]));
    world.publish(ananiv, "budget", &practice("Бюджет", &["Зібрали думки"]));
    world.expect_power_cuts(ananiv);
    // 2. One is taken back, two more are published, and the power fails before the store is synced.
    world.withdraw(ananiv, &taken_back);
    let late = ["school", "water"].map(|name| world.publish(ananiv, name, &practice(name, &["Зробили"])));
    world.power_cut(ananiv);
    world.start(ananiv);
    world.run_for(MINUTE);
    // 3. What was acknowledged stands, and so does the withdrawal.
    assert!(late.iter().all(|document| world.view(ananiv, document).is_some()), "acknowledged and lost");
    assert_eq!(world.view(ananiv, &taken_back), None);
    // 4. And once more, from the journal as it is now.
    let later = world.publish(ananiv, "road", &practice("Дорога", &["Полагодили"]));
    world.power_cut(ananiv);
    world.start(ananiv);
    world.link(ananiv, bar);
    world.converge();
    assert!(late.iter().chain([&later]).all(|document| world.view(bar, document).is_some()), "acknowledged and lost");
}

/// Flips a bit in the stored body of every change.
fn damage_changes(store: &std::path::Path) {
    // The node that was stopped may hold the lock for a moment more.
    let begun = std::time::Instant::now();
    let db = loop {
        match sled::Config::new().path(store).open() {
            Err(error) if begun.elapsed().as_secs() < 20 && error.to_string().contains("lock") => {
                std::thread::yield_now();
            }
            opened => break opened.expect("the store opens"),
        }
    };
    for entry in db.scan_prefix([b'o', 2]) {
        let (_, place) = entry.expect("read");
        let key = [&b"r"[..], &place, &[0, 0]].concat();
        let mut body = db.get(&key).expect("read").expect("a body").to_vec();
        let end = body.len() - 1;
        body[end] ^= 1;
        db.insert(key, body).expect("written");
    }
    db.flush().expect("flushed");
}
