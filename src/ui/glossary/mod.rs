//! The glossary: every term with its sentence, by subject, found by words of either language.

pub mod choices;

use eframe::egui::{Align, Frame, Label, Margin, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo, vec2};

use super::fonts::Type;
use super::theme::{CLEAR, Tokens, radius, space};
use super::widgets::button::{ButtonLook, button};
use super::widgets::tip;
use crate::plan::SceneId;
use crate::scenes::script::Script;
use crate::scenes::term::of_term;
use crate::text::{Concept, Key, Locale, Placeholder, Subject};

/// What the glossary keeps between frames.
#[derive(Debug, Clone, Default)]
pub struct GlossaryState {
    /// What is searched for.
    pub query: String,
    /// The entry that was asked for.
    pub chosen: Option<Concept>,
    /// It was opened, or another entry asked for, just now: the field takes the keyboard and the entry comes into sight.
    pub fresh: bool,
    /// The scene that was asked for: what a term means in pictures.
    pub scene: Option<SceneId>,
}

impl GlossaryState {
    /// At the entry of a term, or at the beginning.
    pub const fn at(chosen: Option<Concept>) -> Self {
        Self { query: String::new(), chosen, fresh: true, scene: None }
    }
}

/// The terms that hold every word of the query, in their names or sentences in any language.
pub fn found(query: &str) -> Vec<Concept> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let holds = |concept: &Concept| {
        let text = Locale::ALL.map(|locale| concept.line(locale)).join("\n").to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    Concept::ALL.iter().copied().filter(holds).collect()
}

/// Shows the glossary in the room there is.
pub fn show(ui: &mut Ui, state: &mut GlossaryState, locale: Locale) {
    let t = Tokens::of(ui);
    let fresh = std::mem::take(&mut state.fresh);
    let hint = locale.word(Key::GlossarySearch);
    let field = TextEdit::singleline(&mut state.query)
        .id_salt("glossary search")
        .font(Type::Body.font())
        .char_limit(80)
        .hint_text(hint)
        .desired_width(f32::INFINITY);
    let field = ui.add(field);
    field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, hint));
    if fresh {
        field.request_focus();
    }
    let found = found(&state.query);
    ui.add_space(space::S);
    let count = if found.is_empty() {
        locale.sentence(Key::GlossaryNone, &[(Placeholder::Query, state.query.trim())])
    } else {
        locale.sentence(Key::GlossaryCount, &[(Placeholder::Count, &found.len().to_string())])
    };
    ui.label(RichText::new(count).font(Type::Caption.font()).color(t.faint));
    let chosen = state.chosen.filter(|_| state.query.is_empty());
    ScrollArea::vertical().id_salt("glossary").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 2.0);
        for subject in Subject::ALL {
            let of_subject = found.iter().copied().filter(|concept| concept.subject() == subject);
            let of_subject: Vec<Concept> = of_subject.collect();
            if of_subject.is_empty() {
                continue;
            }
            ui.add_space(space::M);
            let heading = RichText::new(locale.word(subject.heading()));
            ui.label(heading.font(Type::Section.font()).color(t.text));
            for concept in of_subject {
                let asked = entry(ui, concept, (chosen == Some(concept), fresh), locale);
                state.scene = state.scene.or(asked);
            }
        }
        ui.add_space(space::M);
    });
}

/// One term; the one that was asked for stands out, and comes into sight when the glossary opens. The scene that shows it,
/// where that was asked for.
fn entry(ui: &mut Ui, concept: Concept, (chosen, fresh): (bool, bool), locale: Locale) -> Option<SceneId> {
    let t = Tokens::of(ui);
    let fill = if chosen { t.hover } else { CLEAR };
    let frame = Frame::new().fill(fill).corner_radius(radius::SEGMENT).inner_margin(Margin::symmetric(8, 4));
    let mut scene = None;
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        tip::sentence(ui, concept, locale);
        let other = locale.other().word(concept.name());
        if other != locale.word(concept.name()) {
            ui.add(Label::new(RichText::new(other).font(Type::Caption.font()).color(t.faint)));
        }
        scene = of_term(concept).filter(|scene| {
            let name = Script::of(*scene).title.of(locale);
            let words = locale.sentence(Key::InPictures, &[(Placeholder::Name, name)]);
            button(ui, &words, ButtonLook::Plain, None).clicked()
        });
    });
    if chosen && fresh {
        shown.response.scroll_to_me(Some(Align::Center));
    }
    scene
}
