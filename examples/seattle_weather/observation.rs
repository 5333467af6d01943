//! Daily observations, and the CSV file they come from. Plain Rust: nothing here knows of a dataflow.

use std::path::{Path, PathBuf};
use std::{error, fmt, io};

use csv::{ReaderBuilder, StringRecord, Trim};
use jiff::civil::Date;

/// The columns that a file must have, in any order.
const COLUMNS: [&str; 6] = ["date", "precipitation", "temp_max", "temp_min", "wind", "weather"];

/// What was observed on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The day.
    pub date: Date,
    /// Rain and melted snow, in mm.
    pub precipitation: f64,
    /// The highest temperature, in °C.
    pub temp_max: f64,
    /// The lowest temperature, in °C.
    pub temp_min: f64,
    /// The mean wind speed, in m/s.
    pub wind: f64,
    /// The weather in a word: sun, rain, ..
    pub weather: String,
}

/// Reads the observations of a file, in its order.
pub fn read(path: &Path) -> Result<Vec<Observation>, ReadError> {
    let fail = |fault| ReadError { path: path.to_owned(), fault };
    let text = std::fs::read(path).map_err(|error| fail(Fault::Unreadable(error)))?;
    parse(&text).map_err(fail)
}

fn parse(bytes: &[u8]) -> Result<Vec<Observation>, Fault> {
    let text = str::from_utf8(bytes).map_err(|error| Fault::Row {
        line: line_at(bytes, error.valid_up_to()),
        problem: "this is not UTF-8 text".into(),
    })?;
    // Rows of any length are let through to `observation`, which knows the line of each.
    let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    if header.is_empty() {
        return Err(Fault::Empty);
    }
    if let Some(column) = COLUMNS.into_iter().find(|column| !header.iter().any(|name| name == *column)) {
        return Err(Fault::MissingColumn { column, header });
    }
    let mut observations: Vec<Observation> = Vec::new();
    for record in reader.records() {
        let record = record?;
        let start = record.position().map_or(0, csv::Position::byte);
        let row = Row { header: &header, record: &record };
        let fault = |problem| Fault::Row {
            line: line_at(bytes, usize::try_from(start).unwrap_or(usize::MAX)),
            problem,
        };
        let observation = row.observation().map_err(fault)?;
        // Rolling means and dry spells are over days that follow each other.
        if let Some(last) = observations.last()
            && last.date >= observation.date
        {
            return Err(fault(format!("{} does not come after {}", observation.date, last.date)));
        }
        observations.push(observation);
    }
    if observations.is_empty() { Err(Fault::NoRows) } else { Ok(observations) }
}

/// The line, from 1, of what comes at or after `offset`. The `csv` crate has lines of its own, but where lines end
/// in `\r\n` or are blank, they are those before the row.
fn line_at(bytes: &[u8], offset: usize) -> usize {
    let rest = bytes.iter().skip(offset).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    1 + bytes.iter().take(offset + rest).filter(|byte| **byte == b'\n').count()
}

/// A row of the file. What is wrong with it is said without the line, which it does not know.
struct Row<'a> {
    header: &'a StringRecord,
    record: &'a StringRecord,
}

impl Row<'_> {
    fn observation(&self) -> Result<Observation, String> {
        let (found, expected) = (self.record.len(), self.header.len());
        if found != expected {
            return Err(format!("found {found} values, but the header has {expected} columns"));
        }
        Ok(Observation {
            date: self.date("date")?,
            precipitation: self.amount("precipitation")?,
            temp_max: self.number("temp_max")?,
            temp_min: self.number("temp_min")?,
            wind: self.amount("wind")?,
            weather: self.text("weather")?.to_owned(),
        })
    }

    fn text(&self, column: &str) -> Result<&str, String> {
        let cell = self.header.iter().zip(self.record).find(|(name, _)| *name == column);
        match cell {
            Some((_, text)) if !text.is_empty() => Ok(text),
            _ => Err(format!("`{column}` has no value")),
        }
    }

    fn number(&self, column: &str) -> Result<f64, String> {
        let text = self.text(column)?;
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| format!("`{column}` is `{text}`, which is not a number"))
    }

    fn amount(&self, column: &str) -> Result<f64, String> {
        let amount = self.number(column)?;
        if amount < 0.0 { Err(format!("`{column}` is {amount}, which is negative")) } else { Ok(amount) }
    }

    fn date(&self, column: &str) -> Result<Date, String> {
        let text = self.text(column)?;
        let date = Date::strptime("%Y/%m/%d", text).ok();
        // `strptime` also takes years of one digit and the like.
        let date = date.filter(|date| date.strftime("%Y/%m/%d").to_string() == text);
        date.ok_or_else(|| format!("`{column}` is `{text}`, which is not a date of the form YYYY/MM/DD"))
    }
}

/// Why a file of observations cannot be used.
#[derive(Debug)]
pub struct ReadError {
    path: PathBuf,
    fault: Fault,
}

#[derive(Debug)]
enum Fault {
    Unreadable(io::Error),
    Csv(csv::Error),
    Empty,
    MissingColumn { column: &'static str, header: StringRecord },
    NoRows,
    Row { line: usize, problem: String },
}

impl From<csv::Error> for Fault {
    fn from(error: csv::Error) -> Self {
        Self::Csv(error)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.fault {
            Fault::Unreadable(_) => write!(f, "cannot read {path}"),
            Fault::Csv(_) => write!(f, "cannot read {path} as CSV"),
            Fault::Empty => write!(f, "{path} is empty"),
            Fault::MissingColumn { column, header } => {
                let found = header.iter().collect::<Vec<_>>().join("`, `");
                write!(f, "{path} has no column `{column}`, only `{found}`")
            }
            Fault::NoRows => write!(f, "{path} has a header and no observations"),
            Fault::Row { line, problem } => write!(f, "{path}, line {line}: {problem}"),
        }
    }
}

impl error::Error for ReadError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.fault {
            Fault::Unreadable(error) => Some(error),
            Fault::Csv(error) => Some(error),
            Fault::Empty | Fault::MissingColumn { .. } | Fault::NoRows | Fault::Row { .. } => None,
        }
    }
}
