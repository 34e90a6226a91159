//! The fields of forms.

use askama::Template;
use assured::web::parts::{DateParts, Item};

use super::options::{Options, Words};
use super::{Component, Fixture, Made, component};

pub fn components() -> Vec<Component> {
    vec![
        component("input", "`ui::input`", 38, input),
        component("password-input", "`ui::password_input`", 10, password_input),
        component("textarea", "`ui::textarea`", 13, textarea),
        component("character-count", "`ui::textarea`", 15, textarea),
        component("select", "`ui::select`", 13, select),
        component("radios", "`ui::radios`, `ui::radio_group`", 39, radios),
        component("checkboxes", "`ui::checkboxes`, `ui::checkbox_group`", 40, checkboxes),
        component("date-input", "`ui::date_input`", 19, date_input),
        component("file-upload", "`ui::file_upload`", 14, file_upload),
        component("hint", "`ui::hint`", 3, hint),
        component("error-message", "`ui::error_message`", 4, error_message),
        component("label", "part of fields", 10, label),
        component("legend", "part of fields", 10, legend),
    ]
}

/// What most fields have.
struct Field {
    name: String,
    id: String,
    label: Words,
    size: String,
    heading: bool,
    hint: Words,
    error: Words,
    value: String,
    autocomplete: String,
    width: String,
}

impl Field {
    fn read(options: &mut Options, label: &str) -> Self {
        let (label, size, heading) = options.label(label);
        Self {
            label,
            size,
            heading,
            name: options.text("name"),
            id: options.text("id"),
            hint: options.words("hint"),
            error: options.words("errorMessage"),
            value: options.text("value"),
            autocomplete: options.text("autocomplete"),
            width: width(options),
        }
    }
}

/// The width of an input: as such, or as one of the classes for it.
fn width(options: &mut Options) -> String {
    let class = options.text("classes");
    match class.strip_prefix("nhsuk-u-width-").or_else(|| class.strip_prefix("nhsuk-input--width-")) {
        Some(part) => part.to_owned(),
        None => options.text("width"),
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{{ ui::input(f.name, f.label, value=f.value, hint=f.hint, error=f.error, kind=sort,
    autocomplete=f.autocomplete, inputmode=typed, width=f.width, spellcheck=spelt, code=figures, prefix=before, suffix=after,
    size=f.size, heading=f.heading, id=f.id) }}"#
)]
struct InputPage {
    f: Field,
    sort: String,
    typed: String,
    spelt: bool,
    figures: bool,
    before: Words,
    after: Words,
}

fn input(options: &mut Options, _: &Fixture) -> Made {
    let given = options.text("type");
    let page = InputPage {
        f: Field::read(options, "label"),
        sort: if given.is_empty() { "text".to_owned() } else { given },
        typed: options.text("inputmode"),
        spelt: !options.is_off("spellcheck"),
        figures: options.is("code"),
        before: options.words("prefix"),
        after: options.words("suffix"),
    };
    Ok(page.render().unwrap())
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{{ ui::password_input(f.name, f.label, hint=f.hint, error=f.error,
    autocomplete=f.autocomplete, width=f.width, size=f.size, heading=f.heading, id=f.id) }}"#
)]
struct PasswordPage {
    f: Field,
}

fn password_input(options: &mut Options, _: &Fixture) -> Made {
    let mut f = Field::read(options, "label");
    if !f.value.is_empty() {
        return Err("value".to_owned());
    }
    if f.autocomplete.is_empty() {
        f.autocomplete.push_str("current-password");
    }
    Ok(PasswordPage { f }.render().unwrap())
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{{ ui::textarea(f.name, f.label, value=f.value, hint=f.hint, error=f.error, rows=lines,
    maxlength=most, threshold=from, autocomplete=f.autocomplete, size=f.size, heading=f.heading, id=f.id) }}"#
)]
struct TextareaPage {
    f: Field,
    lines: usize,
    most: usize,
    from: usize,
}

fn textarea(options: &mut Options, fixture: &Fixture) -> Made {
    let lines = options.number("rows");
    let page = TextareaPage {
        f: Field::read(options, "label"),
        lines: if lines == 0 { 5 } else { lines },
        most: options.number("maxlength"),
        from: options.number("threshold"),
    };
    if page.most == 0 && fixture.html.contains("nhsuk-character-count") {
        return Err("no maxlength".to_owned());
    }
    Ok(page.render().unwrap())
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{{ ui::select(f.name, f.label, choices, hint=f.hint, error=f.error, size=f.size,
    heading=f.heading, id=f.id) }}"#
)]
struct SelectPage {
    f: Field,
    choices: Vec<Item>,
}

