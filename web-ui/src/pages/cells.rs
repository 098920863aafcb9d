//! Texts for the cells of a CSV file, which a spreadsheet must not take for formulas (OWASP, CSV injection).

/// What makes a spreadsheet read a text as a formula, wide letters of East Asia included.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What programs set to another separator, or to no quotes, would begin a new cell at.
const SEPARATORS: [char; 5] = [',', ';', '\t', '\r', '\n'];

/// The text, with a mark before whatever a spreadsheet would calculate: at its beginning, and wherever a
/// program cuts the line at another sign than we did (Excel in Ukrainian takes the semicolon).
pub(crate) fn harmless(text: &str) -> String {
    let mut marked = String::with_capacity(text.len() + 1);
    for (place, piece) in text.split_inclusive(SEPARATORS).enumerate() {
        let rest = piece.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || "\"'\u{feff}".contains(c));
        let is_number = text.parse::<f64>().is_ok();
        let runs = match rest.chars().next() {
            Some('+' | '-' | '＋' | '－') if place > 0 => reaches_out(rest),
            Some(sign) => SIGNS.contains(&sign),
            None => false,
        };
        if runs && !is_number {
            marked.push_str(&piece[..piece.len() - rest.len()]);
            marked.push('\'');
            marked.push_str(rest);
        } else {
            marked.push_str(piece);
        }
    }
    marked
}

/// Whether a sum would do more than add numbers: call a function, another program or another file. The dash
/// of a list does not.
fn reaches_out(text: &str) -> bool {
    let mut before = ' ';
    let calls = text.chars().any(|c| {
        let is_call = c == '(' && before.is_alphanumeric();
        before = c;
        is_call
    });
    calls || text.contains('|') || text.contains("'!")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_run_is_marked() {
        let said = [
            ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
            ("+380 51", "'+380 51"),
            ("\t=1+1", "\t'=1+1"),
            (" @SUM(1)", " '@SUM(1)"),
            ("＝1+1", "'＝1+1"),
            ("x;=1+1", "x;'=1+1"),
            ("x\";\"=1+1", "x\";\"'=1+1"),
            ("x,-2+cmd|' /C calc'!A0", "x,'-2+cmd|' /C calc'!A0"),
            ("x\n+HYPERLINK(\"http://x\")", "x\n'+HYPERLINK(\"http://x\")"),
        ];
        for (text, marked) in said {
            assert_eq!(harmless(text), marked);
        }
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in
            ["-5", "Толока", "Цілі:\n- перша (друга);\n- третя", "a=b", "10-15 осіб, +5", "с. Нове; с. Старе", ""]
        {
            assert_eq!(harmless(text), text);
        }
    }
}
