//! The rules that a draft rests on, in words for people.

/// What a proposal rests on: the rule, and the words of the text it went by.
pub fn reason_words(rule: &str, words: &str) -> String {
    let rule = match rule {
        "verb of making" => "要求做出成果的动词",
        "verb of doing" => "要求办理的动词",
        "named document, event or body" => "写明的文件、会议活动或者机构",
        "object" => "办理的对象",
        "object in front" => "写在前面的办理对象",
        "named in quotes" => "引号里的名称",
        "named activity" => "写明的活动",
        "who answers for what" => "写明谁包抓什么",
        "quality, no thing" => "只讲程度，没有具体事项（减分）",
        "said of a thing" => "是在说明情况（减分）",
        "a whole strand" => "泛指整项工作（减分）",
        "subject" => "谁来办",
        "issuing unit" => "发文单位",
        "hard by" => "可以核查的说法",
        "hard" => return format!("可核查：{}", hard_words(words)),
        "points" => return format!("规则得分：{words}"),
        other => other,
    };
    let words = if words == "who answers for what" { "写明谁包抓什么" } else { words };
    format!("{rule}：{words}")
}

/// Why something can be checked.
fn hard_words(code: &str) -> &str {
    match code {
        "H1" => "有数量或者要求全覆盖",
        "H2" => "有频次",
        "H3" => "有明确的时限",
        "H4" => "要形成、报送或者公布写明的文件材料",
        "H5" => "要举行写明的会议活动",
        "H6" => "要设立写明的机构、机制，或者写明谁包抓什么",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_a_draft_rests_on_is_told_in_chinese_m42() {
        let text = "各乡镇要在6月底前对12个村逐条排查，建立“一村一册”台账，每月召开1次会商会。县委办公室要牵头制定办法。\
                    领导干部要带头包抓重点项目，形成调研报告。要进一步提高认识。要开展大走访。机关要设立接待窗口。";
        let found = bihuan_text::obligations(text, Some(2024));
        let reasons: Vec<_> = found.into_iter().flat_map(|one| one.reasons).collect();
        assert!(reasons.len() > 10, "{reasons:?}");
        for reason in reasons {
            let told = reason_words(reason.rule, &reason.words);
            assert!(!told.bytes().any(|byte| byte.is_ascii_lowercase()), "{told}");
        }
    }
}
