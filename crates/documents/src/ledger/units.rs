//! Splitting the text of a unit cell into names and roles.

use std::borrow::Cow;

use super::evidence::looks_like_unit;

/// The units of one cell by role, in the order written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitRoles {
    /// Marked 牵头 or 主办.
    pub lead: Vec<String>,
    /// Marked 责任, or not marked at all.
    pub responsible: Vec<String>,
    /// Marked 配合 or 协办.
    pub assisting: Vec<String>,
}

impl UnitRoles {
    fn of(&mut self, role: UnitRole) -> &mut Vec<String> {
        match role {
            UnitRole::Lead => &mut self.lead,
            UnitRole::Responsible => &mut self.responsible,
            UnitRole::Assisting => &mut self.assisting,
        }
    }

    /// Whether no unit was found.
    pub fn is_empty(&self) -> bool {
        self.lead.is_empty() && self.responsible.is_empty() && self.assisting.is_empty()
    }

    /// Adds another cell's units, each once per role.
    pub(super) fn join(&mut self, other: Self) {
        for (role, units) in [
            (UnitRole::Lead, other.lead),
            (UnitRole::Responsible, other.responsible),
            (UnitRole::Assisting, other.assisting),
        ] {
            for unit in units {
                push_once(self.of(role), unit);
            }
        }
    }
}

fn push_once(list: &mut Vec<String>, unit: String) {
    if !list.contains(&unit) {
        list.push(unit);
    }
}

/// What a unit has to do with a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitRole {
    Lead,
    Responsible,
    Assisting,
}

/// The role a word names: 牵头单位, 配合, 责任部门.
pub(super) fn role_word(text: &str) -> Option<UnitRole> {
    let name = super::words::normal(text);
    let core = name.trim_matches(['(', ')', ':', '：']);
    if core.chars().count() > 8 {
        return None;
    }
    match core {
        "牵头" | "主办" | "主责" | "牵头单位" | "牵头部门" | "主办单位" | "主责单位" | "牵头责任单位"
        | "为牵头单位" | "总牵头" | "主办部门" | "整改牵头单位" => Some(UnitRole::Lead),
        "配合" | "协办" | "协助" | "协同" | "参与" | "配合单位" | "配合部门" | "协办单位" | "协助单位"
        | "会办" | "会办单位" | "协同单位" | "参与单位" | "按职责配合" => {
            Some(UnitRole::Assisting)
        }
        "责任" | "责任单位" | "责任部门" | "责任主体" | "整改责任单位" | "承办" | "承办单位" | "落实"
        | "整改单位" | "落实单位" => Some(UnitRole::Responsible),
        _ => None,
    }
}

/// Splits a cell: at 、，；, line ends and blanks, at 和 and 及 only between two whole names; never inside
/// brackets. Roles before a colon hold until the next one; a role in brackets holds for its own unit.
/// `bracket_assists` is for columns such as 责任（配合）单位, where a bracketed list names the assisting units.
pub fn split_units(text: &str, bracket_assists: bool) -> UnitRoles {
    let mut found = UnitRoles::default();
    let mut role = UnitRole::Responsible;
    for piece in pieces(&rejoin_wrapped(text)) {
        let mut piece = piece.trim();
        if piece.is_empty() || super::words::is_void(piece) {
            continue;
        }
        while let Some((label, rest)) = leading_label(piece) {
            role = label;
            piece = rest.trim();
        }
        if !piece.is_empty() {
            take_unit(&mut found, piece, role, bracket_assists);
        }
    }
    found
}

/// The units of a cell that also names persons: 县住建局 张某某, 县城管局（李某某）.
pub(super) fn units_among_persons(text: &str) -> UnitRoles {
    let mut found = UnitRoles::default();
    for piece in
        text.split(['、', '，', ',', '；', ';', '\n', ' ', '\u{3000}', '（', '(', '）', ')', '：', ':', '/'])
    {
        let piece = piece.trim();
        if looks_like_unit(piece) {
            push_once(&mut found.responsible, piece.to_owned());
        }
    }
    found
}

