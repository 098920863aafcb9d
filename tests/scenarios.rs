//! Worlds in which people do what people do, told step by step.

mod clocks;
mod damage;
mod day;
mod later;

use crdt::practice::PRACTICE;
use crdt::view::SetAside;

use crate::world::post::Weather;
use crate::world::{DAY, Form, HOUR, MINUTE, Place, World, named, practice};

#[test]
fn what_one_town_publishes_reaches_all() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    // 1. Three towns in a row: Ananiv and Chop know each other only through Bar.
    world.link(ananiv, bar);
    world.link(bar, chop);
    world.converge();
    // 2. Ananiv publishes; gossip alone carries it, long before anyone catches up.
    let document = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк", "Посадили дерева"]));
    world.run_for(3_000);
    let shown = world.shown(chop, &document).expect("it has come");
    assert_eq!(shown.solution, "Прибрали парк\nПосадили дерева");
    // 3. All three hold the same.
    world.converge();
}

#[test]
fn a_practice_too_long_for_gossip_is_announced_and_fetched() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    world.link(ananiv, bar);
    world.link(bar, chop);
    world.converge();
    let paragraphs: Vec<String> = (0..60).map(|n| format!("{n} {}", "Досвід ".repeat(100))).collect();
    let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
    let document = world.publish(ananiv, "long", &practice("Довга", &paragraphs));
    world.run_for(10_000);
    assert!(world.shown(chop, &document).is_some(), "it was announced, fetched and announced again");
    world.converge();
}

#[test]
fn what_was_published_while_disconnected_reaches_all_after_healing() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    // 1. Nobody is connected; Ananiv and Chop publish.
    let first = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк"]));
    let second = world.publish(chop, "budget", &practice("Бюджет участі", &["Зібрали думки"]));
    world.run_for(2 * HOUR);
    // 2. Bar appears between them.
    world.link(bar, ananiv);
    world.link(chop, bar);
    // 3. Everybody has both.
    world.converge();
    assert!(world.shown(chop, &first).is_some() && world.shown(ananiv, &second).is_some());
}

#[test]
fn a_town_with_nothing_takes_the_whole_library() {
    let (mut world, [ananiv, bar]) = World::with_towns();
    for n in 0..40 {
        world.publish(ananiv, &format!("practice {n}"), &practice(&format!("Практика {n}"), &["Зробили"]));
    }
    // A newcomer that has not founded anything: the stream, not the comparison.
    let newcomer = world.settle_down("Zolochiv");
    world.link(newcomer, ananiv);
    world.link(bar, newcomer);
    world.converge();
    assert_eq!(world.views(newcomer).len(), 40);
}

/// So many practices of 54 KB each, which hardly pack: nine blocks and more of 150.
fn long_practices(world: &mut World, town: Place, count: usize) {
    let word = |n: usize, at: usize| blake3::hash(format!("{n} {at}").as_bytes()).to_hex()[..8].to_owned();
    for n in 0..count {
        let paragraphs: Vec<String> =
            (0..60).map(|p| (0..100).map(|at| word(n, p * 100 + at)).collect::<Vec<_>>().join(" ")).collect();
        let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
        world.publish(town, &format!("practice {n}"), &practice(&format!("Практика {n}"), &paragraphs));
    }
    world.run_for(MINUTE);
}

/// What it takes to copy everything of a town once, and the longest block of it, bytes.
fn copied(world: &World, town: Place) -> (u64, u64) {
    let (mut once, mut longest, mut after) = (0, 0, None);
    loop {
        let (block, last) = world.node(town).store.block_to_copy(after).expect("read");
        if last.is_none() {
            return (once, longest);
        }
        let bytes = block.len() as u64;
        (once, longest, after) = (once + bytes, bytes.max(longest), last);
    }
}

