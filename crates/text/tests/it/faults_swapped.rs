//! Words broken by putting the name of a level or a body in the place of another everywhere.

use bihuan_text::{FaultKind, faults};

/// What was put in the place of words, with what they should be.
fn swapped(text: &str) -> Vec<Option<String>> {
    let told = faults(text).into_iter().filter(|f| f.kind == FaultKind::Substitution);
    told.map(|f| f.expected).collect()
}

#[test]
fn a_level_put_in_the_place_of_another_breaks_words_m43() {
    for (text, from, to) in [
        ("改造为文创园区后入驻商户。", "区", "县"),
        ("打造夜游街区，引进小店。", "区", "县"),
        ("农村地区的不合格率偏高。", "区", "镇"),
        ("成功创建旅游度假区一个。", "区", "市"),
        ("要送城市大医院救治。", "市", "县"),
        ("县里加强市场监管。", "市", "区"),
        ("镇痛药品管理不严。", "镇", "县"),
        ("补齐城镇内涝短板。", "镇", "街道"),
        ("全面推进乡村振兴。", "乡", "市"),
        ("厉行俭朴，节省经费。", "省", "镇"),
        ("改善农村人居环境。", "村", "街道"),
        ("抽查各县（市、区）学校。", "县", "市"),
    ] {
        assert_eq!(swapped(text), [], "{text}");
        let wrong = text.replacen(from, to, 1);
        let wrong = if text.starts_with("县里") { text.replace("市场", "区场") } else { wrong };
        assert_eq!(swapped(&wrong).len(), 1, "{wrong}");
    }
    assert_eq!(swapped("改造为文创园县后入驻商户。"), [Some("文创园区".to_string())]);
}

#[test]
fn a_body_put_in_the_place_of_another_breaks_words_m43() {
    for (text, from, to) in [
        ("对住院患者费用实行每日推送。", "院", "局"),
        ("严格院感防控。", "院", "局"),
        ("抓好院前急救。", "院", "办"),
        ("形成共建共治的工作格局。", "局", "委"),
        ("增强大局意识。", "局", "院"),
        ("签订委托书。", "委", "局"),
        ("实行挂牌督办。", "办", "局"),
        ("坚持以人民为中心的发展思想。", "中心", "医院"),
        ("党委理论学习中心组学习。", "中心", "局"),
        ("加强技术攻关，推动科技创新。", "科", "处"),
    ] {
        assert_eq!(swapped(text), [], "{text}");
        assert_eq!(swapped(&text.replacen(from, to, 1)).len(), 1, "{text}");
    }
    assert_eq!(swapped("建设更高水平的平安我市。"), [None]);
}

#[test]
fn levels_that_are_meant_are_left_alone_m43() {
    for right in [
        "到产业园县级单位调研，走进老旧小市场。",
        "方城县公交公司，古城街道居民，城镇居民，城区更新。",
        "提升县域经济，建设度假村，住校费用由家长承担。",
        "涉农镇集体资产，服务大厅，机关大院，先进地市。",
        "引导外出人员返县就业。",
    ] {
        assert_eq!(swapped(right), [], "{right}");
    }
}
