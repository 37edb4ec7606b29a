//! What a thing is, for who does not know the word: a sentence where the pointer or the keyboard rests on it, told to
//! screen readers as well. What else is to say stands below.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Context, Id, Key as Press, Label, Rect, RectAlign, Response, RichText, Sense, Tooltip, Ui};

use crate::text::{Concept, Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;

/// The widest tip, in points.
const WIDTH: f32 = 280.0;
/// How long the keyboard rests on something before its tip is shown, in seconds.
const DELAY: f64 = 0.25;

/// The tip of one thing.
#[derive(Debug, Clone, Copy)]
pub struct Tip<'a> {
    /// What it is; `None` where it is a plain word.
    pub concept: Option<Concept>,
    /// What else is to say.
    pub more: &'a str,
    /// The language of the words.
    pub locale: Locale,
}

/// How much a view had drawn when a control began.
#[derive(Debug, Clone, Copy)]
pub struct Begun(usize);

/// What the keyboard rests on, and since when.
#[derive(Debug, Clone, Copy)]
struct KeyboardRest {
    on: Id,
    since: f64,
}

/// The term whose tip was shown last, and in which frame.
#[derive(Debug, Clone, Copy)]
struct ShownTip {
    concept: Concept,
    frame: u64,
}

impl Begun {
    /// Before a control is drawn.
    pub fn here(ui: &Ui) -> Self {
        let layer = ui.layer_id();
        Self(ui.ctx().viewport(|viewport| viewport.this_pass.widgets.get_layer(layer).count()))
    }

    /// What can be reached by keyboard of what was drawn since.
    fn since(self, ui: &Ui) -> Vec<(Id, Rect)> {
        let layer = ui.layer_id();
        ui.ctx().viewport(|viewport| {
            let drawn = viewport.this_pass.widgets.get_layer(layer).skip(self.0);
            drawn.filter(|it| it.sense.is_focusable()).map(|it| (it.id, it.rect)).collect()
        })
    }
}

impl<'a> Tip<'a> {
    /// The tip of what stands under this label.
    pub const fn of(label: Key, locale: Locale) -> Self {
        Self { concept: Concept::of(label), more: "", locale }
    }

    /// The tip of a term.
    pub const fn about(concept: Concept, locale: Locale) -> Self {
        Self { concept: Some(concept), more: "", locale }
    }

    /// The tip of what has a plain name and something to say.
    pub const fn plain(more: &'a str, locale: Locale) -> Self {
        Self { concept: None, more, locale }
    }

    /// The same with more to say.
    #[must_use]
    pub const fn more(self, more: &'a str) -> Self {
        Self { more, ..self }
    }

    /// Whether it says anything.
    pub const fn is_empty(&self) -> bool {
        self.concept.is_none() && self.more.is_empty()
    }

    /// All of it as one text, for screen readers.
    pub fn spoken(&self) -> String {
        let line = self.concept.map(|concept| concept.line(self.locale));
        let parts = line.into_iter().chain((!self.more.is_empty()).then(|| self.more.to_owned()));
        parts.collect::<Vec<_>>().join("\n")
    }

    /// Its lines, where a tooltip of some other making begins with them.
    pub fn lines(&self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        if let Some(concept) = self.concept {
            sentence(ui, concept, self.locale);
            show(ui.ctx(), concept);
        }
        if !self.more.is_empty() {
            ui.add(Label::new(RichText::new(self.more).font(Type::Small.font()).color(t.sec)).wrap());
        }
    }

    /// Hangs the tip on something that was drawn: for the pointer, the keyboard and screen readers.
    pub fn on(&self, response: &Response) {
        if self.is_empty() {
            return;
        }
        self.describe(&response.ctx, response.id);
        tooltip(response).width(WIDTH).show(|ui| self.content(ui));
        Tooltip::for_disabled(response).width(WIDTH).show(|ui| self.content(ui));
    }

    /// Tells screen readers alone: who looks finds it said elsewhere.
    pub fn tell(&self, response: &Response) {
        if !self.is_empty() {
            self.describe(&response.ctx, response.id);
        }
    }

    /// The same for all that was drawn since `begun`; the pointer finds it on `name`, where the name is written.
    pub fn over(&self, ui: &Ui, begun: Begun, name: Rect, salt: &str) {
        if self.is_empty() {
            return;
        }
        for (id, rect) in begun.since(ui) {
            self.describe(ui.ctx(), id);
            if rests(ui.ctx(), id) {
                self.beside(ui, id, rect.union(name));
            }
        }
        let response = ui.interact(name, ui.scope_id().with(("tip", salt)), Sense::hover());
        let mut tooltip = tooltip(&response).width(WIDTH);
        tooltip.popup = tooltip.popup.anchor(name.with_max_x(ui.max_rect().right().max(name.right())));
        tooltip.popup = tooltip.popup.align(RectAlign::RIGHT_START);
        tooltip.show(|ui| self.content(ui));
    }

