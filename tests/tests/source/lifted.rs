use crate::everything;
use crate::load::files;

/// Computes `all_of_them`, `mean_of_low` and `text`.
///
/// Everything there is to write.
pub fn everything(
    scale: f64,
    maybe: Option<String>,
    window: usize,
    r#type: std::borrow::Cow<'static, str>,
    file: std::path::PathBuf,
) -> Result<(String, f64, String), Box<dyn std::error::Error + Send + Sync>> {
    let text = files::text(&file)?;
    let numbers = everything::numbers(&text)?;
    let columns = everything::columns(numbers, scale);
    let high = columns.high;
    let low = columns.low;
    let tuple = everything::tuple(&high);
    let first = tuple.0;
    let count = tuple.2;
    let mut colours = everything::colours(first);
    let blue = colours
        .remove("blue")
        .ok_or("the value of `colours` has no key `blue`")?;
    let red = colours
        .remove("red")
        .ok_or("the value of `colours` has no key `red`")?;
    let title = everything::title__long(maybe.as_deref(), None);
    let mean_of_high = everything::mean(high.clone(), window);
    let mean_of_low = everything::mean(low.clone(), 1 + 1);
    let shared = everything::shared(&first, 7);
    let boxed = everything::boxed(&shared);
    let unboxed = everything::unboxed(&*boxed);
    let all_of_them = everything::all_of_them(
        vec![&mean_of_high, &mean_of_low, &red, &blue, &first, &scale],
        std::collections::BTreeMap::from([("title", &title), ("unboxed", &unboxed)]),
        vec![&*high, &*low],
        maybe,
        Some(count),
        &r#type,
    );
    Ok((all_of_them, mean_of_low, text))
}
