//! A scene as one page of HTML that takes nothing from anywhere: both languages, light and dark, every stop with its
//! picture. With a script it is stepped through; without, and on paper, it is a handout of its stops.

use super::markup::{escape, put};
use super::shell::{self, tag};
use super::svg;
use crate::plan::SceneId;
use crate::scenes::Scene;
use crate::scenes::clock::Clock;
use crate::scenes::draw::{self, Beholder};
use crate::scenes::mark::{Area, Mark, STAGE};
use crate::scenes::offer::Offer;
use crate::scenes::script::{Said, StopScript};
use crate::scenes::spans::{self, Tongue};
use crate::scenes::twin;
use crate::text::{Key, Locale, Placeholder, count};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Around the pictures of a scene, in points.
const MARGIN: f32 = 12.0;

/// The name of the file that a scene is offered to be saved under.
pub fn file_name(id: SceneId) -> String {
    format!("{}.html", id.name())
}

/// The page of `scene`, said in `tongue`; it opens in `first` and holds both languages.
pub fn page(scene: &Scene, tongue: Tongue, first: Locale) -> String {
    let title = scene.plain(&scene.script.title, tongue, first);
    let mut out = shell::begin(&title, first, STYLE);
    for locale in Locale::ALL {
        article(&mut out, scene, tongue, locale);
    }
    put(&mut out, format_args!("</div>\n<script>\n{SCRIPT}</script>\n{}", shell::END));
    out
}

/// One language of the page.
fn article(out: &mut String, scene: &Scene, tongue: Tongue, locale: Locale) {
    let mut teller = Teller { scene, clock: Clock::of(scene), tongue, locale, view: Area::default() };
    teller.view = teller.view();
    let lang = tag(locale);
    put(out, format_args!("<article lang=\"{lang}\">\n"));
    teller.line(out, "h1", "", &scene.script.title);
    teller.line(out, "p", "about", &scene.script.about);
    for stop in 0..scene.stops() {
        teller.stop(out, stop);
    }
    let word = |key| escape(locale.word(key));
    put(out, format_args!("<nav aria-label=\"{}\">\n", word(Key::PageStops)));
    put(out, format_args!("<button type=\"button\" class=\"back\">{}</button>\n", word(Key::PageBack)));
    out.push_str("<span class=\"count\" aria-live=\"polite\"></span>\n");
    put(out, format_args!("<button type=\"button\" class=\"next\">{}</button>\n", word(Key::PageNext)));
    put(out, format_args!("<small class=\"keys\">{}</small>\n</nav>\n", word(Key::PageKeys)));
    let foot = locale.sentence(Key::PageFoot, &[(Placeholder::Value, env!("CARGO_PKG_VERSION"))]);
    put(out, format_args!("<p class=\"foot\">{}</p>\n</article>\n", escape(&foot)));
}

/// Tells a scene in one language.
struct Teller<'a> {
    scene: &'a Scene,
    clock: Clock,
    tongue: Tongue,
    locale: Locale,
    view: Area,
}

