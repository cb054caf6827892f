//! The description of the API for programs (OpenAPI 3.1), made from the table of routes, so that it cannot lie about
//! paths, methods and scopes.

use bihuan_domain::Coded as _;
use bihuan_domain::report::FileFormat;
use serde_json::{Map, Value, json};

use crate::route::{Access, Route, RouteInfo, token_scopes};

/// Where the API begins.
pub const API_PREFIX: &str = "/api/v1/";

/// The routes that programs call, in the order of the table.
pub fn api_routes<S>(routes: &[Route<S>]) -> impl Iterator<Item = &RouteInfo> {
    routes.iter().map(|route| &route.info).filter(|info| info.path.starts_with(API_PREFIX))
}

/// The whole description.
pub fn document<S>(routes: &[Route<S>]) -> Value {
    let mut paths = Map::new();
    for info in api_routes(routes) {
        let path = paths.entry(info.path).or_insert_with(|| json!({}));
        path[info.method.as_str().to_lowercase()] = operation(info);
    }
    let scopes: Vec<String> =
        token_scopes(routes).into_iter().map(|(scope, words)| format!("- `{scope}` {words}")).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "闭环接口",
            "version": "1",
            "description": format!(
                "页面和接口调用同样的业务功能，权限和规则相同。程序使用访问令牌：在“我的账号”中新建，放在请求头 \
                 `Authorization: Bearer` 之后。令牌的权限不超过其所有人，并限于所选范围：\n\n{}",
                scopes.join("\n")
            ),
        },
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "访问令牌" } },
            "schemas": { "Problem": schema::problem() },
        },
    })
}

/// The noun of a route: programs find related calls together.
fn noun(info: &RouteInfo) -> &str {
    info.name.split('.').next().unwrap_or(info.name)
}

fn operation(info: &RouteInfo) -> Value {
    let mut parameters: Vec<Value> = path_names(info.path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": path_type(name) }))
        .collect();
    parameters.extend(info.docs.query.iter().map(|(name, words)| {
        json!({ "name": name, "in": "query", "required": false, "description": words, "schema": { "type": "string" } })
    }));
    let good = match info.docs.response {
        Some(schema) => {
            json!({ "description": "成功", "content": { "application/json": { "schema": schema() } } })
        }
        None => json!({ "description": "成功" }),
    };
    let mut operation = json!({
        "operationId": info.name,
        "summary": info.summary,
        "tags": [noun(info)],
        "parameters": parameters,
        "responses": {
            "200": good,
            "default": {
                "description": "没有办成，说明原因和下一步怎么做（RFC 9457）",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            },
        },
    });
    if let Some(schema) = info.docs.request {
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema() } } });
    }
    operation["security"] = match info.access {
        Access::Public => json!([]),
        // A bearer token carries no scopes of its own kind in OpenAPI 3.1, but tools show the list.
        Access::Token(scope) => json!([{ "token": [scope] }]),
        Access::SignedIn => json!([{ "token": [] }]),
    };
    operation
}

/// The names in braces of a path.
fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// Things are numbered; codes and digests are text, and the formats of files are few.
fn path_type(name: &str) -> Value {
    match name {
        "code" | "digest" | "name" | "kind" => json!({ "type": "string" }),
        "format" => {
            let codes = FileFormat::ALL.iter().map(|format| format.code());
            json!({ "type": "string", "enum": codes.collect::<Vec<_>>() })
        }
        _ => json!({ "type": "integer" }),
    }
}

/// Small pieces of JSON schemas, for [`Route::request`] and [`Route::response`].
///
/// ```
/// # use bihuan_web::openapi::schema;
/// let unit = schema::object(&[("id", schema::integer("编号")), ("name", schema::string("名称"))]);
/// assert_eq!(unit["properties"]["name"]["type"], "string");
/// ```
pub mod schema {
    use serde_json::{Map, Value, json};

    /// An object with these fields; all of them are always there.
    pub fn object(fields: &[(&str, Value)]) -> Value {
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        let properties: Map<String, Value> =
            fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
        json!({ "type": "object", "properties": properties, "required": names })
    }

    /// The same for a request in which only some fields must be there.
    pub fn input(fields: &[(&str, Value)], required: &[&str]) -> Value {
        let mut schema = object(fields);
        schema["required"] = json!(required);
        schema
    }

    pub fn string(words: &str) -> Value {
        json!({ "type": "string", "description": words })
    }

    /// One of these codes.
    pub fn code<'a>(words: &str, codes: impl IntoIterator<Item = &'a str>) -> Value {
        json!({ "type": "string", "description": words, "enum": codes.into_iter().collect::<Vec<_>>() })
    }

    /// A day: `2026-03-05`.
    pub fn day(words: &str) -> Value {
        json!({ "type": "string", "format": "date", "description": words })
    }

    /// A moment: `2026-03-05T06:20:00Z`.
    pub fn moment(words: &str) -> Value {
        json!({ "type": "string", "format": "date-time", "description": words })
    }

    pub fn integer(words: &str) -> Value {
        json!({ "type": "integer", "format": "int64", "description": words })
    }

    pub fn boolean(words: &str) -> Value {
        json!({ "type": "boolean", "description": words })
    }

    pub fn array(of: Value) -> Value {
        json!({ "type": "array", "items": of })
    }

    /// The same, or null.
    pub fn nullable(mut schema: Value) -> Value {
        let kind = schema["type"].take();
        schema["type"] = json!([kind, "null"]);
        schema
    }

    /// What every refusal and every failure looks like.
    pub fn problem() -> Value {
        let mut schema = object(&[
            ("title", string("标题")),
            ("status", integer("HTTP 状态码")),
            ("code", string("稳定的代码，供程序判断")),
            ("detail", string("说明")),
            ("hint", string("下一步怎么做")),
            ("errors", array(object(&[("field", string("字段")), ("detail", string("怎样修改"))]))),
            ("request_id", string("请求编号，报告故障时使用")),
        ]);
        schema["required"] = json!(["title", "status", "code", "detail", "request_id"]);
        schema
    }
}
