//! The values of an entry point as its code names them: inputs as fields, everything else as locals.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::super::Context;
use super::plan::Plan;
use crate::syntax::check::{Node, Origin};
use crate::syntax::model::Module;
use crate::syntax::text::{self, generic_argument, text};

/// The names of the locals.
///
/// A local is hygienic, so that it hides nothing that the user's expressions name. But it cannot stand beside a static
/// or a constant of its name: where there may be one it gets an underscore.
pub(super) struct Names {
    locals: BTreeMap<usize, String>,
    inputs: String,
    config: String,
}

impl Names {
    pub(super) fn of(context: &Context<'_>, plan: &Plan) -> Self {
        let module = context.module;
        let functions: BTreeSet<String> =
            module.functions.iter().map(|function| text::unraw(&function.ident)).collect();
        let mut taken = BTreeSet::new();
        let mut free = |name: &str| {
            let mut name = name.to_owned();
            // A function of the name keeps constants away.
            while taken.contains(&name) || !functions.contains(&name) && may_be_a_constant(module, &name) {
                name.push('_');
            }
            taken.insert(name.clone());
            name
        };
        let (inputs, config) = (free("inputs"), free("config"));
        let steps = plan.all().flat_map(|(index, step)| std::iter::once(index).chain(step.parts.clone()));
        let locals = steps.map(|index| {
            let name = free(&context.checked.nodes[index].name.text);
            if plan.is_listed(index) {
                (0..plan.depth_of(index)).for_each(|level| {
                    free(&format!("{name}{}", "_list".repeat(level + 1)));
                });
            }
            (index, name)
        });
        let locals = locals.collect();
        Self { locals, inputs, config }
    }

    pub(super) fn local(&self, value: usize) -> Ident {
        mixed(self.locals.get(&value).map_or("_", String::as_str))
    }

    /// The list of a value, so many levels down in its blocks.
    pub(super) fn list(&self, value: usize, level: usize) -> Ident {
        let name = self.locals.get(&value).map_or("_", String::as_str);
        mixed(&format!("{}{}", name.trim_start_matches("r#"), "_list".repeat(level + 1)))
    }

    pub(super) fn inputs(&self) -> Ident {
        mixed(&self.inputs)
    }

    pub(super) fn config(&self) -> Ident {
        mixed(&self.config)
    }
}

fn mixed(name: &str) -> Ident {
    text::ident_at(name, Span::mixed_site())
}

/// Whether a constant or a static of the name may be in the module: one of its own, or one that a `use` brings in.
fn may_be_a_constant(module: &Module, name: &str) -> bool {
    // By convention constants are not written like this, so a glob is not suspected of bringing in one.
    module.constants.iter().any(|constant| constant == name)
        || module.taken.iter().any(|taken| taken.what == "import" && taken.name.text == name)
}

/// Values in one function of the expansion.
pub(super) struct Values<'c> {
    pub(super) context: &'c Context<'c>,
    pub(super) plan: &'c Plan,
    pub(super) names: &'c Names,
    /// Those that the function has as references.
    pub(super) borrowed: BTreeSet<usize>,
    /// The name of the entry, for messages.
    pub(super) entry: &'c str,
    /// Assertions that what is cloned can be.
    pub(super) clones: &'c RefCell<Vec<TokenStream>>,
}

impl<'c> Values<'c> {
    pub(super) fn node(&self, value: usize) -> &'c Node<'c> {
        &self.context.checked.nodes[value]
    }

    fn is_input(&self, value: usize) -> bool {
        self.plan.producer(value).is_none()
    }

