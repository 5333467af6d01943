//! What one dataflow tells another that includes it.
//!
//! Types cannot travel between modules as tokens: they would be resolved where they arrive. So the interface of a
//! dataflow holds names only, and whoever includes it finds types and descriptors through the included module.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Token, braced, bracketed};

use super::check::Visible;
use super::model::{Name, Tag};
use super::text;
use crate::graph::{Need, Take, What};

/// An included dataflow.
#[derive(Debug)]
pub struct Included {
    /// The name of its module in the including one.
    pub local: Ident,
    /// What tells it from all others.
    pub id: String,
    /// Whether it has errors of its own, so that nothing that is missing may be blamed on the user here.
    pub broken: bool,
    /// Its nodes, in its own order.
    pub nodes: Vec<IncludedNode>,
    /// The fields of its config.
    pub config: Vec<IncludedField>,
    /// Its nodes with several variants, in the order of its selection.
    pub conditional: Vec<String>,
}

/// A node of an included dataflow.
#[derive(Clone, Debug)]
pub struct IncludedNode {
    /// Its name, where it was written.
    pub name: Name,
    /// The [`Included::id`] of the dataflow that defines it: the same node may come by two ways.
    pub id: String,
    /// Its index in the included dataflow.
    pub index: u32,
    /// Who may name it.
    pub visible: Visible,
    /// How its value comes about.
    pub role: IncludedRole,
    /// What each variant needs.
    pub variants: Vec<Vec<Slot>>,
    /// Whether it opens a dynamic block.
    pub expands: bool,
    /// Whether one of its variants is async.
    pub is_async: bool,
    /// The node that stands in for it where it fails.
    pub fallback: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Doc comment, of inputs only.
    pub doc: String,
    /// How a compiled entry point calls its variants, or takes the part: see [`IncludedCall`].
    pub calls: Vec<String>,
}

/// How a variant of an included node is called, as one text: `rows r t g3 ?` is a function `rows` of its module, which
/// borrows, takes by value, takes a list of three, and may fail. `*` in place of the name is a function of its
/// descriptor. What has to be awaited has a `~` behind its arguments. What cannot be called from elsewhere is a `!`. In
/// front of several variants stand the fields of the config that select one: `= quick deep`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncludedCall {
    /// The function's name; `None` for that of the descriptor.
    pub function: Option<String>,
    /// How each argument is passed.
    pub passed: Vec<Pass>,
    /// Whether it is awaited.
    pub waits: bool,
    /// Whether it may fail.
    pub fails: bool,
}

/// How an argument is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// `&T`.
    Borrow,
    /// `T`.
    Own,
    /// `Option<&T>`, which is there.
    OptionBorrow,
    /// `Option<T>`, which is there.
    OptionOwn,
    /// `Vec<&T>` of so many members.
    List(usize),
    /// `BTreeMap<&str, &T>` of so many members.
    Map(usize),
    /// `Collect<'_, T>`.
    Collect,
}

impl Pass {
    /// How many values it passes.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            Self::List(members) | Self::Map(members) => members,
            _ => 1,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Borrow => "r".to_owned(),
            Self::Own => "t".to_owned(),
            Self::OptionBorrow => "R".to_owned(),
            Self::OptionOwn => "T".to_owned(),
            Self::List(members) => format!("g{members}"),
            Self::Map(members) => format!("m{members}"),
            Self::Collect => "c".to_owned(),
        }
    }

    fn read(text: &str) -> Option<Self> {
        Some(match text.split_at_checked(1)? {
            ("r", "") => Self::Borrow,
            ("t", "") => Self::Own,
            ("R", "") => Self::OptionBorrow,
            ("T", "") => Self::OptionOwn,
            ("c", "") => Self::Collect,
            ("g", members) => Self::List(members.parse().ok()?),
            ("m", members) => Self::Map(members.parse().ok()?),
            _ => return None,
        })
    }
}

impl IncludedCall {
    /// The call as text.
    #[must_use]
    pub fn text(&self) -> String {
        let function = self.function.clone().unwrap_or_else(|| "*".to_owned());
        let passed = self.passed.iter().map(|pass| pass.text());
        let marks = [(self.waits, "~"), (self.fails, "?")];
        let marks = marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark.to_owned());
        std::iter::once(function).chain(passed).chain(marks).collect::<Vec<_>>().join(" ")
    }

    /// Reads it; `None` where it cannot be called.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut words: Vec<&str> = text.split(' ').collect();
        let [fails, waits] = ["?", "~"].map(|mark| words.pop_if(|last| *last == mark).is_some());
        let (function, passed) = words.split_first()?;
        let function = match *function {
            "!" | "=" | "" => return None,
            "*" => None,
            name => Some(name.to_owned()),
        };
        let passed = passed.iter().map(|word| Pass::read(word)).collect::<Option<_>>()?;
        Some(Self { function, passed, waits, fails })
    }
}

