//! The page as a whole: what it is and how it stands, what to do now, all that belongs to it, what happened.

use bihuan_app::{Context, problem::ProblemView};
use bihuan_domain::slip::SubjectKind;
use maud::{Markup, html};

use super::{Typed, asides, facts, forms::Forms, history, material};
use crate::{
    error::Problem,
    frame::Page,
    page::{AsOf, Frame},
    ui,
};

/// The page's frame and body. `open` is the form to be opened (`?do=sign`), `typed` a refused one.
///
/// # Errors
/// `SignIn` when nobody has signed in.
pub fn render(
    view: &ProblemView,
    ctx: &Context,
    page: &Page,
    open: &str,
    typed: Option<&Typed>,
) -> Result<(Frame, Markup), Problem> {
    let problem = &view.base.case.problem;
    let forms = Forms { view, ctx, csrf: page.csrf()?, open, typed };
    let as_of = u64::try_from(view.as_of).ok().filter(|entry| *entry > 0);
    let as_of = as_of.map(|entry| AsOf { entry, at: ctx.at.in_chinese() });
    let citation = problem.citation();
    let frame = page.frame(format!("{citation}问题")).crumb("台账", "/ledger").as_of(as_of);
    let lead = view.base.campaign.name.clone();
    let body = html! {
        div #top .case {
            (ui::heading(&format!("{citation}问题"), Some(&lead), html! { (ui::print_button()) }))
            (facts::head(view, ctx))
            (facts::course(view))
            (facts::warnings(view))
            (forms.now())
            div .case-columns {
                div .case-main {
                    (material::measures(view, &forms))
                    (material::evidence(view, &forms))
                    (asides::requests(view))
                    (crate::pages::slip::of_problem(&view.slips, problem.id, ctx.today()))
                    (crate::pages::muster::of_subject(&view.musters.0, SubjectKind::Problem, problem.id.0, view.musters.1))
                    (asides::links(view, &forms))
                    (forms.beside())
                }
                div .case-side {
                    (facts::parties(view))
                    (facts::basics(view))
                    (crate::pages::breakdown::source_card(view.origin.as_ref()))
                    (asides::holdings(view, ctx))
                    (asides::rounds(view))
                    (asides::ledger_columns(view))
                }
            }
            (history::timeline(view))
        }
    };
    Ok((frame, body))
}
