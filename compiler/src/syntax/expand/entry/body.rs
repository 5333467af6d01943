//! The statements of an entry point.

use std::cell::Cell;
use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::super::{call, config, edge, leaf};
use super::args;
use super::condition::Condition;
use super::plan::{BODY, Plan, Step};
use super::split::is_key;
use super::values::Values;
use crate::syntax::check::{Node, Origin, Variant};
use crate::syntax::model::Fails;
use crate::syntax::text;

/// rustc takes more than a line for each call that stands in one function with many others, and with some thousands
/// runs out of stack. Longer lists are cut into parts, each a function of its own.
const LONGEST: usize = 1_500;
const PART: usize = 100;

/// What writes the code of one function: the entry itself, or a part of it.
pub(super) struct Writer<'c> {
    pub(super) values: Values<'c>,
    /// The type of the inputs.
    pub(super) inputs: Ident,
    /// How many parts there are so far.
    pub(super) parts: &'c Cell<usize>,
}

impl<'c> Writer<'c> {
    fn plan(&self) -> &'c Plan {
        self.values.plan
    }

    /// The whole body, up to what is returned.
    pub(super) fn body(&self) -> TokenStream {
        let steps = &self.plan().scopes[BODY].order;
        // Parts select by themselves.
        let in_parts = steps.len() > LONGEST && !self.plan().has_blocks();
        let selections = (!in_parts).then(|| self.selections(steps));
        let calls = self.list(steps, BODY);
        quote!(#selections #calls)
    }

    /// The calls of a scope, in parts if there are many.
    fn list(&self, steps: &[usize], scope: usize) -> TokenStream {
        // What a loop makes is not handed from part to part.
        if steps.len() <= LONGEST || self.plan().has_blocks() {
            return self.statements(steps);
        }
        let parts = steps.chunks(PART).enumerate();
        parts.map(|(number, part)| self.part(part, &steps[..number * PART + part.len()], scope)).collect()
    }

    /// A part of a list as a function, and its call; `until` is the list as far as the end of the part.
    fn part(&self, steps: &[usize], until: &[usize], scope: usize) -> TokenStream {
        let plan = self.plan();
        let names = self.values.names;
        self.parts.set(self.parts.get() + 1);
        let name = format_ident!("part_{}", self.parts.get(), span = Span::call_site());
        let all = plan.deep(steps);
        let made: BTreeSet<usize> = all.iter().flat_map(|step| self.made(*step)).collect();
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let mut moved: BTreeSet<usize> = BTreeSet::new();
        for arg in all
            .iter()
            .filter_map(|step| plan.step(*step))
            .flat_map(|step| &step.arms)
            .flat_map(|arm| &arm.args)
        {
            taken.extend(arg.values.iter().filter(|value| !made.contains(value)));
            moved.extend(arg.values.iter().filter(|_| arg.moved));
        }
        let mut parameters = Vec::new();
        let mut arguments = Vec::new();
        let mut borrowed = BTreeSet::new();
        if taken.iter().any(|value| plan.producer(*value).is_none()) {
            let (inputs, ty) = (names.inputs(), &self.inputs);
            parameters.push(quote!(#inputs: &#ty));
            arguments.push(quote!(#inputs));
        }
        if let Some(ty) = self.values.context.config_type().filter(|_| self.is_selected(&all)) {
            let config = names.config();
            parameters.push(quote!(#config: &#ty));
            arguments.push(quote!(#config));
        }
        for value in taken.into_iter().filter(|value| plan.producer(*value).is_some()) {
            let (local, ty) = (names.local(value), self.values.ty(value));
            let conditional = plan.is_conditional(value);
            if moved.contains(&value) {
                let ty = if conditional { quote!(::core::option::Option<#ty>) } else { ty };
                parameters.push(quote!(#local: #ty));
                arguments.push(quote!(#local));
            } else {
                borrowed.insert(value);
                let ty = if conditional { quote!(::core::option::Option<&#ty>) } else { quote!(&#ty) };
                parameters.push(quote!(#local: #ty));
                arguments.push(match (self.values.borrowed.contains(&value), conditional) {
                    (true, _) => quote!(#local),
                    (false, true) => quote!(#local.as_ref()),
                    (false, false) => quote!(&#local),
                });
            }
        }
        let left = self.left(steps, until, scope);
        let locals: Vec<Ident> = left.iter().map(|value| names.local(*value)).collect();
        let types = left.iter().map(|value| {
            let ty = self.values.ty(*value);
            if plan.is_conditional(*value) { quote!(::core::option::Option<#ty>) } else { ty }
        });
        let (pattern, ty) = match locals.as_slice() {
            [one] => (quote!(#one), quote!(#(#types)*)),
            many => (quote!((#(#many),*)), quote!((#(#types),*))),
        };
        let inner = Writer {
            values: Values { borrowed, ..self.values },
            inputs: self.inputs.clone(),
            parts: self.parts,
        };
        let selections = inner.selections(steps);
        let calls = inner.statements(steps);
        let nodes = &self.values.context.checked.nodes;
        let mut made_here = all.iter().filter_map(|index| Some((*index, plan.step(*index)?)));
        let fails = made_here.any(|(index, step)| step_fails(nodes, index, step));
        let awaits = all.iter().any(|step| self.values.node(*step).is_async());
        let (keyword, wait) = if awaits { (Some(quote!(async)), Some(quote!(.await))) } else { (None, None) };
        let (ty, value, ask) = if fails {
            (
                quote!(::core::result::Result<#ty, __ms::EntryError>),
                quote!(::core::result::Result::Ok(#pattern)),
                Some(quote!(?)),
            )
        } else {
            (ty, pattern.clone(), None)
        };
        quote! {
            #keyword fn #name(#(#parameters),*) -> #ty {
                #selections
                #calls
                #value
            }
            let #pattern = #name(#(#arguments),*) #wait #ask;
        }
    }

    /// The values that a step makes and that somebody needs.
    fn made(&self, step: usize) -> Vec<usize> {
        let Some(it) = self.plan().step(step) else { return Vec::new() };
        it.parts.iter().copied().chain(it.whole.then_some(step)).collect()
    }

    /// The values made by some steps of a scope that are needed after `until`.
    fn left(&self, steps: &[usize], until: &[usize], scope: usize) -> Vec<usize> {
        let plan = self.plan();
        let before: BTreeSet<usize> = plan.deep(until).into_iter().collect();
        let mut later: BTreeSet<usize> =
            if scope == BODY { plan.outputs.iter().copied().collect() } else { BTreeSet::new() };
        for (_, step) in plan.all().filter(|(index, _)| !before.contains(index)) {
            later.extend(super::plan::uses(step).map(|(_, value)| value));
        }
        steps.iter().flat_map(|step| self.made(*step)).filter(|value| later.contains(value)).collect()
    }

    fn is_selected(&self, steps: &[usize]) -> bool {
        steps.iter().filter_map(|step| self.plan().step(*step)).any(Step::is_selected)
    }

    /// The numbers of the variants that conditions ask for.
    fn selections(&self, steps: &[usize]) -> TokenStream {
        let plan = self.plan();
        let mut selectors = BTreeSet::new();
        for step in plan.deep(steps).into_iter().filter_map(|step| plan.step(step)) {
            let alternatives = step.condition.iter().flat_map(Condition::alternatives);
            selectors.extend(alternatives.flatten().map(|(selector, _)| *selector));
        }
        let selection = |selector: usize| {
            let arm = |variant: usize| {
                let number = Literal::usize_unsuffixed(variant);
                quote!(#number)
            };
            let local = self.selection(selector);
            let arms = plan.step(selector).map_or(0, |step| step.arms.len());
            let selected = self.match_of(selector, arms, &arm);
            quote!(let #local: u32 = #selected;)
        };
        selectors.into_iter().map(selection).collect()
    }

    /// The local that holds the number of a variant.
    fn selection(&self, selector: usize) -> Ident {
        format_ident!("__variant_of_{}", self.values.node(selector).name.text, span = Span::mixed_site())
    }

    /// A call, with everything that only it needs, as far as its value and its parts are locals.
    pub(super) fn statement(&self, index: usize) -> TokenStream {
        let plan = self.plan();
        let Some(step) = plan.step(index) else { return TokenStream::new() };
        let names = self.values.names;
        let local = names.local(index);
        let call = self.value(index, step);
        if let Some(inner) = plan.loop_of(index) {
            return self.iteration(index, step, &call, &inner.order);
        }
        let Some(condition) = &step.condition else {
            let mutable = self.is_emptied(step).then(|| quote!(mut));
            let parts = self.parts_of(index, step);
            return quote!(let #mutable #local = #call; #parts);
        };
        let condition = self.condition(condition);
        let made: Vec<Ident> = self.made(index).into_iter().map(|value| names.local(value)).collect();
        if let ([only], true) = (made.as_slice(), step.parts.is_empty()) {
            return quote! {
                let #only = if #condition {
                    ::core::option::Option::Some(#call)
                } else {
                    ::core::option::Option::None
                };
            };
        }
        let mutable = self.is_emptied(step).then(|| quote!(mut));
        let parts = self.parts_of(index, step);
        let nothing = made.iter().map(|_| quote!(::core::option::Option::None));
        quote! {
            let (#(#made,)*) = if #condition {
                let #mutable #local = #call;
                #parts
                (#(::core::option::Option::Some(#made),)*)
            } else {
                (#(#nothing,)*)
            };
        }
    }

    /// Whether one of the alternatives is selected.
    fn condition(&self, condition: &Condition) -> TokenStream {
        let alternatives = condition.alternatives().map(|all| {
            let terms = all.iter().map(|(selector, arm)| {
                let (selection, arm) = (self.selection(*selector), Literal::usize_unsuffixed(*arm));
                quote!(#selection == #arm)
            });
            quote!(#(#terms)&&*)
        });
        quote!(#(#alternatives)||*)
    }

    /// A loop over the items of a block. What others need of all items is kept in lists.
    fn iteration(&self, index: usize, step: &Step, call: &TokenStream, inner: &[usize]) -> TokenStream {
        let (plan, names) = (self.plan(), self.values.names);
        let item = names.local(index);
        let path = self.values.context.path(self.values.node(index), Span::call_site());
        let lists = plan.lists_of(index);
        let new = lists.iter().map(|(value, level)| {
            let list = names.list(*value, *level);
            quote!(let mut #list = ::std::vec::Vec::new();)
        });
        let pushes = lists.iter().map(|(value, level)| {
            let list = names.list(*value, *level);
            let pushed = match level.checked_sub(1) {
                Some(inner) => names.list(*value, inner),
                None => names.local(*value),
            };
            // What is not made for each item is there or not.
            let is_there_or_not = *level == 0 && *value != index && plan.is_conditional(*value);
            let adds = if is_there_or_not { quote!(extend) } else { quote!(push) };
            quote!(#list.#adds(#pushed);)
        });
        let calls = self.list(inner, usize::MAX);
        let each = quote! {
            let #item = #item?;
            #calls
            #(#pushes)*
        };
        let all = if plan.awaits {
            let name = &self.values.node(index).name.text;
            let items = format_ident!("__items_of_{name}", span = Span::mixed_site());
            quote! {
                let mut #items = #call;
                while let ::core::option::Option::Some(#item) = __ms::next_item::<#path>(&mut #items).await {
                    #each
                }
            }
        } else {
            quote!(for #item in __ms::items::<#path>(#call) { #each })
        };
        let all = match &step.condition {
            Some(condition) => {
                let condition = self.condition(condition);
                quote!(if #condition { #all })
            }
            None => all,
        };
        quote!(#(#new)* #all)
    }

    /// The call, or the match over the variants.
    pub(super) fn value(&self, index: usize, step: &Step) -> TokenStream {
        if step.arms.len() > 1 {
            self.match_of(index, step.arms.len(), &|arm| self.arm(index, step, arm))
        } else {
            self.call(index, step, 0)
        }
    }

    /// The match over the config that selects one of so many arms.
    fn match_of(&self, index: usize, arms: usize, arm: &dyn Fn(usize) -> TokenStream) -> TokenStream {
        let config = self.values.names.config();
        let node = self.values.node(index);
        let field = |field: &str| {
            let field = text::ident_at(field, Span::call_site());
            quote!(&#config.#field)
        };
        match &node.origin {
            Origin::Included { include, node } => {
                let local = &self.values.context.included[*include].local;
                let selector = config::selector(&node.name.text);
                let fields = node.selected_by().into_iter().map(field);
                let arms = (0..arms).map(|number| {
                    let (pattern, value) = (Literal::usize_unsuffixed(number), arm(number));
                    quote!(#pattern => #value,)
                });
                quote!(match #local::#selector(#(#fields),*) { #(#arms)* _ => __ms::never() })
            }
            Origin::Function(variants) => {
                config::Match { context: self.values.context, place: node.name.span, variants }.tokens(
                    &field,
                    arm,
                    &quote!(_ => __ms::never()),
                )
            }
            Origin::Input(_) | Origin::Part { .. } => TokenStream::new(), // Nothing selects these.
        }
    }

    fn arm(&self, index: usize, step: &Step, number: usize) -> TokenStream {
        let scope = step.arms[number].scope;
        let call = self.call(index, step, number);
        if scope == step.scope || self.plan().scopes[scope].order.is_empty() {
            return call;
        }
        let inner = self.list(&self.plan().scopes[scope].order, scope);
        quote!({ #inner #call })
    }

    fn call(&self, index: usize, step: &Step, number: usize) -> TokenStream {
        let node = self.values.node(index);
        match &node.origin {
            Origin::Function(variants) => self.own_call(index, step, &variants[number], number),
            Origin::Included { include, node: included } => {
                let calls = included.included_calls().unwrap_or_default();
                let Some(call) = calls.get(number) else { return TokenStream::new() };
                let args = &step.arms[number].args;
                let arguments = args::included(&self.values, (*include, included), number, call, args);
                let local = &self.values.context.included[*include].local;
                let path = self.values.context.path(node, Span::call_site());
                let mut tokens = if let Some(function) = &call.function {
                    let function = text::ident_at(function, Span::call_site());
                    quote!(#local::#function(#(#arguments),*))
                } else {
                    let (function, arguments) = (call::by_descriptor(number), leaf::folded(arguments));
                    let during = call.waits.then(|| quote!(__ms::During::default(),));
                    quote!(#path::#function(#during #(#arguments),*))
                };
                if call.waits {
                    tokens.extend(quote!(.await));
                }
                if call.fails {
                    let failed = failed(&path, number);
                    tokens.extend(quote!(.map_err(#failed)?));
                }
                tokens
            }
            Origin::Input(_) | Origin::Part { .. } => TokenStream::new(), // Nothing calls these.
        }
    }

    /// The call of a function, its error turned into that of the entry.
    fn own_call(&self, index: usize, step: &Step, variant: &Variant<'_>, number: usize) -> TokenStream {
        let node = self.values.node(index);
        let feeds = &self.values.context.checked.feeds[index][number];
        let arguments = args::own(&self.values, node, variant, feeds, &step.arms[number].args);
        let function = &variant.function.ident;
        let mut call = quote!(#function(#(#arguments),*));
        if variant.function.is_async {
            call.extend(quote!(.await));
        }
        let output = &variant.function.output;
        if !matches!(output.fails, Fails::Never) {
            if output.value.is_none() {
                // The node says it where it is no result.
                let ty = &output.ty;
                let [value, error] = [quote!(Value), quote!(Error)]
                    .map(|name| quote_spanned!(output.span=> <#ty as __ms::Fallible>::#name));
                call = quote!(__ms::fit::<::core::result::Result<#value, #error>, _>(#call).give());
            }
            let path = self.values.context.path(node, Span::call_site());
            let mut failed = failed(&path, number);
            if !fail_alike(node) {
                failed = quote!(|error| #failed(error.into()));
            }
            call = quote!(#call.map_err(#failed)?);
        }
        match edge::other_value_type(node, variant) {
            Some(wanted) if variant.function.output.expands => {
                args::fitted(&quote!(__ms::Parallelizable<#wanted>), &call)
            }
            Some(wanted) => args::fitted(&wanted, &call),
            None => call,
        }
    }
}

/// What makes an error of the entry of that of a variant.
fn failed(path: &TokenStream, number: usize) -> TokenStream {
    match number {
        0 => quote!(__ms::failed::<#path>),
        _ => {
            let number = Literal::usize_unsuffixed(number);
            quote!(__ms::failed_variant::<#path, #number>)
        }
    }
}

/// Whether the variants of a node that fail do it with one type of error.
fn fail_alike(node: &Node<'_>) -> bool {
    let Origin::Function(variants) = &node.origin else { return true };
    let mut errors: Vec<String> = variants
        .iter()
        .filter(|variant| !matches!(variant.function.output.fails, Fails::Never))
        .map(|variant| text::text(&super::super::descriptor::error_of(&variant.function.output)))
        .collect();
    errors.sort_unstable();
    errors.dedup();
    errors.len() < 2
}

/// Whether a step can fail: its function, or the finding of its parts.
pub(super) fn fails<'n>(node: &Node<'_>, parts: impl IntoIterator<Item = &'n Node<'n>>) -> bool {
    let of_function = match &node.origin {
        Origin::Function(variants) => {
            variants.iter().any(|variant| !matches!(variant.function.output.fails, Fails::Never))
        }
        Origin::Included { node, .. } => {
            node.included_calls().is_some_and(|calls| calls.iter().any(|call| call.fails))
        }
        Origin::Input(_) | Origin::Part { .. } => false,
    };
    // The items of a block may fail, whatever it is made of.
    of_function || node.expands() || parts.into_iter().any(is_key)
}

/// Whether a step of a plan can fail.
pub(super) fn step_fails(nodes: &[Node<'_>], index: usize, step: &Step) -> bool {
    fails(&nodes[index], step.parts.iter().map(|part| &nodes[*part]))
}

impl Step {
    /// Whether the config has a say in it.
    pub(super) fn is_selected(&self) -> bool {
        self.arms.len() > 1 || self.condition.is_some()
    }
}