impl Teller<'_> {
    fn stop(&self, out: &mut String, stop: usize) {
        let Some(words) = self.scene.script.stops.get(stop) else { return };
        let (locale, number) = (self.locale, stop + 1);
        let id = format!("{}-{number}", tag(locale));
        put(out, format_args!("<section class=\"stop\" id=\"{id}\" aria-labelledby=\"{id}-heading\">\n"));
        let name = self.scene.plain(&words.name, self.tongue, locale);
        let all = self.scene.stops();
        let holes = [
            (Placeholder::Count, &*count(number as u64)),
            (Placeholder::Value, &*count(all as u64)),
            (Placeholder::Name, &*name),
        ];
        put(out, format_args!("<p class=\"step\">{}</p>\n", escape(&locale.sentence(Key::PageStop, &holes))));
        put(out, format_args!("<h2 id=\"{id}-heading\">{}</h2>\n", self.spans(&words.heading)));
        self.line(out, "p", "sub", &words.sub);
        let before = stop.checked_sub(1).and_then(|before| self.scene.script.stops.get(before));
        for reply in before.into_iter().flat_map(|before| &before.replies) {
            self.line(out, "p", "reply", reply);
        }
        self.answers(out, words);
        let texts = twin::stop_text(self.scene, stop, self.tongue, locale);
        put(out, format_args!("<div class=\"picture\">{}</div>\n", self.picture(stop, &texts.heading)));
        self.line(out, "p", "caption", &words.caption);
        self.offers(out, stop);
        if !texts.picture.is_empty() {
            put(out, format_args!("<div class=\"seen\"><h3>{}</h3>\n<ul>\n", escape(locale.word(Key::PagePicture))));
            for thing in &texts.picture {
                put(out, format_args!("<li>{}</li>\n", escape(thing)));
            }
            out.push_str("</ul></div>\n");
        }
        self.line(out, "p", "note", &words.note);
        out.push_str("</section>\n");
    }

    /// The picture of a stop as it stands at its end.
    fn picture(&self, stop: usize, name: &str) -> String {
        svg::picture(&self.marks(stop), self.view, name)
    }

    fn marks(&self, stop: usize) -> Vec<Mark> {
        let beholder = Beholder { locale: self.locale, tongue: self.tongue, measure: &svg::AnyFont };
        draw::draw(self.scene, &self.clock, self.clock.end_of(stop), beholder)
    }

    /// The part of the stage that any picture needs, the same at every stop, so that what stays does not move: the page has
    /// the heading and the answers, for which the window leaves room on top, beside the picture.
    fn view(&self) -> Area {
        let marks = (0..self.scene.stops()).flat_map(|stop| self.marks(stop));
        let top = marks.map(|mark| svg::top(&mark.shape)).fold(STAGE[1], f32::min);
        let top = (top - MARGIN).clamp(0.0, STAGE[1] / 2.0).floor();
        Area::new(0.0, top, STAGE[0], STAGE[1] - top)
    }

    fn answers(&self, out: &mut String, words: &StopScript) {
        if words.answers.is_empty() {
            return;
        }
        put(out, format_args!("<h3>{}</h3>\n<ol class=\"answers\">\n", escape(self.locale.word(Key::PageAnswers))));
        for answer in &words.answers {
            self.line(out, "li", "", answer);
        }
        out.push_str("</ol>\n");
    }

    fn offers(&self, out: &mut String, stop: usize) {
        let mut offers = self.scene.offers.iter().filter(|offer| offer.stop == stop).peekable();
        if offers.peek().is_none() {
            return;
        }
        out.push_str("<ul class=\"offers\">\n");
        for Offer { name, about, figures, verdict, .. } in offers {
            let [name, about, figures] =
                [name, about, figures].map(|say| escape(&self.scene.say(say, self.tongue, self.locale)));
            let (color, word) = (svg::verdict_name(*verdict), escape(self.locale.word(verdict.word())));
            put(out, format_args!("<li class=\"{color}\"><b>{name}</b> <span>{about}</span> "));
            put(out, format_args!("<strong>{figures}</strong> <em>{word}</em></li>\n"));
        }
        out.push_str("</ul>\n");
    }

    /// An element with a sentence, unless that says nothing.
    fn line(&self, out: &mut String, element: &str, class: &str, said: &Said) {
        if said.is_empty() {
            return;
        }
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        put(out, format_args!("<{element}{class}>{}</{element}>\n", self.spans(said)));
    }

    /// A sentence whose words light up with what they name.
    fn spans(&self, said: &Said) -> String {
        let filled = self.scene.fill(said, self.tongue, self.locale);
        let spans = spans::spans(&filled).into_iter().map(|span| {
            let words = escape(&span.words);
            match span.link {
                Some(link) => {
                    let name = svg::link_name(link);
                    let color = if link.component().is_some() { name } else { "sec" };
                    format!("<span class=\"word\" data-l=\"{name}\" style=\"--own:var(--{color})\">{words}</span>")
                }
                None => words,
            }
        });
        spans.collect()
    }
}