fn select(options: &mut Options, _: &Fixture) -> Made {
    let f = Field::read(options, "label");
    let choices = options.each("items", |item| {
        let value = item.text("value");
        let checked = item.is("selected") || (!f.value.is_empty() && f.value == value);
        Item::new(value, item.text("text")).checked(checked)
    });
    Ok(SelectPage { f, choices }.render().unwrap())
}

/// A choice, and the HTML that follows it.
type Choice = (Item, Words);

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{% call ui::radio_group(f.name, f.label, hint=f.hint, error=f.error, inline=beside,
    small=little, size=f.size, heading=f.heading, id=f.id) %}{% for (one, follows) in choices %}{{ ui::radio(f.name, one, loop.index, id=f.id)
    }}{% if !follows.is_empty() %}{% call ui::radio_conditional() %}{{ follows }}{% endcall %}{% endif %}{% endfor %}{% endcall %}"#
)]
struct RadiosPage {
    f: Field,
    choices: Vec<Choice>,
    beside: bool,
    little: bool,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{% call ui::checkbox_group(f.name, f.label, hint=f.hint, error=f.error, inline=beside,
    small=little, size=f.size, heading=f.heading, id=f.id) %}{% for (one, follows) in choices %}{{ ui::checkbox(f.name, one, loop.index, id=f.id)
    }}{% if !follows.is_empty() %}{% call ui::checkbox_conditional() %}{{ follows }}{% endcall %}{% endif %}{% endfor %}{% endcall %}"#
)]
struct CheckboxesPage {
    f: Field,
    choices: Vec<Choice>,
    beside: bool,
    little: bool,
}

/// The choices of radios or checkboxes: after "or" comes the one that stands apart.
fn choices(options: &mut Options, values: &[String]) -> Result<Vec<Choice>, String> {
    let mut is_apart = false;
    let mut strange = None;
    let mut all = Vec::new();
    for (divider, mut item, follows, is_exclusive) in options.each("items", |item| {
        let divider = item.text("divider");
        let behaviour = item.text("behaviour");
        if !["", "exclusive"].contains(&behaviour.as_str()) {
            strange = Some(format!("items[].behaviour: {behaviour}"));
        }
        let value = item.text("value");
        let checked = item.is("checked") || values.contains(&value);
        let made = Item::new(value, item.text("text")).hint(item.text("hint.text")).checked(checked);
        let made = if item.is("disabled") { made.disabled() } else { made };
        (divider, made, Words(item.text("conditional.html")), behaviour == "exclusive" || item.is("exclusive"))
    }) {
        if !divider.is_empty() {
            strange = strange.or((divider != "or").then(|| "divider in other words".to_owned()));
            is_apart = true;
            continue;
        }
        item.is_apart = std::mem::take(&mut is_apart);
        strange = strange.or((is_exclusive && !item.is_apart).then(|| "exclusive without a divider".to_owned()));
        all.push((item, follows));
    }
    strange = strange
        .or(all.iter().any(|(_, follows)| follows.0.contains("data-aria-controls")).then(|| "nested conditional".to_owned()));
    strange.map_or(Ok(all), Err)
}

fn group(options: &mut Options) -> Field {
    let mut f = Field::read(options, "fieldset.legend");
    options.is_off("fieldset");
    f.id = options.text("idPrefix");
    f
}

fn radios(options: &mut Options, _: &Fixture) -> Made {
    let f = group(options);
    if f.label.is_empty() {
        return Err("no legend".to_owned());
    }
    let choices = choices(options, std::slice::from_ref(&f.value))?;
    Ok(RadiosPage { f, choices, beside: options.is("inline"), little: options.is("small") }.render().unwrap())
}

fn checkboxes(options: &mut Options, _: &Fixture) -> Made {
    let f = group(options);
    let values = options.list("values");
    let choices = choices(options, &values)?;
    if choices.iter().any(|(item, _)| item.is_disabled) {
        return Err("items[].disabled".to_owned());
    }
    Ok(CheckboxesPage { f, choices, beside: options.is("inline"), little: options.is("small") }.render().unwrap())
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{{ ui::date_input(f.id, f.label, parts, hint=f.hint, error=f.error, size=f.size,
    heading=f.heading) }}"#
)]
struct DatePage {
    f: Field,
    parts: DateParts,
}

