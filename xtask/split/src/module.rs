//! Wasm files that become one.
//!
//! What the splitter makes is simple: all files have the same types and import the memory, the table and
//! globals from the main file; they call each other through the table, put their functions into it and
//! their data into the memory, and export nothing. So they are joined by putting one after the other:
//! what several import is imported once, the indices of functions and segments are shifted. Anything else is
//! refused.

use std::mem::discriminant;
use std::ops::Range;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, EntityType, FunctionSection,
    ImportSection, Module, RawSection, SectionId,
};
use wasmparser::{BinaryReaderError, Parser, Payload};

#[derive(Default)]
struct Joined<'a> {
    types: Option<&'a [u8]>,
    imports: Vec<Import<'a>>,
    functions: FunctionSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
}

#[derive(PartialEq)]
struct Import<'a> {
    module: &'a str,
    name: &'a str,
    what: EntityType,
}

/// What the numbers of one file are in the joined one.
#[derive(Default)]
struct Numbers {
    functions: u32,
    elements: u32,
    data: u32,
    globals: Vec<u32>,
    tables: Vec<u32>,
    memories: Vec<u32>,
}

/// A file that uses what it does not have.
#[derive(Debug)]
struct Missing;

impl std::error::Error for Missing {}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it uses what it does not import")
    }
}

fn numbered(numbers: &[u32], number: u32) -> Result<u32, Error<Missing>> {
    let known = numbers.get(number as usize).copied();
    known.ok_or(Error::UserError(Missing))
}

impl Reencode for Numbers {
    type Error = Missing;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Missing>> {
        Ok(self.functions + function)
    }

    fn element_index(&mut self, element: u32) -> Result<u32, Error<Missing>> {
        Ok(self.elements + element)
    }

    fn data_index(&mut self, data: u32) -> Result<u32, Error<Missing>> {
        Ok(self.data + data)
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error<Missing>> {
        numbered(&self.globals, global)
    }

    fn table_index(&mut self, table: u32) -> Result<u32, Error<Missing>> {
        numbered(&self.tables, table)
    }

    fn memory_index(&mut self, memory: u32) -> Result<u32, Error<Missing>> {
        numbered(&self.memories, memory)
    }
}

/// How many bytes of code and data a file has. The names of functions, which the final file does not have,
/// are most of it.
pub(crate) fn content(file: &[u8]) -> Result<u64, BinaryReaderError> {
    let mut bytes = 0;
    for payload in Parser::new(0).parse_all(file) {
        bytes += match payload? {
            Payload::CodeSectionStart { range, .. } => range.end - range.start,
            Payload::DataSection(data) => data.range().end - data.range().start,
            _ => 0,
        };
    }
    Ok(bytes)
}

/// One file that does what these do together.
pub(crate) fn join(files: &[Vec<u8>]) -> Result<Vec<u8>, String> {
    let mut joined = Joined::default();
    for file in files {
        joined.append(file)?;
    }
    let mut module = Module::new();
    if let Some(data) = joined.types {
        let id = SectionId::Type.into();
        module.section(&RawSection { id, data });
    }
    let mut imports = ImportSection::new();
    for import in &joined.imports {
        imports.import(import.module, import.name, import.what);
    }
    module.section(&imports);
    module.section(&joined.functions);
    module.section(&joined.elements);
    module.section(&DataCountSection {
        count: joined.data.len(),
    });
    module.section(&joined.code);
    module.section(&joined.data);
    Ok(module.finish())
}

impl<'a> Joined<'a> {
    fn append(&mut self, file: &'a [u8]) -> Result<(), String> {
        let mut numbers = Numbers {
            functions: self.functions.len(),
            elements: self.elements.len(),
            data: self.data.len(),
            ..Numbers::default()
        };
        for payload in Parser::new(0).parse_all(file) {
            let payload = payload.map_err(|error| error.to_string())?;
            self.append_section(&mut numbers, payload, file)
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn append_section(
        &mut self,
        numbers: &mut Numbers,
        payload: Payload<'a>,
        file: &'a [u8],
    ) -> Result<(), Box<dyn std::error::Error>> {
        match payload {
            Payload::TypeSection(section) => {
                let types = bytes(file, section.range())?;
                if *self.types.get_or_insert(types) != types {
                    return Err("its types differ".into());
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.append_import(numbers, import?)?;
                }
            }
            Payload::FunctionSection(section) => {
                numbers.parse_function_section(&mut self.functions, section)?;
            }
            Payload::ElementSection(section) => {
                numbers.parse_element_section(&mut self.elements, section)?;
            }
            Payload::CodeSectionEntry(body) => {
                numbers.parse_function_body(&mut self.code, body)?;
            }
            Payload::DataSection(section) => {
                numbers.parse_data_section(&mut self.data, section)?;
            }
            Payload::ExportSection(section) if section.count() == 0 => {}
            // Counted anew; only for tools; the code's own beginning; the ends.
            Payload::DataCountSection { .. }
            | Payload::CustomSection(_)
            | Payload::CodeSectionStart { .. }
            | Payload::Version { .. }
            | Payload::End(_) => {}
            other => return Err(format!("it has more than it should: {other:?}").into()),
        }
        Ok(())
    }

    /// What was imported already is not imported again.
    fn append_import(
        &mut self,
        numbers: &mut Numbers,
        import: wasmparser::Import<'a>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let import = Import {
            module: import.module,
            name: import.name,
            what: numbers.entity_type(import.ty)?,
        };
        let kind = discriminant(&import.what);
        let known = self.imports.iter().position(|known| *known == import);
        let index = known.unwrap_or(self.imports.len());
        if known.is_none() {
            self.imports.push(import);
        }
        // Each kind is counted by itself.
        let before = self.imports[..index].iter();
        let before = before.filter(|known| discriminant(&known.what) == kind);
        let number = u32::try_from(before.count())?;
        match self.imports[index].what {
            EntityType::Global(_) => numbers.globals.push(number),
            EntityType::Table(_) => numbers.tables.push(number),
            EntityType::Memory(_) => numbers.memories.push(number),
            other => return Err(format!("it imports {other:?}").into()),
        }
        Ok(())
    }
}

fn bytes(file: &[u8], range: Range<u64>) -> Result<&[u8], Box<dyn std::error::Error>> {
    let range = range.start.try_into()?..range.end.try_into()?;
    Ok(file.get(range).ok_or("it is cut off")?)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        ConstExpr, Elements, ExportKind, ExportSection, Function, GlobalType, Instruction,
        MemoryType, RefType, TableType, TypeSection, ValType,
    };

