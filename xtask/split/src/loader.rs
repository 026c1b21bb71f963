//! The script that loads files when a part is opened, made for files that were joined. Pure.

use std::collections::BTreeSet;
use std::fmt::Write;

/// A file of the bundle, and the parts that need it.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) needed_by: BTreeSet<String>,
}

/// Where the splitter's own loaders begin: after all that they call.
const LOADERS: [&str; 2] = ["\nconst __chunk_", "\nexport const __wasm_split_load_"];

/// Keeps the splitter's functions and replaces its list of files. `None` where there are not as
/// many parts as expected, so that nothing is lost should the splitter write it otherwise.
pub(crate) fn rewrite(script: &str, parts: &[String], files: &[File]) -> Option<String> {
    let known = parts
        .iter()
        .filter(|part| script.contains(&format!("export const {} = ", loader(part))));
    let loaders = script.matches(LOADERS[1]).count();
    if known.count() != parts.len() || loaders != parts.len() {
        return None;
    }
    let begin = LOADERS.iter().filter_map(|text| script.find(text)).min()?;
    let (functions, _) = script.split_at(begin + 1);
    let mut rewritten = functions.to_owned();
    // Writing to a string cannot fail.
    for (index, File { name, .. }) in files.iter().enumerate() {
        let _ = writeln!(
            rewritten,
            "const file_{index} = makeLoad(() => {{
    const src = fetch(new URL(\"./{name}\", import.meta.url));
    src.catch(() => {{}});
    return async (imports) => WebAssembly.instantiateStreaming(src, imports);
}}, []);"
        );
    }
    for part in parts {
        let needed: Vec<_> = (files.iter().enumerate())
            .filter(|(_, file)| file.needed_by.contains(part))
            .map(|(index, _)| format!("file_{index}"))
            .collect();
        let _ = writeln!(
            rewritten,
            "export const {} = wrapAsyncCb(makeLoad(() => async () => ({{}}), [{}]));",
            loader(part),
            needed.join(", ")
        );
    }
    Some(rewritten)
}

/// As the macro that splits calls it.
fn loader(part: &str) -> String {
    format!("__wasm_split_load_{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "import { initSync } from \"./main.js\";
function makeLoad(fetcher, deps) {}
/* call, mesh */
const __chunk_1 = makeLoad(() => {}, []);
export const __wasm_split_load_mesh = wrapAsyncCb(makeLoad(() => {}, [__chunk_1]));
export const __wasm_split_load_call = wrapAsyncCb(makeLoad(() => {}, [__chunk_1]));
";

    fn file(name: &str, needed_by: &[&str]) -> File {
        File {
            name: name.to_owned(),
            needed_by: needed_by.iter().map(|part| (*part).to_owned()).collect(),
        }
    }

    #[test]
    fn each_part_loads_the_files_that_it_needs() {
        let parts = ["call", "mesh"].map(str::to_owned);
        let files = [
            file("part_0.wasm", &["call", "mesh"]),
            file("part_1.wasm", &["mesh"]),
        ];
        let script = rewrite(SCRIPT, &parts, &files).unwrap();
        assert!(script.starts_with("import { initSync }"));
        assert!(script.contains("function makeLoad") && !script.contains("__chunk_1 ="));
        assert_eq!(script.matches("\"./part_1.wasm\"").count(), 1);
        let loads = |part: &str, files: &str| {
            let line =
                format!("_{part} = wrapAsyncCb(makeLoad(() => async () => ({{}}), [{files}]));");
            assert!(script.contains(&line), "{line} in {script}");
        };
        loads("call", "file_0");
        loads("mesh", "file_0, file_1");
    }

    #[test]
    fn a_script_with_other_parts_is_refused() {
        for parts in [&["call"][..], &["call", "mesh", "nat"], &["call", "nat"]] {
            let parts: Vec<_> = parts.iter().map(|part| (*part).to_owned()).collect();
            assert_eq!(rewrite(SCRIPT, &parts, &[]), None, "{parts:?}");
        }
    }
}
