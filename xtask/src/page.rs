//! The bundle's `index.html`, made of the one in the repository, which trunk reads, too.
//!
//! Of what trunk knows (<https://trunkrs.dev/assets/>), this knows what that page has. Anything else is
//! an error, so that the two never make different pages of it.

use std::{collections::BTreeMap, fs, ops::Range, path::Path};

use crate::{
    error::{Context, Error, Result},
    split::Program,
    styles,
};

/// What the page's `data-trunk` elements ask for.
#[derive(Debug, PartialEq)]
enum Asset<'a> {
    /// To be told where the bundle is hosted, to which other addresses are relative.
    Base,
    /// A style sheet; all of them become one.
    Css(&'a str),
    /// A style sheet that the page has in itself: what it shows first needs it.
    Inline(&'a str),
    /// A file, to be in the bundle as it is.
    CopyFile(&'a str),
    /// The program.
    Rust,
}

/// An asset and where the page asks for it.
type Element<'a> = (Range<usize>, Asset<'a>);

/// Puts the page and what it asks for besides the program into the bundle.
///
/// `base` is where the bundle will be hosted, and ends with a slash; `blur` what blurs backgrounds.
pub(crate) fn write(dist: &Path, base: &str, program: &Program, blur: &str) -> Result<()> {
    let html = fs::read_to_string("index.html").context("index.html")?;
    let elements = elements(&html)?;
    let mut styles = Vec::new();
    let mut inline = BTreeMap::new();
    for (_, asset) in &elements {
        match *asset {
            Asset::Css(path) => styles.push(path),
            Asset::Inline(path) => {
                let css = fs::read_to_string(path).context(path)?;
                inline.insert(path, styles::squeezed(&css));
            }
            Asset::CopyFile(path) => {
                let name = Path::new(path).file_name().unwrap_or_default();
                fs::copy(path, dist.join(name)).context(path)?;
            }
            Asset::Base | Asset::Rust => {}
        }
    }
    let style = styles::join(&styles, dist)?;
    let page = render(&html, &elements, base, &style, &inline, program)?;
    let page = with_blur(&page, base, blur)?;
    fs::write(dist.join("index.html"), page).context("the bundle's index.html")
}

fn elements(html: &str) -> Result<Vec<Element<'_>>> {
    let mut elements = Vec::new();
    let mut end = 0;
    while let Some(start) = html[end..].find('<').map(|at| end + at) {
        let comment = html[start..].starts_with("<!--");
        let close = if comment { "-->" } else { ">" };
        let length = html[start..].find(close).ok_or_else(|| {
            let line = html[start..].lines().next().unwrap_or_default();
            Error::new(format!("index.html: {line} has no end"))
        })?;
        end = start + length + close.len();
        let tag = &html[start..end];
        if !comment && tag.contains("data-trunk") {
            let asset = asset(tag).ok_or_else(|| {
                let text = "is not known to `cargo xtask build`, see xtask/src/page.rs";
                Error::new(format!("index.html: {tag} {text}"))
            })?;
            elements.push((start..end, asset));
        }
    }
    Ok(elements)
}

fn asset(tag: &str) -> Option<Asset<'_>> {
    let (name, attributes) = parse(tag)?;
    match (name, attributes.as_slice()) {
        ("base", ["data-trunk-public-url", ""]) => Some(Asset::Base),
        ("link", ["data-trunk", "", "rel", "css", "href", path]) => Some(Asset::Css(path)),
        ("link", ["data-trunk", "", "rel", "inline", "href", path]) => Some(Asset::Inline(path)),
        ("link", ["data-trunk", "", "rel", "copy-file", "href", path]) => {
            Some(Asset::CopyFile(path))
        }
        // The only program there is, not optimized after it is compiled.
        (
            "link",
            [
                "data-trunk",
                "",
                "rel",
                "rust",
                "data-bin",
                "webrtc-tour",
                "data-wasm-opt",
                "0",
            ],
        ) => Some(Asset::Rust),
        _ => None,
    }
}

