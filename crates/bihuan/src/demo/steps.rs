//! One step of one problem, as the person who takes it would take it.

use super::files;
use super::life::{Fate, Life, Seat, Stage};
use super::play::Play;
use crate::exit::Failure;
use bihuan_app::evidence::{EvidenceInput, SentFile};
use bihuan_app::problem::{
    AssignInput, ColourInput, FinishMeasureInput, LookBackInput, MeasureInput, MergeInput, NoteInput,
    ReasonInput, RegisterInput, ReportInput, ResubmitInput, ScreenInput, SplitInput, VerifyInput,
};
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::{AccountId, ProblemId};
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::measure::MeasureState;
use bihuan_domain::problem::State;
use bihuan_domain::{Coded, Day, Instant};
use bihuan_store::problem::last_id;

/// The stage after this one, and when; nothing when the life is over for now.
pub(super) type Next = Option<(Stage, Instant)>;

impl Play<'_> {
    /// Takes the step a life has come to.
    pub(super) fn act(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        match self.lives[n].stage {
            Stage::Register => self.register(n, at),
            Stage::ScreenOne => self.screen_one(n, at),
            Stage::Resubmit => self.resubmit(n, at),
            Stage::ScreenTwo => self.screen_two(n, at),
            Stage::Assign => self.assign(n, at),
            Stage::GiveBack => self.give_back(n, at),
            Stage::Sign => self.sign(n, at),
            Stage::Plan => self.plan(n, at),
            Stage::Progress => self.progress(n, at),
            Stage::HandUp => self.hand_up(n, at),
            Stage::AnswerHandUp => self.answer_hand_up(n, at),
            Stage::FinishHandUp => self.finish_hand_up(n, at),
            Stage::AskExtension => self.ask_extension(n, at),
            Stage::DecideExtension => self.decide_extension(n, at),
            Stage::Override => self.override_colour(n, at),
            Stage::Prove => self.prove(n, at),
            Stage::Report => self.report(n, at),
            Stage::Check => self.check(n, at),
            Stage::Object => self.object(n, at),
            Stage::Close => self.close(n, at),
            Stage::LookBack => self.look_back(n, at),
            Stage::Reopen => self.reopen(n, at),
        }
    }

    pub(super) fn filler(&self, n: usize) -> AccountId {
        self.desk(n).filler
    }

    fn register(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let (account, unit) = if self.lives[n].by_inspector {
            (self.county.inspectors[n % self.county.inspectors.len()], self.county.county)
        } else {
            (self.filler(n), self.desk(n).unit)
        };
        let words = self.lives[n].words.clone();
        let elsewhere = self.lives[n].elsewhere.clone();
        let ctx = self.ctx(account, at)?;
        let sent = RegisterInput {
            campaign: elsewhere.as_ref().map_or(self.campaign, |(campaign, _)| *campaign).to_string(),
            unit: unit.to_string(),
            text: words.problem,
            place: words.place,
            category: words.category.clone(),
            strand: elsewhere.map_or_else(|| strand_of(&words.category).to_owned(), |(_, strand)| strand),
            source: words.source,
            ground: ground_of(&words.category, n),
            goal: words.goal,
            ..RegisterInput::default()
        };
        let done = self.app.register(&ctx, sent)?;
        self.lives[n].id = Some(done.problem.id);
        self.lives[n].number = done.problem.number;
        // Not every campaign screens first.
        let next = if done.problem.state == State::Accepted { Stage::Assign } else { Stage::ScreenOne };
        Ok(self.soon(n, at, next, 1, 5))
    }

    fn screen_one(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let leader = if self.lives[n].by_inspector { self.county.leaders[2].0 } else { self.desk(n).leader };
        let ctx = self.ctx(leader, at)?;
        let id = self.id(n)?;
        if self.lives[n].fate == Fate::Returned && self.lives[n].turns == 0 {
            self.lives[n].turns = 1;
            let reason = "没有写明涉及多少户、从什么时候开始，请补充后重报。".to_owned();
            self.app.screen(&ctx, id, None, ScreenInput { decision: "return".to_owned(), reason })?;
            return Ok(self.soon(n, at, Stage::Resubmit, 1, 4));
        }
        self.app.screen(&ctx, id, None, accept())?;
        Ok(self.soon(n, at, Stage::ScreenTwo, 2, 9))
    }

    fn resubmit(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let life = &self.lives[n];
        let account = if life.by_inspector {
            self.county.inspectors[n % self.county.inspectors.len()]
        } else {
            self.filler(n)
        };
        let households = self.lives[n].random.between(9, 90);
        let text = format!("{}经逐户核对，涉及{households}户。", self.lives[n].words.problem);
        let ctx = self.ctx(account, at)?;
        self.app.resubmit(&ctx, self.id(n)?, None, ResubmitInput { text })?;
        Ok(self.soon(n, at, Stage::ScreenOne, 1, 3))
    }

    fn screen_two(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.office(n), at)?;
        if self.lives[n].fate == Fate::Dropped {
            let reason = "属于个人之间的经济纠纷，不列入本次整改，已告知当事人依法解决途径。".to_owned();
            self.app.screen(&ctx, self.id(n)?, None, ScreenInput { decision: "drop".to_owned(), reason })?;
            return Ok(None);
        }
        self.app.screen(&ctx, self.id(n)?, None, accept())?;
        Ok(self.soon(n, at, Stage::Assign, 1, 4))
    }

    fn assign(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.office(n + 1), at)?;
        let id = self.id(n)?;
        match self.lives[n].fate {
            Fate::Merged => {
                let target = self.lives[n - 1].number.to_string();
                let reason = "与前一件反映的是同一处同一事，合并办理。".to_owned();
                // The one before may be over already; then this one goes its own way.
                if self.app.merge_into(&ctx, id, None, MergeInput { target, reason }).is_ok() {
                    return Ok(None);
                }
            }
            Fate::Split => {
                let words = self.lives[n].words.clone();
                let parts = vec![
                    format!("{}（其中现场整修部分）", words.problem),
                    format!("{}管护责任长期没有落实到人，{}", words.place, words.goal),
                ];
                let reason = "涉及两个责任单位，拆开交办。".to_owned();
                let before = self.app.db.read(last_id)?;
                self.app.split_off(&ctx, id, None, SplitInput { parts, reason })?;
                let seat = self.lives[n].seat;
                for part in before + 1..=self.app.db.read(last_id)? {
                    self.adopt(ProblemId(part), words.clone(), seat, at);
                }
                return Ok(None);
            }
            Fate::Transferred => {
                let reason = "涉嫌违规占用河道，移交水政执法机构依法处理，结果书面反馈。".to_owned();
                self.app.transfer_out(&ctx, id, None, ReasonInput { reason })?;
                return Ok(None);
            }
            _ => {}
        }
        let order = self.order(n, at);
        let done = self.app.assign(&ctx, id, None, order)?;
        self.lives[n].due = done.problem.due_day;
        Ok(match self.lives[n].fate {
            Fate::GivenBack if self.lives[n].turns == 0 => self.soon(n, at, Stage::GiveBack, 1, 2),
            Fate::Unsigned => None,
            _ => self.soon(n, at, Stage::Sign, 1, 3),
        })
    }

    fn order(&mut self, n: usize, at: Instant) -> AssignInput {
        let desk = self.desk(n).clone();
        let life = &self.lives[n];
        let unit = |seat: usize| self.county.departments[seat].unit.to_string();
        let (checking, assisting) = (unit(life.checker), life.assisting.map(unit));
        let lead = life.branch.map_or(desk.unit, |branch| desk.branches[branch].0);
        let responsible = if lead == desk.unit { vec![] } else { vec![desk.unit.to_string()] };
        let leader = self.county.leaders[n % self.county.leaders.len()].1;
        let life = &mut self.lives[n];
        let in_charge =
            if life.random.chance(35) { leader.to_string() } else { desk.leader_post.to_string() };
        AssignInput {
            lead: lead.to_string(),
            responsible,
            assisting: assisting.into_iter().collect(),
            checking,
            leader_post: in_charge,
            task_team: if life.random.chance(20) { "民生实事专班".to_owned() } else { String::new() },
            deadline: deadline(life, at.day_in_china()),
            ..AssignInput::default()
        }
    }

    fn give_back(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        self.lives[n].turns = 1;
        let ctx = self.ctx(self.filler(n), at)?;
        let reason = "该处产权已移交，建议增加行业主管部门共同承担。".to_owned();
        self.app.return_assignment(&ctx, self.id(n)?, None, ReasonInput { reason })?;
        Ok(self.soon(n, at, Stage::Assign, 1, 3))
    }

    fn sign(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.filler(n), at)?;
        self.app.sign(&ctx, self.id(n)?, None)?;
        Ok(self.soon(n, at, Stage::Plan, 1, 5))
    }

    fn plan(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.filler(n), at)?;
        let id = self.id(n)?;
        let mut measures = self.lives[n].words.measures.clone();
        if self.lives[n].round > 1 {
            measures = vec![format!("针对反弹原因，{}", measures.first().cloned().unwrap_or_default())];
        }
        for measure in measures {
            self.app.add_measure(&ctx, id, None, MeasureInput { measure, ..MeasureInput::default() })?;
        }
        if self.lives[n].fate == Fate::Stalled {
            return Ok(None);
        }
        Ok(self.soon(n, at, Stage::Progress, 4, 16))
    }

    fn progress(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.filler(n), at)?;
        let life = &mut self.lives[n];
        let percent = life.random.between(3, 8) * 10;
        let note = match life.random.between(0, 4) {
            0 => format!("已完成现场勘查和方案比选，总体进度约{percent}%。"),
            1 => format!("材料和人员已到位，正在按措施推进，完成约{percent}%。"),
            2 => format!("召开协调会{}次，争议部分已谈妥，进度{percent}%。", percent / 20),
            3 => format!("第一项措施已办结，其余正在办理，预计还需{}天。", percent / 4),
            _ => format!("逐户走访{percent}户，意见汇总后调整了做法。"),
        };
        let (fate, round) = (life.fate, life.round);
        self.app.note_progress(&ctx, self.id(n)?, None, NoteInput { note })?;
        Ok(match fate {
            Fate::HandUp(_) if round == 1 => self.soon(n, at, Stage::HandUp, 1, 6),
            Fate::Extension(_) if round == 1 => self.soon(n, at, Stage::AskExtension, 2, 10),
            Fate::Overridden if round == 1 => self.soon(n, at, Stage::Override, 1, 5),
            _ => self.then_proof(n, at),
        })
    }

    /// The proof is filed some days before the deadline, or late.
    pub(super) fn then_proof(&mut self, n: usize, at: Instant) -> Next {
        let life = &mut self.lives[n];
        let due = life.due.unwrap_or_else(|| at.day_in_china().plus_days(45));
        let shift =
            if life.random.chance(22) { life.random.between(3, 24) } else { -life.random.between(1, 16) };
        self.on(n, at, Stage::Prove, due.plus_days(shift as i32))
    }

    fn override_colour(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.office(n), at)?;
        let sent = ColourInput {
            colour: "red".to_owned(),
            until: at.day_in_china().plus_days(28).to_string(),
            reason: "现场有安全隐患，提级盯办。".to_owned(),
        };
        self.app.override_colour(&ctx, self.id(n)?, None, sent)?;
        Ok(self.then_proof(n, at))
    }

    fn prove(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.filler(n), at)?;
        let id = self.id(n)?;
        let case = self.app.case(&ctx, id)?.case;
        let planned: Vec<_> =
            case.live_measures().filter(|measure| measure.state == MeasureState::Planned).cloned().collect();
        let claimed = at.day_in_china().plus_days(-(self.lives[n].random.between(0, 2) as i32)).to_string();
        for measure in planned {
            let done_note = format!("{}，已落实并复查。", measure.text.trim_end_matches('。'));
            let sent = FinishMeasureInput { done_note, claimed_day: claimed.clone() };
            self.app.finish_measure(&ctx, id, measure.id, None, sent)?;
        }
        let life = &mut self.lives[n];
        let count = if life.elsewhere.is_some() { 2 } else { life.random.between(1, 2) };
        let (thing, place) = (life.words.thing.clone(), life.words.place.clone());
        for _ in 0..count {
            let (name, bytes) = files::make(&thing, &mut self.lives[n].random);
            let caption = format!("{place}{thing}整改后情况");
            let sent = EvidenceInput { stage: "closure".to_owned(), caption, ..EvidenceInput::default() };
            self.app.file_evidence(&ctx, id, None, sent, SentFile { name, bytes })?;
        }
        Ok(self.soon(n, at, Stage::Report, 0, 1))
    }

    fn report(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.filler(n), at)?;
        let life = &mut self.lives[n];
        let mut statement = life.words.statement.clone();
        if life.turns > 0 {
            statement = format!("按退回意见补充整改后：{statement}");
        }
        if n % 45 == 9 {
            // One sentence that several units copied from each other, for the checker to notice.
            statement = "已按要求整改到位，长效机制基本建立，群众反映良好，整改工作取得明显成效。".to_owned();
        }
        let sent = ReportInput {
            outcome: outcome_of(life.fate).to_owned(),
            statement,
            claimed_day: at.day_in_china().plus_days(-(life.random.between(0, 3) as i32)).to_string(),
        };
        self.app.report_done(&ctx, self.id(n)?, None, sent)?;
        Ok(self.soon(n, at, Stage::Check, 2, 10))
    }

    fn check(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let checker = &self.county.departments[self.lives[n].checker];
        let account = checker.verifier.unwrap_or(checker.filler);
        let ctx = self.ctx(account, at)?;
        let id = self.id(n)?;
        let life = &mut self.lives[n];
        if let Fate::SentBack(times) = life.fate
            && life.turns < times
        {
            life.turns += 1;
            let reason = [
                "照片看不出是同一地点，请补充带参照物的前后对比。",
                "走访三户有两户表示问题仍在，请继续整改。",
                "管护责任人没有写明，请补充后再报。",
            ];
            let reason = (*life.random.pick(&reason)).to_owned();
            self.app.send_back(&ctx, id, None, ReasonInput { reason })?;
            return Ok(self.soon(n, at, Stage::Prove, 4, 14));
        }
        if life.random.chance(25) {
            let (name, bytes) = files::make("核查", &mut life.random);
            let caption = "验收人员现场核查所见".to_owned();
            let sent =
                EvidenceInput { stage: "verification".to_owned(), caption, ..EvidenceInput::default() };
            self.app.file_evidence(&ctx, id, None, sent, SentFile { name, bytes })?;
        }
        let fate = self.lives[n].fate;
        let truth = match fate {
            Fate::NotTrue => "not_true",
            _ if n % 7 == 3 => "mostly_true",
            _ => "true",
        };
        let visited = self.lives[n].random.between(3, 12);
        let note = match fate {
            Fate::NotTrue => format!("现场查看并走访{visited}户，所反映情况不存在。"),
            Fate::Unsolved => format!("走访{visited}户，受用地限制暂不能解决，已向群众说明并列入规划。"),
            _ => format!("现场查看并走访{visited}户，措施已落实，群众认可。"),
        };
        let sent = VerifyInput { outcome: outcome_of(fate).to_owned(), truth: truth.to_owned(), note };
        let done = self.app.verify(&ctx, id, None, sent)?;
        if fate == Fate::Objected && self.lives[n].turns == 0 {
            return Ok(self.soon(n, at, Stage::Object, 1, 2));
        }
        let until = done.problem.notice_until_day.unwrap_or(at.day_in_china()).plus_days(1);
        Ok(self.on(n, at, Stage::Close, until))
    }

    fn object(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        self.lives[n].turns = 1;
        let ctx = self.ctx(self.county.inspectors[(n + 1) % self.county.inspectors.len()], at)?;
        let reason = "公示期间接到住户来电，称一处未修好，请复核。".to_owned();
        self.app.object(&ctx, self.id(n)?, None, ReasonInput { reason })?;
        Ok(self.soon(n, at, Stage::Check, 2, 6))
    }

    fn close(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.office(n), at)?;
        let sent = NoteInput { note: "公示期满无异议。".to_owned() };
        let done = self.app.confirm_closure(&ctx, self.id(n)?, None, sent)?;
        if self.lives[n].fate == Fate::Reopened && self.lives[n].round == 1 {
            return Ok(self.soon(n, at, Stage::Reopen, 20, 45));
        }
        let ctx = self.ctx(self.office(n), at)?;
        let case = self.app.case(&ctx, done.problem.id)?.case;
        let due =
            case.look_backs.iter().find(|one| one.result == LookBackResult::Pending).map(|one| one.due_day);
        // Two in three are looked back at in time; the others wait.
        let later = if n.is_multiple_of(3) { 25 } else { 1 };
        Ok(due.and_then(|due| self.on(n, at, Stage::LookBack, due.plus_days(later))))
    }

    fn look_back(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.county.inspectors[(n + 2) % self.county.inspectors.len()], at)?;
        let id = self.id(n)?;
        let case = self.app.case(&ctx, id)?.case;
        let pending =
            case.look_backs.iter().find(|one| one.result == LookBackResult::Pending).map(|one| one.id);
        let Some(look_back) = pending else { return Ok(None) };
        let rebound = self.lives[n].fate == Fate::Rebound && self.lives[n].round == 1;
        let (result, note) = if rebound {
            (LookBackResult::SlippedBack, "再次走访，问题重新出现，管护人员已离岗，须重新整改。")
        } else {
            (LookBackResult::Holds, "实地回看，整改成效保持，管护记录连续。")
        };
        let sent = LookBackInput { result: result.code().to_owned(), note: note.to_owned() };
        let done = self.app.record_look_back(&ctx, id, look_back, None, sent)?;
        if !rebound {
            return Ok(None);
        }
        Ok(self.again(n, at, done.problem.due_day))
    }

    fn reopen(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.office(n), at)?;
        let reason = "群众再次来电，反映同一处又出现同样问题。".to_owned();
        let done = self.app.reopen(&ctx, self.id(n)?, None, ReasonInput { reason })?;
        Ok(self.again(n, at, done.problem.due_day))
    }

    /// A new round begins with new measures.
    fn again(&mut self, n: usize, at: Instant, due: Option<Day>) -> Next {
        let life = &mut self.lives[n];
        life.round += 1;
        life.turns = 0;
        life.due = due;
        self.soon(n, at, Stage::Plan, 1, 4)
    }
}

