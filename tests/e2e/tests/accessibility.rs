//! Whether everybody can use the pages, as far as a program can tell: axe-core on each of them.

use e2e::{Journey, Outcome, Page, Stage, ensure};

use crate::sights::sights;

/// WCAG 2.2, levels A and AA, and what axe-core recommends beyond.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

const STILL: &str = "const still = document.createElement('style');
    still.textContent = '*, ::before, ::after { transition: none !important; animation: none !important }';
    document.head.append(still);";

const WIDTHS: [u32; 2] = [1280, 390];

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(every_page_passes_axe),
        Journey::new(a_running_connection_passes_axe),
    ]
}

async fn every_page_passes_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    let axe = std::fs::read_to_string(&stage.settings().axe)?;
    let mut found = Vec::new();
    for sight in sights()? {
        page.open(&format!("{}{}", server.origin(), sight.path))
            .await?;
        sight.expect(&page).await?;
        found.extend(violations(&page, &axe, sight.path).await?);
    }
    ensure!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

async fn a_running_connection_passes_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    let axe = std::fs::read_to_string(&stage.settings().axe)?;
    page.open(&format!("{}/peer-connection", server.origin()))
        .await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.press("Call").await?;
    page.expect_moving("remoteVideo").await?;
    let found = violations(&page, &axe, "/peer-connection in a call").await?;
    ensure!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

/// What axe-core finds in this page, in both themes and at both widths.
async fn violations(page: &Page, axe: &str, name: &str) -> Outcome<Vec<String>> {
    let _: () = page.evaluate(axe).await?;
    // Colours that change over some moments are not the theme's in between.
    let _: () = page.evaluate(STILL).await?;
    let mut found = Vec::new();
    for width in WIDTHS {
        page.resize(width, 900).await?;
        for theme in ["light", "dark"] {
            let run = format!(
                "document.documentElement.style.colorScheme = '{theme}';
                 return axe.run(document, {{ runOnly: {RULES}, resultTypes: ['violations'] }}).then(
                     ({{ violations }}) => violations.flatMap(({{ id, impact, nodes }}) => nodes.map(
                         (node) => `${{impact}}: ${{id}}: ${{node.html.slice(0, 200)}}: ${{node.failureSummary}}`)));"
            );
            let here: Vec<String> = page.evaluate(&run).await?;
            let here = here.into_iter();
            found.extend(here.map(|what| format!("{name}, {width} px, {theme}: {what}")));
        }
    }
    Ok(found)
}