/// One name that an included node needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The name.
    pub name: String,
    /// Whether it may be absent.
    pub optional: bool,
    /// What of it is taken.
    pub take: Take,
}

/// How the value of an included node comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncludedRole {
    /// Supplied by the caller, or else what this expression says; empty where there is none.
    Input(String),
    /// Computed.
    Function,
    /// Part of another node of the same dataflow, and which of its parts.
    Part(String, usize),
}

/// A field of the config of an included dataflow.
#[derive(Clone, Debug)]
pub struct IncludedField {
    /// Its name.
    pub name: Name,
    /// Its doc comment.
    pub doc: String,
}

impl IncludedNode {
    /// Whether it is an input.
    #[must_use]
    pub fn is_input(&self) -> bool {
        matches!(self.role, IncludedRole::Input(_))
    }

    /// The default of an input as written; empty where there is none.
    #[must_use]
    pub fn default(&self) -> &str {
        match &self.role {
            IncludedRole::Input(default) => default,
            _ => "",
        }
    }

    /// The node it is a part of.
    #[must_use]
    pub fn part_of(&self) -> Option<&str> {
        match &self.role {
            IncludedRole::Part(of, _) => Some(of),
            _ => None,
        }
    }

    /// Which part it is.
    #[must_use]
    pub fn part_number(&self) -> usize {
        match self.role {
            IncludedRole::Part(_, number) => number,
            _ => 0,
        }
    }

    /// The calls of its variants; `None` where one cannot be called from another module. Nothing calls a part.
    #[must_use]
    pub fn included_calls(&self) -> Option<Vec<IncludedCall>> {
        if self.part_of().is_some() {
            return Some(Vec::new());
        }
        let calls = self.calls.iter().filter(|call| !call.starts_with('='));
        calls.map(|call| IncludedCall::read(call)).collect()
    }

    /// The config fields that select one of its variants.
    #[must_use]
    pub fn selected_by(&self) -> Vec<&str> {
        let first = self.calls.first().and_then(|call| call.strip_prefix("= "));
        first.map(|fields| fields.split(' ').collect()).unwrap_or_default()
    }

    /// Its needs, all variants in one list.
    #[must_use]
    pub fn needs(&self) -> Vec<Need> {
        if let IncludedRole::Part(of, _) = &self.role {
            return vec![Need::name(of)];
        }
        self.variants
            .iter()
            .flatten()
            .map(|Slot { name, optional, take }| Need {
                what: What::Name(name.clone()),
                optional: *optional,
                take: *take,
            })
            .collect()
    }
}

impl Parse for Included {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let id = input.parse::<syn::LitStr>()?.value();
        let broken = input.parse::<syn::LitBool>()?.value;
        let (nodes, config, conditional);
        braced!(nodes in input);
        braced!(config in input);
        bracketed!(conditional in input);
        let mut included = Self {
            local: Ident::new("_local", Span::call_site()),
            id,
            broken,
            nodes: Vec::new(),
            config: Vec::new(),
            conditional: Vec::new(),
        };
        while !nodes.is_empty() {
            let mut node: IncludedNode = nodes.parse()?;
            if node.id.is_empty() {
                node.id.clone_from(&included.id);
            }
            included.nodes.push(node);
        }
        while !config.is_empty() {
            let name = parse_name(&config)?;
            included.config.push(IncludedField { name, doc: config.parse::<syn::LitStr>()?.value() });
        }
        while !conditional.is_empty() {
            included.conditional.push(parse_name(&conditional)?.text);
        }
        Ok(included)
    }
}

