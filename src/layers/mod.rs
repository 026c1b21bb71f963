//! The layers, tested: no import of `src/` or `server/src/` runs up, and none goes round in a circle.
//!
//! Which layers the front end has stands in the documentation of `lib.rs`, those of the server
//! stand here.

mod circles;
mod modules;
mod scanner;
mod tests;

use std::collections::BTreeSet;

use circles::circles;
use modules::Modules;

/// From the ground up: each layer has a name and its modules, which may use each other and those of
/// the layers before.
struct Layers(Vec<(String, Vec<String>)>);

impl Layers {
    /// As `lib.rs` documents them: a heading for each layer, an item of a list for each module.
    fn documented(library: &str) -> Self {
        let mut layers: Vec<(String, Vec<String>)> = Vec::new();
        for line in library.lines() {
            if let Some(heading) = line.strip_prefix("//! # ") {
                layers.push((heading.to_owned(), Vec::new()));
            } else if let Some(item) = line.strip_prefix("//! - [`")
                && let Some((module, _)) = item.split_once("`]: ")
                && let Some((_, modules)) = layers.last_mut()
            {
                modules.push(module.to_owned());
            }
        }
        Self(layers)
    }

    fn given(layers: &[(&str, &[&str])]) -> Self {
        let owned = |names: &[&str]| names.iter().copied().map(str::to_owned).collect();
        let layers = layers.iter();
        Self(
            layers
                .map(|(name, modules)| ((*name).to_owned(), owned(modules)))
                .collect(),
        )
    }

    /// Counted from the ground.
    fn layer(&self, module: &str) -> Option<usize> {
        let mut layers = self.0.iter();
        layers.position(|(_, modules)| modules.iter().any(|other| other == module))
    }

    /// Each arrow that runs up, in words, and what is in no layer.
    fn findings(&self, modules: &Modules) -> Vec<String> {
        let mut findings = Vec::new();
        let top = |index: usize| modules.all[index].path.first();
        let tops: BTreeSet<_> = (0..modules.all.len()).filter_map(top).collect();
        for module in &tops {
            if self.layer(module).is_none() && *module != "main" {
                findings.push(format!("{module} is in no layer"));
            }
        }
        for (_, listed) in &self.0 {
            let gone = listed.iter().filter(|module| !tops.contains(module));
            findings.extend(gone.map(|module| format!("{module} is in a layer, and no module")));
        }
        for arrow in modules.arrows() {
            // `lib.rs` and `main.rs` may use everything, and nothing uses them.
            let Some(here) = top(arrow.from).and_then(|module| self.layer(module)) else {
                continue;
            };
            let words = modules.in_words(&arrow);
            match top(arrow.to) {
                None => findings.push(format!("up to the library: {words}")),
                Some(module) => {
                    if let Some(there) = self.layer(module).filter(|there| *there > here) {
                        let name = |layer: usize| &self.0[layer].0;
                        findings.push(format!("up, {} to {}: {words}", name(here), name(there)));
                    }
                }
            }
        }
        findings
    }
}

/// What modules name of other crates although they must not, and which of the modules are none. A
/// module means all below it.
fn forbidden(modules: &Modules, within: &[&str], crates: &[&str]) -> Vec<String> {
    let is_within = |path: &str, root: &str| {
        let rest = path.strip_prefix(root);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let paths: BTreeSet<_> = modules
        .all
        .iter()
        .map(|module| module.path.join("::"))
        .collect();
    let gone = within.iter().filter(|root| !paths.contains(**root));
    let found: BTreeSet<_> = modules
        .foreign()
        .filter(|(module, _)| {
            let path = module.path.join("::");
            within.iter().any(|root| is_within(&path, root))
        })
        .filter(|(_, path)| crates.iter().any(|root| is_within(path, root)))
        .map(|(module, path)| format!("not for this module: {} names {path}", module.file))
        .collect();
    gone.map(|root| format!("{root} is no module"))
        .chain(found)
        .collect()
}
