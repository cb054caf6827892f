//! A follow-up campaign takes over what an earlier one left open 第二批承接第一批 (M01).

use super::{Campaign, CampaignState, Desk, Used, may_run};
use crate::refusal::Refusal;
use crate::template::Template;
use crate::unit::Unit;

/// Most codes that a refusal names.
const CODES_NAMED: usize = 8;

/// Whether the open problems of `earlier` may now go to `after`. `used` is what they use of their template.
///
/// # Errors
/// `not_allowed`, `follows_nothing`, `campaign_not_running`, `earlier_campaign_running`, `template_lacks_codes`.
pub fn may_take_over(
    desk: &Desk<'_>,
    (after, office): (&Campaign, &Unit),
    (earlier, earlier_office): (&Campaign, &Unit),
    used: &[Used],
    template: Option<&Template>,
) -> Result<(), Refusal> {
    if !may_run(desk.actor, office) || !may_run(desk.actor, earlier_office) {
        return Err(Refusal::not_allowed("承接问题", "两项专项行动的工作专班身份"));
    }
    if after.follows_id != Some(earlier.id) {
        let words = format!("“{}”没有承接“{}”。", after.name, earlier.name);
        return Err(Refusal::new("follows_nothing", words, "承接哪项行动，在建立专项行动时选择。"));
    }
    after.check_running()?;
    if earlier.state != CampaignState::Ended {
        let words = format!("“{}”还没有结束，问题仍在那里办理。", earlier.name);
        return Err(Refusal::new("earlier_campaign_running", words, "请先结束它，再承接没有销号的问题。"));
    }
    let known = |one: &&Used| template.is_none_or(|template| one.list.name_in(template, &one.code).is_some());
    // Wordings of imported ledgers are no codes of the earlier template either; they stay wordings.
    let old = Template::parse(&earlier.template_text).ok();
    let was_code = |one: &&Used| old.as_ref().is_some_and(|old| one.list.name_in(old, &one.code).is_some());
    let lacking: Vec<&str> =
        used.iter().filter(|one| was_code(one) && !known(one)).map(|one| one.code.as_str()).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let named = lacking.iter().take(CODES_NAMED).copied().collect::<Vec<_>>().join("、");
    let words = format!("要承接的问题用到的{}个代码不在本行动的模板里：{named}。", lacking.len());
    Err(Refusal::new("template_lacks_codes", words, "请先在“修改模板”里补上这些类别、重点措施或者来源。"))
}
