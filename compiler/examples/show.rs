#![allow(missing_docs, clippy::unwrap_used)]
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let item: proc_macro2::TokenStream = text.parse().unwrap();
    let out = millstream_compiler::syntax::dataflow(Default::default(), item);
    match syn::parse2::<syn::File>(out.clone()) {
        Ok(file) => println!("{}", prettyplease::unparse(&file)),
        Err(error) => println!("PARSE {error}\n{out}"),
    }
}