#[test]
fn whoever_copies_everything_over_a_slow_line_is_given_it_once() {
    let (mut world, [ananiv]) = World::with_towns();
    long_practices(&mut world, ananiv, 150);
    let newcomer = world.settle_down("Zolochiv");
    // A block takes ten seconds on the way, so that nodes compare their sets several times meanwhile.
    world.post.weather = Weather { latency_ms: 10_000, ..Weather::FAIR };
    world.link(newcomer, ananiv);
    world.run_for(15 * MINUTE);
    assert_eq!(world.views(newcomer).len(), 150);
    let given: u64 = world.node(ananiv).replica.peers().iter().map(|(_, peer)| peer.sent_bytes).sum();
    let (once, _) = copied(&world, ananiv);
    assert!(given <= once + once / 20, "{given} bytes were given of {once}");
}

#[test]
fn a_line_that_breaks_again_and_again_takes_the_library_once() {
    let (mut world, [ananiv]) = World::with_towns();
    long_practices(&mut world, ananiv, 150);
    let newcomer = world.settle_down("Zolochiv");
    world.post.weather = Weather { latency_ms: 1_000, ..Weather::FAIR };
    let mut breaks = 0;
    while world.node(newcomer).store.totals().records < 151 {
        world.link(newcomer, ananiv);
        world.run_for(2_500);
        world.cut(newcomer, ananiv);
        world.run_for(1_000);
        breaks += 1;
        assert!(breaks < 60, "{}", world.describe());
    }
    assert!(breaks > 2, "the test should meet a copy under way");
    world.link(newcomer, ananiv);
    world.converge();
    let given: u64 = world.node(ananiv).replica.peers().iter().map(|(_, peer)| peer.sent_bytes).sum();
    let (once, longest) = copied(&world, ananiv);
    // What is on its way when the line breaks is lost, and what was asked for meanwhile.
    assert!(given <= once + 2 * longest * breaks, "{given} bytes were given of {once}, with {breaks} breaks");
}

#[test]
fn edits_on_both_sides_of_a_cut_merge() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    // 1. Two devices of one community, and a third town that watches.
    world.share(ananiv, bar);
    world.link_all();
    let document = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк", "Посадили дерева"]));
    world.converge();
    // 2. The two lose each other; each changes another paragraph.
    world.cut(ananiv, bar);
    world.cut(bar, chop);
    let mut here = world.read(ananiv, "toloka");
    here.practice.solution = "Прибрали великий парк\nПосадили дерева".into();
    world.save(ananiv, &here, &[]);
    let mut there = world.read(bar, "toloka");
    there.practice.solution = "Прибрали парк\nПосадили високі дерева\nПоставили лави".into();
    world.save(bar, &there, &[]);
    world.run_for(HOUR);
    // 3. After healing everybody shows both, without a conflict.
    world.link(bar, chop);
    world.link(bar, ananiv);
    world.converge();
    let view = world.same_view(&[ananiv, bar, chop], &document).expect("shown");
    assert_eq!(
        world.shown(chop, &document).expect("shown").solution,
        "Прибрали великий парк\nПосадили високі дерева\nПоставили лави"
    );
    assert_eq!(view.conflicts(PRACTICE), []);
}

#[test]
fn edits_of_one_paragraph_at_once_show_both_until_somebody_decides() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    world.share(ananiv, bar);
    world.link_all();
    let document = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк біля школи"]));
    world.converge();
    // 1. Cut off from each other, both change the title and the same paragraph.
    world.cut(ananiv, bar);
    world.cut(bar, chop);
    for (town, title, text) in [
        (ananiv, "Толока навесні", "Прибрали парк біля старої школи"),
        (bar, "Толока восени", "Прибрали парк біля нової школи"),
    ] {
        let mut form = world.read(town, "toloka");
        (form.practice.title, form.practice.solution) = (title.into(), text.into());
        world.save(town, &form, &[]);
    }
    world.link(ananiv, bar);
    world.converge();
    // 2. Both values of both are there, everywhere the same one first.
    let conflicts = world.same_view(&[ananiv, bar, chop], &document).expect("shown").conflicts(PRACTICE);
    let sides = |n: usize| {
        let mut values: Vec<&str> = conflicts[n].versions.iter().map(|version| version.value.as_str()).collect();
        values.sort_unstable();
        values
    };
    assert_eq!(conflicts.len(), 2);
    assert_eq!(sides(0), ["Толока восени", "Толока навесні"]);
    assert_eq!(sides(1), ["Прибрали парк біля нової школи", "Прибрали парк біля старої школи"]);
    // 3. Somebody decides; all follow.
    let mut form = world.read(bar, "toloka");
    form.practice.title = "Толока двічі на рік".into();
    world.save(bar, &form, &["title", "solution"]);
    world.converge();
    let view = world.same_view(&[ananiv, bar, chop], &document).expect("shown");
    assert_eq!(view.conflicts(PRACTICE), []);
    assert_eq!(world.shown(ananiv, &document).expect("shown").title, "Толока двічі на рік");
    assert_eq!(world.shown(ananiv, &document).expect("shown").solution, form.practice.solution);
}

