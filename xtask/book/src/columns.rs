//! The columns of a table, by name: where a page is too narrow for the table, each row becomes a
//! card whose cells are called by their columns.

#[derive(Default)]
pub(crate) struct Columns {
    names: Vec<String>,
    in_body: bool,
    at: usize,
}

impl Columns {
    /// One more cell of the head.
    pub(crate) fn add(&mut self, name: String) {
        self.names.push(name);
    }

    /// A row below the head begins.
    pub(crate) fn begin_row(&mut self) {
        self.in_body = true;
        self.at = 0;
    }

    /// Whether the head is complete, so that a cell has a name.
    pub(crate) fn are_named(&self) -> bool {
        self.in_body
    }

    /// The name of the next cell of this row.
    pub(crate) fn next_name(&mut self) -> &str {
        let name = self.names.get(self.at).map_or("", String::as_str);
        self.at += 1;
        name
    }
}