/// A line end inside a name, put there to fit a narrow column, is no separator: what stands before it is not a
/// whole name, or what follows is only its bracket.
fn rejoin_wrapped(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let last = out.rsplit(['、', '，', ',', '；', ';', '\n', ' ', ':', '：']).next().unwrap_or("");
        let whole = last.is_empty() || looks_like_unit(last) || last.ends_with([')', '）', '。']);
        let bracket = line.starts_with(['（', '(', '、', '，', '；']);
        if !out.is_empty() && whole && !bracket {
            out.push('\n');
        }
        out.push_str(line);
    }
    Cow::Owned(out)
}

fn leading_label(piece: &str) -> Option<(UnitRole, &str)> {
    let at = piece.find([':', '：'])?;
    let mark = piece[at..].chars().next().map_or(1, char::len_utf8);
    role_word(&piece[..at]).map(|role| (role, &piece[at + mark..]))
}

fn take_unit(found: &mut UnitRoles, piece: &str, role: UnitRole, bracket_assists: bool) {
    let Some((name, inside)) = trailing_bracket(piece) else {
        for unit in split_joined(piece) {
            push_once(found.of(role), unit.to_owned());
        }
        return;
    };
    if let Some(own) = role_word(inside) {
        for unit in split_joined(name) {
            push_once(found.of(own), unit.to_owned());
        }
        return;
    }
    // 县住建局（配合单位：县城管局、县交通局）
    if let Some((label, rest)) = leading_label(inside) {
        push_once(found.of(role), name.to_owned());
        for unit in pieces(rest) {
            push_once(found.of(label), unit.trim().to_owned());
        }
        return;
    }
    let listed: Vec<&str> = pieces(inside).into_iter().map(str::trim).filter(|p| !p.is_empty()).collect();
    let whole_names = listed.iter().all(|p| looks_like_unit(p) && p.chars().count() >= 3);
    if bracket_assists && whole_names && !name.starts_with('各') {
        push_once(found.of(role), name.to_owned());
        for unit in listed {
            push_once(&mut found.assisting, unit.to_owned());
        }
        return;
    }
    push_once(found.of(role), piece.to_owned());
}

/// `name（inside）` where the bracket closes the text.
fn trailing_bracket(piece: &str) -> Option<(&str, &str)> {
    let body = piece.strip_suffix([')', '）'])?;
    let mut depth = 1usize;
    for (at, c) in body.char_indices().rev() {
        match c {
            ')' | '）' => depth += 1,
            '(' | '（' => {
                depth -= 1;
                if depth == 0 {
                    let name = body[..at].trim();
                    return (!name.is_empty()).then(|| (name, &body[at + c.len_utf8()..]));
                }
            }
            _ => {}
        }
    }
    None
}

