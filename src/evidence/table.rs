//! The static table of cells of one document: what a suite may exercise of it, each with a number.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::counts::{Dense, MOST_CELLS};
use super::fields::{self, Field};
use crate::api::{CoverageAxis, Provenance};
use crate::contract::Document;
use crate::contract::document::{Answer, Endpoint, Parameter, Place};
use crate::provider::{AnyProvider, Name, Operation};

/// The statuses of the transport, whatever a document says of them.
const TRANSPORT: [u16; 5] = [408, 413, 429, 500, 503];

/// A cell's place in its table.
pub(super) type CellNumber = u16;

/// The cells of a document, and what the run counted in them.
#[derive(Debug)]
pub(crate) struct Table {
    pub(super) provider: Name,
    pub(super) sha256: String,
    pub(super) settings: BTreeMap<String, String>,
    /// Whether names match in any letter case.
    pub(super) ignore_case: bool,
    pub(super) operations: Vec<OperationCells>,
    cells: Vec<Cell>,
    /// The operation of each of the provider's routes; none where the document does not name it.
    routes: Box<[Option<u16>]>,
    pub(super) run: Dense,
}

/// One cell.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) axis: CoverageAxis,
    pub(super) name: Box<str>,
    pub(super) provenance: Provenance,
}

/// The cells of an operation: the operation's own first, which counts answers of a status that the document lacks.
#[derive(Debug)]
pub(super) struct OperationCells {
    pub(super) name: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) cells: Range<usize>,
    own: CellNumber,
    statuses: Box<[(u16, CellNumber)]>,
    pub(super) parameters: Vec<ParameterCells>,
    pub(super) body: Field,
    pub(super) answers: Vec<(u16, Field)>,
}

/// The cells of a parameter.
#[derive(Debug)]
pub(super) struct ParameterCells {
    pub(super) place: Place,
    pub(super) name: String,
    /// Whether it is an object, whose members stand in the names of parameters.
    pub(super) is_object: bool,
    pub(super) commas: bool,
    pub(super) sent: CellNumber,
    pub(super) null: Option<CellNumber>,
    pub(super) refused: CellNumber,
    pub(super) values: Vec<(Box<str>, CellNumber)>,
}

impl Table {
    /// The table of a provider's document.
    pub(super) fn of(provider: &dyn AnyProvider, document: &Document) -> Self {
        let routes = provider.operations();
        let mut maker = Maker { document, routes: &routes, cells: Vec::new(), names: HashSet::new() };
        let pairs = document
            .endpoints()
            .iter()
            .flat_map(|endpoint| endpoint.operations.iter().map(move |operation| (endpoint, operation.as_str())));
        let operations: Vec<_> = pairs.map(|(endpoint, operation)| maker.operation(endpoint, operation)).collect();
        let cells = maker.cells;
        let of_route = |route: &&Operation| {
            let is_it = |known: &OperationCells| route.name == known.name && route.method == known.method;
            operations.iter().position(is_it).and_then(|at| u16::try_from(at).ok())
        };
        Self {
            provider: provider.descriptor().id.clone(),
            sha256: document.sha256().to_owned(),
            settings: document.settings().clone(),
            ignore_case: document.ignores_case(),
            routes: routes.iter().map(of_route).collect(),
            run: Dense::new(cells.len()),
            operations,
            cells,
        }
    }

    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The cells of the operation that a route means.
    pub(super) fn route(&self, route: usize) -> Option<&OperationCells> {
        self.operations.get(usize::from((*self.routes.get(route)?)?))
    }

    /// The cell of an answer: its status, or its operation where nobody met a status, or the document does not name it.
    pub(super) fn status(&self, route: usize, status: Option<u16>) -> Option<CellNumber> {
        let operation = self.route(route)?;
        let known = operation.statuses.iter().find(|(known, _)| Some(*known) == status);
        Some(known.map_or(operation.own, |(_, cell)| *cell))
    }
}

/// Makes cells, each with the next number.
pub(super) struct Maker<'d> {
    pub(super) document: &'d Document,
    routes: &'d [&'d Operation],
    cells: Vec<Cell>,
    /// Those that the operation has already.
    names: HashSet<(CoverageAxis, String)>,
}

