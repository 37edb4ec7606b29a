//! The bundled faces: the window sets its words in them, and pictures are drawn with them.

/// A bundled face: its name, and the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundledFace {
    /// What it is called.
    pub name: &'static str,
    /// The whole font file.
    pub bytes: &'static [u8],
}

/// Latin letters.
pub const INTER: BundledFace =
    BundledFace { name: "Inter", bytes: include_bytes!("../../assets/fonts/Inter-Regular.otf") };
/// The same, semibold.
pub const INTER_STRONG: BundledFace =
    BundledFace { name: "Inter SemiBold", bytes: include_bytes!("../../assets/fonts/Inter-SemiBold.otf") };
/// Chinese characters.
pub const NOTO: BundledFace =
    BundledFace { name: "Noto Sans SC", bytes: include_bytes!("../../assets/fonts/NotoSansSC-Regular.otf") };
/// The same, bold.
pub const NOTO_STRONG: BundledFace =
    BundledFace { name: "Noto Sans SC Bold", bytes: include_bytes!("../../assets/fonts/NotoSansSC-Bold.otf") };
/// All of one width: the toolkit's own.
pub const MONO: BundledFace = BundledFace { name: "Hack", bytes: epaint_default_fonts::HACK_REGULAR };
