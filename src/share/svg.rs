//! Pictures of scenes as SVG. Colors are variables of the page around them, patterns stand once a page in [`patterns`].

use super::markup::{escape, put};
use super::texture::{DASHES, DOT, FEET, HATCH, PLATE, STROKE, Strokes, texture};
use crate::estimate::{Memory, Verdict};
use crate::scenes::draw::{ByRule, Measure};
use crate::scenes::mark::{Anchor, Area, At, Face, Fill, Ink, Link, Mark, Pen, Shape};
use crate::scenes::palette::Palette;

/// Every component, in the order of its color.
const COMPONENTS: [Memory; 9] = [
    Memory::Weights,
    Memory::Kv,
    Memory::Compute,
    Memory::Overhead,
    Memory::Os,
    Memory::Gradients,
    Memory::Optimizer,
    Memory::Adapter,
    Memory::Also,
];

/// The inks that are no component's.
const INKS: [Ink; 11] = [
    Ink::Bg,
    Ink::Panel,
    Ink::Raised,
    Ink::Line,
    Ink::Rail,
    Ink::Text,
    Ink::Sec,
    Ink::Faint,
    Ink::Verdict(Verdict::Fits),
    Ink::Verdict(Verdict::Offload),
    Ink::Verdict(Verdict::DoesNotFit),
];

/// A line of the page is no wider than the rule reckons; from this share of it on a text may be too long for its room.
const CLOSE: f32 = 0.9;

/// Widths in fonts that are not known: the bold letters of some are wider than the rule has it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AnyFont;

impl Measure for AnyFont {
    fn width(&self, words: &str, face: Face) -> f32 {
        const BOLD: f32 = 1.16;
        ByRule.width(words, face) * if face.is_strong() { BOLD } else { 1.0 }
    }
}

/// The colors of a theme as variables of CSS.
pub(super) fn variables(palette: &Palette) -> String {
    let mut out = String::new();
    let mut add = |name: &str, color| put(&mut out, format_args!("--{name}:{color};"));
    for ink in INKS {
        add(&named(ink), palette.ink(ink));
    }
    for component in COMPONENTS {
        let (name, colors) = (component_name(component), palette.memory(component));
        for (end, color) in [
            ("", colors.fill),
            ("-ink", colors.ink),
            ("-edge", colors.edge),
            ("-mark", colors.pattern),
            ("-ground", colors.hatch_ground),
            ("-rest", colors.resting),
        ] {
            add(&format!("{name}{end}"), color);
        }
    }
    add("hover", palette.hover);
    add("focus", palette.focus);
    out
}

