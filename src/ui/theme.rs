//! Every color, distance and radius of the window, for both themes. The colors themselves stand in `scenes::palette`, which
//! exported pages read as well; no other file of the window names one.

use std::sync::Arc;

use eframe::egui::style::{ScrollAnimation, ScrollStyle, WidgetVisuals};
use eframe::egui::{
    self, Color32, Context, CornerRadius, Margin, Shadow, Stroke, Style, TextStyle, Theme, Ui, Visuals, vec2,
};

use super::fonts::{self, Type};
pub use crate::estimate::Memory;
use crate::estimate::Verdict;
use crate::scenes::mark;
use crate::scenes::palette::{self, Palette, Rgb};

/// A color, for the files that only hand one on.
pub type Ink = Color32;

/// No color at all.
pub const CLEAR: Ink = Color32::TRANSPARENT;

/// Distances, in points.
pub mod space {
    /// Between a label and its control.
    pub const S: f32 = 8.0;
    /// Between controls of one row.
    pub const M: f32 = 12.0;
    /// Padding of panels; above and below a rule.
    pub const L: f32 = 16.0;
    /// Between groups of controls.
    pub const XL: f32 = 20.0;
    /// Width of the inputs panel.
    pub const PANEL: f32 = 328.0;
    /// Width of a control in the inputs panel.
    pub const CONTROL: f32 = 290.0;
    /// Width of the panel with price against speed.
    pub const SCATTER: f32 = 525.0;
    /// The same in a narrower window.
    pub const SCATTER_NARROW: f32 = 420.0;
    /// Height of segments and fields.
    pub const FIELD: f32 = 26.0;
    /// Height of rows in lists.
    pub const ROW: f32 = 28.0;
}

/// Radii of corners, in points.
pub mod radius {
    /// Plates under labels.
    pub const PLATE: u8 = 3;
    /// Segments and rows.
    pub const SEGMENT: u8 = 4;
    /// Controls and tooltips.
    pub const CONTROL: u8 = 6;
    /// Cards of a view.
    pub const CARD: u8 = 8;
    /// Swatches.
    pub const SWATCH: u8 = 2;
}

/// Seconds that widths and knobs take to move.
pub const MOTION: f32 = 0.12;

/// How one component is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryInk {
    /// The plain fill.
    pub fill: Ink,
    /// Text on the fill.
    pub ink: Ink,
    /// One point inside the segment.
    pub edge: Ink,
    /// Lines and dots on the fill.
    pub pattern: Ink,
    /// The ground under the hatch that says "in RAM".
    pub hatch_ground: Ink,
}

/// The colors of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the design, which says where each is seen")]
pub struct Tokens {
    pub dark: bool,
    pub bg: Ink,
    pub panel: Ink,
    pub raised: Ink,
    pub hover: Ink,
    pub line: Ink,
    pub rail: Ink,
    pub text: Ink,
    pub sec: Ink,
    pub faint: Ink,
    pub focus: Ink,
    palette: &'static Palette,
}

/// A color of the palette as the toolkit wants it.
const fn ink_of(color: Rgb) -> Ink {
    let Rgb([r, g, b]) = color;
    Color32::from_rgb(r, g, b)
}

static DARK: Tokens = Tokens::from(&palette::DARK);
static LIGHT: Tokens = Tokens::from(&palette::LIGHT);

impl Tokens {
    const fn from(palette: &'static Palette) -> Self {
        Self {
            dark: palette.dark,
            bg: ink_of(palette.bg),
            panel: ink_of(palette.panel),
            raised: ink_of(palette.raised),
            hover: ink_of(palette.hover),
            line: ink_of(palette.line),
            rail: ink_of(palette.rail),
            text: ink_of(palette.text),
            sec: ink_of(palette.sec),
            faint: ink_of(palette.faint),
            focus: ink_of(palette.focus),
            palette,
        }
    }

    /// The colors of the theme that `ui` is drawn in.
    pub fn of(ui: &Ui) -> &'static Self {
        Self::of_theme(if ui.visuals().dark_mode { Theme::Dark } else { Theme::Light })
    }

    /// The colors of `theme`.
    pub fn of_theme(theme: Theme) -> &'static Self {
        if theme == Theme::Dark { &DARK } else { &LIGHT }
    }

    /// How `component` is drawn.
    pub fn memory(&self, component: Memory) -> MemoryInk {
        let colors = self.palette.memory(component);
        MemoryInk {
            fill: ink_of(colors.fill),
            ink: ink_of(colors.ink),
            edge: ink_of(colors.edge),
            pattern: ink_of(colors.pattern),
            hatch_ground: ink_of(colors.hatch_ground),
        }
    }

    /// The color of what a scene draws.
    pub fn scene(&self, ink: mark::Ink) -> Ink {
        ink_of(self.palette.ink(ink))
    }

    /// The color of `verdict`; never alone, always beside its icon and its word.
    pub const fn verdict(&self, verdict: Verdict) -> Ink {
        ink_of(self.palette.verdict(verdict))
    }

    /// The color of warnings.
    pub const fn warning(&self) -> Ink {
        ink_of(self.palette.off)
    }

    /// The body of the link between VRAM and RAM: the color of what flows, laid thinly over the ground.
    pub fn flow(&self, component: Memory) -> Ink {
        mix(self.bg, ink_of(self.palette.memory(component).fill), if self.dark { 0.42 } else { 0.28 })
    }

    /// Between the low and the high end of a curve.
    pub fn band(&self) -> Ink {
        mix(self.bg, self.rail, 0.38)
    }

    /// The body of a lane.
    pub fn lane(&self) -> Ink {
        mix(self.bg, self.rail, if self.dark { 0.55 } else { 0.5 })
    }
}

