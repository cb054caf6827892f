//! Braces in somebody's own docx that were meant as a field and are read as none: they would be printed as they stand.

use bihuan_domain::report::text::own_field;

/// Longest stretch that is quoted and looked through, in characters.
const QUOTED: usize = 24;

/// The first such braces, with the way out.
pub(super) fn unread(text: &str) -> Option<String> {
    text.lines().find_map(of_line)
}

fn of_line(line: &str) -> Option<String> {
    let begin = |rest: &str| rest.chars().take(QUOTED).collect::<String>();
    if let Some(at) = line.find(['｛', '｝']) {
        return Some(format!(
            "“{}”用了全角花括号，不会被填写；字段请用半角，例如 {{{{问题总数}}}}。",
            begin(&line[at..])
        ));
    }
    let mut rest = line;
    while let Some(at) = rest.find(['{', '}']) {
        let here = &rest[at..];
        if let Some(inner) = here.strip_prefix("{{") {
            let end = inner.find("}}").filter(|end| !inner[..*end].contains(['{', '}']));
            let Some(end) = end else {
                return Some(format!("“{}”没有写完：两层花括号要成对，例如 {{{{问题总数}}}}。", begin(here)));
            };
            rest = &inner[end + 2..];
        } else if here.starts_with("}}") {
            return Some(format!("“{}”前面没有对应的“{{{{”，请补上或者删去。", begin(here)));
        } else {
            let end = here.find('}').unwrap_or(0);
            let single = here.get(1..end).filter(|name| own_field(name.trim(), false).is_ok());
            if let Some(name) = single {
                return Some(format!("“{{{name}}}”只有一层花括号，不会被填写；请写成 {{{{{name}}}}}。"));
            }
            rest = &here[1..];
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::unread;

    #[test]
    fn braces_that_would_be_printed_are_told_and_fields_and_other_braces_are_not_m41() {
        for (text, told) in [
            ("共{{问题总数}}件，{{在办件", "没有写完"),
            ("共｛｛在办｝｝件", "全角"),
            ("在办{在办}件", "一层花括号"),
            ("在办}}件", "没有对应"),
            ("{{问题{{总数}}", "没有写完"),
        ] {
            let sentence = unread(text).unwrap_or_default();
            assert!(sentence.contains(told), "{text}: {sentence}");
        }
        for text in ["共{{问题总数}}件，{{在办}}件", "集合{1, 2}", "{备注}", "{", ""] {
            assert_eq!(unread(text), None, "{text}");
        }
    }
}
