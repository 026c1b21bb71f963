//! What a person does with a page and sees on it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::bidi::BiDi;
use thirtyfour::bidi::modules::browsing_context::Viewport;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{By, ElementId, Key, RequestData, SessionId, WebDriver, WebElement};

use crate::console::Console;
use crate::wait::{until, within_limit};
use crate::{Kind, Outcome};

/// The page that a browser shows. Clones are the same page.
#[derive(Clone)]
pub struct Page {
    kind: Kind,
    session: WebDriver,
    /// Where the browser is watched.
    bidi: Option<BiDi>,
    console: Console,
    crashed: Arc<AtomicBool>,
}

/// An empty tab has no storage, and says so by an exception.
const FORGET: &str = "try { localStorage.clear(); sessionStorage.clear(); } catch {}";

impl Page {
    pub(crate) fn new(
        kind: Kind,
        session: WebDriver,
        bidi: Option<BiDi>,
        console: Console,
    ) -> Self {
        Self {
            kind,
            session,
            bidi,
            console,
            crashed: Arc::default(),
        }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn session(&self) -> &WebDriver {
        &self.session
    }

    pub(crate) fn note_crash(&self) {
        self.crashed.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_crashed(&self) -> bool {
        self.crashed.load(Ordering::Relaxed)
    }

    /// Closes the tab; the browser goes on with an empty one.
    pub async fn close_tab(&self) -> Outcome {
        let empty = self.session.new_tab().await?;
        self.session.close_window().await?;
        self.session.switch_to_window(empty).await?;
        Ok(())
    }

    async fn close_all_tabs(&self) -> Outcome {
        let tabs = self.session.windows().await?;
        let empty = self.session.new_tab().await?;
        for tab in tabs {
            self.session.switch_to_window(tab).await?;
            self.session.close_window().await?;
        }
        self.session.switch_to_window(empty).await?;
        Ok(())
    }

    /// Makes the browser as good as new.
    pub(crate) async fn reset(&self) -> Outcome {
        // The next server may have the same port, and so be the same origin.
        self.session.execute(FORGET, []).await?;
        self.close_all_tabs().await?;
        self.session.delete_all_cookies().await?;
        self.errors(&[]).await?;
        self.console.clear();
        Ok(())
    }

    /// Loads an address, as from a link or a bookmark, and waits for the app.
    pub async fn open(&self, address: &str) -> Outcome {
        self.session.goto(address).await?;
        self.expect_app().await
    }

    /// Loads the present address again.
    pub async fn reload(&self) -> Outcome {
        self.session.refresh().await?;
        self.expect_app().await
    }

    /// Waits until the app has taken the place of the text that the host sent.
    pub async fn expect_app(&self) -> Outcome {
        self.expect_gone("#app-loading").await?;
        self.expect("h1", "").await.map(drop)
    }

    /// Follows a link inside the page by its text.
    pub async fn follow(&self, link: &str) -> Outcome {
        let link = By::XPath(format!("//a[normalize-space()='{link}']"));
        self.session.find(link).await?.click().await?;
        Ok(())
    }

    /// Presses a button by its text, once it can be pressed.
    pub async fn press(&self, button: &str) -> Outcome {
        self.bring_into_sight(button).await?.click().await?;
        Ok(())
    }

    /// Scrolls until a button is in the window, once it can be pressed.
    pub async fn bring_into_sight(&self, button: &str) -> Outcome<WebElement> {
        self.expect_buttons(&[(button, true)]).await?;
        let element = self.button(button).await?;
        // A driver is content with a strip of it at the edge of the window, which Firefox may move
        // by a pixel while the button is down.
        let whole = "arguments[0].scrollIntoView({ block: 'nearest', behavior: 'instant' });";
        self.session.execute(whole, [element.to_json()?]).await?;
        Ok(element)
    }

    /// Waits until each of the buttons can (`true`) or cannot (`false`) be pressed.
    pub async fn expect_buttons(&self, buttons: &[(&str, bool)]) -> Outcome {
        let (names, states): (Vec<_>, Vec<_>) = buttons.iter().copied().unzip();
        self.expect_value(
            &format!("of the buttons {names:?} enabled: {states:?}"),
            &format!(
                "return {names:?}.map((name) => __probe.button(name))
                     .map((button) => button
                         ? !button.disabled && button.getAttribute('aria-disabled') !== 'true'
                         : 'no such button');"
            ),
            &json!(states),
        )
        .await
    }

    /// The first with this name.
    pub async fn button(&self, name: &str) -> Outcome<WebElement> {
        let xpath = By::XPath(format!("//button[normalize-space()='{name}']"));
        Ok(self.session.find(xpath).await?)
    }

    /// The field with a label.
    pub async fn field(&self, label: &str) -> Outcome<WebElement> {
        let found = self
            .session
            .execute(format!("return __probe.field({label:?});"), [])
            .await?;
        let missing = |_| format!("there is no field labelled {label:?}");
        Ok(found.element().map_err(missing)?)
    }

    /// Puts a switch where it is wanted.
    pub async fn switch(&self, label: &str, on: bool) -> Outcome {
        let field = self.field(label).await?;
        if field.is_selected().await? != on {
            // In the middle of the label, which is on its words: people do not aim.
            let label = By::XPath("ancestor::label");
            field.find(label).await?.click().await?;
            until("the field to be switched", async || {
                let is_on = field.is_selected().await?;
                Ok(if is_on == on {
                    Ok(())
                } else {
                    Err(is_on.to_string())
                })
            })
            .await?;
        }
        Ok(())
    }

    /// Opens a disclosure that is closed.
    pub async fn unfold(&self, css: &str) -> Outcome {
        let summary = format!("{css}:not([open]) > summary");
        self.expect(&summary, "").await?;
        self.session.find(By::Css(summary)).await?.click().await?;
        Ok(())
    }

    /// Replaces what a field holds.
    pub async fn write(&self, label: &str, text: &str) -> Outcome {
        let field = self.field(label).await?;
        // As a person does it: WebDriver's own clearing fires no `input` event.
        field.send_keys(Key::Control + "a").await?;
        field.send_keys(Key::Backspace + text).await?;
        Ok(())
    }

    /// Chooses an entry of a list by its text.
    pub async fn choose(&self, label: &str, option: &str) -> Outcome {
        let list = self.field(label).await?;
        let option = By::XPath(format!("./option[normalize-space()='{option}']"));
        list.find(option).await?.click().await?;
        Ok(())
    }

    /// What a field holds.
    pub async fn value(&self, label: &str) -> Outcome<String> {
        let field = self.field(label).await?;
        Ok(field.prop("value").await?.unwrap_or_default())
    }

    /// Waits until an element is there whose text contains `text`, and returns all of its text.
    pub async fn expect(&self, css: &str, text: &str) -> Outcome<String> {
        let what = format!("{css} with the text {text:?}");
        until(&what, async || {
            let seen = self.text(css).await?;
            Ok(match seen {
                Some(seen) if seen.contains(text) => Ok(seen),
                Some(seen) => Err(format!("{seen:?}")),
                None => Err("no such element".to_owned()),
            })
        })
        .await
    }

    /// Waits until no element matches.
    pub async fn expect_gone(&self, css: &str) -> Outcome {
        until(&format!("no {css}"), async || {
            Ok(self.text(css).await?.map_or(Ok(()), Err))
        })
        .await
    }

    /// All text of the elements that match, also where it is folded away; `None` without any.
    pub async fn text(&self, css: &str) -> Outcome<Option<String>> {
        self.evaluate(&format!(
            "const all = [...document.querySelectorAll({css:?})];
             return all.length ? all.map(__probe.text).join(' ') : null;"
        ))
        .await
    }

    /// Waits until a script returns a value.
    pub async fn expect_value(&self, what: &str, script: &str, value: &Value) -> Outcome {
        until(what, async || {
            let seen: Value = self.evaluate(script).await?;
            Ok(if seen == *value {
                Ok(())
            } else {
                Err(seen.to_string())
            })
        })
        .await
    }

    /// What a script returns.
    pub async fn evaluate<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        let result = self.session.execute(script, []).await?;
        Ok(result.convert()?)
    }

    /// What a script gives to the function that is its argument.
    pub async fn evaluate_async<T: DeserializeOwned>(&self, script: &str) -> Outcome<T> {
        let result = self.session.execute_async(script, []).await?;
        Ok(result.convert()?)
    }

    /// The visible elements that a screen reader has no name for, by their source.
    pub async fn nameless(&self, css: &str) -> Outcome<Vec<String>> {
        let mut nameless = Vec::new();
        for element in self.session.find_all(By::Css(css)).await? {
            let label = self
                .session
                .cmd(ComputedLabel(element.element_id()))
                .await?;
            if label.value::<String>()?.trim().is_empty() && element.is_displayed().await? {
                nameless.push(element.outer_html().await?);
            }
        }
        Ok(nameless)
    }

    pub async fn title(&self) -> Outcome<String> {
        Ok(self.session.title().await?)
    }

    /// The size of what can be seen of a page at once, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) -> Outcome {
        let contexts = self.bidi()?.browsing_context();
        let context = contexts.top_level().await?;
        let viewport = Some(Viewport { width, height });
        contexts.set_viewport(context, viewport).await?;
        Ok(())
    }

