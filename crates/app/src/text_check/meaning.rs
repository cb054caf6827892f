//! Which figure a stated number is, by the words it stands with: the names of the figures and their usual wordings.

use bihuan_domain::report::text::{CLOSED_RATE, FigureName, Matter};
use bihuan_text::{Figure, FigureKind};
use std::sync::LazyLock;

/// What a stated figure is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Figure(FigureName),
    /// Closed out of all, which has no definition of its own.
    ClosedRate,
}

/// Longest clause, in characters, in which a word says a figure of problems although nothing says that it is of problems
/// and the number is not counted in 件.
const BARE_CLAUSE_CHARS: usize = 8;
/// Words that may stand between a figure's words and its number.
const FILLERS: [&str; 26] = [
    "问题",
    "隐患",
    "任务",
    "督办单",
    "规定动作",
    "数量",
    "件数",
    "项数",
    "次数",
    "份数",
    "数",
    "的",
    "了",
    "有",
    "共有",
    "共",
    "为",
    "达到",
    "达",
    "是",
    "合计",
    "计",
    "仍",
    "还",
    "已",
    "：",
];
/// Nouns that what is counted of a matter may be called behind the words of a figure: 滞后任务2项.
const NOUNS: [(Matter, &[&str]); 4] = [
    (Matter::Problems, &["问题", "隐患"]),
    (Matter::Actions, &["规定动作"]),
    (Matter::Tasks, &["任务", "重点任务"]),
    (Matter::Slips, &["督办单"]),
];
/// Things that are handled and counted in like words, and are no matter of the ledger.
const OTHER_MATTERS: [&str; 16] = [
    "信访",
    "案件",
    "举报",
    "线索",
    "投诉",
    "工单",
    "提案",
    "议案",
    "诉求",
    "项目",
    "事故",
    "纠纷",
    "建议",
    "罚单",
    "证照",
    "考核指标",
];

struct Word {
    words: String,
    with_problems: bool,
    figure: FigureName,
}

static WORDS: LazyLock<Vec<Word>> = LazyLock::new(|| {
    let of = |figure: FigureName| {
        let words = figure.wordings().into_iter();
        words.map(move |one| Word { words: one.words, with_problems: one.with_problems, figure })
    };
    FigureName::all().into_iter().flat_map(of).collect()
});

/// Marks that end a clause.
pub(super) const CLAUSE_ENDS: &str = "，。；：！？\n、（(,;";

/// What a figure is taken for, if its words say so plainly.
pub(super) fn meaning(chars: &[char], stated: &Figure) -> Option<Meaning> {
    // 已销号（含并入的）12件: what stands in brackets before the number only explains.
    let bracket = stated.start.checked_sub(1).filter(|at| chars[*at] == '）');
    let to = bracket.and_then(|at| chars[..at].iter().rposition(|c| *c == '（')).unwrap_or(stated.start);
    let from = chars[..to].iter().rposition(|c| CLAUSE_ENDS.contains(*c)).map_or(0, |at| at + 1);
    let before: String = chars[from..to].iter().filter(|c| !c.is_whitespace()).collect();
    let behind: String =
        chars[stated.end..].iter().take(10).take_while(|c| !CLAUSE_ENDS.contains(**c)).collect();
    if stated.kind == FigureKind::Rate {
        return rate(chars, &before, stated);
    }
    if stated.kind != FigureKind::Count {
        return None;
    }
    let said = matter_of(chars, stated, &behind)?;
    let (matter, named) = (said.unwrap_or(Matter::Problems), said.is_some());
    if !matter.units().contains(&stated.unit.as_str()) {
        return None;
    }
    let bare = !named && stated.unit != "件" && before.chars().count() > BARE_CLAUSE_CHARS;
    let found = said_before(&before, &behind, matter).or_else(|| said_behind(&behind, matter))?;
    (!bare).then_some(Meaning::Figure(found))
}