/// `base` with this share of `top` mixed in, in gamma space, as the design measures it.
pub fn mix(base: Ink, top: Ink, share: f32) -> Ink {
    base.lerp_to_gamma(top, share)
}

/// Sets fonts, type scale and the styles of both themes. Call once, before the first frame.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts::definitions());
    for theme in [Theme::Dark, Theme::Light] {
        ctx.set_style_of(theme, Arc::new(style(theme)));
    }
}

/// How many seconds widths and knobs take to move from now on; none for those whom movement disturbs.
pub fn set_motion(ctx: &Context, seconds: f32) {
    if ctx.global_style().animation_time != seconds {
        let scroll = if seconds > 0.0 { ScrollAnimation::default() } else { ScrollAnimation::none() };
        ctx.all_styles_mut(|style| (style.animation_time, style.scroll_animation) = (seconds, scroll));
    }
}

fn style(theme: Theme) -> Style {
    let t = Tokens::of_theme(theme);
    let mut style = Style { visuals: visuals(theme, t), animation_time: MOTION, ..Style::default() };
    style.text_styles = [
        (TextStyle::Heading, Type::Section.font()),
        (TextStyle::Body, Type::Body.font()),
        (TextStyle::Button, Type::Body.font()),
        (TextStyle::Monospace, Type::Mono.font()),
        (TextStyle::Small, Type::Caption.font()),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 8.0);
    spacing.button_padding = vec2(10.0, 4.0);
    spacing.interact_size = vec2(32.0, space::FIELD);
    spacing.icon_width = 16.0;
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(20);
    spacing.tooltip_width = 280.0;
    spacing.scroll =
        ScrollStyle { bar_width: 6.0, bar_inner_margin: 2.0, bar_outer_margin: 2.0, ..ScrollStyle::solid() };
    spacing.scroll.foreground_color = false;
    spacing.scroll.fade.strength = 0.0;
    style.interaction.tooltip_delay = 0.25;
    style.interaction.selectable_labels = false;
    style
}

fn visuals(theme: Theme, t: &Tokens) -> Visuals {
    let mut v = if theme == Theme::Dark { Visuals::dark() } else { Visuals::light() };
    v.panel_fill = t.bg;
    v.window_fill = t.raised;
    v.window_stroke = Stroke::new(1.0, t.rail);
    v.window_corner_radius = CornerRadius::same(radius::CARD);
    v.menu_corner_radius = CornerRadius::same(radius::CONTROL);
    v.window_shadow =
        Shadow { offset: [0, 4], blur: 16, spread: 0, color: Color32::from_black_alpha(if t.dark { 96 } else { 40 }) };
    v.popup_shadow = v.window_shadow;
    v.extreme_bg_color = t.bg;
    v.text_edit_bg_color = Some(t.bg);
    v.faint_bg_color = t.raised;
    v.code_bg_color = t.raised;
    v.override_text_color = None;
    v.weak_text_color = Some(t.faint);
    v.hyperlink_color = t.text;
    v.warn_fg_color = t.warning();
    v.error_fg_color = ink_of(t.palette.no);
    v.selection.bg_fill = t.hover;
    v.selection.stroke = Stroke::new(1.0, t.text);
    v.striped = false;
    let widget = |fill: Ink, outline: Ink, ink: Ink| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, outline),
        corner_radius: CornerRadius::same(radius::CONTROL),
        fg_stroke: Stroke::new(1.5, ink),
        expansion: 0.0,
    };
    v.widgets.noninteractive = widget(t.panel, t.line, t.text);
    v.widgets.inactive = widget(t.raised, t.rail, t.text);
    v.widgets.hovered = widget(t.hover, t.rail, t.text);
    v.widgets.active = widget(t.hover, t.focus, t.text);
    v.widgets.open = widget(t.hover, t.rail, t.text);
    // The toolkit takes the color of scroll bars from the fill of its own check boxes, of which there are none.
    for handle in [&mut v.widgets.inactive, &mut v.widgets.hovered, &mut v.widgets.active] {
        handle.bg_fill = t.rail;
    }
    v
}

/// The frame of panels: their own surface, no outline.
pub fn panel_frame(t: &Tokens) -> egui::Frame {
    egui::Frame::new().fill(t.panel)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(color: Ink) -> f32 {
        let linear = egui::Rgba::from(color);
        0.2126 * linear.r() + 0.7152 * linear.g() + 0.0722 * linear.b()
    }

    fn contrast(a: Ink, b: Ink) -> f32 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    #[test]
    fn text_reads_on_every_surface() {
        for t in [&DARK, &LIGHT] {
            for surface in [t.bg, t.panel, t.raised] {
                let p = t.palette;
                for ink in [t.text, t.sec, t.faint, ink_of(p.fit), ink_of(p.off), ink_of(p.no)] {
                    assert!(contrast(ink, surface) >= 4.5, "{ink:?} on {surface:?}");
                }
                assert!(contrast(t.rail, surface) >= 3.0, "{:?} on {surface:?}", t.rail);
            }
            for component in [
                Memory::Weights,
                Memory::Kv,
                Memory::Compute,
                Memory::Overhead,
                Memory::Os,
                Memory::Gradients,
                Memory::Optimizer,
                Memory::Adapter,
                Memory::Also,
            ] {
                let m = t.memory(component);
                assert!(contrast(m.ink, m.fill) >= 4.5, "label on {component:?}");
            }
        }
    }
}
