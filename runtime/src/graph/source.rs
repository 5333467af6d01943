//! A graph as Rust text: the calls that some outputs need, one after another, for a life without Millstream.

mod blocks;

use std::collections::BTreeSet;

use millstream_compiler::graph::Take;

use crate::descriptor::{NONE, NodeDescriptor, Role, Takes};
use crate::error::{Error, ErrorKind};
use crate::run::{Access, Arg, Key, Needs, Policies, Region, Task, Values, Work, tasks_of};

use super::data::{Call, GraphData, NodeData, ParamData, RoleData, SourceData, VariantData};
use super::layout::{Layout, list};
use super::types::{raw, type_text};

/// The text of a function that computes `outputs`.
pub(super) fn source(graph: &GraphData, outputs: &[u32]) -> Result<String, Error> {
    let inputs: Vec<u32> =
        (0..).zip(&graph.nodes).filter(|(_, node)| node.is_input()).map(|(at, _)| at).collect();
    let needs = Needs::of(graph, outputs, &inputs);
    let mut problems = Vec::new();
    let writer = Writer::new(graph, &needs, outputs, &mut problems);
    let key = Key::of(outputs.to_vec(), inputs.iter().copied());
    let region = tasks_of(graph, &key, &needs, &Policies::default(), &mut problems);
    if !problems.is_empty() {
        return Err(Error::problems_of(ErrorKind::Request, problems));
    }
    let inputs: Vec<u32> = inputs.into_iter().filter(|input| needs.value[*input as usize]).collect();
    Ok(writer.function(&inputs, &region, outputs))
}

/// What writes the text.
struct Writer<'g> {
    graph: &'g GraphData,
    /// The crate whose paths begin with `crate`: that of the first node that is called.
    own: &'static str,
    /// The modules whose functions are called, as the text names them.
    modules: BTreeSet<String>,
    /// Whether one of them is async.
    waits: bool,
}

impl<'g> Writer<'g> {
    fn new(graph: &'g GraphData, needs: &Needs, outputs: &[u32], problems: &mut Vec<String>) -> Self {
        let mut writer = Self { graph, own: "", modules: BTreeSet::new(), waits: false };
        let called = |index: usize| needs.runs[index] && !needs.given[index];
        let waits = |node: &NodeData| match &node.role {
            RoleData::Function(function) => function.variants.iter().any(|variant| variant.call.waits()),
            RoleData::Input { .. } | RoleData::Part { .. } => false,
        };
        let homes = |node: &NodeData| node.written.map(|descriptor| descriptor.home.module());
        let first = outputs.iter().find_map(|output| homes(graph.node(*output)));
        writer.own = first.and_then(|module| module.split("::").next()).unwrap_or_default();
        for (_, node) in graph.nodes.iter().enumerate().filter(|(index, _)| called(*index)) {
            Self::check(node, problems);
            writer.waits |= waits(node);
            if let Some(module) = homes(node) {
                writer.modules.insert(writer.path_of(module));
            }
        }
        writer
    }