/// A tag's name, and its attributes, each followed by its value; `None` if they are not written
/// `name` or `name="value"`.
fn parse(tag: &str) -> Option<(&str, Vec<&str>)> {
    let inner = tag.strip_prefix('<')?.strip_suffix('>')?;
    let inner = inner.strip_suffix('/').unwrap_or(inner).trim_end();
    let (name, mut rest) = inner.split_once(char::is_whitespace)?;
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Some((name, attributes));
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace());
        let (attribute, after) = rest.split_at(end.unwrap_or(rest.len()));
        let (value, after) = match after.strip_prefix('=') {
            Some(value) => value.strip_prefix('"')?.split_once('"')?,
            None => ("", after),
        };
        attributes.extend([attribute, value]);
        rest = after;
    }
}

/// The page with what is in the bundle in the place of what it asks for.
fn render(
    html: &str,
    elements: &[Element],
    base: &str,
    style: &str,
    inline: &BTreeMap<&str, String>,
    program: &Program,
) -> Result<String> {
    let count = |wanted: fn(&Asset) -> bool| elements.iter().filter(|(_, is)| wanted(is)).count();
    if count(|is| *is == Asset::Base) != 1 || count(|is| *is == Asset::Rust) != 1 {
        let text = "index.html has to have one data-trunk-public-url and one rel=\"rust\"";
        return Err(Error::new(text));
    }
    let mut page = String::new();
    let mut end = 0;
    let mut last_style = None;
    for (place, asset) in elements {
        let between = &html[end..place.start];
        let replacement = match asset {
            Asset::Base => format!("<base href=\"{base}\" />"),
            Asset::Css(_) if last_style.is_none() => {
                format!("<link rel=\"stylesheet\" href=\"{base}{style}\" />")
            }
            // What lies between two could be meant for one and not for the other.
            Asset::Css(path) if last_style != Some(end) || !between.trim().is_empty() => {
                let text = format!("index.html: {path} has to follow the other style sheets");
                return Err(Error::new(text));
            }
            Asset::Css(_) | Asset::CopyFile(_) => String::new(),
            Asset::Inline(path) => {
                let css = inline.get(path).map_or("", String::as_str);
                format!("<style>{css}</style>")
            }
            Asset::Rust => start(base, program),
        };
        end = place.end;
        if matches!(asset, Asset::Css(_)) {
            last_style = Some(end);
        }
        // Nor is there an empty line where nothing is.
        let removed = replacement.is_empty();
        page.push_str(if removed { between.trim_end() } else { between });
        page.push_str(&replacement);
    }
    page.push_str(&html[end..]);
    Ok(page)
}

/// The page that tells the app what to load when somebody wants to blur their background.
fn with_blur(page: &str, base: &str, blur: &str) -> Result<String> {
    let of = |address: &str| format!("<meta name=\"background-blur\" content=\"{address}\" />");
    let (before, after) = page
        .split_once(&of(""))
        .ok_or_else(|| Error::new(format!("index.html has no {}", of(""))))?;
    Ok([before, &of(&format!("{base}{blur}")), after].concat())
}

