//! Lines as rustfmt would break them.

/// The text so far.
#[derive(Default)]
pub(super) struct Layout {
    text: String,
}

/// What is opened and closed around items.
pub(super) struct List<'l> {
    open: String,
    items: &'l [String],
    close: String,
}

pub(super) fn list<'l>(open: &str, items: &'l [String], close: &str) -> List<'l> {
    List { open: open.to_owned(), items, close: close.to_owned() }
}

/// The width of a line, and that of what may stand in one pair of brackets, by rustfmt's defaults.
const LINE: usize = 100;
const ITEMS: usize = 60;

impl Layout {
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// A line that is not broken.
    pub(super) fn line(&mut self, depth: usize, line: &str) {
        if !line.is_empty() {
            self.text.push_str(&"    ".repeat(depth));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// The items in one line where they fit, and else each in its own.
    pub(super) fn list(&mut self, depth: usize, list: &List<'_>) {
        let List { open, items, close } = list;
        let inner = items.join(", ");
        let line = format!("{open}{inner}{close}");
        if width(&inner) <= ITEMS && 4 * depth + width(&line) <= LINE {
            self.line(depth, &line);
        } else {
            self.broken(depth, list);
        }
    }

    /// The beginning of a function, whose parameters may take the whole line.
    pub(super) fn signature(&mut self, name: &str, params: &[String], end: &str) {
        let line = format!("{name}({}){end}", params.join(", "));
        if width(&line) <= LINE {
            self.line(0, &line);
        } else {
            self.broken(0, &list(&format!("{name}("), params, &format!("){end}")));
        }
    }

    fn broken(&mut self, depth: usize, List { open, items, close }: &List<'_>) {
        self.line(depth, open);
        for item in *items {
            self.item(depth + 1, item);
        }
        self.line(depth, close);
    }

    /// An item of a broken list, broken itself where it is a list that is too long.
    fn item(&mut self, depth: usize, item: &str) {
        let bracket = item.find('[').filter(|_| item.ends_with([']', ')']));
        let (Some(start), true) = (bracket, 4 * depth + width(item) >= LINE || too_long(item)) else {
            return self.line(depth, &format!("{item},"));
        };
        let end = item.rfind(']').unwrap_or(item.len());
        let members: Vec<String> = split(&item[start + 1..end]);
        self.line(depth, &item[..=start]);
        if members.iter().all(|member| width(member) <= 10) {
            self.filled(depth + 1, &members);
        } else {
            for member in members {
                self.line(depth + 1, &format!("{member},"));
            }
        }
        self.line(depth, &format!("{},", &item[end..]));
    }

    /// Short members, as many in a line as there is room for.
    fn filled(&mut self, depth: usize, members: &[String]) {
        let mut line = String::new();
        for member in members {
            if !line.is_empty() && 4 * depth + width(&line) + width(member) + 2 > LINE {
                self.line(depth, &std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(member);
            line.push(',');
        }
        self.line(depth, &line);
    }

    /// A chain of calls in one line where it fits, and else each call in its own.
    pub(super) fn chain(&mut self, depth: usize, start: &str, calls: &[String]) {
        let line = format!("{start}{}", calls.concat());
        let chain = line.split_once(" = ").map_or(line.as_str(), |(_, chain)| chain);
        if width(chain) - 1 <= ITEMS && 4 * depth + width(&line) <= LINE {
            return self.line(depth, &line);
        }
        self.line(depth, start);
        for call in calls {
            self.line(depth + 1, call);
        }
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn too_long(item: &str) -> bool {
    match (item.find('['), item.rfind(']')) {
        (Some(start), Some(end)) => width(&item[start + 1..end]) > ITEMS,
        _ => false,
    }
}

/// At the commas outside of parentheses.
fn split(members: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut pieces = vec![String::new()];
    for letter in members.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                pieces.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(piece) = pieces.last_mut()
            && (letter != ' ' || !piece.is_empty())
        {
            piece.push(letter);
        }
    }
    pieces
}