    fn bidi(&self) -> Outcome<&BiDi> {
        let bidi = self.bidi.as_ref();
        Ok(bidi.ok_or("nobody watches this browser")?)
    }

    /// Calls a method of the DevTools protocol, which only Chromium speaks.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Outcome<Value> {
        Ok(self.session.cdp().send_raw(method, parameters).await?)
    }

    /// The console's errors so far, but for those that contain an allowed text.
    pub async fn errors(&self, allowed: &[&str]) -> Outcome<Vec<String>> {
        // What the browser sent before this answer has arrived after it.
        within_limit(async { Ok(self.bidi()?.session().status().await?) }).await?;
        tokio::task::yield_now().await;
        if self.kind == Kind::Chrome {
            // Also the browser's own messages, of files that are missing, for example.
            for entry in self.session.browser_log().await? {
                if entry.level == "SEVERE" {
                    self.console.add(entry.message);
                }
            }
        }
        let mut errors = self.console.errors();
        errors.retain(|error| !allowed.iter().any(|allowed| error.contains(allowed)));
        Ok(errors)
    }

    /// Writes down what is to be seen, for whoever wants to know why a journey failed.
    pub(crate) async fn save(&self, directory: &Path, name: &str) -> Outcome {
        let url = self.session.current_url().await?;
        let log: Vec<String> = self
            .evaluate(
                "return [...document.querySelectorAll('.log-entries li')].map((e) => e.innerText);",
            )
            .await?;
        let body: String = self.evaluate("return document.body.innerText;").await?;
        let errors = self.errors(&[]).await?.join("\n");
        let text = format!(
            "{url}\n\n# Console errors\n{errors}\n\n# Event log\n{}\n\n# Page\n{body}\n",
            log.join("\n")
        );
        std::fs::write(directory.join(format!("{name}.txt")), text)?;
        let screenshot = directory.join(format!("{name}.png"));
        Ok(self.session.screenshot(&screenshot).await?)
    }
}

/// The name of an element as the browser computes it for assistive technology:
/// <https://w3c.github.io/webdriver/#get-computed-label>
#[derive(Debug)]
struct ComputedLabel(ElementId);

impl FormatRequestData for ComputedLabel {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let path = format!("session/{session}/element/{}/computedlabel", self.0);
        let get = Default::default();
        RequestData::new(get, path)
    }
}
