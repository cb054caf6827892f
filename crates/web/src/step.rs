//! One step as two routes: the form of a page and JSON of the same name. The page shows itself again, with all that
//! was typed, when the step is refused.

use std::{collections::HashMap, future::Future, pin::Pin};

use axum::{
    body::Bytes,
    extract::{FromRequestParts, Path, State},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use bihuan_app::{
    App, Context, Error,
    input::{Input, InputField},
};
use maud::Markup;
use serde_json::{Map, Value, json};

use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    openapi::schema,
    page::Frame,
    pages::pick::{self, Offers},
    pages::problem::{object_of, version_of},
    route::{Access, Route},
    shell::local_path,
    state::{Session, WebState},
};

/// What the address of a step names; 0 where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    pub id: i64,
    /// A part of it.
    pub part: i64,
}

impl FromRequestParts<WebState> for Place {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Problem> {
        let Path(named) = Path::<HashMap<String, String>>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::NotFound)?;
        let number = |name: &str| match named.get(name) {
            Some(text) => text.parse::<i64>().map_err(|_| Problem::NotFound),
            None => Ok(0),
        };
        Ok(Self { id: number("id")?, part: number("part")? })
    }
}

/// A form that was refused: which one, all that was typed, and what is offered for units that are not clear.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub form: &'static str,
    pub part: i64,
    pub fields: Fields,
    pub errors: FieldErrors,
    pub offers: Offers,
}

impl Typed {
    /// What was typed into this form; nothing when another one was refused.
    pub fn of(typed: Option<&Typed>, form: &str) -> Typed {
        Typed::of_part(typed, form, 0)
    }

    /// The same for a form that the page shows once for each part.
    pub fn of_part(typed: Option<&Typed>, form: &str, part: i64) -> Typed {
        typed.filter(|typed| typed.form == form && typed.part == part).cloned().unwrap_or_default()
    }

    /// This form was refused.
    pub fn is_refused(&self) -> bool {
        !self.errors.is_empty()
    }
}

/// What was carried out: where the browser goes, and what programs are told.
#[derive(Debug, Clone)]
pub struct Carried {
    pub to: String,
    pub json: Value,
}

impl Carried {
    pub fn to(to: impl Into<String>, json: Value) -> Self {
        Self { to: to.into(), json }
    }
}

/// A page being made.
pub type Shown = Pin<Box<dyn Future<Output = Result<(Frame, Markup), Problem>> + Send>>;
/// Makes the page of a step again.
pub type Show = fn(WebState, Context, Page, Place, Typed) -> Shown;
/// A step as pages and JSON call it, on the row version the caller knows.
pub type Act<I> = fn(&App, &Context, Place, i64, I) -> Result<Carried, Error>;

/// What is said of a step besides what it does.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Path of the form; JSON lies under `/api/v1`.
    pub path: &'static str,
    /// Path of JSON.
    pub json_path: &'static str,
    /// Names of both routes.
    pub names: [&'static str; 2],
    /// One Chinese phrase.
    pub label: &'static str,
    /// The form's name on its page.
    pub form: &'static str,
    /// What the next page says.
    pub said: &'static str,
    /// What a token must carry.
    pub token: &'static str,
    /// Fields of the form that hold units as people write them, one a line, with their labels.
    pub units: &'static [(&'static str, &'static str)],
    /// The page again.
    pub show: Show,
}

/// Declares a [`Step`]: path, noun and verb, label, form, what is said.
#[macro_export]
macro_rules! step {
    ($path:literal, $noun:literal, $verb:literal, $label:literal, $said:literal, $show:expr, $act:expr) => {
        $crate::step!($path, $noun, $verb, $label, $said, &[], $show, $act)
    };
    ($path:literal, $noun:literal, $verb:literal, $label:literal, $said:literal, $units:expr, $show:expr, $act:expr) => {
        $crate::step::pair(
            $crate::step::Step {
                path: $path,
                json_path: concat!("/api/v1", $path),
                names: [concat!($noun, ".", $verb), concat!($noun, ".", $verb, "_json")],
                label: $label,
                form: $verb,
                said: $said,
                token: concat!($noun, ":write"),
                units: $units,
                show: $show,
            },
            $act,
        )
    };
}

