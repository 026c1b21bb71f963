//! Whether everybody can use the pages, as far as a program can tell: axe-core on each of them as
//! it opens. What people open and bring about on them has files of its own.

use e2e::{Journey, Outcome, Page, Stage, ensure};

use crate::sights::sights;

/// WCAG 2.2, levels A and AA, and what axe-core recommends beyond.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

/// The theme changes colours and nothing else.
const COLOURS: &str = "{ type: 'rule', values: axe.getRules(['cat.color'])
    .filter(({ tags }) => !tags.includes('wcag2aaa')).map(({ ruleId }) => ruleId) }";

const STILL: &str = "const still = document.createElement('style');
    still.textContent = '*, ::before, ::after { transition: none !important; animation: none !important }';
    document.head.append(still);";

/// Widths, themes, and the rules to look at: everything at each width, everything in each theme.
const VIEWS: [(u32, &str, &str); 3] = [
    (WIDE, "light", RULES),
    (WIDE, "dark", COLOURS),
    (390, "dark", RULES),
];

const WIDE: u32 = 1280;

/// A window of 1280 pixels at 400 %: nothing but what is two-dimensional by its nature may need to
/// be scrolled sideways there (<https://www.w3.org/TR/WCAG22/#reflow>).
const ENLARGED: u32 = 320;

pub(crate) fn all() -> Vec<Journey> {
    vec![Journey::new(every_page_passes_axe)]
}

async fn every_page_passes_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    let mut examination = Examination {
        exclude: "[]",
        ..Examination::new(&stage)?
    };
    // What has no page is said to be missing, and browsers write that down.
    stage.allow_error("404 (Not Found)");
    for sight in sights()? {
        page.open(&format!("{}{}", server.origin(), sight.path))
            .await?;
        sight.expect(&page).await?;
        examination.examine(&page, sight.path, "html").await?;
    }
    examination.finish()
}

/// What was found in pages and parts of them.
pub(crate) struct Examination {
    axe: String,
    /// What is left out, as a list of selectors.
    exclude: &'static str,
    found: Vec<String>,
}

impl Examination {
    /// Of what people open and do. The text of a chapter stays the same meanwhile, and
    /// [`every_page_passes_axe`] has examined it.
    pub(crate) fn new(stage: &Stage) -> Outcome<Self> {
        let axe = stage.settings().axe.as_ref();
        let axe = axe.ok_or("WEBRTC_TOUR_AXE is not set: use `cargo xtask test --only e2e`")?;
        let axe = std::fs::read_to_string(axe)?;
        Ok(Self {
            axe,
            exclude: "[['.prose']]",
            found: Vec::new(),
        })
    }

    /// Examines what is in the elements of `css` now, in both themes and at both widths, and
    /// whether the page fits a narrow window. `name` says what that is.
    pub(crate) async fn examine(&mut self, page: &Page, name: &str, css: &str) -> Outcome {
        let known: bool = page.evaluate("return 'axe' in window;").await?;
        if !known {
            let _: () = page.evaluate(&self.axe).await?;
            // Colours that change over some moments are not the theme's in between.
            let _: () = page.evaluate(STILL).await?;
        }
        let name = format!("{name} in {}", page.kind());
        for (width, theme, rules) in VIEWS {
            page.resize(width, 900).await?;
            let here = self.violations(page, css, theme, rules).await?;
            let here = here.into_iter();
            self.found
                .extend(here.map(|what| format!("{name}, {width} px, {theme}: {what}")));
        }
        page.resize(ENLARGED, 900).await?;
        let wide = too_wide(page).await?;
        self.found
            .extend(wide.map(|what| format!("{name}, {ENLARGED} px: {what}")));
        page.resize(WIDE, 900).await
    }

    async fn violations(
        &self,
        page: &Page,
        css: &str,
        theme: &str,
        rules: &str,
    ) -> Outcome<Vec<String>> {
        let exclude = self.exclude;
        page.evaluate(&format!(
            "document.documentElement.style.colorScheme = '{theme}';
             const context = {{ include: [[{css:?}]], exclude: {exclude} }};
             const options = {{ runOnly: {rules}, resultTypes: ['violations'] }};
             return axe.run(context, options).then(({{ violations }}) => violations.flatMap(
                 ({{ id, impact, nodes }}) => nodes.map((node) =>
                     `${{impact}}: ${{id}}: ${{node.html.slice(0, 200)}}: ${{node.failureSummary}}`)));"
        ))
        .await
    }

    /// Fails with all that was found.
    pub(crate) fn finish(self) -> Outcome {
        ensure!(self.found.is_empty(), "{}", self.found.join("\n"));
        Ok(())
    }
}

/// What makes the page wider than the window, if anything does.
async fn too_wide(page: &Page) -> Outcome<Option<String>> {
    page.evaluate(
        "const { clientWidth, scrollWidth } = document.documentElement;
         if (scrollWidth <= clientWidth) return null;
         const right = (e) => e.getBoundingClientRect().right;
         const scrolls = (e) => e !== document.body
             && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
         const widest = [...document.querySelectorAll('body *')]
             .filter((e) => !scrolls(e.parentElement))
             .reduce((one, other) => right(other) > right(one) ? other : one);
         return `${scrollWidth} px wide because of ${widest.outerHTML.slice(0, 200)}`;",
    )
    .await
}
