//! The cells of an operation, and which of them a request fills.

use super::changes::word;
use super::draft::Draft;
use super::path::Path;
use super::shown::text;
use super::trial::Outcome;
use crate::api::CoverageAxis;
use crate::contract::document::Place;

/// The statuses of the transport: no request is answered so by a rule of the vendor.
const TRANSPORT: [u16; 5] = [408, 413, 429, 500, 503];

/// One thing of an operation that a request may fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// The operation itself.
    Operation,
    /// A status that it answers with.
    Status(u16),
    /// A parameter.
    Parameter(Place, String, How),
    /// A field of the body.
    Field(Path, How),
    /// A field of the answer with a status.
    Answer(u16, Path),
    /// A value of an enumeration.
    Value(Site, String),
}

/// How something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// With a value.
    Sent,
    /// As null, or with nothing behind its name.
    Null,
    /// So that a rule of the vendor names it.
    Refused,
}

/// Where a value of an enumeration stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Site {
    Parameter(Place, String),
    Field(Path),
}

impl Cell {
    /// What the name of a cell says.
    pub(super) fn read(axis: CoverageAxis, name: &str) -> Option<Self> {
        let (bare, how) = match axis {
            CoverageAxis::ParameterNulls | CoverageAxis::RequestNulls => (name.strip_suffix(" null")?, How::Null),
            CoverageAxis::ParameterRefusals | CoverageAxis::RequestRefusals => {
                (name.strip_suffix(" refused")?, How::Refused)
            }
            _ => (name, How::Sent),
        };
        Some(match axis {
            CoverageAxis::Operations => Self::Operation,
            CoverageAxis::Statuses | CoverageAxis::Transport => Self::Status(name.parse().ok()?),
            CoverageAxis::Parameters | CoverageAxis::ParameterNulls | CoverageAxis::ParameterRefusals => {
                let (place, name) = parameter(bare)?;
                Self::Parameter(place, name, how)
            }
            CoverageAxis::RequestFields | CoverageAxis::RequestNulls | CoverageAxis::RequestRefusals => {
                Self::Field(bare.parse().ok()?, how)
            }
            CoverageAxis::AnswerFields => {
                let (status, path) = name.split_once(' ')?;
                Self::Answer(status.parse().ok()?, path.parse().ok()?)
            }
            CoverageAxis::EnumValues => {
                let (site, value) = name.split_once('=')?;
                let site = match site.parse::<Path>() {
                    Ok(path) => Site::Field(path),
                    Err(_) => {
                        let (place, name) = parameter(site)?;
                        Site::Parameter(place, name)
                    }
                };
                Self::Value(site, value.to_owned())
            }
        })
    }

    /// Whether it is of an answer, and not of one that only the transport gives.
    pub(super) fn is_of_an_answer(&self) -> bool {
        matches!(self, Self::Status(status) | Self::Answer(status, _) if !TRANSPORT.contains(status))
    }

    /// Whether it is of an answer that takes a request.
    pub(super) fn is_of_a_good_answer(&self) -> bool {
        matches!(self, Self::Answer(status, _) if *status < 400)
    }

    /// Whether it is better filled by a request that is answered well.
    pub(super) fn wants_success(&self) -> bool {
        match self {
            Self::Operation | Self::Value(..) => true,
            Self::Parameter(_, _, how) | Self::Field(_, how) => *how != How::Refused,
            Self::Status(_) | Self::Answer(..) => false,
        }
    }

    /// Whether a request with this outcome fills it.
    pub(super) fn is_filled(&self, draft: &Draft<'_>, outcome: &Outcome) -> bool {
        match self {
            Self::Status(status) => outcome.status == *status,
            Self::Answer(status, path) => {
                outcome.status == *status && outcome.body.as_ref().is_some_and(|body| !path.of(body).is_empty())
            }
            // What is asked for is no rule's answer to the request.
            _ if outcome.injected => false,
            Self::Operation => true,
            Self::Parameter(place, name, How::Refused) => outcome.names(&format!("{}.{name}", word(*place))),
            Self::Field(path, How::Refused) => outcome.names(&path.to_string()),
            Self::Parameter(place, name, how) => {
                let is_null = *how == How::Null;
                sent(draft, *place, name).iter().any(|value| value.is_empty() == is_null)
            }
            Self::Field(path, how) => {
                let found = draft.json().map(|body| path.of(body)).unwrap_or_default();
                found.iter().any(|value| value.is_null() == (*how == How::Null))
            }
            Self::Value(Site::Parameter(place, name), value) => sent(draft, *place, name).contains(&&**value),
            Self::Value(Site::Field(path), value) => {
                let found = draft.json().map(|body| path.of(body)).unwrap_or_default();
                found.iter().any(|sent| text(sent) == *value)
            }
        }
    }
}

fn parameter(name: &str) -> Option<(Place, String)> {
    let (place, name) = name.split_once('.')?;
    let places = [Place::Path, Place::Query, Place::Header, Place::Cookie];
    let place = places.into_iter().find(|known| word(*known) == place)?;
    Some((place, name.to_owned()))
}

/// The texts that a draft sends of a parameter.
fn sent<'t>(draft: &'t Draft<'_>, place: Place, name: &str) -> Vec<&'t str> {
    let pairs = match place {
        Place::Path => &draft.path,
        Place::Query => &draft.query,
        Place::Header => &draft.headers,
        Place::Cookie => {
            let cookies = draft.headers.iter().filter(|(known, _)| known == "Cookie");
            let pairs = cookies.filter_map(|(_, cookie)| cookie.split_once('='));
            return pairs.filter(|(known, _)| *known == name).map(|(_, value)| value).collect();
        }
    };
    let same = |known: &str| known == name || (place == Place::Header && known.eq_ignore_ascii_case(name));
    pairs.iter().filter(|(known, _)| same(known)).map(|(_, value)| value.as_str()).collect()
}
