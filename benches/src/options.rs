//! What can be said after `--`.

use std::time::Duration;

use crate::measure::{Effort, Failure};

/// How the command was called.
#[derive(Debug)]
pub struct Options {
    /// How much is measured.
    pub effort: Effort,
    /// Whether only [`USAGE`] is wanted.
    pub help: bool,
    /// Whether it is only tried whether everything works.
    pub quick: bool,
    /// The sections that are wanted; all if there are none.
    pub sections: Vec<String>,
    /// In place of everything else: run one contender so often, for who counts its instructions.
    pub only_run: Option<OnlyRun>,
}

/// One contender, run some times and nothing else.
#[derive(Debug, PartialEq, Eq)]
pub struct OnlyRun {
    /// The workload by its number: `W1`.
    pub workload: String,
    /// The contender's name.
    pub contender: String,
    /// How often it runs.
    pub runs: usize,
}

/// What is printed for `--help`, and where an option is not known.
pub const USAGE: &str =
    "cargo bench -p millstream-benches --features peers --bench engine -- [options] [sections]

  sections      numbers of goals, or `hashing`; all if none is given
  --quick       a few runs of everything, to see that it works
  --rounds <n>  how often the contenders take turns; 31 if nothing is said";

impl Options {
    /// Reads the arguments. Where cargo does not say that it runs a benchmark, it runs a test: that is to be quick.
    ///
    /// # Errors
    /// Where an argument is not known, or lacks its number.
    pub fn of(arguments: impl IntoIterator<Item = String>) -> Result<Self, Failure> {
        let mut arguments = arguments.into_iter();
        let (mut rounds, mut bench, mut quick, mut help) = (None, false, false, false);
        let (mut sections, mut only_run) = (Vec::new(), None);
        while let Some(argument) = arguments.next() {
            let mut number = || -> Result<usize, Failure> {
                let text = arguments.next().ok_or_else(|| format!("{argument} needs a number\n{USAGE}"))?;
                text.parse().map_err(|_| format!("{argument} needs a number, not {text}\n{USAGE}").into())
            };
            match argument.as_str() {
                "--bench" => bench = true,
                "--quick" => quick = true,
                "--help" => help = true,
                "--rounds" => rounds = Some(number()?.max(1)),
                "--only-run" => {
                    let runs = number()?;
                    let (Some(workload), Some(contender)) = (arguments.next(), arguments.next()) else {
                        return Err("--only-run needs a workload and a contender".into());
                    };
                    only_run = Some(OnlyRun { workload, contender, runs });
                }
                option if option.starts_with('-') => {
                    return Err(format!("{option} is not known\n{USAGE}").into());
                }
                section => sections.push(section.to_owned()),
            }
        }
        let quick = quick || !bench;
        let (usual, turn, limit) = if quick { (2, 50, 20_000) } else { (31, 2_000, 1_500_000) };
        let effort = Effort {
            rounds: rounds.unwrap_or(usual),
            turn: Duration::from_micros(turn),
            limit: Duration::from_micros(limit),
        };
        Ok(Self { effort, help, quick, sections, only_run })
    }

    /// Whether the section is wanted.
    #[must_use]
    pub fn wants(&self, section: &str) -> bool {
        self.sections.is_empty() || self.sections.iter().any(|wanted| wanted == section)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &str) -> Result<Options, Failure> {
        Options::of(arguments.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_bench_takes_its_time_and_a_test_does_not() {
        let bench = options("--bench").unwrap();
        assert!(!bench.quick && bench.effort.rounds == 31 && bench.wants("3"));
        assert!(options("").unwrap().quick);
        assert!(options("--help").unwrap().help);
        assert_eq!(options("--bench --rounds 7").unwrap().effort.rounds, 7);
    }

    #[test]
    fn sections_are_chosen() {
        let options = options("--bench 3 hashing").unwrap();
        assert!(options.wants("3") && options.wants("hashing") && !options.wants("2"));
    }

    #[test]
    fn one_contender_for_a_counter() {
        let only = options("--only-run 21 W1 auto").unwrap().only_run;
        let expected = OnlyRun { workload: "W1".to_owned(), contender: "auto".to_owned(), runs: 21 };
        assert_eq!(only, Some(expected));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(options("--rounds").unwrap_err().to_string().starts_with("--rounds needs a number"));
        assert!(options("--rounds x").unwrap_err().to_string().contains("not x"));
        assert!(options("--fast").unwrap_err().to_string().starts_with("--fast is not known"));
    }
}