impl Maker<'_> {
    /// A new cell of the present operation, unless it is there already or the table is full.
    pub(super) fn cell(&mut self, axis: CoverageAxis, name: String, provenance: Provenance) -> Option<CellNumber> {
        let number = u16::try_from(self.cells.len()).ok().filter(|number| *number < MOST_CELLS)?;
        if !self.names.insert((axis, name.clone())) {
            return None;
        }
        self.cells.push(Cell { axis, name: name.into(), provenance });
        Some(number)
    }
}

impl<'d> Maker<'d> {
    fn operation(&mut self, endpoint: &'d Endpoint, operation: &str) -> OperationCells {
        self.names.clear();
        let start = self.cells.len();
        let is_it = |route: &&&Operation| route.name == operation && route.method == endpoint.method;
        let provenance = self.routes.iter().find(is_it).map_or(endpoint.provenance, |route| route.provenance);
        let own = self.cell(CoverageAxis::Operations, operation.to_owned(), provenance).unwrap_or(MOST_CELLS);
        let mut statuses = Vec::new();
        for (axis, is_wanted) in [(CoverageAxis::Statuses, false), (CoverageAxis::Transport, true)] {
            for (status, answer) in endpoint.answers_of(operation) {
                if TRANSPORT.contains(&status) == is_wanted {
                    let known = answer.provenance.unwrap_or(provenance);
                    statuses.extend(self.cell(axis, status.to_string(), known).map(|cell| (status, cell)));
                }
            }
        }
        // A credential's parameters are the document's as a whole, and no cell of an operation.
        let is_own = |parameter: &&Parameter| parameter.belongs_to(operation) && !parameter.is_credential;
        let parameters = endpoint.parameters.iter().filter(is_own);
        let parameters = parameters.filter_map(|parameter| self.parameter(parameter, provenance)).collect();
        let body = endpoint.body.iter().flat_map(|body| &body.contents);
        let body: Vec<_> =
            body.filter_map(|content| content.schema).map(|schema| self.document.schema(schema)).collect();
        let body = fields::of_request(self, operation, &body, provenance);
        let answers = endpoint.answers_of(operation).map(|(status, answer)| {
            (status, self.answer(operation, status, answer, answer.provenance.unwrap_or(provenance)))
        });
        let answers = answers.collect();
        OperationCells {
            name: operation.to_owned(),
            method: endpoint.method.clone(),
            path: endpoint.path.clone(),
            cells: start..self.cells.len(),
            own,
            statuses: statuses.into(),
            parameters,
            body,
            answers,
        }
    }

    fn parameter(&mut self, parameter: &Parameter, inherited: Provenance) -> Option<ParameterCells> {
        let place = match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
            Place::Cookie => "cookie",
        };
        let name = format!("{place}.{}", parameter.name);
        let provenance = parameter.provenance.unwrap_or(inherited);
        let sent = self.cell(CoverageAxis::Parameters, name.clone(), provenance)?;
        let null = match parameter.place {
            Place::Path => None,
            _ => self.cell(CoverageAxis::ParameterNulls, format!("{name} null"), provenance),
        };
        let refused = self.cell(CoverageAxis::ParameterRefusals, format!("{name} refused"), provenance)?;
        let schema = parameter.schema.map(|schema| self.document.schema(schema));
        let values = fields::values(self.document.json(), schema.as_slice());
        let values = values.into_iter().filter(|value| !value.is_empty()).filter_map(|value| {
            let cell = self.cell(CoverageAxis::EnumValues, format!("{name}={value}"), provenance)?;
            Some((value.into(), cell))
        });
        let (values, name) = (values.collect(), parameter.name.clone());
        let Parameter { is_object, commas, .. } = *parameter;
        Some(ParameterCells { place: parameter.place, name, is_object, commas, sent, null, refused, values })
    }

    fn answer(&mut self, operation: &str, status: u16, answer: &Answer, provenance: Provenance) -> Field {
        let schemas: Vec<_> = answer.contents.iter().filter_map(|content| content.json_schema()).collect();
        let schemas: Vec<_> = schemas.into_iter().map(|schema| self.document.schema(schema)).collect();
        fields::of_answer(self, operation, status, &schemas, provenance)
    }
}
