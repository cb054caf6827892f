//! No field of the API and no page's form asks for what a program for offices must not count (N1 to N7).

const MUST_NOT: [&str; 16] = [
    "check_in",
    "checkin",
    "streak",
    "latitude",
    "longitude",
    "location",
    "gps",
    "points",
    "score",
    "ranking",
    "badge",
    "likes",
    "votes",
    "online_time",
    "reading_time",
    "login_count",
];

#[test]
fn no_field_of_the_api_holds_a_trace_of_people_n1_to_n7() {
    let description = include_str!("../../../../openapi.json");
    let value: serde_json::Value = serde_json::from_str(description).unwrap();
    let mut names = Vec::new();
    walk(&value, &mut names);
    assert!(names.len() > 200, "the description is there");
    for name in names {
        assert!(!MUST_NOT.contains(&name.as_str()), "the API has a field {name}");
    }
}

fn walk(value: &serde_json::Value, names: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (name, below) in map {
                names.push(name.to_lowercase());
                if name == "name"
                    && let Some(text) = below.as_str()
                {
                    names.push(text.to_lowercase());
                }
                walk(below, names);
            }
        }
        serde_json::Value::Array(all) => all.iter().for_each(|below| walk(below, names)),
        _ => {}
    }
}
