//! What is said about a figure where it stands, and how it opens from there.

use super::compose::Making;
use super::figures::{Known, Named};
use crate::ledger::LedgerQuery;
use bihuan_documents::paper::Note;
use bihuan_domain::report::{Edition, EditionFigure};
use sha2::{Digest, Sha256};

/// A figure as it is kept with an edition, and its note.
pub(super) fn of_figure(
    known: &Known,
    making: &Making<'_>,
    named: &Named,
    ordinal: i64,
) -> (EditionFigure, Note) {
    let figure = &named.figure;
    let issued = making.number.is_some();
    let code = if issued { code(making.edition, ordinal, known.at.seq) } else { String::new() };
    let denominator = if figure.definition.denominator.is_empty() {
        String::new()
    } else {
        format!("分母：{}。", figure.definition.denominator)
    };
    let address = match &named.rows {
        None => format!("/ledger?{}", query_words(&figure.query)),
        Some(_) if issued => format!("/f/{code}"),
        Some(_) => format!("/reports/{}/rows?figure={ordinal}", making.edition.report_id),
    };
    let link = if issued { format!("/f/{code}") } else { address.clone() };
    let href = if making.origin.is_empty() { String::new() } else { format!("{}{link}", making.origin) };
    let opens = match (issued, href.is_empty()) {
        (false, _) => "签发后生成".to_owned(),
        (true, false) => href.clone(),
        (true, true) => format!("{link}（加在本系统的网址后面打开）"),
    };
    let text = format!(
        "{}：{}{denominator}期间{}至{}，截至第{}号记录（{}）。短链接{opens}",
        figure.label,
        figure.definition.definition,
        known.from,
        known.to.min(known.at.day),
        known.at.seq,
        known.at.day,
    );
    let figure = EditionFigure {
        edition_id: making.edition.id,
        ordinal,
        code,
        name: named.name.clone(),
        label: figure.label.clone(),
        definition: figure.definition.definition.to_owned(),
        denominator: figure.definition.denominator.to_owned(),
        unit: named.unit.to_owned(),
        value: figure.value,
        out_of: figure.out_of,
        shown: named.shown.clone(),
        address,
    };
    (figure, Note { text, href })
}

/// A question to the ledger as the part of an address behind the `?`.
pub(crate) fn query_words(query: &LedgerQuery) -> String {
    let pairs: Vec<String> =
        query.pairs().iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

fn encoded(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The code of a figure's short link. It tells nothing: who may not read the report gets nothing for it.
fn code(edition: &Edition, ordinal: i64, seq: i64) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    const LENGTH: usize = 12;
    let digest = Sha256::digest(format!("{}:{}:{ordinal}:{seq}", edition.report_id, edition.number));
    digest.iter().take(LENGTH).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}