    /// Reports what cannot be written.
    fn check(node: &NodeData, problems: &mut Vec<String>) {
        let RoleData::Function(function) = &node.role else { return };
        let name = &node.name;
        if node.is_sub_driver() {
            problems.push(format!(
                "node `{name}` is a sub-driver, which cannot be written; ask its own driver for a text, or take its nodes into this graph with `Graph::combine`"
            ));
            return;
        }
        match function.variants.as_slice() {
            [variant] if matches!(variant.call, Call::Dynamic(_)) || node.written.is_none() => problems.push(format!(
                "node `{name}` is a closure, of which no text is known; make it a function with `#[node]`"
            )),
            [variant] => {
                let of_run = |param: &ParamData| {
                    matches!(param.source, SourceData::Run)
                        || matches!(param.take, Take::Tolerated | Take::Metadata)
                        || param.collects_errors()
                };
                let recovery = &variant.recovery;
                let policies = [
                    (recovery.fallback.is_some(), "a fallback"),
                    (recovery.retries.is_some(), "retries"),
                    (recovery.timeout.is_some(), "a time limit"),
                ];
                for (_, policy) in policies.into_iter().filter(|(has, _)| *has) {
                    problems.push(format!(
                        "node `{name}` has {policy}, which cannot be written yet; ask for other outputs"
                    ));
                }
                if let Some(param) = variant.params.iter().find(|param| of_run(param)) {
                    problems.push(format!(
                        "parameter `{}` of node `{name}` is a `{}`, which only a run has; ask for other outputs",
                        param.name, param.text
                    ));
                }
            }
            _ => problems.push(format!(
                "node `{name}` has variants, and nothing selects one; ask the driver, which has a config, or its graph"
            )),
        }
        if matches!(function.split, Some(super::Split::Dynamic(_))) {
            problems.push(format!(
                "node `{name}` is taken apart by a closure, of which no text is known; make it a function with `#[node]`"
            ));
        }
    }

    /// The path of a module or a type as the text names it.
    fn path_of(&self, path: &str) -> String {
        match path.strip_prefix(self.own) {
            Some("") => "crate".to_owned(),
            Some(rest) if rest.starts_with("::") => format!("crate{rest}"),
            _ => path.to_owned(),
        }
    }

    /// A function of a module: by its last name, which a `use` brings in, where only one module has it.
    fn callee(&self, descriptor: &NodeDescriptor, function: &str) -> String {
        let path = self.path_of(descriptor.home.module());
        let function = raw(function);
        let last = path.rsplit("::").next().unwrap_or_default();
        if self.is_used(&path) { format!("{last}::{function}") } else { format!("{path}::{function}") }
    }

    fn is_used(&self, path: &str) -> bool {
        let last = |path: &str| path.rsplit("::").next().unwrap_or_default().to_owned();
        path.contains("::") && self.modules.iter().filter(|other| last(other) == last(path)).count() == 1
    }

    fn function(&self, inputs: &[u32], region: &Region, outputs: &[u32]) -> String {
        let mut layout = Layout::default();
        let uses: Vec<&String> = self.modules.iter().filter(|module| self.is_used(module)).collect();
        for module in &uses {
            layout.line(0, &format!("use {module};"));
        }
        if !uses.is_empty() {
            layout.line(0, "");
        }
        for line in self.documentation(outputs) {
            layout.line(0, format!("/// {line}").trim_end());
        }
        let tasks = Self::all(region);
        let fails = tasks.iter().any(|task| self.fails(task));
        let name = if self.graph.name.is_empty() { "compute" } else { &self.graph.name };
        let params: Vec<String> =
            inputs.iter().map(|input| format!("{}: {}", self.local(*input), self.ty(*input))).collect();
        let types: Vec<String> = outputs.iter().map(|output| self.output_type(*output)).collect();
        let yields =
            if let [one] = types.as_slice() { one.clone() } else { format!("({})", types.join(", ")) };
        let yields = if fails {
            format!("Result<{yields}, Box<dyn std::error::Error + Send + Sync>>")
        } else {
            yields
        };
        let keyword = if self.waits { "async fn" } else { "fn" };
        layout.signature(&format!("pub {keyword} {}", raw(name)), &params, &format!(" -> {yields} {{"));
        self.tasks(region, 1, &mut layout);
        let outside = |output: &u32| self.local(Values::new(self.graph).outside(*output));
        let values: Vec<String> = outputs.iter().map(outside).collect();
        match (values.as_slice(), fails) {
            ([one], false) => layout.line(1, one),
            ([one], true) => layout.line(1, &format!("Ok({one})")),
            (many, false) => layout.list(1, &list("(", many, ")")),
            (many, true) => layout.list(1, &list("Ok((", many, "))")),
        }
        layout.line(0, "}");
        layout.into_text()
    }

