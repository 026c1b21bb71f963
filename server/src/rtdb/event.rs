//! What a listener hears of a change. Pure.
//!
//! <https://firebase.google.com/docs/reference/rest/database#section-streaming>

use serde_json::json;

use super::node::Node;
use super::path::Path;
use super::query::Query;
use super::write::Change;

/// Paths are ways from the listener's place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// All that is at `path` is `data`.
    Put { path: Path, data: Node },
    /// Of what is at `path`, these parts are replaced.
    Patch { path: Path, data: Vec<(Path, Node)> },
}

impl Event {
    /// What a listener hears first.
    pub(crate) fn initial(root: &Node, at: &Path, query: Option<&Query>) -> Self {
        Self::whole(view(root, at, query))
    }

    /// What a listener at `at` hears of a change; `None` when nothing changed for it.
    pub(crate) fn of(change: &Change, at: &Path, query: Option<&Query>) -> Option<Self> {
        let (before, after) = (&change.before, &change.after);
        if query.is_some() || change.paths.iter().any(|path| at.starts_with(path)) {
            let new = view(after, at, query);
            return (view(before, at, query) != new).then(|| Self::whole(new));
        }
        let changed = change
            .paths
            .iter()
            .filter(|path| path.starts_with(at) && before.get(path) != after.get(path));
        let changed: Vec<&Path> = changed.collect();
        // An update is told as one as long as its place is in sight.
        let place = change.base.strip_prefix(at).filter(|_| change.is_update);
        match (&changed[..], place) {
            ([], _) => None,
            ([path], None) => Some(Self::Put {
                path: path.strip_prefix(at)?,
                data: after.get(path).clone(),
            }),
            (paths, place) => {
                let base = if place.is_some() { &change.base } else { at };
                let part = |path: &&Path| Some((path.strip_prefix(base)?, after.get(path).clone()));
                Some(Self::Patch {
                    path: place.unwrap_or_default(),
                    data: paths.iter().filter_map(part).collect(),
                })
            }
        }
    }

    fn whole(data: Node) -> Self {
        let path = Path::root();
        Self::Put { path, data }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Put { .. } => "put",
            Self::Patch { .. } => "patch",
        }
    }

    /// What the listener gets, as JSON text.
    pub(crate) fn data(&self) -> String {
        let (path, data) = match self {
            Self::Put { path, data } => (path, data.to_json()),
            Self::Patch { path, data } => {
                let part = |(way, node): &(Path, Node)| {
                    let key = way.to_string();
                    (key.trim_start_matches('/').to_owned(), node.to_json())
                };
                (path, data.iter().map(part).collect())
            }
        };
        // In the order in which Firebase writes it.
        format!(r#"{{"path":{},"data":{data}}}"#, json!(path.to_string()))
    }

    /// About how many bytes it holds.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Put { data, .. } => data.size(),
            Self::Patch { data, .. } => data.iter().map(|(_, node)| node.size()).sum(),
        }
    }
}

fn view(root: &Node, at: &Path, query: Option<&Query>) -> Node {
    let node = root.get(at);
    query.map_or_else(|| node.clone(), |query| query.select(node))
}
