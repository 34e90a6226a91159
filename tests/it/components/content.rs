//! What pages show: tags, lists, boxes.

use askama::Template;

use super::fields::called;
use super::options::{Options, Words};
use super::{Component, Fixture, Made, component};

pub fn components() -> Vec<Component> {
    vec![
        component("tag", "`ui::tag`", 15, tag),
        component("summary-list", "`ui::summary_list`, `ui::summary_row`", 6, summary_list),
        component("task-list", "`ui::task_list`, `ui::task`", 3, task_list),
        component("inset-text", "`ui::inset_text`", 3, inset_text),
        component("warning-callout", "`ui::warning_callout`", 5, warning_callout),
        component("details", "`ui::details`", 12, details),
        component("card", "`ui::card`", 20, card),
        component("panel", "`ui::panel`, `ui::interruption`", 8, panel),
    ]
}

#[derive(Template)]
#[template(ext = "html", source = r#"{% import "ui.html" as ui %}{{ ui::tag(words, shade) }}"#)]
struct TagPage {
    words: Words,
    shade: String,
}

/// The look of a tag: a colour, or none of colour, border and weight for what needs no attention.
fn look(options: &mut Options, path: &str) -> Result<String, String> {
    let is_bare = options.is_off(&format!("{path}border"));
    let is_plain = options.is_off(&format!("{path}colour"));
    let class = options.text(&format!("{path}classes"));
    match (is_bare, is_plain, class.strip_prefix("nhsuk-tag--")) {
        (true, true, _) if class == "nhsuk-u-font-weight-normal" => Ok("plain".to_owned()),
        (true, true, _) if class == "nhsuk-u-font-weight-normal nhsuk-u-secondary-text-colour" => Ok("quiet".to_owned()),
        (true, ..) => Err("border".to_owned()),
        (_, true, _) => Err("colour: false".to_owned()),
        (false, false, Some(colour)) if options.text(&format!("{path}colour")).is_empty() => Ok(colour.to_owned()),
        (false, false, None) if class.is_empty() => Ok(options.text(&format!("{path}colour"))),
        (false, false, _) => Err("classes".to_owned()),
    }
}

fn tag(options: &mut Options, fixture: &Fixture) -> Made {
    let shade = look(options, "")?;
    let words = called(options.content(), fixture, "\">", "</strong>");
    Ok(TagPage { words, shade }.render().unwrap())
}

struct Row {
    key: Words,
    value: Words,
    gap: bool,
    href: String,
    action: Words,
    about: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{% call ui::summary_list(border=lined) %}{% for row in rows %}{{ ui::summary_row(row.key,
    value=row.value, href=row.href, action=row.action, about=row.about, gap=row.gap) }}{% endfor %}{% endcall %}"#
)]
struct SummaryPage {
    lined: bool,
    rows: Vec<Row>,
}

fn summary_list(options: &mut Options, _: &Fixture) -> Made {
    let mut several = false;
    let mut rows = options.each("rows", |row| {
        let path = if row.is_list("actions") { "actions" } else { "actions.items" };
        let mut actions = row.each(path, |action| {
            let about = action.text("visuallyHiddenText");
            let about = if about.is_empty() { about } else { format!(" {about}") };
            (action.text("href"), action.content(), about)
        });
        several |= actions.len() > 1;
        let (href, action, about) = actions.pop().unwrap_or_default();
        Row { key: row.words("key"), value: row.words("value"), gap: false, href, action, about }
    });
    if several {
        return Err("several actions".to_owned());
    }
    let has_actions = rows.iter().any(|row| !row.href.is_empty());
    for row in &mut rows {
        row.gap = has_actions && row.href.is_empty();
    }
    Ok(SummaryPage { lined: !options.is_off("border"), rows }.render().unwrap())
}

struct Task {
    key: String,
    words: Words,
    href: String,
    hint: Words,
    status: Words,
    shade: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{% call ui::task_list() %}{% for one in tasks %}{{ ui::task(one.key, one.words, one.href,
    one.hint, one.status, one.shade) }}{% endfor %}{% endcall %}"#
)]
struct TasksPage {
    tasks: Vec<Task>,
}

fn task_list(options: &mut Options, fixture: &Fixture) -> Made {
    if fixture.name.contains("empty items") {
        return Err("items: false".to_owned());
    }
    let prefix = options.text("idPrefix");
    let mut strange = None;
    let mut number = 0;
    let tasks = options.each("items", |item| {
        number += 1;
        let shade = look(item, "status.tag.").unwrap_or_else(|option| {
            strange = Some(option);
            String::new()
        });
        let heading = item.words("heading");
        Task {
            key: format!("{prefix}-{number}"),
            words: if heading.is_empty() { item.words("title") } else { heading },
            href: item.text("href"),
            hint: item.words("hint"),
            status: Words::text(&item.text("status.tag.text")),
            shade,
        }
    });
    strange.map_or_else(|| Ok(TasksPage { tasks }.render().unwrap()), Err)
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{% if paragraph.is_empty() %}{% call ui::inset_text() %}{{ inner }}{% endcall %}{% else
    %}{{ ui::inset_text(paragraph) }}{% endif %}"#
)]
struct InsetPage {
    paragraph: String,
    inner: Words,
}

