//! As much of the FlatBuffers format as the file of a model needs: <https://flatbuffers.dev/internals/>.
//!
//! Fields have numbers, in the order of the schema. One that is not there is `None`, and so is what would lie
//! outside the file.

#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Table<'a> {
    pub(crate) fn root(file: &'a [u8]) -> Option<Self> {
        Some(Self {
            file,
            at: read(file, 0)?,
        })
    }

    pub(crate) fn byte(self, field: usize) -> Option<u8> {
        self.file.get(self.place(field)?).copied()
    }

    pub(crate) fn number(self, field: usize) -> Option<usize> {
        read(self.file, self.place(field)?)
    }

    pub(crate) fn table(self, field: usize) -> Option<Self> {
        let at = self.target(self.place(field)?)?;
        Some(Self { at, ..self })
    }

    pub(crate) fn bytes(self, field: usize) -> Option<&'a [u8]> {
        self.vector(field, 1).map(|(_, bytes)| bytes)
    }

    pub(crate) fn numbers(self, field: usize) -> Option<Vec<usize>> {
        let (_, bytes) = self.vector(field, 4)?;
        let numbers = bytes.as_chunks().0.iter();
        numbers.map(|number| signed(*number)).collect()
    }

    pub(crate) fn tables(self, field: usize) -> Option<Vec<Self>> {
        let (start, bytes) = self.vector(field, 4)?;
        let tables = (start..start + bytes.len()).step_by(4);
        tables
            .map(|at| {
                Some(Self {
                    at: self.target(at)?,
                    ..self
                })
            })
            .collect()
    }

    /// Where a field is. In front of each table is where to find the list of its fields' offsets.
    fn place(self, field: usize) -> Option<usize> {
        let back = i32::from_le_bytes(array(self.file, self.at)?);
        let list = self
            .at
            .checked_add_signed(isize::try_from(back).ok()?.checked_neg()?)?;
        let entry = 4 + 2 * field;
        if entry + 2 > usize::from(u16::from_le_bytes(array(self.file, list)?)) {
            return None;
        }
        let offset = u16::from_le_bytes(array(self.file, list.checked_add(entry)?)?);
        (offset != 0).then(|| self.at + usize::from(offset))
    }

    /// Where the offset that is at this place leads.
    fn target(self, at: usize) -> Option<usize> {
        at.checked_add(read(self.file, at)?)
    }

    /// Where a vector's elements begin, and their bytes.
    fn vector(self, field: usize, size: usize) -> Option<(usize, &'a [u8])> {
        let at = self.target(self.place(field)?)?;
        let length = read(self.file, at)?.checked_mul(size)?;
        Some((at + 4, self.file.get(at + 4..)?.get(..length)?))
    }
}

fn array<const N: usize>(file: &[u8], at: usize) -> Option<[u8; N]> {
    file.get(at..)?.first_chunk().copied()
}

fn read(file: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(array(file, at)?)).ok()
}

/// Numbers of things are signed in the schema, and never negative.
fn signed(bytes: [u8; 4]) -> Option<usize> {
    usize::try_from(i32::from_le_bytes(bytes)).ok()
}