    fn beside(&self, ui: &Ui, id: Id, rect: Rect) {
        let mut tooltip = Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, rect).width(WIDTH);
        tooltip.popup = tooltip.popup.align(RectAlign::RIGHT_START);
        tooltip.show(|ui| self.content(ui));
    }

    /// What a tooltip holds: the lines and the way to the glossary.
    fn content(&self, ui: &mut Ui) {
        ui.set_max_width(WIDTH);
        ui.spacing_mut().item_spacing.y = 4.0;
        self.lines(ui);
        if self.concept.is_some() {
            let words = RichText::new(self.locale.word(Key::GlossaryHint)).font(Type::Caption.font());
            ui.add(Label::new(words.color(Tokens::of(ui).faint)));
        }
    }

    /// Tells screen readers what a control is about; what it says itself stays.
    fn describe(&self, ctx: &Context, id: Id) {
        if !ctx.has_accesskit_node(id) {
            return;
        }
        let spoken = self.spoken();
        ctx.accesskit_node_builder(id, |node| {
            let value = node.value().filter(|value| !value.is_empty()).map(str::to_owned);
            let said = match node.description() {
                Some(said) if said.contains(&spoken) => return,
                // The value comes first, then what it is a value of.
                Some(said) if !said.is_empty() => {
                    match value.and_then(|value| Some((said.strip_prefix(&value)?, value))) {
                        Some((rest, value)) => format!("{value}\n{spoken}{rest}"),
                        None => format!("{spoken}\n{said}"),
                    }
                }
                _ => spoken,
            };
            node.set_description(said);
        });
    }
}

/// A tooltip for the pointer, and for the keyboard where it rests.
pub fn tooltip(response: &Response) -> Tooltip<'_> {
    if rests(&response.ctx, response.id) { Tooltip::for_widget(response) } else { Tooltip::for_enabled(response) }
}

/// The name of a term and the sentence about it.
pub fn sentence(ui: &mut Ui, concept: Concept, locale: Locale) {
    let t = Tokens::of(ui);
    let line = concept.line(locale);
    let name = locale.word(concept.name());
    let mut job = LayoutJob::default();
    match line.strip_prefix(name) {
        Some(rest) => {
            job.append(name, 0.0, TextFormat::simple(Type::SmallStrong.font(), t.text));
            job.append(rest, 0.0, TextFormat::simple(Type::Small.font(), t.text));
        }
        None => job.append(&line, 0.0, TextFormat::simple(Type::Small.font(), t.text)),
    }
    ui.add(Label::new(job).wrap());
}

/// Asks for a term's entry in the glossary.
pub fn want(ctx: &Context, concept: Concept) {
    ctx.data_mut(|data| data.insert_temp(Id::unique("tip wanted"), Some(concept)));
    ctx.request_repaint();
}

/// The term whose entry was asked for, once.
pub fn wanted(ctx: &Context) -> Option<Concept> {
    ctx.data_mut(|data| data.remove_temp::<Option<Concept>>(Id::unique("tip wanted"))).flatten()
}

/// Says that a term is explained in this frame, so that the glossary opens at it.
fn show(ctx: &Context, concept: Concept) {
    let frame = ctx.cumulative_frame_nr();
    ctx.data_mut(|data| data.insert_temp(Id::unique("tip shown"), ShownTip { concept, frame }));
}

/// The same of what is always in sight: it gives way to a tip.
pub fn shows_always(ctx: &Context, concept: Concept) {
    let now = ctx.cumulative_frame_nr();
    let last: Option<ShownTip> = ctx.data(|data| data.get_temp(Id::unique("tip shown")));
    if last.is_none_or(|last| last.concept == concept || last.frame + 2 < now) {
        show(ctx, concept);
    }
}

/// The term whose tip is shown just now.
pub fn shown(ctx: &Context) -> Option<Concept> {
    let shown: Option<ShownTip> = ctx.data(|data| data.get_temp(Id::unique("tip shown")));
    shown.filter(|shown| shown.frame + 1 >= ctx.cumulative_frame_nr()).map(|shown| shown.concept)
}

/// Whether the keyboard, not the pointer, came to this and has rested there for a while.
fn rests(ctx: &Context, id: Id) -> bool {
    let key = Id::unique("keyboard rests");
    if ctx.memory(eframe::egui::Memory::focused) != Some(id) {
        return false;
    }
    let (time, came, elsewhere) = ctx.input(|input| {
        let came = [Press::Tab, Press::ArrowUp, Press::ArrowDown].into_iter().any(|press| input.key_pressed(press));
        (input.time, came, input.pointer.any_pressed())
    });
    let before: Option<KeyboardRest> = ctx.data(|data| data.get_temp(key)).flatten();
    if elsewhere {
        ctx.data_mut(|data| data.insert_temp(key, None::<KeyboardRest>));
        return false;
    }
    let Some(rests) = before.filter(|rests| rests.on == id) else {
        if came {
            ctx.data_mut(|data| data.insert_temp(key, Some(KeyboardRest { on: id, since: time })));
            ctx.request_repaint_after(std::time::Duration::from_secs_f64(DELAY));
        }
        return false;
    };
    let left = DELAY - (time - rests.since);
    if left > 0.0 {
        ctx.request_repaint_after(std::time::Duration::from_secs_f64(left));
    }
    left <= 0.0
}
