//! A draw as a file that anybody can check without a database.

use super::lot::{ALGORITHM, Drawn, commitment_of, draw_lots, plan_digest, result_digest, seed_of, sha};
use super::{Draw, DrawPlan, DrawState};
use serde::{Deserialize, Serialize};

/// Largest file that is checked, in bytes.
pub const FILE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A draw as exported: what is still sealed is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawFile {
    /// Name of the algorithm.
    pub algorithm: String,
    /// Number of the draw in its installation.
    pub draw: i64,
    /// What it was drawn from.
    pub plan: DrawPlan,
    /// SHA-256 of the plan's lines.
    pub plan_digest: String,
    /// SHA-256 of the secret's line.
    pub commitment: String,
    /// When the commitment was published.
    pub committed_at: String,
    /// Number of its entry in the journal.
    pub committed_entry: i64,
    /// Which public value was named beforehand.
    pub public_source: String,
    /// The public value; empty before the draw.
    pub public_value: String,
    /// The secret; empty while sealed.
    pub secret: String,
    /// SHA-256 of the result's lines; empty before the draw.
    pub result_digest: String,
    /// What was drawn; empty while sealed.
    pub drawn: Vec<Drawn>,
    /// SHA-256 of all the above as this program writes it.
    pub file_digest: String,
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DrawFault {
    /// Stable code.
    pub code: &'static str,
    /// In words.
    pub sentence: String,
}

fn fault(code: &'static str, sentence: impl Into<String>) -> DrawFault {
    DrawFault { code, sentence: sentence.into() }
}

impl DrawFile {
    /// The file of a draw.
    pub fn of(draw: &Draw, plan: DrawPlan, drawn: Vec<Drawn>) -> DrawFile {
        let mut file = DrawFile {
            algorithm: ALGORITHM.to_owned(),
            draw: draw.id.0,
            plan,
            plan_digest: draw.plan_digest.clone(),
            commitment: draw.commitment.clone(),
            committed_at: draw.committed_at.to_rfc3339(),
            committed_entry: draw.committed_seq,
            public_source: draw.public_source.clone(),
            public_value: draw.public_value.clone(),
            secret: if draw.state == DrawState::Opened { draw.secret.clone() } else { String::new() },
            result_digest: draw.result_digest.clone(),
            drawn,
            file_digest: String::new(),
        };
        file.file_digest = file.own_digest();
        file
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    fn own_digest(&self) -> String {
        sha(&DrawFile { file_digest: String::new(), ..self.clone() }.text())
    }
}

/// Checks a file by drawing again. An empty list says that everything holds.
///
/// # Errors
/// `not_a_draw_file` when it cannot be read at all.
pub fn verify(text: &str) -> Result<(DrawFile, Vec<DrawFault>), DrawFault> {
    if text.len() > FILE_BYTES_MAX {
        return Err(fault(
            "not_a_draw_file",
            format!("文件超过{}MB，不是抽取文件。", FILE_BYTES_MAX / 1024 / 1024),
        ));
    }
    let file: DrawFile = serde_json::from_str(text)
        .map_err(|error| fault("not_a_draw_file", format!("不是抽取文件，或者文件已损坏（{error}）。")))?;
    let mut faults = Vec::new();
    if file.algorithm != ALGORITHM {
        faults
            .push(fault("unknown_algorithm", format!("算法“{}”不是{ALGORITHM}，无法核验。", file.algorithm)));
        return Ok((file, faults));
    }
    check_hashes(&file, &mut faults);
    if file.secret.is_empty() {
        if !file.drawn.is_empty() {
            faults.push(fault("drawn_while_sealed", "没有公布密数，却列出了抽取结果。"));
        }
    } else {
        check_result(&file, &mut faults);
    }
    if file.file_digest != file.own_digest() {
        faults.push(fault("file_altered", "文件内容与文件末尾的摘要不一致，文件被改动过。"));
    } else if file.text() != text {
        let line = file.text().lines().zip(text.lines()).take_while(|(a, b)| a == b).count() + 1;
        faults.push(fault("not_as_written", format!("从第{line}行起与本系统写出的格式不同，文件被改动过。")));
    }
    Ok((file, faults))
}

fn check_hashes(file: &DrawFile, faults: &mut Vec<DrawFault>) {
    if plan_digest(&file.plan) != file.plan_digest {
        faults.push(fault("plan_altered", "抽取对象、检查人员、分层或启封日期与公布的名单摘要不一致。"));
    }
    if !file.secret.is_empty() && commitment_of(&file.secret) != file.commitment {
        faults.push(fault("secret_differs", "公布的密数与事先公布的承诺不一致。"));
    }
    if file.public_value.is_empty() != file.result_digest.is_empty() {
        faults.push(fault("value_missing", "公开数和结果摘要应同时具备。"));
    }
}

fn check_result(file: &DrawFile, faults: &mut Vec<DrawFault>) {
    let again = draw_lots(&file.plan, &seed_of(&file.secret, &file.public_value, &file.plan_digest));
    if again != file.drawn {
        let at = again.iter().zip(&file.drawn).take_while(|(a, b)| a == b).count() + 1;
        faults.push(fault("result_differs", format!("重新抽取的结果与文件所列不同，第一处是第{at}个。")));
    }
    if result_digest(&file.drawn) != file.result_digest {
        faults.push(fault("result_altered", "文件所列结果与抽取时登记的结果摘要不一致。"));
    }
    if result_digest(&again) != file.result_digest {
        faults.push(fault(
            "result_not_reproduced",
            "重新抽取得不出抽取时登记的结果摘要，公开数或密数被改动过。",
        ));
    }
}