fn date_input(options: &mut Options, _: &Fixture) -> Made {
    let f = Field::read(options, "fieldset.legend");
    if options.is_text("namePrefix", &f.id) {
        options.drop("namePrefix");
    }
    let mut strange = None;
    let mut parts: Vec<(String, bool)> = ["day", "month", "year"].map(|name| date_part(options, name)).into();
    let names = ["day", "month", "year"];
    let items = options.each("items", |item| {
        let expected = names.iter().find(|name| item.is_text("name", name));
        let width = item.text("width");
        if expected.is_none() || !["", if item.is_text("name", "year") { "4" } else { "2" }].contains(&width.as_str()) {
            strange = Some("items[] other than day, month, year".to_owned());
        }
        item.drop("name");
        (item.text("value"), item.is("error"))
    });
    if items.len() == 3 {
        parts = items;
    } else if !items.is_empty() {
        strange = Some("items[] other than day, month, year".to_owned());
    }
    let [day, month, year] = [0, 1, 2].map(|at: usize| parts[at].0.clone());
    if f.error.is_empty() && parts.iter().any(|part| part.1) {
        return Err("error without words".to_owned());
    }
    let date = DateParts {
        is_day_wrong: parts[0].1,
        is_month_wrong: parts[1].1,
        is_year_wrong: parts[2].1,
        ..DateParts::new(day, month, year)
    };
    strange.map_or_else(|| Ok(DatePage { f, parts: date }.render().unwrap()), Err)
}

/// What was typed in a part of a date, and whether it is wrong.
fn date_part(options: &mut Options, name: &str) -> (String, bool) {
    let typed = options.text(&format!("{name}.value"));
    let value = options.text(&format!("values.{name}"));
    (if typed.is_empty() { value } else { typed }, options.is(&format!("{name}.error")))
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "ui.html" as ui %}{{ ui::file_upload(f.name, f.label, hint=f.hint, error=f.error, multiple=several,
    size=f.size, heading=f.heading, id=f.id) }}"#
)]
struct FilePage {
    f: Field,
    several: bool,
}

fn file_upload(options: &mut Options, _: &Fixture) -> Made {
    let several = options.is("multiple");
    // Ours says these by itself when it takes several files.
    let words = ["chooseFilesButtonText", "dropInstructionText", "noFileChosenText"].map(|name| options.text(name));
    if several && words != ["Choose files", "or drop files", "No files chosen"] {
        return Err("words of its own".to_owned());
    }
    Ok(FilePage { f: Field::read(options, "label"), several }.render().unwrap())
}

#[derive(Template)]
#[template(ext = "html", source = r#"{% import "ui.html" as ui %}{{ ui::hint(key, words) }}"#)]
struct HintPage {
    key: String,
    words: Words,
}

fn hint(options: &mut Options, fixture: &Fixture) -> Made {
    let words = called(options.content(), fixture, "<div class=\"nhsuk-hint\">", "</div>");
    Ok(HintPage { key: options.text("id"), words }.render().unwrap())
}

#[derive(Template)]
#[template(ext = "html", source = r#"{% import "ui.html" as ui %}{{ ui::error_message(key, words) }}"#)]
struct ErrorPage {
    key: String,
    words: Words,
}

fn error_message(options: &mut Options, fixture: &Fixture) -> Made {
    let words = called(options.content(), fixture, "Error: </span>", "</span>");
    Ok(ErrorPage { key: options.text("id"), words }.render().unwrap())
}

/// The content, or what a call block gave.
pub fn called(content: Words, fixture: &Fixture, from: &str, to: &str) -> Words {
    if content.is_empty() { Words(fixture.inner(from, to)) } else { content }
}

#[derive(Template)]
#[template(ext = "html", source = r#"{% import "ui.html" as ui %}{{ ui::field_label(key, words, size=big, heading=first) }}"#)]
struct LabelPage {
    key: String,
    words: Words,
    big: String,
    first: bool,
}

#[derive(Template)]
#[template(ext = "html", source = r#"{% import "ui.html" as ui %}{{ ui::field_legend(words, size=big, heading=first) }}"#)]
struct LegendPage {
    words: Words,
    big: String,
    first: bool,
}

fn label(options: &mut Options, fixture: &Fixture) -> Made {
    let (words, big, first) = options.own_label();
    let words = called(words, fixture, "nhsuk-label--l\">", "</label>");
    // A label alone is for nothing; a field's always is.
    Ok(LabelPage { key: options.text("for"), words, big, first }.render().unwrap().replace(" for=\"\"", ""))
}

fn legend(options: &mut Options, fixture: &Fixture) -> Made {
    let (words, big, first) = options.own_label();
    let words = called(words, fixture, if first { "heading\">" } else { "\">" }, if first { "</h1>" } else { "</legend>" });
    Ok(LegendPage { words, big, first }.render().unwrap())
}