/// What loads the program and starts it. All that it needs is asked for at once, although only the
/// script names the loader.
fn start(base: &str, program: &Program) -> String {
    let Program {
        script,
        loader,
        wasm,
    } = program;
    format!(
        "<link rel=\"modulepreload\" href=\"{base}{script}\" crossorigin=\"anonymous\" />
    <link rel=\"modulepreload\" href=\"{base}{loader}\" crossorigin=\"anonymous\" />
    <link rel=\"preload\" href=\"{base}{wasm}\" crossorigin=\"anonymous\" as=\"fetch\" \
         type=\"application/wasm\" />
    <script type=\"module\">
      import init from '{base}{script}';
      await init({{ module_or_path: '{base}{wasm}' }});
    </script>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = r#"<head>
    <base data-trunk-public-url />
    <!-- <link data-trunk rel="icon"> -->
    <link data-trunk rel="inline" href="style/0.css" />
    <link data-trunk rel="css" href="style/a.css" />
    <link data-trunk rel="css" href="style/b.css"/>
    <link data-trunk rel="rust" data-bin="webrtc-tour" data-wasm-opt="0" />
    <link data-trunk rel="copy-file" href="server/rules.json" />
  </head>"#;

    fn rendered(html: &str) -> Result<String> {
        let program = Program {
            script: "app-1.js".to_owned(),
            loader: "split-1.js".to_owned(),
            wasm: "app-1_bg.wasm".to_owned(),
        };
        let inline = BTreeMap::from([("style/0.css", "a {}\n".to_owned())]);
        render(
            html,
            &elements(html)?,
            "/on/",
            "style-2.css",
            &inline,
            &program,
        )
    }

    fn error(html: &str) -> String {
        match rendered(html) {
            Err(Error::Message(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_the_page_asks_for_is_found() {
        let elements = elements(HTML).unwrap();
        let assets: Vec<_> = elements.into_iter().map(|(_, asset)| asset).collect();
        let expected = [
            Asset::Base,
            Asset::Inline("style/0.css"),
            Asset::Css("style/a.css"),
            Asset::Css("style/b.css"),
            Asset::Rust,
            Asset::CopyFile("server/rules.json"),
        ];
        assert_eq!(assets, expected);
    }

    #[test]
    fn what_is_in_the_bundle_takes_its_place() {
        let expected = r#"<head>
    <base href="/on/" />
    <!-- <link data-trunk rel="icon"> -->
    <style>a {}
</style>
    <link rel="stylesheet" href="/on/style-2.css" />
    <link rel="modulepreload" href="/on/app-1.js" crossorigin="anonymous" />
    <link rel="modulepreload" href="/on/split-1.js" crossorigin="anonymous" />
    <link rel="preload" href="/on/app-1_bg.wasm" crossorigin="anonymous" as="fetch" type="application/wasm" />
    <script type="module">
      import init from '/on/app-1.js';
      await init({ module_or_path: '/on/app-1_bg.wasm' });
    </script>
  </head>"#;
        assert_eq!(rendered(HTML).unwrap(), expected);
    }

    #[test]
    fn the_page_of_this_repository_is_understood() {
        let page = rendered(include_str!("../../index.html")).unwrap();
        assert!(!page.contains("data-trunk"), "{page}");
        assert!(page.contains("<meta name=\"signaling-server\" content=\"\" />"));
        let page = with_blur(&page, "/on/", "blur-1.wasm").unwrap();
        assert!(page.contains("<meta name=\"background-blur\" content=\"/on/blur-1.wasm\" />"));
        assert!(with_blur(&page, "/on/", "blur-1.wasm").is_err());
    }

    #[test]
    fn what_only_trunk_knows_is_refused() {
        for tag in [
            "<link data-trunk rel=\"icon\" href=\"icon.svg\">",
            "<link data-trunk rel=\"css\" href=\"a.css\" data-no-minify>",
            "<link data-trunk rel=css href=a.css>",
            "<link rel=\"css\" href=\"a.css\" data-trunk>",
            "<script data-trunk src=\"a.js\"></script>",
        ] {
            let text = error(&HTML.replace("<!--", &format!("{tag}<!--")));
            assert!(text.contains("is not known to"), "{tag}: {text}");
        }
        assert!(error("<head").contains("has no end"));
    }

    #[test]
    fn what_lies_between_style_sheets_is_not_lost() {
        let between = HTML.replace("<link data-trunk rel=\"css\" href=\"style/b", "<p>$0");
        let between = between.replace("$0", "<link data-trunk rel=\"css\" href=\"style/b");
        assert!(error(&between).contains("style/b.css has to follow"));
    }

    #[test]
    fn there_is_one_program_and_one_base() {
        assert!(
            error(&HTML.replace("<base data-trunk-public-url />", "")).contains("one data-trunk")
        );
        assert!(error(&format!("{HTML}{HTML}")).contains("one rel=\"rust\""));
    }
}
