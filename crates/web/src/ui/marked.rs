//! A text with stretches marked in it, each leading to what is said about it beside the text.

use maud::{Markup, html};

/// A stretch of the text, in code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub start: usize,
    pub end: usize,
    /// What is said about it has the id `item-NUMBER`.
    pub number: i64,
    /// Number shown behind it.
    pub shown: i64,
    /// Class of the mark: empty, `span-done` or `span-off`.
    pub class: &'static str,
    /// What a pointer that rests on it is told.
    pub title: String,
}

/// The text with its marks. Where stretches overlap the later one begins behind the earlier.
pub fn marked_text(text: &str, mut stretches: Vec<Stretch>) -> Markup {
    stretches.sort_by_key(|stretch| (stretch.start, stretch.end));
    let chars: Vec<char> = text.chars().collect();
    let words = |from: usize, to: usize| -> String {
        chars[from.min(chars.len())..to.min(chars.len())].iter().collect()
    };
    let mut at = 0;
    html! {
        div .text-read role="region" aria-label="原文" tabindex="0" {
            @for stretch in &stretches {
                @let from = stretch.start.max(at).min(chars.len());
                @let to = stretch.end.max(from).min(chars.len());
                (words(at, from))
                mark class=[Some(stretch.class).filter(|class| !class.is_empty())] id={ "span-" (stretch.number) } {
                    a href={ "#item-" (stretch.number) } title=(stretch.title) {
                        (words(from, to)) span .span-note { (stretch.shown) }
                    }
                }
                @let () = at = to;
            }
            (words(at, chars.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(start: usize, end: usize, number: i64) -> Stretch {
        Stretch { start, end, number, shown: number, class: "", title: String::new() }
    }

    #[test]
    fn every_character_stands_once_also_where_marks_overlap_or_reach_beyond_the_end() {
        let all = vec![stretch(2, 5, 2), stretch(0, 3, 1), stretch(5, 99, 3)];
        let text = marked_text("一二三四五六<", all).into_string();
        let mut plain = String::new();
        let mut inside = false;
        for c in text
            .replace("<span class=\"span-note\">1</span>", "")
            .replace("<span class=\"span-note\">2</span>", "")
            .replace("<span class=\"span-note\">3</span>", "")
            .chars()
        {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => plain.push(c),
                _ => {}
            }
        }
        assert_eq!(plain, "一二三四五六&lt;");
    }
}