fn inset_text(options: &mut Options, fixture: &Fixture) -> Made {
    let paragraph = options.text("text");
    let inner = called(options.content(), fixture, "Information: </span>", "</div>");
    Ok(InsetPage { paragraph, inner }.render().unwrap())
}

/// A box with a heading: the words of one paragraph, or content.
struct Titled {
    heading: Words,
    paragraph: String,
    inner: Words,
    level: usize,
    href: String,
    variant: String,
    big: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{% if b.paragraph.is_empty() %}{% call ui::warning_callout(b.heading) %}{{ b.inner
    }}{% endcall %}{% else %}{{ ui::warning_callout(b.heading, b.paragraph) }}{% endif %}"#
)]
struct WarningPage {
    b: Titled,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{% if b.paragraph.is_empty() %}{% call ui::card(b.heading, level=b.level, href=b.href,
    variant=b.variant, size=b.big) %}{{ b.inner }}{% endcall %}{% else %}{{ ui::card(b.heading, b.paragraph, level=b.level, href=b.href,
    variant=b.variant, size=b.big) }}{% endif %}"#
)]
struct CardPage {
    b: Titled,
}

fn titled(options: &mut Options) -> Titled {
    let level = options.number("heading.level");
    Titled {
        level: if level == 0 { 2 } else { level },
        big: options.text("heading.size"),
        heading: options.words("heading"),
        paragraph: String::new(),
        inner: Words::default(),
        href: options.text("href"),
        variant: options.text("variant"),
    }
}

fn warning_callout(options: &mut Options, fixture: &Fixture) -> Made {
    let mut b = titled(options);
    b.paragraph = options.text("text");
    b.inner = called(options.content(), fixture, &after_heading(fixture), "</div>\n</div>");
    if b.heading.is_empty() {
        return Err("no heading".to_owned());
    }
    Ok(WarningPage { b }.render().unwrap())
}

fn card(options: &mut Options, fixture: &Fixture) -> Made {
    let mut b = titled(options);
    b.paragraph = options.text("description");
    if b.heading.is_empty() {
        return Err("no heading".to_owned());
    }
    if !["", "feature", "secondary"].contains(&b.variant.as_str()) {
        return Err("variant".to_owned());
    }
    let is_whole = options.is("clickable");
    if b.href.is_empty() == is_whole {
        return Err("href without clickable".to_owned());
    }
    b.inner = Words(fixture.inner(&after_heading(fixture), "</div>\n</div>"));
    Ok(CardPage { b }.render().unwrap())
}

/// What ends the heading of a box.
fn after_heading(fixture: &Fixture) -> String {
    ["</h2>", "</h3>", "</h4>"].into_iter().find(|end| fixture.html.contains(end)).unwrap_or("</h1>").to_owned()
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{% if paragraph.is_empty() %}{% call ui::details(title, open=shown, expander=boxed) %}{{ inner
    }}{% endcall %}{% else %}{{ ui::details(title, paragraph, open=shown, expander=boxed) }}{% endif %}"#
)]
struct DetailsPage {
    title: Words,
    paragraph: String,
    inner: Words,
    shown: bool,
    boxed: bool,
}

fn details(options: &mut Options, fixture: &Fixture) -> Made {
    let class = options.text("classes");
    if !["", "nhsuk-expander"].contains(&class.as_str()) {
        return Err("classes".to_owned());
    }
    let page = DetailsPage {
        title: options.words("summary"),
        paragraph: options.text("text"),
        inner: called(options.content(), fixture, "<div class=\"nhsuk-details__text\">", "</div>"),
        shown: options.is("open"),
        boxed: !class.is_empty(),
    };
    Ok(page.render().unwrap())
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{% if warns %}{% call ui::interruption(title) %}{{ inner }}{% endcall %}{% else if
    paragraph.is_empty() %}{% call ui::panel(title) %}{{ inner }}{% endcall %}{% else %}{{ ui::panel(title, paragraph) }}{% endif %}"#
)]
struct PanelPage {
    title: Words,
    paragraph: String,
    inner: Words,
    warns: bool,
}

fn panel(options: &mut Options, fixture: &Fixture) -> Made {
    let warns = options.text("variant") == "interruption";
    let level = options.number("heading.level");
    let size = options.text("heading.size");
    if size != if warns { "l" } else { "" } {
        return Err("heading.size".to_owned());
    }
    if level > 1 {
        return Err("heading.level".to_owned());
    }
    let title = options.words("heading");
    let paragraph = options.text("text");
    let inner = called(options.content(), fixture, "<div class=\"nhsuk-panel__body\">", "</div>\n</div>");
    Ok(PanelPage { title, paragraph, inner, warns }.render().unwrap())
}
