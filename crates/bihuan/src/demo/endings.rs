//! How problems end, and begin again: reports, checks, closures, look-backs.

use super::files;
use super::life::{Fate, Stage};
use super::play::Play;
use super::steps::Next;
use crate::exit::Failure;
use bihuan_app::evidence::{EvidenceInput, SentFile};
use bihuan_app::problem::{LookBackInput, NoteInput, ReasonInput, ReportInput, VerifyInput};
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::{Coded, Day, Instant};

impl Play<'_> {
    pub(super) fn report(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
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

    pub(super) fn check(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
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

    pub(super) fn object(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        self.lives[n].turns = 1;
        let ctx = self.ctx(self.county.inspectors[(n + 1) % self.county.inspectors.len()], at)?;
        let reason = "公示期间接到住户来电，称一处未修好，请复核。".to_owned();
        self.app.object(&ctx, self.id(n)?, None, ReasonInput { reason })?;
        Ok(self.soon(n, at, Stage::Check, 2, 6))
    }

    pub(super) fn close(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
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
        let later = if n % 3 == 0 { 25 } else { 1 };
        Ok(due.and_then(|due| self.on(n, at, Stage::LookBack, due.plus_days(later))))
    }

    pub(super) fn look_back(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
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

    pub(super) fn reopen(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
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

fn outcome_of(fate: Fate) -> &'static str {
    match fate {
        Fate::Standing => "standing",
        Fate::NotTrue => "not_true",
        Fate::Unsolved => "closed_unsolved",
        _ => "solved",
    }
}
