use crate::blocks::library;

/// Computes `all`, `half` and `book_list`.
pub fn library(
    books: Vec<String>,
    prefix: String,
) -> Result<(String, Vec<Vec<f64>>, usize), Box<dyn std::error::Error + Send + Sync>> {
    let book_items = library::book(books);
    let mut book_list_ = Vec::new();
    let mut labels_list = Vec::new();
    let mut half_list_2 = Vec::new();
    for book in book_items {
        let book = book?;
        let word_items = library::word(&book);
        let mut half_list = Vec::new();
        let mut label_list = Vec::new();
        for word in word_items {
            let word = word?;
            let scaled = library::scaled(word);
            let half = scaled.half;
            let twice = scaled.twice;
            let label = library::label(prefix.clone(), twice);
            half_list.push(half);
            label_list.push(label);
        }
        let labels = library::labels(millstream::Collect::of(&label_list), &book)?;
        book_list_.push(book);
        labels_list.push(labels);
        half_list_2.push(half_list);
    }
    let all = library::all(millstream::Collect::of(&labels_list));
    let book_list = library::book_list(millstream::Collect::of(&book_list_));
    Ok((all, half_list_2, book_list))
}
