//! What a dataflow offers beside its nodes: the type `Flow`, and `dataflow`, `driver` and `inputs`.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::{Context, config, flow};
use crate::syntax::text;

/// All of it.
pub(super) fn functions(context: &Context<'_>) -> TokenStream {
    let facade = context.facade();
    let name = text::unraw(&context.module.ident);
    let visibility = least(context);
    let doc_flow = text::doc(&format!(
        "The dataflow `{name}` as a type: `{}::Driver<{name}::Flow>`.",
        crate_name(&facade)
    ));
    let dataflow = dataflow(context);
    let driver = driver(context);
    let partial = partial_inputs(context);
    let conditional = if context.checked.broken { Vec::new() } else { flow::conditional(context) };
    let exported = config::exported(context, &conditional);
    quote! {
        #doc_flow
        #[allow(unreachable_pub, dead_code, missing_copy_implementations, missing_debug_implementations)]
        #visibility enum Flow {}
        #dataflow
        #driver
        #partial
        #exported
    }
}

fn dataflow(context: &Context<'_>) -> TokenStream {
    if context.withholds("dataflow") {
        return TokenStream::new();
    }
    let facade = context.facade();
    let visibility = least(context);
    quote! {
        /// The dataflow as a value, to be listed, drawn, combined or run.
        #[must_use]
        #[allow(unreachable_pub, dead_code)]
        #visibility fn dataflow() -> &'static #facade::Dataflow {
            static DATAFLOW: #facade::Dataflow = #facade::Dataflow::of::<Flow>();
            &DATAFLOW
        }
    }
}

fn crate_name(facade: &TokenStream) -> String {
    text::text(facade).trim_start_matches("::").to_owned()
}

/// Generated items are as visible as the least visible type that they name.
pub(super) fn least(context: &Context<'_>) -> TokenStream {
    let (inputs, config) = (context.inputs_visibility(), context.config_visibility());
    if text::text(&inputs) == "pub" { config } else { inputs }
}

fn driver(context: &Context<'_>) -> TokenStream {
    if context.withholds("driver") {
        return TokenStream::new();
    }
    let facade = context.facade();
    let visibility = least(context);
    match context.config_type() {
        Some(config) => quote! {
            /// Begins a driver: the config selects the variants.
            #[must_use]
            #[allow(unreachable_pub, dead_code, clippy::needless_pass_by_value)]
            #visibility fn driver(config: #config) -> #facade::DriverBuilder<Flow> {
                #facade::__private::driver::<Flow>(&config)
            }
        },
        None => quote! {
            /// Begins a driver.
            #[must_use]
            #[allow(unreachable_pub, dead_code)]
            #visibility fn driver() -> #facade::DriverBuilder<Flow> {
                #facade::__private::driver::<Flow>(&())
            }
        },
    }
}

fn partial_inputs(context: &Context<'_>) -> TokenStream {
    if context.inputs_type().is_none() || context.withholds("PartialInputs") {
        return TokenStream::new();
    }
    let facade = context.facade();
    let visibility = least(context);
    let begin = (!context.withholds("inputs")).then(|| {
        quote! {
        /// Begins with no inputs, to supply only those that the outputs asked for need.
        #[allow(unreachable_pub, dead_code)]
        #visibility fn inputs() -> PartialInputs {
            PartialInputs(#facade::__private::InputValues::new())
        }
        }
    });
    let setters = context.all_inputs().map(|node| {
        // At the input's own place, where an editor looks for what is called.
        let setter = text::ident(&node.name);
        let name = text::ident_at(&node.name.text, Span::call_site().resolved_at(node.name.span));
        let path = context.path(node, Span::call_site().resolved_at(node.name.span));
        let ty = context.input_type(node);
        let doc = match node.doc.as_str() {
            "" => text::doc(&format!("Supplies `{}`.", node.name.text)),
            doc => text::doc(doc),
        };
        quote! {
            #doc
            #[must_use]
            #[allow(dead_code, clippy::doc_markdown)]
            #visibility fn #setter(self, #name: #ty) -> Self {
                Self(self.0.with::<#path>(#name))
            }
        }
    });
    quote! {
        /// Some of the inputs: as many as the outputs asked for need.
        #[must_use]
        #[allow(unreachable_pub)]
        #visibility struct PartialInputs(#facade::__private::InputValues<Flow>);
        impl PartialInputs {
            #(#setters)*
        }
        #begin
    }
}
