//! Who is named in a subject of several names.

/// Words that join the last names of a row, the longer one first.
const JOINTS: [&str; 4] = ["以及", "和", "及", "与"];
/// Last characters of the names of bodies and places.
const ENDS: &str = "局委办厅部室科股处站所院校队组会馆台镇乡村街县市区州旗司心班府道";

/// The names of a subject, one by one: 青岚镇、柳汀镇和白石铺镇 are three. 和 parts two names only where one ends in front of it
/// and one behind it, so that 住房和城乡建设局 stays whole, and so does a row with 等 at its end.
///
/// ```
/// let names = bihuan_text::parties("青岚镇、柳汀镇和县住房和城乡建设局");
/// assert_eq!(names, ["青岚镇", "柳汀镇", "县住房和城乡建设局"]);
/// assert_eq!(bihuan_text::parties("各县（市、区）"), ["各县（市、区）"]);
/// ```
pub fn parties(subject: &str) -> Vec<&str> {
    let listed = listed(subject);
    // 市、县两级 and 教育、文旅等部门 are one name.
    let short = listed.iter().any(|name| name.chars().nth(1).is_none());
    let parts = if short || subject.contains('等') { vec![subject] } else { listed };
    parts.into_iter().flat_map(joined).filter(|name| !name.is_empty()).collect()
}

/// The parts between 、 outside of brackets.
fn listed(subject: &str) -> Vec<&str> {
    let (mut parts, mut from, mut open) = (Vec::new(), 0, 0_i32);
    for (at, c) in subject.char_indices() {
        open += i32::from(matches!(c, '（' | '(')) - i32::from(matches!(c, '）' | ')'));
        if c == '、' && open <= 0 {
            parts.push(subject[from..at].trim());
            from = at + c.len_utf8();
        }
    }
    parts.push(subject[from..].trim());
    parts
}

/// The names that 和 and the like join.
fn joined(part: &str) -> Vec<&str> {
    let (mut names, mut from) = (Vec::new(), 0);
    for (at, _) in part.char_indices() {
        let joint = JOINTS.iter().find(|joint| at >= from && part[at..].starts_with(**joint));
        let Some(joint) = joint else { continue };
        let behind = at + joint.len();
        if names_body(&part[from..at]) && names_body(&part[behind..]) {
            names.push(&part[from..at]);
            from = behind;
        }
    }
    names.push(&part[from..]);
    names
}

/// Whether the words are a name by themselves: 青岚镇, 县教育局, 各村; not 政府 or 农业农村.
fn names_body(words: &str) -> bool {
    let length = words.chars().count();
    let whole = length >= 3 || length == 2 && words.starts_with('各');
    whole && words.ends_with(|c| ENDS.contains(c)) && !words.ends_with("农村")
}