/// The pieces between separators outside brackets.
fn pieces(text: &str) -> Vec<&str> {
    let (mut out, mut start, mut depth) = (Vec::new(), 0usize, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '（' | '〔' | '[' => depth += 1,
            ')' | '）' | '〕' | ']' => depth = depth.saturating_sub(1),
            '、' | '，' | ',' | '；' | ';' | '\n' | '\r' | '|' | '。' if depth == 0 => {
                out.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    out.into_iter().flat_map(split_blanks).collect()
}

/// Blanks separate whole names (县教育局 县财政局) but not the letters of a stretched one (财 政 局).
fn split_blanks(piece: &str) -> Vec<&str> {
    let piece = piece.trim();
    if !piece.contains(char::is_whitespace) {
        return vec![piece];
    }
    let parts = blank_parts(piece);
    let whole = |p: &&str| {
        // 县城管局（牵头） is told by what stands before its bracket.
        let name = p.find(['(', '（']).map_or(*p, |at| &p[..at]);
        let n = name.chars().count();
        n >= 2 && (looks_like_unit(name) || p.contains([':', '：']) || n >= 4)
    };
    if parts.iter().all(whole) { parts } else { vec![piece] }
}

/// Parts between blanks outside brackets; a bracket after a blank belongs to what stands before it.
fn blank_parts(piece: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0usize, 0usize);
    let opens = |c: char| matches!(c, '(' | '（');
    for (at, c) in piece.char_indices() {
        match c {
            _ if opens(c) => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if c.is_whitespace() && depth == 0 && !piece[at..].trim_start().starts_with(opens) => {
                parts.push(piece[start..at].trim());
                start = at;
            }
            _ => {}
        }
    }
    parts.push(piece[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// 县农业农村局和县水利局 are two, 县住房和城乡建设局 is one.
fn split_joined(piece: &str) -> Vec<&str> {
    for mark in ["以及", "和", "及", "与"] {
        for (at, _) in piece.match_indices(mark) {
            let (left, right) = (piece[..at].trim(), piece[at + mark.len()..].trim());
            let safe = |p: &str| p.chars().count() >= 3 && looks_like_unit(p) && balanced(p);
            if safe(left) && right.split(['和', '及', '与']).next().is_some_and(safe) {
                let mut parts = vec![left];
                parts.extend(split_joined(right));
                return parts;
            }
        }
    }
    vec![piece]
}

fn balanced(text: &str) -> bool {
    let open = text.chars().filter(|c| matches!(c, '(' | '（')).count();
    open == text.chars().filter(|c| matches!(c, ')' | '）')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> [Vec<String>; 3] {
        let r = split_units(text, false);
        [r.lead, r.responsible, r.assisting]
    }

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn separators_split_but_brackets_and_names_hold() {
        let r = |t| split(t)[1].clone();
        assert_eq!(
            r("县教育局、县财政局，县水利局；县委办"),
            list(&["县教育局", "县财政局", "县水利局", "县委办"])
        );
        assert_eq!(r("县教育局 县财政局\n青石镇"), list(&["县教育局", "县财政局", "青石镇"]));
        assert_eq!(r("各乡镇（街道）、各县（市、区）"), list(&["各乡镇（街道）", "各县（市、区）"]));
        assert_eq!(r("县住房和城乡建设局"), list(&["县住房和城乡建设局"]));
        assert_eq!(r("县人力资源和社会保障局和县民政局"), list(&["县人力资源和社会保障局", "县民政局"]));
        assert_eq!(
            r("某建设公司（施工）、某监理公司（监理）"),
            list(&["某建设公司（施工）", "某监理公司（监理）"])
        );
        assert_eq!(r("县农业农村局及青石镇"), list(&["县农业农村局", "青石镇"]));
        assert_eq!(r("县住房和城\n乡建设局\n青石镇"), list(&["县住房和城乡建设局", "青石镇"]));
        assert_eq!(r("各乡镇\n（街道）"), list(&["各乡镇（街道）"]));
        assert_eq!(r("各乡镇 （街道）"), list(&["各乡镇 （街道）"]));
        assert_eq!(
            r("各乡镇（街道） 县城管局（执法 大队）"),
            list(&["各乡镇（街道）", "县城管局（执法 大队）"])
        );
        assert_eq!(r("/"), list(&[]));
    }

    #[test]
    fn roles_come_from_labels_and_brackets() {
        let all = split("牵头单位：县住建局；责任单位：青石镇、白沙镇 配合单位：县城管局");
        assert_eq!(all, [list(&["县住建局"]), list(&["青石镇", "白沙镇"]), list(&["县城管局"])]);
        let all = split("县住建局（牵头）、县城管局（配合）、青石镇");
        assert_eq!(all, [list(&["县住建局"]), list(&["青石镇"]), list(&["县城管局"])]);
        let all = split("县城管局（牵头） 县公安局 县教育局（配合）");
        assert_eq!(all, [list(&["县城管局"]), list(&["县公安局"]), list(&["县教育局"])]);
        let all = split_units("县住建局（县城管局、县交通局）", true);
        assert_eq!(all.responsible, list(&["县住建局"]));
        assert_eq!(all.assisting, list(&["县城管局", "县交通局"]));
        let all = split("县住建局（配合单位：县城管局、县交通局）");
        assert_eq!(all, [list(&[]), list(&["县住建局"]), list(&["县城管局", "县交通局"])]);
    }
}
