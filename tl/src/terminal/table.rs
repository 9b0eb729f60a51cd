//! Columns that stand below each other.

/// Rows of cells; every column is as wide as its widest cell.
#[derive(Default)]
pub struct Table {
    rows: Vec<Vec<Cell>>,
    has_head: bool,
}

/// A text in a table, and how it stands there.
pub struct Cell {
    text: String,
    is_right: bool,
    /// The terminal's code of its colour, if it has one.
    code: Option<&'static str>,
}

impl Cell {
    /// A text at the left of its column.
    pub fn left(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), is_right: false, code: None }
    }

    /// A text at the right of its column, as numbers stand.
    pub fn right(text: impl Into<String>) -> Cell {
        Cell { is_right: true, ..Cell::left(text) }
    }

    /// A text that is less important.
    pub fn faint(text: impl Into<String>) -> Cell {
        Cell { code: Some("2"), ..Cell::left(text) }
    }

    /// A bar.
    pub fn bar(text: impl Into<String>) -> Cell {
        Cell { code: Some("36"), ..Cell::left(text) }
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

impl Table {
    /// Gives the columns names.
    pub fn head<const N: usize>(&mut self, names: [&str; N]) {
        self.rows.insert(0, names.map(Cell::faint).into());
        self.has_head = true;
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.rows.push(cells.into());
    }

    /// Whether it has no rows but its head.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == usize::from(self.has_head)
    }

    /// The table in lines, each behind two blanks.
    pub fn render(&self, colour: bool) -> String {
        let mut widths: Vec<usize> = Vec::new();
        for row in &self.rows {
            for (at, cell) in row.iter().enumerate() {
                match widths.get_mut(at) {
                    Some(width) => *width = (*width).max(cell.width()),
                    None => widths.push(cell.width()),
                }
            }
        }
        // A name stands above its column as the cells below it do.
        let rights = self.rows.last().into_iter().flatten().map(|cell| cell.is_right).collect::<Vec<_>>();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            let mut end = 0;
            for ((cell, width), is_right) in row.iter().zip(&widths).zip(&rights) {
                let gap = " ".repeat(width - cell.width());
                let shown = match cell.code.filter(|_| colour && !cell.text.is_empty()) {
                    Some(code) => format!("\x1b[{code}m{}\x1b[0m", cell.text),
                    None => cell.text.clone(),
                };
                line += "  ";
                line += &if *is_right { gap + &shown } else { shown + &gap };
                if !cell.text.is_empty() {
                    end = line.trim_end_matches(' ').len();
                }
            }
            text += &line[..end];
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::default();
        table.head(["name", "size"]);
        assert!(table.is_empty());
        table.row([Cell::left("ä"), Cell::right("10 B")]);
        table.row([Cell::left("longer"), Cell::right("")]);
        table.row([Cell::faint(""), Cell::right("7 B")]);
        assert_eq!(table.render(false), "  name    size\n  ä       10 B\n  longer\n           7 B\n");
        assert_eq!(table.render(true).lines().next(), Some("  \x1b[2mname\x1b[0m    \x1b[2msize\x1b[0m"));
    }
}
