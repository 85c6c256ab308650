//! The rows of a sandbox's data, one by one.

use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::value::RawValue;

use super::Sandbox;
use crate::api::{Row, RowPage};
use crate::control::rows;
use crate::mock::client::{ControlAnswer, Typed};
use crate::mock::error::MockError;

impl Sandbox {
    /// Some rows of a list of a provider's data, in the order of its fixture: at most `limit` of them (1 to 1000), behind
    /// `offset` others, of those that have the text `search` in a value; an empty one is in all.
    ///
    /// # Errors
    ///
    /// There is no such provider or list.
    pub fn rows(
        &self,
        provider: &str,
        list: &str,
        limit: usize,
        offset: usize,
        search: &str,
    ) -> Result<RowPage, MockError> {
        let request = Typed::new(&rows::LIST_ROWS, &[provider, list]);
        let request = request.query("limit", &limit.to_string()).query("offset", &offset.to_string());
        let request = if search.is_empty() { request } else { request.query("search", search) };
        self.client.call(&self.name, request)
    }

    /// One row, by its id, or by its place where it has none.
    ///
    /// # Errors
    ///
    /// There is no such row.
    pub fn row(&self, provider: &str, list: &str, id: &str) -> Result<Row, MockError> {
        let answer = self.ask(&Typed::new(&rows::SHOW_ROW, &[provider, list, id]).into_request())?;
        row(answer, id)
    }

    /// Adds a row, as if it stood in the fixture.
    ///
    /// # Errors
    ///
    /// What the loader of the fixture would say of it.
    pub fn add_row(&self, provider: &str, list: &str, row: &impl Serialize) -> Result<Row, MockError> {
        let answer = self.ask(&Typed::new(&rows::ADD_ROW, &[provider, list]).with_json(row)?.into_request())?;
        let name = answer.location.as_deref().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
        self::row(answer, &name)
    }

    /// Puts another row in place of one. With `etag`, only where it still is the row of that ETag, which is wanted in a list
    /// whose rows have no ids.
    ///
    /// # Errors
    ///
    /// There is no such row, it is another by now, others refer to what is changed, or what the loader of the fixture would
    /// say of it.
    pub fn put_row(
        &self,
        provider: &str,
        list: &str,
        id: &str,
        etag: Option<&str>,
        row: &impl Serialize,
    ) -> Result<Row, MockError> {
        let request = Typed::new(&rows::REPLACE_ROW, &[provider, list, id]).if_match(etag).with_json(row)?;
        self::row(self.ask(&request.into_request())?, id)
    }

    /// Changes the members of a row that `patch` names (JSON Merge Patch, but that null sets null where a fixture takes it).
    ///
    /// # Errors
    ///
    /// As of [`put_row`](Self::put_row).
    pub fn patch_row(
        &self,
        provider: &str,
        list: &str,
        id: &str,
        etag: Option<&str>,
        patch: &impl Serialize,
    ) -> Result<Row, MockError> {
        let request = Typed::new(&rows::CHANGE_ROW, &[provider, list, id]).if_match(etag).with_json(patch)?;
        self::row(self.ask(&request.into_request())?, id)
    }

    /// Deletes a row to which no other refers.
    ///
    /// # Errors
    ///
    /// There is no such row, it is another by now, or others refer to it.
    pub fn delete_row(&self, provider: &str, list: &str, id: &str, etag: Option<&str>) -> Result<(), MockError> {
        let request = Typed::new(&rows::DELETE_ROW, &[provider, list, id]).if_match(etag);
        self.client.call(&self.name, request).map(drop)
    }
}

/// The row of an answer.
fn row(answer: ControlAnswer, id: &str) -> Result<Row, MockError> {
    let row = serde_json::from_str::<Box<RawValue>>(&answer.body);
    let row = row.map_err(|error| MockError::Strange { request: answer.request, reason: error.to_string() })?;
    Ok(Row { id: id.to_owned(), etag: answer.etag.unwrap_or_default(), row })
}