#[test]
fn a_clerk_who_saves_an_old_form_loses_nobodys_words() {
    let (mut world, [ananiv]) = World::with_towns();
    let document = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк", "Посадили дерева"]));
    let old = world.read(ananiv, "toloka");
    let mut first = old.clone();
    first.practice.summary = "Коротко".into();
    assert!(!world.save(ananiv, &first, &[]).merged);
    let mut second = old;
    second.practice.title = "Толока двічі".into();
    assert!(world.save(ananiv, &second, &[]).merged);
    let shown = world.shown(ananiv, &document).expect("shown");
    assert_eq!((shown.title.as_str(), shown.summary.as_str()), ("Толока двічі", "Коротко"));
}

#[test]
fn a_withdrawn_practice_goes_everywhere_and_does_not_come_back() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    world.link_all();
    let document = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк"]));
    let other = world.publish(ananiv, "budget", &practice("Бюджет", &["Зібрали думки"]));
    world.converge();
    // 1. Chop goes away with what it has; Ananiv edits once more and takes it back.
    world.stop(chop);
    world.publish(ananiv, "toloka", &practice("Толока 2", &["Прибрали парк"]));
    world.run_for(MINUTE);
    world.withdraw(ananiv, &document);
    world.converge();
    assert_eq!((world.view(ananiv, &document), world.view(bar, &document)), (None, None));
    // 2. Chop comes back: it loses the practice, and nobody gets it from Chop.
    world.start(chop);
    assert!(world.view(chop, &document).is_some());
    world.link(chop, bar);
    world.converge();
    for town in [ananiv, bar, chop] {
        assert_eq!(world.view(town, &document), None);
        assert!(world.view(town, &other).is_some());
        let kept = world.node(town).store.records_of(&document).expect("read");
        assert_eq!(kept.len(), 1, "only the withdrawal itself is kept");
    }
    // 3. Nobody can write to it any more.
    let form = Form { name: named("toloka"), heads: Vec::new(), practice: practice("Знов", &["Знов"]) };
    assert!(world.save_on(ananiv, &form, None, &[]).is_err());
}

#[test]
fn a_withdrawal_that_comes_before_what_it_takes_back_keeps_it_out() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    // 1. Bar has the practice and goes away; Ananiv takes it back; Chop hears only of that.
    world.link(ananiv, bar);
    let document = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк"]));
    world.settle();
    world.cut(ananiv, bar);
    world.withdraw(ananiv, &document);
    world.link(ananiv, chop);
    world.settle();
    world.cut(ananiv, chop);
    // 2. Bar meets Chop, who never held the practice.
    world.link(bar, chop);
    world.converge();
    assert_eq!((world.view(bar, &document), world.view(chop, &document)), (None, None));
}

#[test]
fn a_restart_in_the_middle_of_catching_up_costs_nothing() {
    let (mut world, [ananiv, bar]) = World::with_towns();
    for n in 0..60 {
        let text = format!("{n} {}", "Багато слів ".repeat(2_000));
        world.publish(ananiv, &format!("practice {n}"), &practice(&format!("Практика {n}"), &[&text]));
    }
    // 1. Bar takes the library and is killed, again and again, while it does.
    let mut between = 0;
    for _ in 0..12 {
        world.link(bar, ananiv);
        world.run_for(700);
        let held = world.node(bar).store.totals().records;
        between += u32::from(held > 1 && held < 62);
        if world.rng.percent(50) {
            world.kill(bar);
        } else {
            world.stop(bar);
        }
        world.start(bar);
    }
    assert!(between > 0, "the test should meet a catch-up under way");
    // 2. Left alone, it has everything.
    world.link(bar, ananiv);
    world.converge();
    assert_eq!(world.views(bar).len(), 60);
}

