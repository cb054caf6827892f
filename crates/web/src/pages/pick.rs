//! Choosing a unit or a person by a few typed words, without script: one match is taken, several are offered as round
//! buttons below the field, none is said.

use bihuan_app::Context;
use bihuan_domain::id::{PersonId, UnitId};
use maud::{Markup, html};

use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    state::WebState,
    ui::{self, Choice},
};

/// Units or people offered at once.
const OFFERED: usize = 12;

/// What is offered below the fields of a form that is shown again.
#[derive(Debug, Clone, Default)]
pub struct Offers(Vec<(String, Vec<Choice>)>);

impl Offers {
    /// The field with the round buttons that belong to what was typed.
    pub fn field(&self, field: ui::Field, name: &str, fields: &Fields, errors: &FieldErrors) -> Markup {
        let offered = self.0.iter().find(|(of, _)| of == name).map(|(_, choices)| choices.clone());
        html! {
            (field.refill(fields).errors(errors))
            @if let Some(choices) = offered {
                input type="hidden" name=(for_text(name)) value=(fields.text(name));
                (ui::radios(&chosen(name), "请选择是哪一个", choices).refill(fields))
            }
        }
    }

    /// The hidden fields that carry a choice through a page that asks first.
    pub fn hidden(name: &str, id: i64, text: &str) -> [(String, String); 3] {
        [
            (name.to_owned(), text.to_owned()),
            (for_text(name), text.to_owned()),
            (chosen(name), id.to_string()),
        ]
    }
}

fn chosen(name: &str) -> String {
    format!("{name}_id")
}

/// The text the round buttons were offered for: after another text they mean nothing.
fn for_text(name: &str) -> String {
    format!("{name}_for")
}

fn already_chosen(fields: &Fields, name: &str) -> Option<i64> {
    (fields.text(&for_text(name)) == fields.text(name)).then(|| fields.number(&chosen(name))).flatten()
}

fn wrong(name: &str, sentence: String) -> Problem {
    Problem::Invalid { fields: vec![(name.to_owned(), sentence)] }
}

/// The unit a field means.
///
/// # Errors
/// `Invalid` when nothing is typed, nothing fits, or several fit: then these are added to `offers`.
pub async fn unit(
    web: &WebState,
    ctx: &Context,
    fields: &Fields,
    (name, label): (&str, &str),
    offers: &mut Offers,
) -> Result<UnitId, Problem> {
    if let Some(id) = already_chosen(fields, name) {
        return Ok(UnitId(id));
    }
    let text = fields.text(name).to_owned();
    if text.is_empty() {
        return Err(wrong(name, format!("“{label}”没有填写。请填写单位的名称、简称或代码。")));
    }
    let (who, words) = (ctx.clone(), text.clone());
    let found = web.run(move |app| app.search_units(&who, &words, OFFERED)).await?;
    let exact: Vec<_> = found
        .iter()
        .filter(|f| {
            f.unit.name == text || f.unit.code == text || f.unit.short_names.split('、').any(|s| s == text)
        })
        .collect();
    match (exact.as_slice(), found.as_slice()) {
        ([one], _) => return Ok(one.unit.id),
        ([], [one]) => return Ok(one.unit.id),
        ([], _) => {
            let (who, words) = (ctx.clone(), text.clone());
            let named = web.run(move |app| app.units_named(&who, &words)).await?;
            if let [one] = named.as_slice() {
                return Ok(one.id);
            }
        }
        _ => {}
    }
    if found.is_empty() {
        let words = format!("没有找到“{text}”。请核对名称，或者改填单位代码；只能选择您管辖范围内的单位。");
        return Err(wrong(name, words));
    }
    let choices = found
        .iter()
        .map(|f| Choice::new(f.unit.id.to_string(), f.unit.name.clone()).hint(place(&f.above, &f.unit.code)));
    offers.0.push((name.to_owned(), choices.collect()));
    Err(wrong(name, format!("有{}个单位符合“{text}”，请在下面选择是哪一个。", found.len())))
}

/// Where a unit lies, in one line.
pub fn place(above: &[String], code: &str) -> String {
    if above.is_empty() { code.to_owned() } else { format!("{} · {code}", above.join(" / ")) }
}

/// The person a field means.
///
/// # Errors
/// As [`unit`].
pub async fn person(
    web: &WebState,
    ctx: &Context,
    fields: &Fields,
    (name, label): (&str, &str),
    offers: &mut Offers,
) -> Result<PersonId, Problem> {
    if let Some(id) = already_chosen(fields, name) {
        return Ok(PersonId(id));
    }
    let text = fields.text(name).to_owned();
    if text.is_empty() {
        return Err(wrong(name, format!("“{label}”没有填写。请填写姓名。")));
    }
    let (who, words) = (ctx.clone(), text.clone());
    let found = web.run(move |app| app.people(&who, &words, false, 0)).await?.people;
    match found.as_slice() {
        [one] if one.person.name == text => return Ok(one.person.id),
        [] => {
            let words = format!("没有找到“{text}”。还没有登记的人员，请先在“人员”中登记。");
            return Err(wrong(name, words));
        }
        _ => {}
    }
    let choices = found.iter().take(OFFERED).map(|entry| {
        let posts: Vec<String> = entry.posts.iter().map(|(_, unit, post)| format!("{unit}{post}")).collect();
        let hint = if posts.is_empty() { "现无岗位".to_owned() } else { posts.join("、") };
        Choice::new(entry.person.id.to_string(), entry.person.name.clone()).hint(hint)
    });
    offers.0.push((name.to_owned(), choices.collect()));
    Err(wrong(name, format!("有{}人符合“{text}”，请在下面选择是哪一位。", found.len())))
}
