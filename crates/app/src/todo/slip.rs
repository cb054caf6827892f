//! What waits on slips: to sign, to answer, to issue, to review, to decide whose it is.

use super::{RecordHere, TodoItem, TodoKind};
use crate::Error;
use crate::context::Context;
use crate::slip::reader_of;
use bihuan_domain::Day;
use bihuan_domain::slip::Slip;
use bihuan_store::Conn;
use bihuan_store::slip::{self as store, SlipFilter, SlipWish};

const WAITING: [(SlipWish, TodoKind); 5] = [
    (SlipWish::ToSign, TodoKind::SlipSign),
    (SlipWish::ToAnswer, TodoKind::SlipAnswer),
    (SlipWish::ToIssue, TodoKind::SlipIssue),
    (SlipWish::ToReview, TodoKind::SlipReview),
    (SlipWish::Disputed, TodoKind::SlipDecide),
];

/// What waits for the caller.
pub(super) fn items(conn: &mut Conn, ctx: &Context, today: Day) -> Result<Vec<TodoItem>, Error> {
    let reader = reader_of(&ctx.actor);
    let mut items = Vec::new();
    if !store::any_in_hand(conn, &reader)? {
        return Ok(items);
    }
    for (wish, kind) in WAITING {
        let filter = SlipFilter { wish: Some(wish), ..SlipFilter::default() };
        let slips = store::rows(conn, &reader, &filter, today)?;
        let names = bihuan_store::unit::names(conn, slips.iter().map(|slip| slip.holder_unit_id))?;
        for slip in slips {
            let unit_name = names.get(&slip.holder_unit_id).cloned().unwrap_or_default();
            items.push(item(kind, slip, unit_name, today));
        }
    }
    Ok(items)
}

fn item(kind: TodoKind, slip: Slip, unit_name: String, today: Day) -> TodoItem {
    let href = format!("/slips/{}", slip.id);
    let (form, day) = match kind {
        TodoKind::SlipSign => ("sign", slip.answer_day.or(slip.issued_day)),
        TodoKind::SlipAnswer => ("answer", slip.answer_day),
        TodoKind::SlipIssue => ("issue", Some(slip.drafted_at.day_in_china())),
        TodoKind::SlipReview => ("accept", slip.answered_day),
        _ => ("decide", slip.decide_by_day),
    };
    let record = (kind == TodoKind::SlipSign).then(|| RecordHere {
        action: format!("{href}/sign"),
        button: "签收",
        hidden: vec![("version", slip.version.to_string())],
        field: None,
        uploads: false,
    });
    let owed = slip.answer_day.is_some() || kind == TodoKind::SlipDecide;
    TodoItem {
        kind,
        citation: slip.citation(),
        text: slip.title.clone(),
        words: slip.cause,
        campaign_id: Some(slip.campaign_id),
        unit_id: slip.holder_unit_id,
        unit_name,
        late: kind.day_is_deadline() && owed && day.is_some_and(|day| day < today),
        day,
        deadline_text: String::new(),
        do_href: format!("{href}?do={form}#do-{form}"),
        href,
        record,
        problem: None,
    }
}