/// The two routes of a step.
pub fn pair<I: Input + Send + 'static>(step: Step, act: Act<I>) -> [Route<WebState>; 2] {
    let by_form = async move |State(web): State<WebState>,
                              Session(ctx): Session,
                              page: Page,
                              place: Place,
                              fields: Fields| {
        let mut offers = Offers::default();
        match carry_out(&web, &ctx, step, act, place, &fields, &mut offers).await {
            Ok(done) => Ok(page.go(local_path(fields.text("back")).unwrap_or(&done.to), step.said)),
            Err(problem) => {
                let again = Again::of(problem)?;
                let errors = again.errors.clone();
                let typed = Typed { form: step.form, part: place.part, fields, errors, offers };
                let (frame, body) = (step.show)(web, ctx, page.clone(), place, typed).await?;
                Ok::<Response, Problem>(page.show_again(frame, body, &again))
            }
        }
    };
    let by_json =
        async move |State(web): State<WebState>, Session(ctx): Session, place: Place, bytes: Bytes| {
            let value = object_of(&bytes)?;
            let version = version_of(&value).unwrap_or(0);
            let sent = input_of_json::<I>(value)?;
            let done = web.run(move |app| act(app, &ctx, place, version, sent)).await?;
            Ok::<Response, Problem>(axum::Json(done.json).into_response())
        };
    [
        Route::post(step.path, step.names[0], step.label, by_form),
        Route::post(step.json_path, step.names[1], step.label, by_json)
            .access(Access::Token(step.token))
            .request(request_of::<I>)
            .response(done_schema),
    ]
}

async fn carry_out<I: Input + Send + 'static>(
    web: &WebState,
    ctx: &Context,
    step: Step,
    act: Act<I>,
    place: Place,
    fields: &Fields,
    offers: &mut Offers,
) -> Result<Carried, Problem> {
    let fields = with_units(web, ctx, step.units, fields, offers).await?;
    let sent = input_of_form::<I>(&fields)?;
    let (ctx, version) = (ctx.clone(), fields.number("version").unwrap_or(0));
    web.run(move |app| act(app, &ctx, place, version, sent)).await
}

/// The fields with units by number in place of their names.
async fn with_units(
    web: &WebState,
    ctx: &Context,
    units: &[(&str, &str)],
    fields: &Fields,
    offers: &mut Offers,
) -> Result<Fields, Problem> {
    if units.is_empty() {
        return Ok(fields.clone());
    }
    let mut pairs: Vec<(String, String)> = fields
        .pairs()
        .filter(|(name, _)| !units.iter().any(|(unit, _)| unit == name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    for (name, label) in units {
        let lines: Vec<&str> = fields.text(name).lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        if lines.len() <= 1 {
            if !lines.is_empty() {
                let id = pick::unit(web, ctx, fields, (name, label), offers).await?;
                pairs.push(((*name).to_owned(), id.to_string()));
            }
            continue;
        }
        for line in lines {
            let one = Fields::new(vec![((*name).to_owned(), line.to_owned())]);
            match pick::unit(web, ctx, &one, (name, label), &mut Offers::default()).await {
                Ok(id) => pairs.push(((*name).to_owned(), id.to_string())),
                Err(Problem::Invalid { .. }) => {
                    let words = format!("“{label}”中的“{line}”没有找到或者不止一个，请改填单位代码。");
                    return Err(Problem::invalid(*name, words));
                }
                Err(problem) => return Err(problem),
            }
        }
    }
    Ok(Fields::new(pairs))
}

/// The fields of a form as an input.
pub fn input_of_form<I: Input>(fields: &Fields) -> Result<I, Problem> {
    let value = |field: &InputField| {
        if field.many {
            Value::Array(fields.all(field.name).map(|text| json!(text)).collect())
        } else {
            json!(fields.text(field.name))
        }
    };
    let map: Map<String, Value> =
        I::FIELDS.iter().map(|field| (field.name.to_owned(), value(field))).collect();
    input_of_json(Value::Object(map))
}

fn input_of_json<I: Input>(value: Value) -> Result<I, Problem> {
    serde_json::from_value(value)
        .map_err(|error| Problem::invalid("", format!("JSON 内容不符合要求：{error}。")))
}

/// The JSON schema of an input, with the row version it was made from.
pub fn request_of<I: Input>() -> Value {
    let mut fields: Vec<(&str, Value)> = I::FIELDS
        .iter()
        .map(|field| {
            let text = schema::string(field.label);
            (field.name, if field.many { schema::array(text) } else { text })
        })
        .collect();
    fields.push(("version", schema::integer("行版本，与现在的版本不同就不办理；新建时不用写")));
    schema::input(&fields, &[])
}

fn done_schema() -> Value {
    json!({ "type": "object", "description": "办理后的编号等" })
}
