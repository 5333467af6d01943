//! The table that comes out: what was measured, the goal, and whether it is met.

use std::fmt;

/// What a number should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// This, or less.
    AtMost(f64),
    /// This, or more.
    AtLeast(f64),
}

/// Prints rows as they are measured, and counts the goals.
#[derive(Debug, Default)]
pub struct Table {
    judges: bool,
    met: usize,
    missed: usize,
    /// Goals that the machine could not have reached at the moment.
    out_of_reach: usize,
    open: Vec<String>,
}

const WHAT: usize = 66;
const NUMBER: usize = 12;

impl Table {
    /// A table without rows. It says whether goals are met if it `judges`: numbers taken in a hurry mean nothing.
    #[must_use]
    pub fn new(judges: bool) -> Self {
        Self { judges, ..Self::default() }
    }

    /// Begins a section: the goal's number or its name, what is measured, and the unit.
    pub fn section(&self, number: &str, title: &str, unit: &str) {
        let number = if number.starts_with(|c: char| c.is_ascii_digit()) {
            format!("{number}. ")
        } else {
            String::new()
        };
        println!("\n{:<WHAT$} {:>NUMBER$} {:>NUMBER$}", format!("{number}{title}"), "goal", unit);
    }

    /// A number without a goal, that others are read beside.
    pub fn row(&self, what: &str, measured: f64) {
        self.row_with(what, measured, "");
    }

    /// The same with a remark.
    pub fn row_with(&self, what: &str, measured: f64, remark: &str) {
        Self::print(what, "", measured, remark);
    }

    /// A number that has a goal.
    pub fn goal(&mut self, what: &str, goal: Goal, measured: f64) {
        self.goal_with(what, goal, measured, "");
    }

    /// The same with a remark.
    pub fn goal_with(&mut self, what: &str, goal: Goal, measured: f64, remark: &str) {
        let verdict = Verdict::of(goal, measured);
        match verdict {
            Verdict::Met => self.met += 1,
            Verdict::Missed(_) => self.missed += 1,
        }
        let verdict = if self.judges { verdict.to_string() } else { String::new() };
        let apart = if verdict.is_empty() || remark.is_empty() { "" } else { "; " };
        Self::print(what, &goal.to_string(), measured, &format!("{verdict}{apart}{remark}"));
    }

    /// A number that has a goal, which the machine could not have reached at the moment.
    pub fn out_of_reach(&mut self, what: &str, goal: Goal, measured: f64, remark: &str) {
        self.out_of_reach += 1;
        Self::print(what, &goal.to_string(), measured, &format!("out of reach; {remark}"));
    }

    fn print(what: &str, goal: &str, measured: f64, remark: &str) {
        let measured = Number(measured).to_string();
        let line = format!("  {what:<w$} {goal:>NUMBER$} {measured:>NUMBER$}  {remark}", w = WHAT - 2);
        println!("{}", line.trim_end());
    }

    /// A goal that nothing can be measured for, and why.
    pub fn open(&mut self, number: &str, why: &str) {
        self.open.push(number.to_owned());
        println!("  {why}");
    }

    /// What else there is to say.
    pub fn note(&self, text: &str) {
        println!("  {text}");
    }

    /// The last lines: how many goals are met.
    pub fn finish(&self) {
        if self.judges {
            println!("\n{} numbers reach their goal, {} do not.", self.met, self.missed);
            if self.out_of_reach > 0 {
                println!("{} were out of reach: others use the machine.", self.out_of_reach);
            }
        } else {
            println!("\nEverything works. Taken in a hurry, none of these numbers means anything.");
        }
        if !self.open.is_empty() {
            println!("Nothing is there yet to be measured for: {}.", self.open.join(", "));
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "<= {}", Number(*most)),
            Self::AtLeast(least) => write!(f, ">= {}", Number(*least)),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Met,
    /// How many times as good it would have to be.
    Missed(f64),
}

impl Verdict {
    fn of(goal: Goal, measured: f64) -> Self {
        let times = match goal {
            Goal::AtMost(most) => measured / most,
            Goal::AtLeast(least) => least / measured,
        };
        if times <= 1.0 { Self::Met } else { Self::Missed(times) }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Met => f.write_str("met"),
            Self::Missed(times) if *times < 2.0 => write!(f, "missed by {:.1} %", (times - 1.0) * 100.0),
            Self::Missed(times) if times.is_finite() => write!(f, "missed {} times", Number(*times)),
            Self::Missed(_) => f.write_str("missed"),
        }
    }
}

/// A number with about three digits that mean something, and thousands apart.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0.abs() {
            size if size < 10.0 => format!("{:.2}", self.0),
            size if size < 100.0 => format!("{:.1}", self.0),
            size if size < 1e15 => apart(&format!("{:.0}", self.0)),
            _ => format!("{:e}", self.0),
        };
        f.pad(&text)
    }
}

fn apart(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.char_indices() {
        let left = digits.len() - position;
        if position > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let texts = [0.974, 9.999, 42.25, 999.6, 13_500.0, 1_400_000.0, -120_000.0]
            .map(|number| Number(number).to_string());
        assert_eq!(texts, ["0.97", "10.00", "42.2", "1,000", "13,500", "1,400,000", "-120,000"]);
        assert_eq!(Goal::AtLeast(1.15).to_string(), ">= 1.15");
    }

    #[test]
    fn verdicts() {
        let verdict = |goal, measured| Verdict::of(goal, measured).to_string();
        assert_eq!(verdict(Goal::AtMost(6.0), 6.0), "met");
        assert_eq!(verdict(Goal::AtMost(6.0), 6.6), "missed by 10.0 %");
        assert_eq!(verdict(Goal::AtMost(6.0), 165.0), "missed 27.5 times");
        assert_eq!(verdict(Goal::AtLeast(2.0), 3.0), "met");
        assert_eq!(verdict(Goal::AtLeast(1.5), 1.2), "missed by 25.0 %");
        assert_eq!(verdict(Goal::AtMost(0.0), 1.0), "missed");
    }
}