fn accept() -> ScreenInput {
    ScreenInput { decision: "accept".to_owned(), reason: String::new() }
}

fn outcome_of(fate: Fate) -> &'static str {
    match fate {
        Fate::Standing => "standing",
        Fate::NotTrue => "not_true",
        Fate::Unsolved => "closed_unsolved",
        _ => "solved",
    }
}

fn strand_of(category: &str) -> &'static str {
    match category {
        "learning-gap" => "theory-study",
        "stalled-work" => "development",
        "missing-rules" => "institutions",
        _ => "rectification",
    }
}

fn ground_of(category: &str, n: usize) -> String {
    match category {
        "integrity" => format!("巡察反馈意见第{}条", n % 27 + 1),
        "party-building" => "《县基层党建重点任务清单》".to_owned(),
        _ if n.is_multiple_of(4) => format!("主题教育检视问题清单第{}项", n % 60 + 1),
        _ => String::new(),
    }
}

/// Wordings as offices write them. Working days are only used where the calendar reaches.
fn deadline(life: &mut Life, today: Day) -> String {
    if life.fate == Fate::Standing {
        return "长期坚持".to_owned();
    }
    let slow = matches!(life.seat, Seat::Town(_));
    let days = life.random.between(if slow { 30 } else { 20 }, 110) as i32;
    let due = today.plus_days(days);
    let (year, month, _) = due.ymd();
    let reaches = today.plus_days(60).year() <= Calendar::china().last_year();
    match life.random.between(0, 9) {
        0 if reaches => "20个工作日内".to_owned(),
        1 if reaches => "立行立改".to_owned(),
        2..=5 => format!("{year}年{month}月底前"),
        _ => format!("{}前", due.in_chinese()),
    }
}
