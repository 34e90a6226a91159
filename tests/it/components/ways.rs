//! Buttons and ways about.

use askama::Template;
use assured::web::parts::{PageLink, Pagination};

use super::options::{Options, Words};
use super::{Component, Fixture, Made, component};

pub fn components() -> Vec<Component> {
    vec![
        component("button", "`ui::button`, `ui::link_button`", 29, button),
        component("back-link", "`ui::back_link`", 1, back_link),
        component("breadcrumb", "`ui::breadcrumb`", 1, breadcrumb),
        component("pagination", "`ui::pagination`", 5, pagination),
    ]
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{% if address.is_empty() %}{{ ui::button(words, variant=shade, small=little, once=guarded)
    }}{% else %}{{ ui::link_button(words, address, variant=shade, small=little) }}{% endif %}"#
)]
struct ButtonPage {
    words: Words,
    shade: String,
    little: bool,
    guarded: bool,
    address: String,
}

fn button(options: &mut Options, _: &Fixture) -> Made {
    let guarded = options.said("preventDoubleClick");
    if guarded == Some(false) {
        return Err("preventDoubleClick: false".to_owned());
    }
    let page = ButtonPage {
        words: options.content(),
        shade: options.text("variant"),
        little: options.is("small"),
        guarded: guarded.is_some(),
        address: options.text("href"),
    };
    Ok(page.render().unwrap())
}

#[derive(Template)]
#[template(ext = "html", source = r#"{% import "ui.html" as ui %}{{ ui::back_link(address, text=words) }}"#)]
struct BackPage {
    address: String,
    words: Words,
}

fn back_link(options: &mut Options, _: &Fixture) -> Made {
    let address = options.text("href");
    if address.is_empty() {
        return Err("no href: a button".to_owned());
    }
    let words = options.content();
    let words = if words.is_empty() { Words::text("Back") } else { words };
    Ok(BackPage { address, words }.render().unwrap())
}

#[derive(Template)]
#[template(ext = "html", source = r#"{% import "ui.html" as ui %}{{ ui::breadcrumb(ways) }}"#)]
struct BreadcrumbPage {
    ways: Vec<(String, String)>,
}

fn breadcrumb(options: &mut Options, _: &Fixture) -> Made {
    let ways = options.each("items", |item| (item.text("href"), item.text("text")));
    Ok(BreadcrumbPage { ways }.render().unwrap())
}

#[derive(Template)]
#[template(ext = "html", source = r#"{% import "ui.html" as ui %}{{ ui::pagination(all) }}"#)]
struct PaginationPage {
    all: Pagination,
}

fn pagination(options: &mut Options, _: &Fixture) -> Made {
    let pages = options.each("items", |item| {
        let href = item.text("href");
        if item.is("ellipsis") {
            return PageLink::Gap;
        }
        PageLink::Page { number: item.number("number") as u64, href, is_current: item.is("current") }
    });
    if pages.is_empty() {
        return Err("no items".to_owned());
    }
    let mut end = |path: &str| Some(options.text(path)).filter(|href| !href.is_empty());
    let all = Pagination { pages, previous: end("previous.href"), next: end("next.href") };
    Ok(PaginationPage { all }.render().unwrap())
}
