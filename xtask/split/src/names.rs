//! Short names between the program and its script. Pure.
//!
//! wasm-bindgen gives each function that the wasm file imports a long name that ends in a hash, which
//! does not compress, and both files hold it. Once they are made, nobody else needs to know it.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ImportSection, Module};
use wasmparser::{ImportSectionReader, Parser, Payload};

/// The script and the wasm file, with short names for what the one imports from the other.
pub(crate) struct Shortened {
    pub(crate) script: String,
    pub(crate) wasm: Vec<u8>,
}

/// `module` is what the wasm file calls the script.
pub(crate) fn shorten(
    script: &str,
    wasm: &[u8],
    module: &str,
) -> Result<Shortened, Box<dyn std::error::Error>> {
    let mut names = Names {
        module,
        short: BTreeMap::new(),
    };
    for (index, name) in imported(wasm, module)?.into_iter().enumerate() {
        // One that is imported twice keeps one name.
        names
            .short
            .entry(name)
            .or_insert_with(|| format!("_{index}"));
    }
    let known: BTreeSet<_> = identifiers(script).collect();
    for (name, short) in &names.short {
        if !known.contains(name.as_str()) || known.contains(short.as_str()) {
            return Err(format!("the script does not have {name}, or has {short}").into());
        }
    }
    let mut shortened = Module::new();
    names.parse_core_module(&mut shortened, Parser::new(0), wasm)?;
    Ok(Shortened {
        script: squeeze(&renamed(script, &names.short)),
        wasm: shortened.finish(),
    })
}

struct Names<'a> {
    module: &'a str,
    short: BTreeMap<String, String>,
}

impl Reencode for Names<'_> {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in section.into_imports() {
            let import = import?;
            let what = self.entity_type(import.ty)?;
            let short = self.short.get(import.name);
            let short = short.filter(|_| import.module == self.module);
            imports.import(
                import.module,
                short.map_or(import.name, String::as_str),
                what,
            );
        }
        Ok(())
    }
}

fn imported(wasm: &[u8], module: &str) -> Result<Vec<String>, wasmparser::BinaryReaderError> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                let import = import?;
                if import.module == module {
                    names.push(import.name.to_owned());
                }
            }
        }
    }
    Ok(names)
}

fn is_of_identifier(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn identifiers(script: &str) -> impl Iterator<Item = &str> {
    script.split(|c| !is_of_identifier(c))
}

fn renamed(script: &str, names: &BTreeMap<String, String>) -> String {
    let mut renamed = String::with_capacity(script.len());
    for piece in script.split_inclusive(|c| !is_of_identifier(c)) {
        let name = piece.trim_end_matches(|c| !is_of_identifier(c));
        renamed.push_str(names.get(name).map_or(name, String::as_str));
        renamed.push_str(&piece[name.len()..]);
    }
    renamed
}

/// Without comments and indentation, and with one import of each module: wasm-bindgen writes one for
/// each function. Its lines end where a statement or an argument does, never within a string.
fn squeeze(script: &str) -> String {
    let mut modules = BTreeMap::<&str, &str>::new();
    let mut same = BTreeMap::<String, String>::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut in_comment = false;
    for line in script.lines().map(str::trim) {
        if in_comment || line.starts_with("/**") {
            in_comment = !line.ends_with("*/");
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        let import = line.strip_prefix("import * as ");
        if let Some((name, module)) = import.and_then(|import| import.split_once(" from ")) {
            if let Some(&first) = modules.get(module) {
                same.insert(name.to_owned(), first.to_owned());
                continue;
            }
            modules.insert(module, name);
        }
        lines.push(line);
    }
    let mut squeezed = String::with_capacity(script.len());
    let mut last = String::new();
    for line in lines {
        let line = renamed(line, &same);
        // A property that now says the same twice.
        if line != last || !line.starts_with('"') {
            squeezed.push_str(&line);
            squeezed.push('\n');
        }
        last = line;
    }
    squeezed
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, EntityType, Function, FunctionSection, Instruction, TypeSection,
    };

    use super::*;

    const SCRIPT: &str = r#"import * as import1 from "./split.js"
import * as import2 from "./split.js"

/**
 * Starts it.
 */
function __wbg_get_imports() {
    const import0 = {
        // What it is.
        __wbg_log_0123456789abcdef: function(arg0) {
            console.log(`  two  blanks // no comment ${arg0}`);
        },
        __wbg_new_5c: function(arg0, __wbg_new_5cx) {
            return __wbg_new_5cx.__wbg_new_5c$;
        },
    };
    return {
        "./main_bg.js": import0,
        "./split.js": import1,
        "./split.js": import2,
    };
}
"#;

    /// Imports the three and calls the second.
    fn wasm(imported: [(&str, &str); 3]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        for (module, name) in imported {
            imports.import(module, name, EntityType::Function(0));
        }
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut function = Function::new([]);
        function.instruction(&Instruction::Call(1));
        function.instruction(&Instruction::End);
        let mut code = CodeSection::new();
        code.function(&function);
        let mut module = Module::new();
        module.section(&types).section(&imports);
        module.section(&functions).section(&code);
        module.finish()
    }

    const IMPORTED: [(&str, &str); 3] = [
        ("./main_bg.js", "__wbg_log_0123456789abcdef"),
        ("./split.js", "__wbg_new_5c"),
        ("./main_bg.js", "__wbg_new_5c"),
    ];

    #[test]
    fn both_agree_on_short_names() {
        let shortened = shorten(SCRIPT, &wasm(IMPORTED), "./main_bg.js").unwrap();
        let other_module = ("./split.js", "__wbg_new_5c");
        let short = [("./main_bg.js", "_0"), other_module, ("./main_bg.js", "_1")];
        assert_eq!(shortened.wasm, wasm(short));
        let expected = r#"import * as import1 from "./split.js"
function __wbg_get_imports() {
const import0 = {
_0: function(arg0) {
console.log(`  two  blanks // no comment ${arg0}`);
},
_1: function(arg0, __wbg_new_5cx) {
return __wbg_new_5cx.__wbg_new_5c$;
},
};
return {
"./main_bg.js": import0,
"./split.js": import1,
};
}
"#;
        assert_eq!(shortened.script, expected);
    }

    #[test]
    fn what_is_imported_twice_has_one_name() {
        let [log, _, new] = IMPORTED;
        let shortened = shorten(SCRIPT, &wasm([log, log, new]), "./main_bg.js").unwrap();
        let module = "./main_bg.js";
        let short = [(module, "_0"), (module, "_0"), (module, "_2")];
        assert_eq!(shortened.wasm, wasm(short));
    }

    #[test]
    fn a_script_that_lacks_a_name_or_has_a_short_one_is_refused() {
        let lacking = SCRIPT.replace("__wbg_log", "__wbg_dir");
        let having = SCRIPT.replace("arg0", "_1");
        for script in [lacking, having] {
            assert!(shorten(&script, &wasm(IMPORTED), "./main_bg.js").is_err());
        }
    }

    #[test]
    fn what_is_no_wasm_is_refused() {
        assert!(shorten(SCRIPT, b"\0asm\x01\0\0\0\x02", "./main_bg.js").is_err());
    }
}