impl Parse for IncludedNode {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = parse_name(input)?;
        let id = input.parse::<syn::LitStr>()?.value();
        let index = input.parse::<syn::LitInt>()?.base10_parse()?;
        let visible = match input.parse::<syn::LitInt>()?.base10_parse::<u8>()? {
            0 => Visible::Private,
            1 => Visible::Crate,
            _ => Visible::Public,
        };
        let role = match input.parse::<Ident>()?.to_string().as_str() {
            "input" => IncludedRole::Input(input.parse::<syn::LitStr>()?.value()),
            "part" => {
                let of = parse_name(input)?.text;
                IncludedRole::Part(of, input.parse::<syn::LitInt>()?.base10_parse()?)
            }
            _ => IncludedRole::Function,
        };
        let expands = input.parse::<Option<Token![*]>>()?.is_some();
        let is_async = input.parse::<Option<Token![async]>>()?.is_some();
        let fallback = match input.parse::<Option<Token![else]>>()? {
            Some(_) => Some(parse_name(input)?.text),
            None => None,
        };
        let (lists, tags);
        bracketed!(lists in input);
        let mut variants = Vec::new();
        while !lists.is_empty() {
            let list;
            bracketed!(list in lists);
            let mut slots = Vec::new();
            while !list.is_empty() {
                let optional = list.parse::<Option<Token![?]>>()?.is_some();
                let take = parse_take(&list)?;
                slots.push(Slot { name: parse_name(&list)?.text, optional, take });
            }
            variants.push(slots);
        }
        bracketed!(tags in input);
        let mut parsed = Vec::new();
        while !tags.is_empty() {
            let key = tags.parse::<syn::LitStr>()?.value();
            let values;
            bracketed!(values in tags);
            let mut texts = Vec::new();
            while !values.is_empty() {
                texts.push(values.parse::<syn::LitStr>()?.value());
            }
            parsed.push(Tag { key, values: texts });
        }
        let doc = input.parse::<syn::LitStr>()?.value();
        let mut calls = Vec::new();
        if input.peek(syn::token::Bracket) {
            let list;
            bracketed!(list in input);
            while !list.is_empty() {
                calls.push(list.parse::<syn::LitStr>()?.value());
            }
        }
        Ok(Self {
            name,
            id,
            index,
            visible,
            role,
            variants,
            expands,
            is_async,
            fallback,
            tags: parsed,
            doc,
            calls,
        })
    }
}

fn parse_take(input: ParseStream<'_>) -> syn::Result<Take> {
    Ok(if input.parse::<Option<Token![*]>>()?.is_some() {
        Take::Collected
    } else if input.parse::<Option<Token![!]>>()?.is_some() {
        Take::Tolerated
    } else if input.parse::<Option<Token![@]>>()?.is_some() {
        Take::Metadata
    } else {
        Take::Value
    })
}

fn parse_name(input: ParseStream<'_>) -> syn::Result<Name> {
    let ident = Ident::parse_any(input)?;
    Ok(Name { text: text::unraw(&ident), span: ident.span() })
}

impl ToTokens for Included {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { id, broken, nodes, config, conditional, .. } = self;
        // Most nodes are its own; theirs is said once.
        let nodes = nodes.iter().map(|node| {
            let id = if node.id == *id { "" } else { &node.id };
            node.described(id)
        });
        let fields = config.iter().map(|IncludedField { name, doc }| {
            let name = text::ident(name);
            quote!(#name #doc)
        });
        let conditional = conditional.iter().map(|name| text::ident_at(name, Span::call_site()));
        tokens.extend(quote!(#id #broken { #(#nodes)* } { #(#fields)* } [#(#conditional)*]));
    }
}

impl IncludedNode {
    fn described(&self, id: &str) -> TokenStream {
        let Self { index, doc, .. } = self;
        let name = text::ident(&self.name);
        let index = proc_macro2::Literal::u32_unsuffixed(*index);
        let visible = proc_macro2::Literal::u8_unsuffixed(match self.visible {
            Visible::Private => 0,
            Visible::Crate => 1,
            Visible::Public => 2,
        });
        let role = match &self.role {
            IncludedRole::Input(default) => quote!(input #default),
            IncludedRole::Function => quote!(function),
            IncludedRole::Part(of, number) => {
                let of = text::ident_at(of, Span::call_site());
                let number = proc_macro2::Literal::usize_unsuffixed(*number);
                quote!(part #of #number)
            }
        };
        let variants = self.variants.iter().map(|slots| {
            let slots = slots.iter().map(|Slot { name, optional, take }| {
                let name = text::ident_at(name, Span::call_site());
                let optional = optional.then(|| quote!(?));
                let take = match take {
                    Take::Value => None,
                    Take::Collected => Some(quote!(*)),
                    Take::Tolerated => Some(quote!(!)),
                    Take::Metadata => Some(quote!(@)),
                };
                quote!(#optional #take #name)
            });
            quote!([#(#slots)*])
        });
        let tags = self.tags.iter().map(|Tag { key, values }| quote!(#key [#(#values)*]));
        let calls = (!self.calls.is_empty()).then(|| {
            let calls = &self.calls;
            quote!([#(#calls)*])
        });
        let expands = self.expands.then(|| quote!(*));
        let is_async = self.is_async.then(|| quote!(async));
        let fallback = self.fallback.as_ref().map(|name| {
            let name = text::ident_at(name, Span::call_site());
            quote!(else #name)
        });
        quote!(#name #id #index #visible #role #expands #is_async #fallback [#(#variants)*] [#(#tags)*] #doc #calls)
    }
}