#[test]
fn a_town_with_power_cuts_keeps_all_that_it_acknowledged() {
    let (mut world, [ananiv, bar]) = World::with_towns();
    world.expect_power_cuts(ananiv);
    let mut documents = Vec::new();
    for n in 0..12 {
        let name = format!("practice {n}");
        documents.push(world.publish(ananiv, &name, &practice(&name, &["Зробили"])));
        world.run_for(200);
        if n % 3 == 0 {
            world.power_cut(ananiv);
            world.start(ananiv);
        }
    }
    world.power_cut(ananiv);
    world.start(ananiv);
    world.run_for(1_000);
    for document in &documents {
        assert!(world.view(ananiv, document).is_some(), "the journal has it");
    }
    world.link(ananiv, bar);
    world.converge();
}

#[test]
fn a_town_restored_from_a_week_old_copy_loses_nothing() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    world.link_all();
    world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк", "Посадили дерева"]));
    world.converge();
    // 1. A copy is made; the week after brings edits here and elsewhere.
    world.stop(ananiv);
    let copy = world.copy_of(ananiv);
    world.start(ananiv);
    world.link_all();
    let mut form = world.read(ananiv, "toloka");
    form.practice.solution = "Прибрали парк\nПосадили сто дерев".into();
    world.save(ananiv, &form, &[]);
    let late = world.publish(ananiv, "budget", &practice("Бюджет", &["Зібрали думки"]));
    world.publish(bar, "school", &practice("Школа", &["Полагодили дах"]));
    world.converge();
    let before: Vec<_> = world.views(bar).into_keys().collect();
    world.run_for(7 * DAY);
    // 2. The disk fails. Ananiv goes on from the copy, without a network, and edits.
    world.stop(ananiv);
    world.put_back(ananiv, &copy);
    world.start(ananiv);
    let mut form = world.read(ananiv, "toloka");
    assert_eq!(form.practice.solution, "Прибрали парк\nПосадили дерева");
    form.practice.title = "Толока після поломки".into();
    let document = world.save(ananiv, &form, &[]).document;
    world.publish(ananiv, "lost", &practice("Загублене", &["Написали наново"]));
    // 3. Back among the others, everything of the week is there, and the new edit too.
    world.link_all();
    world.converge();
    let shown = world.shown(chop, &document).expect("shown");
    assert_eq!(shown.solution, "Прибрали парк\nПосадили сто дерев");
    assert_eq!(shown.title, "Толока після поломки");
    assert!(world.view(ananiv, &late).is_some());
    assert!(before.iter().all(|document| world.view(ananiv, document).is_some()));
}

#[test]
fn two_nodes_with_one_cloned_folder_keep_both_edits() {
    let (mut world, [ananiv, bar]) = World::with_towns();
    let document = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк", "Посадили дерева"]));
    // 1. Somebody copies the whole folder to another PC and starts both.
    world.stop(ananiv);
    let copy = world.copy_of(ananiv);
    let twin = world.clone_town(ananiv, &copy, "Ananiv's twin");
    world.start(ananiv);
    world.start(twin);
    world.link(ananiv, bar);
    world.link(twin, bar);
    // 2. Both edit at once, with the same device key.
    for round in 0..5 {
        for (town, paragraph) in [(ananiv, 0), (twin, 1)] {
            let mut form = world.read(town, "toloka");
            let mut lines: Vec<String> = form.practice.solution.lines().map(str::to_owned).collect();
            lines[paragraph].push_str(&format!(" {round}"));
            form.practice.solution = lines.join("\n");
            world.save(town, &form, &[]);
        }
        world.run_for(30);
    }
    world.publish(twin, "other", &practice("Інше", &["Зробили"]));
    // 3. All converge, both edits are kept, and nothing is taken for a lie.
    world.converge();
    let view = world.same_view(&[ananiv, bar, twin], &document).expect("shown");
    assert_eq!(
        world.shown(bar, &document).expect("shown").solution,
        "Прибрали парк 0 1 2 3 4\nПосадили дерева 0 1 2 3 4"
    );
    assert_eq!((view.set_aside, view.waiting), (vec![], vec![]));
}