    fn documentation(&self, outputs: &[u32]) -> Vec<String> {
        let names: Vec<&str> = outputs.iter().map(|output| self.graph.name(*output)).collect();
        let mut lines = vec![format!("Computes {}.", crate::run::listed(&names))];
        if !self.graph.doc.is_empty() {
            lines.push(String::new());
            lines.extend(self.graph.doc.lines().map(str::to_owned));
        }
        lines
    }

    fn fails(&self, task: &Task) -> bool {
        let taken_by_key = self.parts(task).iter().any(|(_, taken)| taken.starts_with('['));
        // The items of a block may fail, whatever it is made of.
        taken_by_key
            || matches!(task.work, Work::Block(_))
            || self.variant(task).is_some_and(|variant| match &variant.call {
                Call::Static(call) => call.fails(),
                Call::Dynamic(_) => false,
            })
    }

    fn variant(&self, task: &Task) -> Option<&'g VariantData> {
        match &self.graph.node(task.node).role {
            RoleData::Function(function) => function.variants.first(),
            RoleData::Input { .. } | RoleData::Part { .. } => None,
        }
    }

    /// The parts that are needed, and how each is taken.
    fn parts(&self, task: &Task) -> Vec<(u32, &'static str)> {
        let RoleData::Function(function) = &self.graph.node(task.node).role else { return Vec::new() };
        let wanted = function.parts.iter().zip(task.parts()).filter(|(_, wanted)| **wanted);
        wanted
            .filter_map(|(part, _)| match self.graph.node(*part).written?.role {
                Role::Part { taken, .. } => Some((*part, taken)),
                Role::Input { .. } | Role::Function { .. } => None,
            })
            .collect()
    }

    fn task(&self, task: &Task, args: &[Arg], depth: usize, layout: &mut Layout) {
        let node = self.graph.node(task.node);
        let (Some(variant), Some(descriptor)) = (self.variant(task), node.written) else { return };
        let mut rest = args;
        let mut arguments = Vec::new();
        for param in &variant.params {
            let (own, others) = rest.split_at((param.width as usize).min(rest.len()));
            rest = others;
            arguments.push(self.argument(param, own));
        }
        let parts = self.parts(task);
        let by_key = parts.iter().any(|(_, taken)| taken.starts_with('['));
        let is_emptied = by_key && !task.keeps_whole() || node.expands && self.waits;
        let mutable = if is_emptied { "mut " } else { "" };
        let made = if node.expands { Values::new(self.graph).source_of(task.node) } else { task.node };
        let local = self.local(made);
        let ask = if matches!(&variant.call, Call::Static(call) if call.fails()) { "?" } else { "" };
        let wait = if variant.call.waits() { ".await" } else { "" };
        let open = format!("let {mutable}{local} = {}(", self.callee(descriptor, &variant.function));
        layout.list(depth, &list(&open, &arguments, &format!("){wait}{ask};")));
        let source = if by_key && task.keeps_whole() {
            layout.line(depth, &format!("let mut {local}_parts = {local}.clone();"));
            format!("{local}_parts")
        } else {
            local
        };
        for (part, taken) in parts {
            let name = self.local(part);
            match taken.strip_prefix('[').and_then(|key| key.strip_suffix(']')) {
                Some(key) => layout.chain(
                    depth,
                    &format!("let {name} = {source}"),
                    &[
                        format!(".remove(\"{key}\")"),
                        format!(".ok_or(\"the value of `{}` has no key `{key}`\")?;", node.name),
                    ],
                ),
                None => {
                    let field = taken.strip_prefix('.').unwrap_or(taken);
                    let clone = if task.keeps_whole() { ".clone()" } else { "" };
                    layout.line(depth, &format!("let {name} = {source}.{}{clone};", raw(field)));
                }
            }
        }
    }

    fn argument(&self, param: &ParamData, args: &[Arg]) -> String {
        match &param.source {
            SourceData::Value(value) => value.to_string(),
            // Such a node has been refused.
            SourceData::Run => String::new(),
            SourceData::Group(_) | SourceData::Tag { .. } => self.group(param, args),
            SourceData::Name(_) | SourceData::Absent(_) => match args.first() {
                Some(arg) if arg.value != NONE => {
                    self.collected(arg.value).unwrap_or_else(|| self.one(param, *arg))
                }
                _ if param.default.is_empty() => "None".to_owned(),
                _ => param.default.to_string(),
            },
        }
    }

    fn one(&self, param: &ParamData, arg: Arg) -> String {
        let local = self.local(arg.value);
        let provided = self.graph.node(arg.value).value.full_name();
        let option = provided.strip_prefix("core::option::Option<").and_then(|rest| rest.strip_suffix('>'));
        let is_option = head(&param.text) == "Option";
        let value = if arg.access == Access::Clone { format!("{local}.clone()") } else { local.clone() };
        match (is_option, param.takes, option) {
            (false, Takes::Borrow, _) if unboxes(&param.text, provided) => format!("&*{local}"),
            (false, Takes::Borrow, _) => format!("&{local}"),
            (false, Takes::Own, _) | (true, Takes::Own, Some(_)) => value,
            (true, Takes::Own, None) => format!("Some({value})"),
            (true, Takes::Borrow, None) => format!("Some(&{local})"),
            // What it dereferences to is written otherwise.
            (true, Takes::Borrow, Some(inner)) if short(inner) == referent(&param.text) => {
                format!("{local}.as_ref()")
            }
            (true, Takes::Borrow, Some(_)) => format!("{local}.as_deref()"),
        }
    }

    fn group(&self, param: &ParamData, args: &[Arg]) -> String {
        let wanted = referent(&param.text);
        let member = |arg: &Arg| {
            let local = self.local(arg.value);
            let same = self.graph.node(arg.value).value.text() == wanted;
            if same { format!("&{local}") } else { format!("&*{local}") }
        };
        let members = args.iter().filter(|arg| arg.value != NONE);
        if head(&param.text) == "BTreeMap" {
            let pairs: Vec<String> =
                members.map(|arg| format!("(\"{}\", {})", self.graph.name(arg.value), member(arg))).collect();
            return format!("std::collections::BTreeMap::from([{}])", pairs.join(", "));
        }
        let members: Vec<String> = members.map(member).collect();
        format!("vec![{}]", members.join(", "))
    }

    /// Of a node in blocks it is a list, or a list of lists.
    fn output_type(&self, node: u32) -> String {
        let depth = self.graph.node(node).depth();
        (0..depth).fold(self.ty(node), |inner, _| format!("Vec<{inner}>"))
    }

    fn ty(&self, node: u32) -> String {
        type_text(self.graph.node(node).value.full_name(), &|path| self.path_of(path))
    }
}

/// The last name of a path, without what follows in angles.
fn head(text: &str) -> &str {
    text.split('<').next().and_then(|path| path.trim().rsplit("::").next()).unwrap_or_default()
}

/// `T` of a type that ends in `&T>`.
fn referent(text: &str) -> &str {
    text.rsplit_once('&').map_or("", |(_, rest)| rest.strip_suffix('>').unwrap_or(rest))
}

/// The last names of all paths of a type.
fn short(full: &str) -> String {
    type_text(full, &|path| path.rsplit("::").next().unwrap_or_default().to_owned())
        .replace("std::path::", "")
        .replace("std::collections::", "")
}

/// A boxed trait object that is wanted without its box.
fn unboxes(wanted: &str, provided: &str) -> bool {
    let is_object = wanted.trim_start_matches(['&', '(']).starts_with("dyn ");
    is_object
        && ["alloc::boxed::Box<dyn ", "alloc::sync::Arc<dyn "].iter().any(|boxed| provided.starts_with(boxed))
}
