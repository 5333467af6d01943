//! The tuples for which a trait is implemented.

/// Calls a macro once for each tuple of one to twelve type parameters.
macro_rules! for_all_tuples {
    ($do:ident) => {
        $do! { A }
        $do! { A B }
        $do! { A B C }
        $do! { A B C D }
        $do! { A B C D E }
        $do! { A B C D E F }
        $do! { A B C D E F G }
        $do! { A B C D E F G H }
        $do! { A B C D E F G H I }
        $do! { A B C D E F G H I J }
        $do! { A B C D E F G H I J K }
        $do! { A B C D E F G H I J K L }
    };
}

pub(crate) use for_all_tuples;