#[test]
fn a_charter_that_comes_after_its_changes_lets_them_in() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    world.share(ananiv, bar);
    world.link(ananiv, bar);
    world.settle();
    let document = world.publish(bar, "toloka", &practice("Толока", &["Прибрали парк"]));
    world.settle();
    // 1. Chop gets the records one by one, the charters last.
    let store = std::sync::Arc::clone(&world.node(bar).store);
    let mut order = store.order().expect("read");
    order.sort_by_key(|key| std::cmp::Reverse((key.class, key.created_at)));
    for key in order {
        let record = store.record(&key.id).expect("read").expect("held");
        world.act(chop, |replica, _, effects| replica.take_records(vec![record.into_bytes()], effects)).expect("taken");
    }
    world.run_for(1_000);
    // 2. What waited has been let in.
    assert_eq!(world.node(chop).replica.progress().waiting, 0);
    assert!(world.shown(chop, &document).is_some());
    world.link(chop, ananiv);
    world.converge();
}

#[test]
fn a_device_that_was_taken_off_writes_no_more() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    world.share(ananiv, bar);
    world.link_all();
    world.settle();
    let document = world.publish(bar, "toloka", &practice("Толока", &["Прибрали парк"]));
    world.converge();
    // 1. Bar's device is lost; while it is away, its right ends from now on.
    world.cut(ananiv, bar);
    world.cut(bar, chop);
    let community = world.community(ananiv);
    let lost = node::keyring::public(&world.town(bar).device);
    let charter = world.node(ananiv).store.charter_of(&community).expect("read").expect("founded");
    let ended = crdt::charter::Device { expires_at: Some(world.now), ..charter.devices[&lost].clone() };
    let (body, officer) = (charter.with_devices([ended]), world.town(ananiv).officer.clone());
    world.run_for(HOUR);
    world
        .act(ananiv, |replica, now, effects| replica.record_charter(community, &body, &officer, now, effects))
        .expect("a charter");
    // 2. The lost device does not know yet, and writes.
    let mut form = world.read(bar, "toloka");
    form.practice.title = "Чуже".into();
    world.save(bar, &form, &[]);
    // 3. All keep what it wrote before, none shows what it wrote after, all say so.
    world.link_all();
    world.converge();
    let view = world.same_view(&[ananiv, bar, chop], &document).expect("shown");
    assert_eq!(world.shown(chop, &document).expect("shown").title, "Толока");
    assert!(matches!(view.set_aside[..], [(_, SetAside::NoRight(_))]));
}

#[test]
fn in_a_storm_everything_arrives_all_the_same() {
    let (mut world, places) = World::with_towns::<6>();
    world.post.weather = Weather::STORM;
    for pair in places.windows(2) {
        world.link(pair[0], pair[1]);
    }
    for round in 0..8 {
        for (n, town) in places.iter().enumerate() {
            world.publish(*town, &format!("{n} {round}"), &practice(&format!("Практика {n} {round}"), &["Зробили"]));
            world.run_for(1_000);
        }
    }
    world.converge();
    assert_eq!(world.views(places[0]).len(), 48);
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let live = || {
        let (mut world, [ananiv, bar, chop]) = World::with_towns();
        world.post.weather = Weather::STORM;
        world.link(ananiv, bar);
        world.link(bar, chop);
        for n in 0..5 {
            world.publish(ananiv, &format!("{n}"), &practice("Толока", &["Прибрали парк"]));
            world.run_for(MINUTE);
        }
        world.settle();
        world.trace.finalize()
    };
    assert_eq!(live(), live());
}