fn rate(chars: &[char], before: &str, stated: &Figure) -> Option<Meaning> {
    if !stated.quote.ends_with(['%', '％']) || stated.value > 100.0 {
        return None;
    }
    let matter = matter_of(chars, stated, "")?.unwrap_or(Matter::Problems);
    if matter == Matter::Problems && before.contains(CLOSED_RATE) {
        return Some(Meaning::ClosedRate);
    }
    let rates = WORDS.iter().filter(|word| word.figure.is_rate() && word.figure.matter() == matter);
    let said = rates.filter(|word| before.contains(&word.words));
    said.max_by_key(|word| word.words.len()).map(|word| Meaning::Figure(word.figure))
}

/// What the text is about at a number: `Some(None)` where it does not say, `None` where it is about something that the
/// program does not count.
fn matter_of(chars: &[char], stated: &Figure, behind: &str) -> Option<Option<Matter>> {
    let all = [Matter::Problems, Matter::Actions, Matter::Tasks, Matter::Slips];
    let anchors = all.iter().flat_map(|one| one.anchors().iter().map(move |word| (*word, Some(*one))));
    let anchors: Vec<(&str, Option<Matter>)> =
        anchors.chain(OTHER_MATTERS.iter().map(|word| (*word, None))).collect();
    let near: String = behind.chars().take(6).collect();
    let next = anchors.iter().filter_map(|(word, matter)| Some((near.find(word)?, *matter)));
    if let Some((_, matter)) = next.min_by_key(|(at, _)| *at) {
        return matter.map(Some);
    }
    let last = |ends: &str| {
        let from = chars[..stated.start].iter().rposition(|c| ends.contains(*c)).map_or(0, |at| at + 1);
        let text: String = chars[from..stated.start].iter().collect();
        let found = anchors.iter().filter_map(|(word, matter)| Some((text.rfind(word)?, *matter)));
        found.max_by_key(|(at, _)| *at).map(|(_, matter)| matter)
    };
    match last("。！？\n") {
        Some(matter) => matter.map(Some),
        // What is counted in 件 is of problems unless its own sentence says otherwise.
        None if stated.unit == "件" => Some(None),
        None => match last("\n") {
            Some(matter) => matter.map(Some),
            None => Some(None),
        },
    }
}

/// The figure whose words end right before the number; the longest words decide.
fn said_before(before: &str, behind: &str, matter: Matter) -> Option<FigureName> {
    let nouns = NOUNS.iter().find(|(one, _)| *one == matter).map_or(&[][..], |(_, nouns)| nouns);
    let mut rest = before;
    loop {
        let longest = |word: &&Word| -> usize {
            let single = word.words.chars().count() == 1;
            let with_noun = nouns
                .iter()
                .filter(|noun| rest.strip_suffix(**noun).is_some_and(|rest| ends(rest, &word.words, single)));
            let with_noun = with_noun.map(|noun| noun.len() + word.words.len()).max().unwrap_or(0);
            let counts_problems = !word.with_problems
                || nouns.iter().any(|noun| behind.starts_with(noun) || behind.contains("问题"));
            let alone = counts_problems && ends(rest, &word.words, single);
            with_noun.max(if alone { word.words.len() } else { 0 })
        };
        let words = WORDS.iter().filter(|word| word.figure.matter() == matter && !word.figure.is_rate());
        // Of words of one length the figure named first decides.
        let best = words.rev().map(|word| (longest(&word), word.figure)).max_by_key(|(long, _)| *long);
        if let Some((long, figure)) = best
            && long > 0
        {
            return Some(figure);
        }
        let filler = FILLERS.iter().filter(|filler| rest.ends_with(**filler)).max_by_key(|one| one.len())?;
        rest = &rest[..rest.len() - filler.len()];
    }
}

/// One character says a figure only where it stands alone: 红12件.
fn ends(rest: &str, words: &str, single: bool) -> bool {
    const LEADS: [&str; 5] = ["问题", "其中", "目前", "现有", "："];
    let Some(lead) = rest.strip_suffix(words) else { return false };
    !single || lead.is_empty() || LEADS.iter().any(|one| lead.ends_with(one))
}

