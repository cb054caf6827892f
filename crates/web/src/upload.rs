//! A form with files: its fields, and the files under their names.

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::StatusCode,
};

use crate::{
    error::Problem,
    form::{FIELD_COUNT_LIMIT, Fields},
    route::RouteInfo,
};

/// One uploaded file, in memory. The route's body limit bounds its size.
#[derive(Debug, Clone)]
pub struct UploadedFile {
    /// The field it came with.
    pub field: String,
    /// Its name as the browser says it, without folders.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What came in with a form that carries files: take it as the last argument of a handler.
#[derive(Debug, Clone, Default)]
pub struct Upload {
    /// The other fields.
    pub fields: Fields,
    /// Files that are not empty.
    pub files: Vec<UploadedFile>,
}

impl Upload {
    /// The file of a field.
    pub fn file(&self, field: &str) -> Option<&UploadedFile> {
        self.files.iter().find(|file| file.field == field)
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let limit_bytes = request
            .extensions()
            .get::<RouteInfo>()
            .map_or(crate::route::BODY_LIMIT_BYTES, |info| info.body_limit);
        let told = |status: StatusCode| match status {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge { limit_bytes },
            status => Problem::BadRequest(status),
        };
        let mut parts =
            Multipart::from_request(request, state).await.map_err(|rejection| told(rejection.status()))?;
        let (mut pairs, mut files) = (Vec::new(), Vec::new());
        while let Some(part) = parts.next_field().await.map_err(|error| told(error.status()))? {
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(plain_name) {
                Some(name) => {
                    let bytes = part.bytes().await.map_err(|error| told(error.status()))?.to_vec();
                    if !bytes.is_empty() {
                        files.push(UploadedFile { field, name, bytes });
                    }
                }
                None => pairs.push((field, part.text().await.map_err(|error| told(error.status()))?)),
            }
            if pairs.len() + files.len() > FIELD_COUNT_LIMIT {
                return Err(Problem::TooLarge { limit_bytes });
            }
        }
        Ok(Self { fields: Fields::new(pairs), files })
    }
}

/// The last part of a name: old browsers send whole paths.
fn plain_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_loses_its_folders_and_control_characters() {
        assert_eq!(plain_name("C:\\资料\\单位.csv"), "单位.csv");
        assert_eq!(plain_name("../../a\r\nb.csv"), "ab.csv");
    }
}
