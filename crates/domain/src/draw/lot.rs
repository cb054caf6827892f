//! The drawing itself: every byte that is hashed stands here and in `docs/operating/draw.md`.

use super::{Candidate, DrawPlan, Examiner};
use crate::Coded as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Name of the algorithm; the first word of all that is hashed.
pub(super) const ALGORITHM: &str = "bihuan-draw-1";

/// One drawn candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// Code of the stratum.
    pub stratum: String,
    /// Place within the stratum, from 1.
    pub place: u32,
    /// The candidate.
    pub id: i64,
    /// Persons who examine it.
    pub examiners: Vec<i64>,
}

/// Lower-case hexadecimal SHA-256.
pub(super) fn sha(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Numbers with commas.
fn list(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

/// A name on one line of a table.
fn plain(name: &str) -> String {
    name.replace(['\t', '\n', '\r'], " ")
}

/// The lines that describe a plan, candidates and examiners by number.
fn plan_lines(plan: &DrawPlan) -> String {
    let mut lines = vec![
        format!("{ALGORITHM} plan"),
        format!("title\t{}", plain(&plan.title)),
        format!("purpose\t{}", plan.purpose.code()),
        format!("open\t{}", plan.open_day),
        format!("examiners_each\t{}", plan.examiners_each),
    ];
    for stratum in &plan.strata {
        lines.push(format!("stratum\t{}\t{}\t{}", plain(&stratum.code), stratum.size, plain(&stratum.name)));
    }
    let mut examiners: Vec<&Examiner> = plan.examiners.iter().collect();
    examiners.sort_by_key(|examiner| examiner.person);
    for one in examiners {
        lines.push(format!("examiner\t{}\t{}\t{}", one.person, list(&one.units), plain(&one.name)));
    }
    let mut candidates: Vec<&Candidate> = plan.candidates.iter().collect();
    candidates.sort_by_key(|candidate| candidate.id);
    for one in candidates {
        let (doing, hands) = (list(&one.doing), list(&one.hands));
        lines.push(format!(
            "candidate\t{}\t{}\t{doing}\t{hands}\t{}",
            one.id,
            plain(&one.stratum),
            plain(&one.name)
        ));
    }
    lines.join("\n") + "\n"
}

/// SHA-256 of the plan's lines.
pub fn plan_digest(plan: &DrawPlan) -> String {
    sha(&plan_lines(plan))
}

/// What is published of a secret before the draw.
pub fn commitment_of(secret: &str) -> String {
    sha(&format!("{ALGORITHM} secret\n{secret}\n"))
}

/// The seed: of the secret, the public value and the plan.
pub fn seed_of(secret: &str, public_value: &str, plan_digest: &str) -> String {
    sha(&format!("{ALGORITHM} seed\n{secret}\n{public_value}\n{plan_digest}\n"))
}

/// SHA-256 of the result's lines.
pub fn result_digest(drawn: &[Drawn]) -> String {
    let mut lines = vec![format!("{ALGORITHM} result")];
    for one in drawn {
        lines.push(format!("{}\t{}\t{}\t{}", plain(&one.stratum), one.place, one.id, list(&one.examiners)));
    }
    sha(&(lines.join("\n") + "\n"))
}

/// Draws: each candidate's lot is a hash of seed, stratum and number; the smallest lots of a stratum are drawn, in
/// their order. Then each drawn candidate takes, of those not barred, whoever has the fewest so far; among equals the
/// smallest hash of seed, candidate and person.
pub fn draw_lots(plan: &DrawPlan, seed: &str) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    let mut loads: Vec<(&Examiner, u32)> = plan.examiners.iter().map(|examiner| (examiner, 0)).collect();
    for stratum in &plan.strata {
        let mut lots: Vec<(String, &Candidate)> = plan
            .of_stratum(&stratum.code)
            .map(|one| (sha(&format!("{seed}\ncandidate\n{}\n{}\n", plain(&stratum.code), one.id)), one))
            .collect();
        lots.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.id.cmp(&b.1.id)));
        for (place, (_, candidate)) in (1..=stratum.size).zip(lots) {
            let examiners = examiners_for(candidate, plan.examiners_each, seed, &mut loads);
            drawn.push(Drawn { stratum: stratum.code.clone(), place, id: candidate.id, examiners });
        }
    }
    drawn
}

fn examiners_for(candidate: &Candidate, count: u32, seed: &str, loads: &mut [(&Examiner, u32)]) -> Vec<i64> {
    let mut free: Vec<(u32, String, usize)> = Vec::new();
    for (at, (examiner, load)) in loads.iter().enumerate() {
        if !examiner.is_barred_from(candidate) {
            let lot = sha(&format!("{seed}\nexaminer\n{}\n{}\n", candidate.id, examiner.person));
            free.push((*load, lot, at));
        }
    }
    free.sort();
    let chosen: Vec<usize> = free.iter().take(count as usize).map(|(.., at)| *at).collect();
    for at in &chosen {
        loads[*at].1 += 1;
    }
    chosen.iter().map(|at| loads[*at].0.person).collect()
}
