use bihuan_text::{Certainty, Conflict, ConflictKind, conflicts};

fn kinds(text: &str) -> Vec<(ConflictKind, Certainty)> {
    conflicts(text).iter().map(|c: &Conflict| (c.kind, c.strength)).collect()
}

#[test]
fn wrong_sums_and_shares_are_certain_m43() {
    assert_eq!(
        kinds("排查隐患东岭镇3处、柳湾村4处、河口村5处，共13处。"),
        [(ConflictKind::Sum, Certainty::Certain)]
    );
    assert_eq!(
        kinds("办理诉求1200件，其中教育400件、医疗500件、养老400件。"),
        [(ConflictKind::Sum, Certainty::Certain)]
    );
    assert_eq!(kinds("受理信访件120件，办结90件，办结率80%。"), [(ConflictKind::Share, Certainty::Certain)]);
    assert_eq!(kinds("由50户增加到60户，增长30%。"), [(ConflictKind::Change, Certainty::Certain)]);
    assert_eq!(kinds("城镇占60%，乡村占50%。"), [(ConflictKind::SharesOfWhole, Certainty::Certain)]);
    assert_eq!(kinds("群众满意率达到985%。"), [(ConflictKind::RateOver100, Certainty::Certain)]);
    assert_eq!(
        kinds("召开座谈会30场，其中乡镇35场。"),
        [(ConflictKind::SubsetExceedsSet, Certainty::Certain)]
    );
    assert_eq!(kinds("梳理问题20个，已完成25个。"), [(ConflictKind::SubsetExceedsSet, Certainty::Certain)]);
    assert_eq!(kinds("在全市9个县区位列第12名。"), [(ConflictKind::Rank, Certainty::Certain)]);
}

#[test]
fn right_sums_shares_and_roundings_are_left_alone() {
    for text in [
        "排查隐患东岭镇3处、柳湾村4处、河口村5处，共12处。",
        "办理诉求1200件，其中教育400件、医疗500件、养老300件，办结1150件，办结率95.83%。",
        "对250个问题进行整改，已销号问题239个，占问题总数的95.6%；申请延期11个，占4.4%。",
        "反馈的400个问题，完成整改388个，基本完成7个，未完成5个，总体完成率97%。",
        "由50户增加到60户，增长20%。营业收入增长120%。",
        "共查找8个方面90个问题，已完成整改8个。",
        "第一组占33.3%，第二组占33.3%，第三组占33.3%。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn said_to_be_all_done_and_two_bases_are_queries() {
    let text = "梳理问题20个，已有18个问题得到解决。\n目前，各类问题已全部办结。";
    assert_eq!(kinds(text), [(ConflictKind::AllDoneVsUnfinished, Certainty::Query)]);
    let text = "2023年合格率达到91%，较2021年提高8个百分点，较上年提高3个百分点。";
    assert_eq!(kinds(text), [(ConflictKind::BaseYear, Certainty::Query)]);
}

#[test]
fn the_figures_that_disagree_are_all_pointed_at() {
    let text = "受理信访件120件，办结90件，办结率80%。";
    let chars: Vec<char> = text.chars().collect();
    let quotes: Vec<String> =
        conflicts(text)[0].spans.iter().map(|[s, e]| chars[*s..*e].iter().collect()).collect();
    assert_eq!(quotes, ["120件", "90件", "80%"]);
    assert_eq!(conflicts(text)[0].quotes, quotes);
}
