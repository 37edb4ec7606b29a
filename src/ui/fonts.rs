//! The bundled faces and the type scale.

use std::sync::Arc;

use eframe::egui::{FontData, FontDefinitions, FontFamily, FontId};

use crate::scenes::faces::{self, BundledFace};
use crate::scenes::mark::Face;

const FACES: [BundledFace; 4] = [faces::INTER, faces::INTER_STRONG, faces::NOTO, faces::NOTO_STRONG];

/// The steps of the type scale; nothing is set in any other size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// The verdict sentence, titles of views: 20, semibold.
    Verdict,
    /// The question of the start page: 28, semibold.
    Question,
    /// Large readings: 22, semibold.
    Reading,
    /// Headings in panels, the name of the plan: 15, semibold.
    Section,
    /// Second line of the verdict: 14.
    Lead,
    /// Numbers in the second line of the verdict: 14, semibold.
    LeadStrong,
    /// Controls, names in tables, rows of lists: 13.
    Body,
    /// Names and selected values: 13, semibold.
    BodyStrong,
    /// Labels of inputs, legends: 12.
    Small,
    /// Titles of plots, labels of segments: 12, semibold.
    SmallStrong,
    /// Numbers in tables and formulas: 12, monospace.
    Mono,
    /// Captions, sources: 11.
    Caption,
    /// Emphasis in captions: 11, semibold.
    CaptionStrong,
    /// Numbers on axes: 11, monospace.
    CaptionMono,
    /// What is said under a scene: 18.
    Told,
    /// The same where it is pointed at: 18, semibold.
    ToldStrong,
}

impl Type {
    /// The font of this step.
    pub fn font(self) -> FontId {
        match self {
            Self::Verdict => FontId::new(20.0, strong()),
            Self::Question => FontId::new(28.0, strong()),
            Self::Reading => FontId::new(22.0, strong()),
            Self::Section => FontId::new(15.0, strong()),
            Self::Lead => FontId::proportional(14.0),
            Self::LeadStrong => FontId::new(14.0, strong()),
            Self::Body => FontId::proportional(13.0),
            Self::BodyStrong => FontId::new(13.0, strong()),
            Self::Small => FontId::proportional(12.0),
            Self::SmallStrong => FontId::new(12.0, strong()),
            Self::Mono => FontId::monospace(12.0),
            Self::Caption => FontId::proportional(11.0),
            Self::CaptionStrong => FontId::new(11.0, strong()),
            Self::CaptionMono => FontId::monospace(11.0),
            Self::Told => FontId::proportional(18.0),
            Self::ToldStrong => FontId::new(18.0, strong()),
        }
    }
}

/// Nothing on a stage is set smaller, however small the stage.
const SMALLEST: f32 = 11.0;

/// The font of a step of scenes, on a stage of this scale.
pub fn of_stage(face: Face, scale: f32) -> FontId {
    // Half points: a window that is dragged wider does not ask for a new size in every frame.
    let size = ((face.size() * scale * 2.0).round() / 2.0).max(SMALLEST);
    match face {
        _ if face.is_mono() => FontId::monospace(size),
        _ if face.is_strong() => FontId::new(size, strong()),
        _ => FontId::proportional(size),
    }
}

/// The semibold family.
pub fn strong() -> FontFamily {
    FontFamily::Name("strong".into())
}

/// The faces by family, the toolkit's own as the last resort.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    for BundledFace { name, bytes } in FACES {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let last = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let family = |names: &[&str]| names.iter().map(|&name| name.to_owned()).chain(last.clone()).collect::<Vec<_>>();
    let mono = fonts.families.get(&FontFamily::Monospace).and_then(|names| names.first().cloned());
    let mono: Vec<&str> = mono.as_deref().into_iter().chain(["Inter", "Noto Sans SC"]).collect();
    fonts.families.extend([
        (FontFamily::Proportional, family(&["Inter", "Noto Sans SC"])),
        (strong(), family(&["Inter SemiBold", "Noto Sans SC Bold", "Inter", "Noto Sans SC"])),
        (FontFamily::Monospace, family(&mono)),
    ]);
    fonts
}
