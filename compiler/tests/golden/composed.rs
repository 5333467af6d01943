compose!
[] {
    {}
    {
        pub mod report {
            #[include]
            use super::load;
            /// What the caller supplies.
            #[inputs]
            pub struct Inputs {
                pub scale: f64,
            }
            /// The sum.
            #[node]
            pub fn total(numbers: &[f64], scale: f64) -> f64 {}
        }
    }
} [
    {
        false
        {
            text "demo load" 0 2 input [] [] "What is read."
            numbers "demo load" 1 2 function [[text]] [] ""
            hidden "demo load" 2 0 function [[numbers]] [] ""
            count "demo load" 3 2 part hidden 0 [] [] ""
        }
        { style "How numbers are written." }
        [numbers]
    }
]
