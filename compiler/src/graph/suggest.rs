//! "Did you mean": the nearest name to a wrong one.

/// The candidate nearest to `wrong`, if it is near enough to be meant.
///
/// Near enough is a Damerau-Levenshtein distance of at most a third of the longer name's length, and at least
/// one. Of equally near candidates the first wins, so the answer does not depend on anything but the order given.
///
/// ```
/// use millstream_compiler::graph::nearest;
///
/// assert_eq!(nearest("spned", ["signups", "spend"]), Some("spend"));
/// assert_eq!(nearest("weather", ["signups", "spend"]), None);
/// assert_eq!(nearest("x", ["a", "b"]), None);
/// ```
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .filter(|candidate| *candidate != wrong)
        .map(|candidate| (strsim::damerau_levenshtein(wrong, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit(wrong, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn limit(wrong: &str, candidate: &str) -> usize {
    let longer = wrong.chars().count().max(candidate.chars().count());
    // At least something must be the same: of names of one letter none is near another.
    (longer / 3).max(1).min(longer.saturating_sub(1))
}

/// The tail of a message: a suggestion where there is one, else `otherwise`.
///
/// ```
/// use millstream_compiler::graph::did_you_mean;
///
/// assert_eq!(did_you_mean("spned", ["spend"], "add it"), "did you mean `spend`?");
/// assert_eq!(did_you_mean("wind", ["spend"], "add it"), "add it");
/// ```
pub fn did_you_mean<'a>(
    wrong: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    nearest(wrong, candidates).map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}
