//! What `base.html` puts around every page.

use askama::Template;
use assured::web::frame::{Flash, Frame, NavItem};

use super::options::Options;
use super::{Component, Fixture, Made, component};

pub fn components() -> Vec<Component> {
    let part = |part, component: Component| Component { part, ..component };
    vec![
        part("nhsuk-header__navigation", component("header", "navigation of `base.html`", 11, navigation)),
        part("nhsuk-skip-link", component("skip-link", "`base.html`", 1, skip_link)),
        part("nhsuk-error-summary", component("error-summary", "`base.html`", 6, error_summary)),
        part("nhsuk-notification-banner", component("notification-banner", "`base.html`", 1, notification_banner)),
    ]
}

#[derive(Template)]
#[template(ext = "html", source = r#"{% extends "base.html" %}"#)]
struct Page {
    frame: Frame,
}

fn page(frame: Frame) -> Made {
    Ok(Page { frame }.render().unwrap())
}

/// Templates name pages by words that last as long as the program.
fn lasting(words: String) -> &'static str {
    Box::leak(words.into_boxed_str())
}

fn navigation(options: &mut Options, _: &Fixture) -> Made {
    let nav = options.each("navigation.items", |item| NavItem {
        text: lasting(item.text("text")),
        href: lasting(item.text("href")),
        count: None,
        is_current: item.is("active"),
    });
    if nav.is_empty() {
        return Err("no navigation".to_owned());
    }
    // The other parts of the header are not looked at here.
    for other in ["logo", "service", "search", "account", "organisation", "colour", "inline"] {
        options.drop(other);
    }
    page(Frame { nav, ..Frame::default() })
}

fn skip_link(options: &mut Options, _: &Fixture) -> Made {
    for (option, ours) in [("href", "#maincontent"), ("text", "Skip to main content")] {
        if ![ours, ""].contains(&options.text(option).as_str()) {
            return Err(option.to_owned());
        }
    }
    page(Frame::default())
}

fn error_summary(options: &mut Options, fixture: &Fixture) -> Made {
    if fixture.name.contains("description") {
        return Err("description".to_owned());
    }
    if options.words("heading").0 != "There is a problem" {
        return Err("heading".to_owned());
    }
    let problems = options.each("errorList", |error| {
        let field = error.text("href");
        (field.trim_start_matches('#').to_owned(), error.text("text"))
    });
    page(Frame { problems, ..Frame::default() })
}

fn notification_banner(options: &mut Options, fixture: &Fixture) -> Made {
    if options.text("variant") != "success" {
        return Err("variant other than success".to_owned());
    }
    let title = options.text("text");
    if title.is_empty() || fixture.html.contains("<ul") {
        return Err("html".to_owned());
    }
    page(Frame { flash: Some(Flash { title, text: String::new(), link: None }), ..Frame::default() })
}
