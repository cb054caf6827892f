//! What supervision leaves behind in the county: a reverse check that was drawn, a sealed draw, an inspection with
//! findings, meetings with decisions, weekly plans, and a township that is helped.

use super::county::County;
use crate::exit::Failure;
use bihuan_app::dispatch::{DecisionInput, MeetingInput, MinutesInput, SeriesInput, WeekInput};
use bihuan_app::draw::DrawInput;
use bihuan_app::help::HelpInput;
use bihuan_app::inspection::{
    DecideInput, FileVisitInput, FindingInput, InspectionInput, RaiseInput, VisitInput,
};
use bihuan_app::look_back::FileLookBackInput;
use bihuan_app::task::TaskReportInput;
use bihuan_app::{App, Context};
use bihuan_domain::id::{AccountId, CampaignId, InspectionId, LookBackId};
use bihuan_domain::{Day, Instant};

/// Drawn look-backs that are filed; the rest waits.
const FILED: usize = 5;
/// Townships the inspection visits.
const VISITED: usize = 5;

struct Stage<'a> {
    app: &'a App,
    county: &'a mut County,
    campaign: CampaignId,
    now: Instant,
}

/// Plays it, all on the county's last day.
///
/// # Errors
/// A use case that refuses what the county does.
pub(super) fn play(
    app: &App,
    county: &mut County,
    campaign: CampaignId,
    now: Instant,
) -> Result<(), Failure> {
    let mut stage = Stage { app, county, campaign, now };
    stage.reverse_check()?;
    stage.inspection()?;
    stage.sealed_draw()?;
    stage.meetings()?;
    stage.week()?;
    stage.help()
}