    /// The value where it lies.
    fn place(&self, value: usize) -> TokenStream {
        if self.is_input(value) {
            let inputs = self.names.inputs();
            let field = text::ident_at(&self.node(value).name.text, Span::call_site());
            return quote!(#inputs.#field);
        }
        let local = self.names.local(value);
        quote!(#local)
    }

    /// `&T`.
    pub(super) fn borrow(&self, value: usize) -> TokenStream {
        let place = self.place(value);
        match (self.plan.is_conditional(value), self.borrowed.contains(&value)) {
            (false, false) => quote!(&#place),
            (false, true) => place,
            // What is wanted must not reach `made`, which would then want it of the option.
            (true, false) => quote!(&*__ms::made(#place.as_ref())),
            (true, true) => quote!(&*__ms::made(#place)),
        }
    }

    /// What a method that borrows is called on.
    pub(super) fn receiver(&self, value: usize) -> TokenStream {
        let borrow = self.borrow(value);
        if self.plan.is_conditional(value) { quote!((#borrow)) } else { self.place(value) }
    }

    /// `T`; where it has to be cloned, and only rustc knows whether it can be, `why` says what for, and where an error
    /// is to be.
    pub(super) fn take(
        &self,
        value: usize,
        moved: bool,
        why: impl FnOnce() -> (String, Span),
    ) -> TokenStream {
        let place = self.place(value);
        let conditional = self.plan.is_conditional(value);
        if moved {
            return if conditional { quote!(__ms::made(#place)) } else { place };
        }
        let direct = !conditional && !self.borrowed.contains(&value);
        let borrowed = self.borrow(value);
        let receiver = self.receiver(value);
        match self.node(value).value().map_or(Copies::Unknown, copies) {
            Copies::Plainly if direct => place,
            Copies::Plainly => quote!(*#borrowed),
            Copies::Clone => quote!(#receiver.clone()),
            Copies::Unknown => {
                let (message, at) = why();
                let yields = self.node(value).type_span();
                self.clones.borrow_mut().push(must_be_clone(&message, &self.ty(value), (at, yields)));
                quote!(__ms::given(#borrowed).cloned())
            }
        }
    }

    /// The list of a value of a block.
    pub(super) fn list(&self, value: usize) -> TokenStream {
        let list = self.names.list(value, self.plan.depth_of(value).saturating_sub(1));
        quote!(#list)
    }

    /// The type of a value as this module can write it.
    pub(super) fn ty(&self, value: usize) -> TokenStream {
        let node = self.node(value);
        match (&node.origin, node.value()) {
            (Origin::Input(_) | Origin::Function(_) | Origin::Part { .. }, Some(ty)) => ty.clone(),
            _ => {
                let path = self.context.path(node, Span::call_site());
                let facade = self.context.facade();
                quote!(<#path as #facade::Node>::Output)
            }
        }
    }
}

/// An assertion that a type is `Clone`, which in the message is `{Self}`; the error is at `at`, with a note at `yields`.
pub(super) fn must_be_clone(message: &str, ty: &TokenStream, (at, yields): (Span, Span)) -> TokenStream {
    let ty = text::placed(ty.clone(), at);
    let advice =
        format!("{message}, but `{{Self}}` is not `Clone`; derive `Clone` for it, or take it by reference");
    // All at one place and in one context, or rustc shows the macro.
    let call = quote_spanned!(at=> has_to_be_cloned::<#ty>(););
    let function = quote_spanned!(yields=> const fn has_to_be_cloned<T: HasToBeCloned>() {});
    quote! {
        const _: () = {
            #[diagnostic::on_unimplemented(message = #advice, label = "not `Clone`")]
            trait HasToBeCloned {}
            #[diagnostic::do_not_recommend]
            impl<T: ::core::clone::Clone> HasToBeCloned for T {}
            #function
            #call
        };
    }
}

/// How another value of a type is had.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Copies {
    /// It is `Copy`.
    Plainly,
    /// It is `Clone`.
    Clone,
    /// Only rustc knows.
    Unknown,
}

/// What the tokens of a type show.
pub(super) fn copies(ty: &TokenStream) -> Copies {
    const COPY: &str =
        " bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 () Duration Instant ";
    let written = text(ty);
    let last = written.rsplit("::").next().unwrap_or_default();
    if COPY.contains(&format!(" {last} ")) || written.starts_with("&'static ") && !written.contains("mut ") {
        return Copies::Plainly;
    }
    if let Some(inner) = generic_argument(ty, "Option") {
        return copies(&inner);
    }
    if ["Arc", "Rc"].iter().any(|name| generic_argument(ty, name).is_some()) {
        return Copies::Clone;
    }
    let element = ["Vec", "Box"].iter().find_map(|name| generic_argument(ty, name));
    if let Some(element) = element {
        return if copies(&element) == Copies::Unknown { Copies::Unknown } else { Copies::Clone };
    }
    match last {
        "String" | "PathBuf" | "OsString" => Copies::Clone,
        _ => of_tuple(ty),
    }
}

fn of_tuple(ty: &TokenStream) -> Copies {
    let mut tokens = text::ungrouped(ty).into_iter();
    let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) else {
        return Copies::Unknown;
    };
    // Of a list of types only the simple ones are looked into.
    let simple = |token: &TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ',',
        _ => false,
    };
    let all: Vec<TokenTree> = group.stream().into_iter().collect();
    if group.delimiter() != proc_macro2::Delimiter::Parenthesis || !all.iter().all(simple) {
        return Copies::Unknown;
    }
    let types = all.iter().filter(|token| matches!(token, TokenTree::Ident(_)));
    types.map(|token| copies(&TokenStream::from(token.clone()))).fold(Copies::Plainly, |all, one| {
        match (all, one) {
            (Copies::Unknown, _) | (_, Copies::Unknown) => Copies::Unknown,
            (Copies::Clone, _) | (_, Copies::Clone) => Copies::Clone,
            _ => Copies::Plainly,
        }
    })
}
