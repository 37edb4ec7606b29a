//! Remedies are applied as one step each.

use egui_kittest::kittest::Queryable;

use super::support::Start;
use crate::support::click;

#[test]
fn applying_a_way_is_one_step() {
    let mut window = Start::again().window();
    let before = window.state().document().plans[0].plan.clone();
    window.get_by_label("Apply: Weights to Q5_K_M").click();
    window.run();
    let applied = window.state().document().plans[0].plan.clone();
    assert_ne!(before, applied, "the way was applied");
    click(&mut window, "Undo: weight precision");
    assert_eq!(window.state().document().plans[0].plan, before, "and one step takes it back");
    click(&mut window, "Redo: weight precision");
    assert_eq!(window.state().document().plans[0].plan, applied);
}