    use super::*;

    /// Two functions of which the second calls the first, which answers `value`; the second is put into
    /// the table at `slot`, and `text` into the memory at `address`.
    fn file(value: i32, slot: i32, address: i32, text: &str) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let mut imports = ImportSection::new();
        let table = TableType {
            element_type: RefType::FUNCREF,
            minimum: 8,
            maximum: None,
            table64: false,
            shared: false,
        };
        let memory = MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        let stack = GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        imports.import("main", "stack", EntityType::Global(stack));
        imports.import("main", "table", EntityType::Table(table));
        imports.import("main", "memory", EntityType::Memory(memory));
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut elements = ElementSection::new();
        let offset = ConstExpr::i32_const(slot);
        elements.active(Some(0), &offset, Elements::Functions([1][..].into()));
        let mut code = CodeSection::new();
        for instruction in [Instruction::I32Const(value), Instruction::Call(0)] {
            let mut function = Function::new([]);
            function.instruction(&instruction);
            function.instruction(&Instruction::End);
            code.function(&function);
        }
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(address), text.bytes());
        let mut module = Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&elements)
            .section(&DataCountSection { count: 1 })
            .section(&code)
            .section(&data);
        module.finish()
    }

    #[test]
    fn calls_and_segments_are_counted_on() {
        let files = [file(7, 0, 16, "one"), file(9, 3, 32, "two")];
        let joined = join(&files).unwrap();
        let text = printed(&joined);
        // As if it had been written as one.
        assert_eq!(
            text,
            [
                "function: call 0",
                "function: call 2",
                "function: const 7",
                "function: const 9",
                "slot 0: 1",
                "slot 3: 3",
                "at 16: one",
                "at 32: two",
            ]
        );
        assert_eq!(join(&files[..1]).unwrap(), files[0]);
    }

    /// What there is to see, the instructions sorted.
    fn printed(module: &[u8]) -> Vec<String> {
        let mut code = Vec::new();
        let mut rest = Vec::new();
        let constant = |expression: wasmparser::ConstExpr| match expression
            .get_operators_reader()
            .read()
            .unwrap()
        {
            wasmparser::Operator::I32Const { value } => value,
            other => panic!("{other:?}"),
        };
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::CodeSectionEntry(body) => {
                    match body.get_operators_reader().unwrap().read().unwrap() {
                        wasmparser::Operator::I32Const { value } => {
                            code.push(format!("function: const {value}"));
                        }
                        wasmparser::Operator::Call { function_index } => {
                            code.push(format!("function: call {function_index}"));
                        }
                        other => panic!("{other:?}"),
                    }
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        let element = element.unwrap();
                        let wasmparser::ElementKind::Active { offset_expr, .. } = element.kind
                        else {
                            panic!("not active");
                        };
                        let wasmparser::ElementItems::Functions(functions) = element.items else {
                            panic!("no functions");
                        };
                        for function in functions {
                            let slot = constant(offset_expr.clone());
                            rest.push(format!("slot {slot}: {}", function.unwrap()));
                        }
                    }
                }
                Payload::DataSection(section) => {
                    for data in section {
                        let data = data.unwrap();
                        let wasmparser::DataKind::Active { offset_expr, .. } = data.kind else {
                            panic!("not active");
                        };
                        let text = String::from_utf8(data.data.to_vec()).unwrap();
                        rest.push(format!("at {}: {text}", constant(offset_expr)));
                    }
                }
                _ => {}
            }
        }
        code.sort();
        code.extend(rest);
        code
    }

    #[test]
    fn what_several_import_is_imported_once() {
        let import = |names: &[&str], used: u32| {
            let mut imports = ImportSection::new();
            for name in names {
                let what = GlobalType {
                    val_type: ValType::I32,
                    mutable: true,
                    shared: false,
                };
                imports.import("main", name, EntityType::Global(what));
            }
            let mut types = TypeSection::new();
            types.ty().function([], [ValType::I32]);
            let mut functions = FunctionSection::new();
            functions.function(0);
            let mut code = CodeSection::new();
            let mut function = Function::new([]);
            function.instruction(&Instruction::GlobalGet(used));
            function.instruction(&Instruction::End);
            code.function(&function);
            let mut module = Module::new();
            module
                .section(&types)
                .section(&imports)
                .section(&functions)
                .section(&code);
            module.finish()
        };
        let joined = join(&[
            import(&["a"], 0),
            import(&["b", "a"], 0),
            import(&["b", "a"], 1),
        ]);
        let joined = joined.unwrap();
        let (mut names, mut used) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(&joined) {
            match payload.unwrap() {
                Payload::ImportSection(section) => {
                    names.extend(section.into_imports().map(|import| import.unwrap().name));
                }
                Payload::CodeSectionEntry(body) => {
                    match body.get_operators_reader().unwrap().read().unwrap() {
                        wasmparser::Operator::GlobalGet { global_index } => used.push(global_index),
                        other => panic!("{other:?}"),
                    }
                }
                _ => {}
            }
        }
        assert_eq!((names, used), (vec!["a", "b"], vec![0, 1, 0]));
        let missing = join(&[import(&["a"], 1)]).unwrap_err();
        assert!(missing.contains("does not import"), "{missing}");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let fine = file(7, 0, 16, "one");
        let mut other_types = TypeSection::new();
        other_types.ty().function([], []);
        let mut module = Module::new();
        module.section(&other_types);
        let error = join(&[fine.clone(), module.finish()]).unwrap_err();
        assert_eq!(error, "its types differ");
        let mut exports = ExportSection::new();
        exports.export("f", ExportKind::Func, 0);
        let mut module = Module::new();
        module.section(&exports);
        assert!(
            join(&[module.finish()])
                .unwrap_err()
                .contains("more than it should")
        );
        assert!(join(&[fine[..fine.len() - 4].to_vec()]).is_err());
        assert!(join(&[b"<!doctype html>".to_vec()]).is_err());
    }
}
