//! Wrong clocks: a battery that died shows 2010, a typing mistake 2036, and some clocks jump. What
//! anybody writes is taken, arrives, and stands in the order in which people read and wrote it.

use crdt::practice::PRACTICE;

use crate::world::{DAY, HOUR, MINUTE, Place, World, practice};

const YEAR: i64 = 365 * DAY as i64;
/// Back to 2010, and ahead to 2036.
const LONG_AGO: i64 = -16 * YEAR;
const FAR_AHEAD: i64 = 10 * YEAR;

fn rewrite(world: &mut World, at: Place, title: &str) {
    let mut form = world.read(at, "toloka");
    form.practice.title = title.into();
    world.save(at, &form, &[]);
}

#[test]
fn whatever_the_clocks_say_everything_arrives_and_the_last_word_stands() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    world.share(ananiv, bar);
    world.set_clock(ananiv, LONG_AGO);
    world.set_clock(bar, FAR_AHEAD);
    world.link(ananiv, bar);
    world.link(bar, chop);
    world.converge();
    // 1. Each publishes by its own clock.
    let toloka = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк"]));
    for (town, name) in [(bar, "from bar"), (chop, "from chop")] {
        world.publish(town, name, &practice(name, &["Зробили"]));
    }
    world.converge();
    assert_eq!(world.views(chop).len(), 3);
    // 2. The one who lives in 2036 changes it, then the one who lives in 2010, who has read that.
    rewrite(&mut world, bar, "Толока навесні");
    world.converge();
    rewrite(&mut world, ananiv, "Толока восени");
    world.converge();
    let view = world.same_view(&[ananiv, bar, chop], &toloka).expect("shown");
    assert_eq!(view.conflicts(PRACTICE), []);
    assert_eq!(world.shown(chop, &toloka).expect("shown").title, "Толока восени", "not the later clock's word");
    for at in [ananiv, bar, chop] {
        for other in [ananiv, bar, chop] {
            assert_eq!(world.refused(at, other), 0, "an honest record was refused");
        }
    }
}

#[test]
fn a_clock_that_jumps_stops_neither_publishing_nor_catching_up() {
    let (mut world, [ananiv, bar]) = World::with_towns();
    world.link(bar, ananiv);
    world.converge();
    for (n, skew) in [FAR_AHEAD, LONG_AGO, 0, HOUR as i64, -(HOUR as i64), FAR_AHEAD, 0].into_iter().enumerate() {
        // What is published while nobody can hear it comes by catching up alone.
        world.cut(ananiv, bar);
        world.set_clock(bar, skew);
        world.publish(ananiv, &format!("here {n}"), &practice("Тут", &["Зробили"]));
        world.publish(bar, &format!("there {n}"), &practice("Там", &["Зробили"]));
        world.run_for(MINUTE);
        world.link(ananiv, bar);
        world.converge();
        assert_eq!(world.views(bar).len(), 2 * (n + 1));
        // And with the connection standing, the one whose clock jumped still catches up by itself.
        world.set_clock(bar, -skew);
        world.run_for(3 * MINUTE);
        let last = world.node(bar).replica.progress().caught_up_at.expect("it caught up").0;
        assert!(world.local(bar).0.abs_diff(last) <= 3 * MINUTE, "it waits for its old clock");
        world.set_clock(bar, skew);
    }
}