/// The patterns that say which component is meant and where it lies; once a page, before the pictures.
pub(super) fn patterns() -> String {
    let mut out = String::from(r#"<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>"#);
    for component in COMPONENTS {
        let name = component_name(component);
        let (side, strokes) = tile(component);
        if !strokes.is_empty() {
            let ground = format!(r#"<rect width="{side}" height="{side}" fill="var(--{name})"/>"#);
            pattern(&mut out, &format!("in-{name}"), side, &format!("{ground}{strokes}"));
        }
        let (side, width) = HATCH;
        let hatch = format!(
            r#"<rect width="{side}" height="{side}" fill="var(--{name}-ground)"/><path d="{}" stroke="var(--{name})" stroke-width="{width}"/>"#,
            rising(side)
        );
        pattern(&mut out, &format!("ram-{name}"), side, &hatch);
    }
    out.push_str("</defs></svg>");
    out
}

fn pattern(out: &mut String, id: &str, side: f32, inside: &str) {
    put(
        out,
        format_args!(
            r#"<pattern id="{id}" width="{side}" height="{side}" patternUnits="userSpaceOnUse">{inside}</pattern>"#
        ),
    );
}

/// The tile that a component in VRAM is filled with, and what is drawn on it; nothing where its fill is plain.
fn tile(component: Memory) -> (f32, String) {
    let name = component_name(component);
    let strokes = |d: String| format!(r#"<path d="{d}" stroke="var(--{name}-mark)" fill="none"/>"#);
    let (kind, side) = texture(component);
    let drawn = match kind {
        Strokes::None => String::new(),
        Strokes::Upright => strokes(format!("M{STROKE} 0V{side}")),
        Strokes::Level => strokes(format!("M0 {STROKE}H{side}")),
        Strokes::Falling => strokes(falling(side)),
        Strokes::Crossed => strokes(format!("{}{}", falling(side), rising(side))),
        Strokes::Dots => {
            let (dot, at) = DOT;
            format!(r#"<rect x="{at}" y="{at}" width="{dot}" height="{dot}" fill="var(--{name}-mark)"/>"#)
        }
    };
    (side, drawn)
}

/// Strokes through a tile, with the corners that its neighbors leave to it.
fn rising(side: f32) -> String {
    let (below, above) = (side - 1.0, side + 1.0);
    format!("M0 {side}L{side} 0M-1 1L1 -1M{below} {above}L{above} {below}")
}

fn falling(side: f32) -> String {
    let (below, above) = (side - 1.0, side + 1.0);
    format!("M0 0L{side} {side}M-1 {below}L1 {above}M{below} -1L{above} 1")
}

/// A picture: the marks that stand in `view`, with the words that say what it shows.
pub(super) fn picture(marks: &[Mark], view: Area, name: &str) -> String {
    let Area { x, y, w, h } = view;
    let mut out = format!(
        r#"<svg viewBox="{} {} {} {}" role="img" aria-label="{}">"#,
        short(x),
        short(y),
        short(w),
        short(h),
        named_words(name)
    );
    let mut open: Option<(Option<Link>, f32)> = None;
    for mark in marks.iter().filter(|mark| mark.opacity > 0.0) {
        let group = (mark.link, mark.opacity);
        if open != Some(group) {
            out.push_str(if open.is_some() { "</g><g" } else { "<g" });
            if let Some(link) = mark.link {
                put(&mut out, format_args!(r#" data-l="{}""#, link_name(link)));
            }
            if mark.opacity < 1.0 {
                put(&mut out, format_args!(r#" opacity="{}""#, short(mark.opacity)));
            }
            out.push('>');
            open = Some(group);
        }
        draw(&mut out, &mark.shape);
    }
    out.push_str(if open.is_some() { "</g></svg>" } else { "</svg>" });
    out
}

/// A picture as a file of its own: no page around it, so colors and patterns stand in it.
pub(super) fn file(marks: &[Mark], [width, height]: [f32; 2], name: &str, palette: &Palette) -> String {
    let drawn = picture(marks, Area::new(0.0, 0.0, width, height), name);
    let begin = drawn.find('>').map_or(0, |end| end + 1);
    let (root, inside) = drawn.split_at(begin);
    let root = root.trim_end_matches('>');
    let root = root.replacen("<svg", r#"<svg xmlns="http://www.w3.org/2000/svg""#, 1);
    let (w, h) = (short(width), short(height));
    let style = format!("text{{font-family:{FAMILY}}}.mono{{font-family:{MONO}}}");
    let mut out =
        format!(r#"{root} width="{w}" height="{h}"><title>{}</title><style>{style}</style>"#, named_words(name));
    out.push_str(&patterns());
    put(&mut out, format_args!(r#"<rect width="{w}" height="{h}" fill="var(--bg)"/>{inside}"#));
    out.push('\n');
    resolved(&out, palette)
}

/// The families of letters, the bundled ones first.
const FAMILY: &str = "Inter,system-ui,'Noto Sans SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif";
const MONO: &str = "Hack,'JetBrains Mono',Consolas,monospace";

/// Words as markup; one that spells the name of a color stays a word.
fn named_words(words: &str) -> String {
    escape(words).replace("var(--", "var(&#45;-")
}

/// The same with colors in place of their names: not everything that shows pictures knows variables.
fn resolved(text: &str, palette: &Palette) -> String {
    let named = variables(palette);
    let colors: Vec<(&str, &str)> = named.split(';').filter_map(|it| it.strip_prefix("--")?.split_once(':')).collect();
    let mut pieces = text.split("var(--");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(')').unwrap_or((piece, ""));
        match colors.iter().find(|(known, _)| *known == name) {
            Some((_, color)) => out.extend([*color, rest]),
            None => out.extend(["var(--", piece]),
        }
    }
    out
}

/// How a part of a bar is filled.
pub(super) fn part_fill(component: Memory, in_ram: bool) -> String {
    let name = component_name(component);
    match texture(component).0 {
        _ if in_ram => format!("url(#ram-{name})"),
        Strokes::None => format!("var(--{name})"),
        _ => format!("url(#in-{name})"),
    }
}

/// The upper edge of a shape.
pub(super) fn top(shape: &Shape) -> f32 {
    match shape {
        Shape::Rect { area, .. } => area.y,
        Shape::Path { points, .. } | Shape::Polygon { points, .. } => {
            points.iter().map(|[_, y]| *y).fold(f32::INFINITY, f32::min)
        }
        Shape::Disc { center, radius, .. } => center[1] - radius,
        Shape::Text { at, face, .. } => at[1] - face.size() / 2.0,
    }
}

fn draw(out: &mut String, shape: &Shape) {
    match shape {
        Shape::Rect { area, radius, fill, pen } => rect(out, *area, *radius, (*fill, *pen)),
        Shape::Path { points, pen } => {
            put(out, format_args!(r#"<path d="{}" fill="none"{}/>"#, through(points), stroke(*pen)));
        }
        Shape::Polygon { points, ink } => {
            put(out, format_args!(r#"<path d="{}Z" fill="{}"/>"#, through(points), color(*ink)));
        }
        Shape::Disc { center: [x, y], radius, ink, pen } => {
            let fill = ink.map_or_else(|| "none".to_owned(), color);
            let pen = pen.map(stroke).unwrap_or_default();
            let (x, y, radius) = (short(*x), short(*y), short(*radius));
            put(out, format_args!(r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}"{pen}/>"#));
        }
        Shape::Text { at, anchor, words, face, ink, plate, room } => {
            if let Some(plate) = plate {
                let [around, height] = PLATE;
                let width = ByRule.width(words, *face) + around;
                let left = left_of(*at, *anchor, width);
                rect(out, Area::new(left, at[1] - height / 2.0, width, height), 3.0, (Fill::Plain(*plate), None));
            }
            text(out, *at, (*anchor, words), (*face, *ink), *room);
        }
    }
}

fn rect(out: &mut String, area: Area, radius: f32, (fill, pen): (Fill, Option<Pen>)) {
    let edge = |name: &str, dashed: bool| {
        format!(r#" stroke="var(--{name})"{}"#, if dashed { dashes() } else { String::new() })
    };
    // A component's own edge runs inside its area, as wide as one point.
    let (fill, own) = match fill {
        Fill::None => ("none".to_owned(), None),
        Fill::Plain(ink) => (color(ink), None),
        Fill::Solid(component) => {
            let name = component_name(component);
            let fill = if texture(component).0 == Strokes::None {
                format!("var(--{name})")
            } else {
                format!("url(#in-{name})")
            };
            (fill, Some(edge(&format!("{name}-edge"), false)))
        }
        Fill::Hatched(component) | Fill::Nowhere(component) => {
            let name = component_name(component);
            (format!("url(#ram-{name})"), Some(edge(name, matches!(fill, Fill::Nowhere(_)))))
        }
        Fill::Ghost(component) => ("none".to_owned(), Some(edge(component_name(component), true))),
    };
    let area = if own.is_some() { area.inset(0.5) } else { area };
    let Area { x, y, w, h } = area;
    put(out, format_args!(r#"<rect x="{}" y="{}" width="{}" height="{}""#, short(x), short(y), short(w), short(h)));
    if radius > 0.0 {
        put(out, format_args!(r#" rx="{}""#, short(radius)));
    }
    let pen = pen.map(stroke).or(own).unwrap_or_default();
    put(out, format_args!(r#" fill="{fill}"{pen}/>"#));
}

fn text(out: &mut String, [x, y]: At, (anchor, words): (Anchor, &str), (face, ink): (Face, Ink), room: f32) {
    let anchor = match anchor {
        Anchor::Start => "",
        Anchor::Middle => r#" text-anchor="middle""#,
        Anchor::End => r#" text-anchor="end""#,
    };
    let weight = if face.is_strong() { r#" font-weight="600""# } else { "" };
    let kind = if face.is_mono() { r#" class="mono""# } else { "" };
    let (x, y, size, fill) = (short(x), short(y), short(face.size()), color(ink));
    put(
        out,
        format_args!(r#"<text x="{x}" y="{y}" dy="{FEET}em" font-size="{size}"{weight}{kind}{anchor} fill="{fill}""#),
    );
    // Fonts of a reader's system are not known: what may be too long is set as wide as its room.
    if room.is_finite() && ByRule.width(words, face) * CLOSE > room {
        put(out, format_args!(r#" textLength="{}" lengthAdjust="spacingAndGlyphs""#, short(room)));
    }
    put(out, format_args!(">{}</text>", named_words(words)));
}

fn left_of([x, _]: At, anchor: Anchor, width: f32) -> f32 {
    match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - width / 2.0,
        Anchor::End => x - width,
    }
}

fn through(points: &[At]) -> String {
    let mut out = String::new();
    for (place, [x, y]) in points.iter().enumerate() {
        let step = if place == 0 { 'M' } else { 'L' };
        put(&mut out, format_args!("{step}{} {}", short(*x), short(*y)));
    }
    out
}

fn dashes() -> String {
    let [dash, gap] = DASHES;
    format!(r#" stroke-dasharray="{dash} {gap}""#)
}

fn stroke(pen: Pen) -> String {
    let dashes = if pen.dashed { dashes() } else { String::new() };
    format!(r#" stroke="{}" stroke-width="{}"{dashes}"#, color(pen.ink), short(pen.width))
}

fn color(ink: Ink) -> String {
    format!("var(--{})", named(ink))
}

/// The variable of an ink.
fn named(ink: Ink) -> String {
    let of = |component, end| format!("{}{end}", component_name(component));
    match ink {
        Ink::Bg => "bg".to_owned(),
        Ink::Panel => "panel".to_owned(),
        Ink::Raised => "raised".to_owned(),
        Ink::Line => "line".to_owned(),
        Ink::Rail => "rail".to_owned(),
        Ink::Text => "text".to_owned(),
        Ink::Sec => "sec".to_owned(),
        Ink::Faint => "faint".to_owned(),
        Ink::Memory(component) => of(component, ""),
        Ink::OnMemory(component) => of(component, "-ink"),
        Ink::Resting(component) => of(component, "-rest"),
        Ink::Verdict(verdict) => verdict_name(verdict).to_owned(),
    }
}

/// The variable of a verdict.
pub(super) const fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fits | Verdict::Tight => "fit",
        Verdict::Offload => "off",
        Verdict::DoesNotFit => "no",
    }
}

/// The variable of a component.
fn component_name(component: Memory) -> &'static str {
    link_name(Link::of(component))
}

/// What things and words that light up together share.
pub(super) fn link_name(link: Link) -> &'static str {
    link.into()
}

/// A coordinate in tenths of a point, an opacity in hundredths: nobody sees more.
fn short(value: f32) -> String {
    let text = format!("{value:.digits$}", digits = if value.abs() < 1.0 { 2 } else { 1 });
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
