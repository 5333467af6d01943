//! The graphs that are measured, as source text.

use std::fmt::Write;

use crate::workloads::{MIX, Workload};

/// How a function is written down.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// As a node of a dataflow.
    Node,
    /// As anybody would write it.
    Plain,
    /// The same, where a call stays a call.
    Call,
}

impl Workload {
    /// The dataflow as source text. What needs many nodes takes them as a group.
    #[must_use]
    pub fn dataflow(&self) -> String {
        format!("#[millstream::dataflow]\n{}", self.module(self.name, Style::Node))
    }

    /// The same with a compiled entry point for its last node, `entry`.
    #[must_use]
    pub fn dataflow_with_entry(&self) -> String {
        let (last, module) = (self.nodes.len() - 1, self.module(self.name, Style::Node));
        format!("#[millstream::dataflow(compile(entry = n{last}))]\n{module}")
    }

    /// The same functions as plain ones, in a module without a macro.
    #[must_use]
    pub fn plain(&self) -> String {
        self.module(self.name, Style::Plain)
    }

    /// Functions that make the calls by hand: `.._by_hand` those of the dataflow's functions, which the compiler may
    /// inline, and `.._by_calls` those of functions that it may not.
    #[must_use]
    pub fn by_hand(&self) -> String {
        let calls = format!("{}_calls", self.name);
        self.inlined() + &self.module(&calls, Style::Call) + &self.straight_line("by_calls", &calls)
    }

    /// The first of these alone.
    #[must_use]
    pub fn inlined(&self) -> String {
        self.straight_line("by_hand", self.name)
    }

    fn module(&self, name: &str, style: Style) -> String {
        let mut text = format!("pub mod {name} {{\n");
        for index in 0..self.nodes.len() {
            let attribute = match style {
                Style::Node => "#[node] ",
                Style::Plain => "",
                Style::Call => "#[inline(never)] ",
            };
            let _ = writeln!(text, "    {attribute}{}", self.function(index, style));
        }
        text + "}\n"
    }

    fn straight_line(&self, way: &str, module: &str) -> String {
        let (keyword, wait) = if self.waits { ("async fn", ".await") } else { ("fn", "") };
        let mut text = format!("#[inline(never)]\npub {keyword} {}_{way}() -> u64 {{\n", self.name);
        for (index, needs) in self.nodes.iter().enumerate() {
            let arguments: Vec<String> = needs.iter().map(|need| format!("&v{need}")).collect();
            let arguments = if Self::is_group(needs) {
                format!("vec![{}]", arguments.join(", "))
            } else {
                arguments.join(", ")
            };
            let _ = writeln!(text, "    let v{index} = {module}::n{index}({arguments}){wait};");
        }
        let _ = writeln!(text, "    v{}\n}}", self.nodes.len() - 1);
        text
    }

    fn function(&self, index: usize, style: Style) -> String {
        let needs = &self.nodes[index];
        let (params, body) = if Self::is_group(needs) {
            let members: Vec<String> = needs.iter().map(|need| format!("n{need}")).collect();
            let group = match style {
                Style::Node => format!("#[group({})] ", members.join(", ")),
                Style::Plain | Style::Call => String::new(),
            };
            let sum = "let value = all.iter().fold(0, |sum: u64, one| sum.wrapping_add(**one));";
            (format!("{group}all: Vec<&u64>"), sum.to_owned())
        } else {
            let params: Vec<String> = needs.iter().map(|need| format!("n{need}: &u64")).collect();
            // What comes from nowhere must not be known to the compiler, and the operations must not melt into one,
            // or it would do the work by itself.
            let mut body = if needs.is_empty() {
                format!("let value = std::hint::black_box({index}_u64);")
            } else {
                format!("let mut value = {index}_u64;")
            };
            for need in needs {
                let _ = write!(body, " value = (value ^ *n{need}).wrapping_mul({MIX:#x});");
            }
            (params.join(", "), body)
        };
        let result = if self.spins { "crate::work::spin(value)" } else { "value" };
        let keyword = if self.waits { "async fn" } else { "fn" };
        format!("pub {keyword} n{index}({params}) -> u64 {{ {body} {result} }}")
    }
}

/// Dataflows of large values, each made of the one before: `large_chain`, and `large_pairs`, where each is boiled
/// down at once.
#[must_use]
pub fn large(count: usize) -> String {
    let first = "#[node] pub fn n0() -> Vec<u8> { super::large_value(0) }";
    let mut chain = format!("#[millstream::dataflow]\npub mod large_chain {{\n    {first}\n");
    for index in 1..count {
        let before = index - 1;
        let _ = writeln!(
            chain,
            "    #[node] pub fn n{index}(n{before}: &[u8]) -> Vec<u8> {{ super::large_value(n{before}[0].wrapping_add(1)) }}"
        );
    }
    let last = count - 1;
    let _ =
        writeln!(chain, "    #[node] pub fn result(n{last}: &[u8]) -> u64 {{ u64::from(n{last}[0]) }}\n}}");

    let mut pairs = format!("#[millstream::dataflow]\npub mod large_pairs {{\n    {first}\n");
    let mut members = Vec::new();
    for index in 1..count {
        let _ = writeln!(
            pairs,
            "    #[node] pub fn n{index}(n0: &[u8]) -> Vec<u8> {{ super::large_value(n0[0].wrapping_add(1)) }}\n    #[node] pub fn small{index}(n{index}: &[u8]) -> u64 {{ u64::from(n{index}[0]) }}"
        );
        members.push(format!("small{index}"));
    }
    let _ = writeln!(
        pairs,
        "    #[node] pub fn result(#[group({})] all: Vec<&u64>) -> u64 {{ all.into_iter().sum() }}\n}}",
        members.join(", ")
    );
    chain + &pairs
}
