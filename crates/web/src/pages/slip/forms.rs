//! The forms of a slip's page: only those of steps that the reader may take now; each opens without script.

use bihuan_app::slip::SlipView;
use bihuan_domain::Coded as _;
use bihuan_domain::slip::{DOCUMENT_PREFIX_CHARS_MAX, SLIP_WORDS_CHARS_MAX, SlipVerb};
use maud::{Markup, html};

use super::{SLIPS_PATH, path_of};
use crate::{
    form::{FieldErrors, Fields},
    guard::CsrfToken,
    ui::{self, Field, PostForm, button},
};

/// What the reader may do now. `open` names the form that stands open, `typed` and `errors` are of a refused one.
pub fn now(view: &SlipView, csrf: &CsrfToken, open: &str, typed: &Fields, errors: &FieldErrors) -> Markup {
    if view.possible.is_empty() {
        return html! {};
    }
    // What undoes a slip is not held out to be done next.
    let undoes = |verb: &SlipVerb| matches!(verb, SlipVerb::Recall | SlipVerb::Lapse);
    let first = view.possible.first().copied().filter(|verb| open.is_empty() && !undoes(verb));
    html! {
        section .case-now aria-labelledby="now-title" {
            h2 #now-title { "您可以办理" }
            @for verb in &view.possible {
                @let path = path_of(*verb);
                @let is_open = first == Some(*verb) || open == path;
                details .case-step #{ "do-" (path) } open[is_open] {
                    summary { (verb.label()) }
                    (form(view, *verb, csrf, (open == path).then_some((typed, errors))))
                }
            }
        }
    }
}

fn form(view: &SlipView, verb: SlipVerb, csrf: &CsrfToken, again: Option<(&Fields, &FieldErrors)>) -> Markup {
    let path = path_of(verb);
    let slip = &view.case.slip;
    let mut form = PostForm::new(format!("{SLIPS_PATH}/{}/{path}", slip.id), csrf)
        .hidden("version", slip.version.to_string())
        .within(&path);
    if let Some((_, errors)) = again {
        form = form.errors(errors);
    }
    if matches!(verb, SlipVerb::Recall | SlipVerb::Lapse) {
        form = form.confirm(format!("确定{}？", verb.label()));
    }
    let filled = |field: Field| {
        let field = field.within(&path);
        match again {
            Some((typed, errors)) => field.refill(typed).errors(errors),
            None => field,
        }
    };
    let words = |name: &str, label: &str, must: bool| {
        let field = ui::area(name, label, 3).max_chars(SLIP_WORDS_CHARS_MAX);
        filled(if must { field.required() } else { field })
    };
    form.body(html! {
        @match verb {
            SlipVerb::Issue => {
                p .text-muted { "签发后编号、日期和答复时限自动填写，内容不能再改。" }
                (filled(ui::text("document_prefix", "发文代字").max_chars(DOCUMENT_PREFIX_CHARS_MAX).narrow()
                    .value(slip.document_prefix.clone()).hint("需要文号的填写，例如“云整改办督”；不填则按类型和年度编号")))
            },
            SlipVerb::Answer => (words("answer", "答复内容", true)),
            SlipVerb::Accept => (words("opinion", "审核意见", false)),
            SlipVerb::SendBack => (words("opinion", "退回意见", true)),
            SlipVerb::PassOn => {
                (filled(ui::text("to", "转给").required().narrow().hint("本单位的下级单位，填写名称或代码")))
                (words("reason", "转办说明", true))
            },
            SlipVerb::Return => (words("reason", "退回理由（为什么不属于本单位）", true)),
            SlipVerb::Decide => {
                (filled(ui::text("to", "改由").narrow().hint("不填为维持原单位办理；填写的，以后同类事项会提示这一裁定")))
                (words("reason", "裁定理由", true))
            },
            SlipVerb::Recall => (words("reason", "撤回原因", true)),
            SlipVerb::Lapse => (words("reason", "不再发出的原因", true)),
            SlipVerb::Sign | SlipVerb::Draft => {},
        }
        div .actions { (button(verb.label()).primary()) }
    }).into_markup()
}

trait IntoMarkup {
    fn into_markup(self) -> Markup;
}

impl IntoMarkup for PostForm {
    fn into_markup(self) -> Markup {
        html! { (self) }
    }
}
