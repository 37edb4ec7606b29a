//! Every color by its meaning, for both themes: the window and exported pages take them from here.

use std::fmt;

use super::mark::Ink;
use crate::estimate::{Memory, Verdict};

/// A color of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    const fn hex(hex: u32) -> Self {
        let [_, r, g, b] = hex.to_be_bytes();
        Self([r, g, b])
    }

    /// This with a share of `top` mixed in, in gamma space, as the design measures it.
    #[must_use]
    pub fn mix(self, top: Self, share: f32) -> Self {
        let mut mixed = self.0;
        for (base, top) in mixed.iter_mut().zip(top.0) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
            let between = (f32::from(*base) * (1.0 - share) + f32::from(top) * share + 0.5) as u8;
            *base = between;
        }
        Self(mixed)
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

/// How one component is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryColors {
    /// The plain fill.
    pub fill: Rgb,
    /// Text on the fill.
    pub ink: Rgb,
    /// One point inside the segment.
    pub edge: Rgb,
    /// Lines and dots on the fill.
    pub pattern: Rgb,
    /// The ground under the hatch that says "in RAM".
    pub hatch_ground: Rgb,
    /// While it waits its turn: most of the color taken out.
    pub resting: Rgb,
}

/// The colors of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the design, which says where each is seen")]
pub struct Palette {
    pub dark: bool,
    pub bg: Rgb,
    pub panel: Rgb,
    pub raised: Rgb,
    pub hover: Rgb,
    pub line: Rgb,
    pub rail: Rgb,
    pub text: Rgb,
    pub sec: Rgb,
    pub faint: Rgb,
    pub focus: Rgb,
    pub fit: Rgb,
    pub off: Rgb,
    pub no: Rgb,
    memory: [Rgb; 8],
}

const INK_DARK: Rgb = Rgb::hex(0x000B_0D0F);
const INK_LIGHT: Rgb = Rgb::hex(0x00FF_FFFF);
const BLACK: Rgb = Rgb::hex(0);

/// The dark theme.
pub const DARK: Palette = Palette {
    dark: true,
    bg: Rgb::hex(0x000F_1113),
    panel: Rgb::hex(0x0015_181B),
    raised: Rgb::hex(0x001F_2327),
    hover: Rgb::hex(0x0028_2D32),
    line: Rgb::hex(0x002B_3136),
    rail: Rgb::hex(0x006A_757F),
    text: Rgb::hex(0x00EC_EFF1),
    sec: Rgb::hex(0x00AE_B7BF),
    faint: Rgb::hex(0x008A_949D),
    focus: Rgb::hex(0x009D_B4FF),
    fit: Rgb::hex(0x003E_D6A0),
    off: Rgb::hex(0x00FF_D84D),
    no: Rgb::hex(0x00FF_7A76),
    memory: [
        Rgb::hex(0x002E_88E8),
        Rgb::hex(0x00DE_A24D),
        Rgb::hex(0x009D_DFCB),
        Rgb::hex(0x0093_98A9),
        Rgb::hex(0x004C_646E),
        Rgb::hex(0x00A6_64A7),
        Rgb::hex(0x00E8_B0FC),
        Rgb::hex(0x00FF_EF97),
    ],
};

/// The light theme.
pub const LIGHT: Palette = Palette {
    dark: false,
    bg: Rgb::hex(0x00F4_F6F7),
    panel: Rgb::hex(0x00FF_FFFF),
    raised: Rgb::hex(0x00EC_EFF1),
    hover: Rgb::hex(0x00E2_E6E9),
    line: Rgb::hex(0x00D3_D9DE),
    rail: Rgb::hex(0x007E_8991),
    text: Rgb::hex(0x0014_181B),
    sec: Rgb::hex(0x0043_4D56),
    faint: Rgb::hex(0x005F_6A73),
    focus: Rgb::hex(0x002F_55D4),
    fit: Rgb::hex(0x0008_734F),
    off: Rgb::hex(0x0080_5A00),
    no: Rgb::hex(0x00C4_282D),
    memory: [
        Rgb::hex(0x0008_70D5),
        Rgb::hex(0x00CA_641C),
        Rgb::hex(0x004B_A592),
        Rgb::hex(0x006B_6D72),
        Rgb::hex(0x00AE_C5CD),
        Rgb::hex(0x006A_1B6A),
        Rgb::hex(0x00D6_8DF3),
        Rgb::hex(0x00AE_B12C),
    ],
};

impl Palette {
    /// How `component` is drawn.
    pub fn memory(&self, component: Memory) -> MemoryColors {
        // Other programs hold weights too: the hue still says so, between the ground and the weights.
        let weights = self.memory[Memory::Weights as usize];
        let fill = self.memory.get(component as usize).copied().unwrap_or_else(|| self.panel.mix(weights, 0.5));
        let light_ink = match component {
            Memory::Weights | Memory::Overhead | Memory::Gradients => !self.dark,
            Memory::Os | Memory::Also => self.dark,
            Memory::Kv | Memory::Compute | Memory::Optimizer | Memory::Adapter => false,
        };
        let dots = matches!(component, Memory::Overhead | Memory::Os);
        MemoryColors {
            fill,
            ink: if light_ink { INK_LIGHT } else { INK_DARK },
            edge: if component == Memory::Also {
                weights
            } else if self.dark {
                fill.mix(INK_LIGHT, 0.12)
            } else {
                fill.mix(BLACK, 0.45)
            },
            pattern: fill.mix(INK_DARK, if dots { 0.40 } else { 0.28 }),
            hatch_ground: self.panel.mix(fill, if self.dark { 0.42 } else { 0.34 }),
            resting: self.bg.mix(fill, 0.30),
        }
    }

    /// The color of `verdict`; never alone, always beside its icon and its word.
    pub const fn verdict(&self, verdict: Verdict) -> Rgb {
        match verdict {
            Verdict::Fits | Verdict::Tight => self.fit,
            Verdict::Offload => self.off,
            Verdict::DoesNotFit => self.no,
        }
    }

    /// The color of an ink.
    pub fn ink(&self, ink: Ink) -> Rgb {
        match ink {
            Ink::Bg => self.bg,
            Ink::Panel => self.panel,
            Ink::Raised => self.raised,
            Ink::Line => self.line,
            Ink::Rail => self.rail,
            Ink::Text => self.text,
            Ink::Sec => self.sec,
            Ink::Faint => self.faint,
            Ink::Memory(component) => self.memory(component).fill,
            Ink::OnMemory(component) => self.memory(component).ink,
            Ink::Resting(component) => self.memory(component).resting,
            Ink::Verdict(verdict) => self.verdict(verdict),
        }
    }
}