/// 其中218件在办: the figure whose words follow the number.
fn said_behind(behind: &str, matter: Matter) -> Option<FigureName> {
    let mut rest = behind;
    loop {
        let words = WORDS.iter().filter(|word| {
            let long = word.words.chars().count() > 1;
            long && !word.with_problems && word.figure.matter() == matter && !word.figure.is_rate()
        });
        let found =
            words.rev().filter(|word| rest.starts_with(&word.words)).max_by_key(|one| one.words.len());
        if let Some(word) = found {
            return Some(word.figure);
        }
        let filler = ["问题", "任务", "尚", "已", "仍", "均", "为", "是", "的"];
        let filler = filler.iter().find(|filler| rest.starts_with(**filler))?;
        rest = &rest[filler.len()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bihuan_domain::figure;
    use bihuan_domain::report::text::{ActionPart, SlipPart, TaskPart};

    fn found(text: &str) -> Vec<Option<FigureName>> {
        let chars: Vec<char> = text.chars().collect();
        let taken = bihuan_text::stated(text).into_iter().map(|one| match meaning(&chars, &one) {
            Some(Meaning::Figure(figure)) => Some(figure),
            _ => None,
        });
        taken.collect()
    }

    #[test]
    fn every_figure_is_known_by_its_own_name_m43() {
        for figure in FigureName::all() {
            let name = figure.name();
            let (group, label) = name.split_once('：').unwrap_or(("", name.as_str()));
            let group = if group.contains("动作") || group == "任务" || group == "督办单" {
                group
            } else {
                "问题"
            };
            let (number, unit) =
                if figure.is_rate() { ("55.5", "%") } else { ("12", figure.matter().units()[0]) };
            let text = format!("{group}{label}{number}{unit}。");
            let taken = found(&text);
            let same = |one: &FigureName| {
                // 销号 and 已解决 name several figures, of which the period decides later.
                let own = figure.wordings()[0].words.clone();
                *one == figure || one.wordings().iter().any(|word| word.words == own)
            };
            assert!(taken.iter().flatten().any(same), "{text} {taken:?}");
        }
    }

    #[test]
    fn figures_are_known_by_their_usual_wordings_m43() {
        let plain = |one: bihuan_domain::figure::Definition| Some(FigureName::Plain(one.code));
        assert_eq!(found("目前全县逾期未办结39件。"), [plain(figure::LATE)]);
        assert_eq!(
            found("各单位问题合计620件，其中在办218件。"),
            [plain(figure::TOTAL), plain(figure::OPEN)]
        );
        assert_eq!(found("在办问题218件，逾期39件。"), [plain(figure::OPEN), plain(figure::LATE)]);
        assert_eq!(found("目前在办217件。"), [plain(figure::OPEN)]);
        assert_eq!(found("全县共检视问题619件。"), [plain(figure::TOTAL)]);
        assert_eq!(found("红灯12件，黄灯8件。"), [plain(figure::RED), plain(figure::YELLOW)]);
        assert_eq!(found("共排查12个问题，其中5个已销号。"), [plain(figure::TOTAL), plain(figure::CLOSED)]);
        let action = |part| Some(FigureName::Action(part));
        assert_eq!(
            found("规定动作应做9次，按期完成1次，逾期未做5次。"),
            [action(ActionPart::Expected), action(ActionPart::Done), action(ActionPart::Missed)]
        );
        let task = |part| Some(FigureName::Task(part));
        assert_eq!(
            found("重点任务29项，已完成5项，滞后任务2项。"),
            [task(TaskPart::Total), task(TaskPart::Done), task(TaskPart::Behind)]
        );
        let slip = |part| Some(FigureName::Slip(part));
        assert_eq!(
            found("发出督办单7份，逾期未答复2份。"),
            [slip(SlipPart::Sent), slip(SlipPart::Unanswered)]
        );
    }

    #[test]
    fn numbers_of_other_things_are_taken_for_no_figure_m43() {
        for text in [
            "受理信访举报150件，办结120件。",
            "共排查隐患点12个乡镇。",
            "发放宣传资料500份。",
            "力争年底前销号100件。",
            "实施项目30个，已完成12个。",
            "召开会议12次。",
        ] {
            assert!(found(text).iter().all(Option::is_none), "{text} {:?}", found(text));
        }
    }
}
