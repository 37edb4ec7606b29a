//! A plan as Markdown: a heading, a table, speeds, the text that opens it.

use super::{PartTable, RowOf, Sheet};
use crate::text::{Key, Locale, one_line};

impl Sheet<'_> {
    /// The same as [`Self::text`] for what shows Markdown.
    pub fn markdown(&self, locale: Locale) -> String {
        let mut lines = vec![format!("## {}", escaped(self.title)), String::new()];
        lines.push(format!("**{}** · {}", self.verdict(locale), escaped(&self.what(locale))));
        lines.push(String::new());
        let table = PartTable::of(self, locale);
        lines.push(row("GiB", table.places.iter().map(String::as_str)));
        lines.push(row("---", table.places.iter().map(|_| "---:")));
        for part in &table.rows {
            let name = match part.of {
                RowOf::Part(_) => part.name.to_owned(),
                _ => format!("**{}**", part.name),
            };
            lines.push(row(&name, part.cells.iter().map(String::as_str)));
        }
        let residents = self.residents(locale);
        if !residents.is_empty() {
            lines.extend([String::new(), format!("**{}**", locale.word(Key::AlsoOnMachine)), String::new()]);
            lines.extend(residents.iter().map(|line| format!("- {}", escaped(line))));
        }
        lines.push(String::new());
        lines.extend(self.rates(locale).iter().map(|rate| format!("- {}: **{}**", rate.name, rate.said)));
        lines.extend(self.no_speed(locale).map(|why| format!("- {why}")));
        lines.extend(self.notes(locale).iter().map(|note| format!("- {}", escaped(note))));
        if let Some(link) = self.link {
            lines.extend([String::new(), format!("{}:", locale.word(Key::ReportLink)), String::new()]);
            lines.extend(["```text", link, "```"].map(str::to_owned));
        }
        lines.join("\n") + "\n"
    }
}

fn row<'a>(name: &str, cells: impl Iterator<Item = &'a str>) -> String {
    let mut line = format!("| {name} |");
    for cell in cells {
        line.extend([" ", cell, " |"]);
    }
    line
}

/// Names as they are: nothing in them is markup or leaves its line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for letter in one_line(text).chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // An address in a name is no link.
            '/' if before == ':' => out.push_str("&#47;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '@' => out.extend(['\\', letter]),
            letter => out.push(letter),
        }
        before = letter;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_markup() {
        let name = "# a | b\n<script>x</script> [x](http://y) `c` ![z] **d** @e";
        let said = escaped(name);
        let bare = said.replace("\\`", "").replace("\\[", "").replace("\\|", "").replace("\\#", "").replace("\\*", "");
        assert!(!bare.contains(['<', '>', '`', '|', '\n']) && !bare.contains("http:/"), "{said}");
        assert!(!bare.contains('[') && !bare.contains("**"), "{said}");
    }
}
