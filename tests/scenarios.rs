//! Worlds in which people do what people do, told step by step.

use crate::world::{World, practice};

#[test]
fn what_one_town_publishes_reaches_all() {
    let (mut world, [ananiv, bar, chop]) = World::with_towns();
    // 1. Three towns in a row: Ananiv and Chop know each other only through Bar.
    world.link(ananiv, bar);
    world.link(bar, chop);
    world.converge();
    // 2. Ananiv publishes.
    let document = world.publish(ananiv, "toloka", &practice("Толока", &["Прибрали парк", "Посадили дерева"]));
    // 3. All three show it.
    world.converge();
    let shown = world.shown(chop, &document).expect("it has come");
    assert_eq!(shown.solution, "Прибрали парк\nПосадили дерева");
}
