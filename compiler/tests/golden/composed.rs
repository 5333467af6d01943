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
        "demo load"
        false
        {
            text "" 0 2 input "" [] [] "What is read."
            numbers "" 1 2 function [[text]] [] ""
            hidden "" 2 0 function [[numbers]] [] ""
            count "" 3 2 part hidden 0 [] [] ""
        }
        { style "How numbers are written." }
        [numbers]
    }
]
