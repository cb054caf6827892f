//! The JSON schema of a template, made from its shape, for editors that complete and check TOML.

use serde_json::{Map, Value, json};

use super::shape::{Field, Kind, MAX_CODE_CHARS, Shape, TEMPLATE};

/// The schema that `templates/schema.json` holds.
pub fn schema() -> Value {
    let mut schema = table(&TEMPLATE);
    if let Value::Object(object) = &mut schema {
        object.insert("$schema".to_string(), json!("https://json-schema.org/draft/2020-12/schema"));
        object.insert("title".to_string(), json!("专项行动模板"));
    }
    schema
}

fn table(shape: &Shape) -> Value {
    let properties: Map<String, Value> =
        shape.fields.iter().map(|field| (field.key.to_string(), property(field))).collect();
    let required: Vec<&str> =
        shape.fields.iter().filter(|field| field.required).map(|field| field.key).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
}

fn property(field: &Field) -> Value {
    let mut value = match field.kind {
        Kind::Text(max) | Kind::Wording(max, _) | Kind::ReportText(max) => {
            let least = usize::from(field.required);
            json!({ "type": "string", "minLength": least, "maxLength": max })
        }
        Kind::Code | Kind::Reference(_) => {
            json!({ "type": "string", "pattern": "^[a-z][a-z0-9-]*$", "maxLength": MAX_CODE_CHARS })
        }
        Kind::Integer(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Texts(items, chars) => json!({
            "type": "array", "maxItems": items, "items": { "type": "string", "minLength": 1, "maxLength": chars }
        }),
        Kind::Choices(choices) => {
            json!({ "type": "array", "uniqueItems": true, "items": { "enum": choices } })
        }
        Kind::Choice(choices) => json!({ "enum": choices }),
        Kind::References(_, most) => json!({
            "type": "array", "minItems": 1, "maxItems": most,
            "items": { "type": "string", "pattern": "^[a-z][a-z0-9-]*$", "maxLength": MAX_CODE_CHARS }
        }),
        Kind::Table(shape) => table(shape),
        Kind::Tables(shape, least, most) => {
            json!({ "type": "array", "minItems": least, "maxItems": most, "items": table(shape) })
        }
    };
    if let Value::Object(object) = &mut value {
        object.insert("description".to_string(), json!(field.says));
    }
    value
}