impl Stage<'_> {
    fn today(&self) -> Day {
        self.now.day_in_china()
    }

    fn ctx(&mut self, account: AccountId) -> Result<Context, Failure> {
        self.county.ctx(account, self.now)
    }

    fn office(&mut self) -> Result<Context, Failure> {
        let account = self.county.offices[0];
        self.ctx(account)
    }

    /// Closed problems are drawn; those whom the draw chose look at some of them.
    fn reverse_check(&mut self) -> Result<(), Failure> {
        let ctx = self.office()?;
        let sent = DrawInput {
            campaign: self.campaign.to_string(),
            unit: self.county.county.to_string(),
            title: "第三季度销号问题反向核查".to_owned(),
            purpose: "look_backs".to_owned(),
            method: "at_once".to_owned(),
            open_day: self.today().to_string(),
            examiners_each: "1".to_owned(),
            ..DrawInput::default()
        };
        let id = self.app.commit_draw(&ctx, sent)?;
        let drawn = self.app.draw(&ctx, id)?;
        self.app.open_draw(&ctx, id, drawn.draw.version)?;
        let query = bihuan_app::look_back::LookBackQuery { draw: Some(id), ..Default::default() };
        let lines = self.app.look_backs(&ctx, self.campaign, &query)?.lines;
        let accounts: Vec<AccountId> =
            self.county.inspectors.iter().chain(&self.county.offices).copied().collect();
        let mut filed = 0;
        for line in lines {
            let person = line.duty.as_ref().map(|duty| duty.person_id);
            for account in &accounts {
                let ctx = self.ctx(*account)?;
                if filed < FILED && Some(ctx.actor.person) == person {
                    filed += 1;
                    self.look_back(&ctx, line.look_back.id, filed)?;
                }
            }
        }
        Ok(())
    }

    fn look_back(&mut self, ctx: &Context, id: LookBackId, n: usize) -> Result<(), Failure> {
        let (result, note, answer) = match n {
            2 => (
                "slipped_back",
                "到现场看，清理过的地方又堆了杂物，住户说上个月就这样了。",
                "still-fixed=fails=又出现了堆放",
            ),
            _ => ("holds", "到现场看过，问题没有反复，随机问的两户都说解决了。", "still-fixed=fits="),
        };
        let sent = FileLookBackInput {
            result: result.to_owned(),
            note: note.to_owned(),
            answers: vec![answer.to_owned(), "affected-agree=not_seen=当事人外出".to_owned()],
        };
        self.app.file_look_back(ctx, id, sent)?;
        Ok(())
    }

    /// One inspection under way with findings, a second one in the same places that waits for its approval.
    fn inspection(&mut self) -> Result<(), Failure> {
        let first = self.plan(
            "乡镇整改成效专项督查",
            self.today().plus_days(-6),
            "整改措施是否在现场看得到，群众是否知道、认可",
        )?;
        let leader = self.county.leaders[0].0;
        let leader = self.ctx(leader)?;
        let office = self.office()?;
        let version = self.app.inspection(&office, first)?.inspection.version;
        self.app.propose_inspection(&office, first, version)?;
        let approve = DecideInput {
            decision: "approve".to_owned(),
            note: "同意，轻车简从，不要求准备材料。".to_owned(),
        };
        self.app.decide_inspection(&leader, first, version + 1, approve)?;
        self.app.issue_inspection(&office, first, version + 2, "")?;
        self.visits(first)?;
        let second = self.plan("防汛准备情况检查", self.today().plus_days(-1), "物资、值守、避险转移安排")?;
        let version = self.app.inspection(&office, second)?.inspection.version;
        self.app.propose_inspection(&office, second, version)?;
        Ok(())
    }

    fn plan(&mut self, title: &str, starts: Day, subject: &str) -> Result<InspectionId, Failure> {
        let ctx = self.office()?;
        let mut team = Vec::new();
        for account in self.county.inspectors.clone() {
            team.push(self.ctx(account)?.actor.person.to_string());
        }
        let sent = InspectionInput {
            campaign: self.campaign.to_string(),
            unit: self.county.county.to_string(),
            title: title.to_owned(),
            kind: "special".to_owned(),
            means: "announced".to_owned(),
            authority: "县委主要负责同志批示".to_owned(),
            document: "《年度督查检查计划》第二项".to_owned(),
            subject: subject.to_owned(),
            targets: "有问题在办或者近期销号的乡镇".to_owned(),
            checklist: "grassroots-visit".to_owned(),
            starts_day: starts.to_string(),
            ends_day: starts.plus_days(14).to_string(),
            head: team[0].clone(),
            members: team,
        };
        let id = self.app.save_inspection(&ctx, None, sent)?;
        let units = self.county.townships.iter().take(VISITED).map(|desk| desk.unit.to_string()).collect();
        let visits = VisitInput { units, kind: "visit".to_owned(), ..VisitInput::default() };
        self.app.add_visits(&ctx, id, 1, visits)?;
        Ok(id)
    }

    fn visits(&mut self, id: InspectionId) -> Result<(), Failure> {
        let inspector = self.county.inspectors[0];
        let ctx = self.ctx(inspector)?;
        let view = self.app.inspection(&ctx, id)?;
        for (n, line) in view.visits.iter().take(VISITED - 2).enumerate() {
            let answers = [
                "asked-people=fits=问了三户",
                "seen-on-site=fails=台账写的两处护栏只装了一处",
                "no-extra-forms=fits=",
            ];
            let sent = FileVisitInput {
                done_day: self.today().plus_days(n as i32 - 4).to_string(),
                summary: "沿主街和两个村组走了一遍，问了沿街店铺和住户，核对了三件已销号问题。".to_owned(),
                answers: answers.map(str::to_owned).to_vec(),
                client_key: String::new(),
            };
            let visit = line.visit.id;
            self.app.file_visit(&ctx, visit, sent)?;
            let finding = FindingInput {
                text: format!(
                    "{}集镇护栏整改台账写完成两处，现场只有一处，另一处仍缺失约十二米。",
                    line.unit.name
                ),
                place: format!("{}集镇东头", line.unit.name),
                item: "seen-on-site".to_owned(),
                client_key: format!("demo-{n}"),
            };
            let finding = self.app.add_finding(&ctx, visit, finding, vec![])?;
            if n == 0 {
                let raise = RaiseInput {
                    category: "work-style".to_owned(),
                    source: "inspection".to_owned(),
                    deadline: "30日内".to_owned(),
                    goal: "护栏补齐并固定牢靠".to_owned(),
                };
                self.app.raise_problem(&ctx, finding, raise)?;
            }
        }
        Ok(())
    }

    /// Drawn, but sealed for some days: nobody sees the list.
    fn sealed_draw(&mut self) -> Result<(), Failure> {
        let ctx = self.office()?;
        let sent = DrawInput {
            campaign: self.campaign.to_string(),
            unit: self.county.county.to_string(),
            title: "村级随机抽查".to_owned(),
            purpose: "visits".to_owned(),
            method: "announced".to_owned(),
            public_source: "启封前一日福利彩票双色球开奖号码（按开奖顺序）".to_owned(),
            open_day: self.today().plus_days(5).to_string(),
            examiners_each: "2".to_owned(),
            levels: vec!["village".to_owned(), "branch".to_owned()],
            layering: "none".to_owned(),
            size: "8".to_owned(),
            ..DrawInput::default()
        };
        self.app.commit_draw(&ctx, sent)?;
        Ok(())
    }

    /// A meeting a week ago with two decisions, one of them done; today's is open.
    fn meetings(&mut self) -> Result<(), Failure> {
        let ctx = self.office()?;
        let series = SeriesInput {
            campaign: self.campaign.to_string(),
            unit: self.county.county.to_string(),
            name: "整改工作周调度".to_owned(),
            every_days: "7".to_owned(),
        };
        let series = self.app.create_series(&ctx, series)?;
        let last = self.today().plus_days(-7);
        let first = self.app.open_meeting(&ctx, series, MeetingInput { held_day: last.to_string() })?;
        let mut decided = Vec::new();
        for (n, text) in
            ["把逾期三件的卡点逐件列清，需要部门配合的写明事项", "牵头会商跨乡镇管线问题，拿出资金渠道"]
                .into_iter()
                .enumerate()
        {
            let desk = self.county.townships[n].clone();
            let sent = DecisionInput {
                text: text.to_owned(),
                owner_unit: desk.unit.to_string(),
                owner_name: "分管负责同志".to_owned(),
                due_day: last.plus_days(5 + 4 * n as i32).to_string(),
                ..DecisionInput::default()
            };
            self.app.decide_at_meeting(&ctx, first, 1 + n as i64, sent)?;
            decided.push(desk.filler);
        }
        let minutes = MinutesInput {
            chair: "县委副书记".to_owned(),
            present: "县专班、各牵头部门、有逾期问题的乡镇".to_owned(),
            summary: "会议逐件过了逾期和请求上级的问题，要求下次会上报结果，不报过程。".to_owned(),
        };
        self.app.write_minutes(&ctx, first, 3, minutes, true)?;
        let doer = self.ctx(decided[0])?;
        let report = TaskReportInput {
            statement: "三件卡点已列清，其中一件已请求县里协调用地。".to_owned(),
            ..TaskReportInput::default()
        };
        if let Some(task) = self.app.meeting(&ctx, first)?.decisions.first().and_then(|one| one.task_id) {
            self.app.report_task(&doer, task, None, report)?;
            self.app.accept_task(&ctx, task, None, "清单已核对，属实".to_owned())?;
        }
        self.app.open_meeting(&ctx, series, MeetingInput { held_day: self.today().to_string() })?;
        Ok(())
    }

    fn week(&mut self) -> Result<(), Failure> {
        for n in 0..3 {
            let desk = self.county.townships[n].clone();
            let ctx = self.ctx(desk.filler)?;
            let sent = WeekInput {
                campaign: self.campaign.to_string(),
                unit: desk.unit.to_string(),
                content: "1. 两件到期问题的现场验收材料报齐；\n2. 走访三户反映问题的群众；\n3. 与主管部门对接一件跨乡镇事项。".to_owned(),
                ..WeekInput::default()
            };
            self.app.file_week_plan(&ctx, sent)?;
        }
        Ok(())
    }

    fn help(&mut self) -> Result<(), Failure> {
        let ctx = self.office()?;
        let sent = HelpInput {
            campaign: self.campaign.to_string(),
            unit: self.county.townships[2].unit.to_string(),
            reason: "逾期和退回连续两个月偏多，经办人员刚轮换。".to_owned(),
            helper_unit: self.county.departments[0].unit.to_string(),
            helper_name: "副局长带一名业务骨干".to_owned(),
            plan: "每周到乡镇一次，带着看三件整改；一个月内把超期的分清能改的和要上级协调的。".to_owned(),
            ends_day: self.today().plus_days(60).to_string(),
        };
        self.app.set_help(&ctx, sent)?;
        Ok(())
    }
}
