//! A page as a person uses it: links by their words, forms by their buttons, fields by their names.

use std::collections::BTreeMap;

use crate::support::http::Reply;

/// A start tag with its attributes, and the text that follows it.
#[derive(Clone, Debug)]
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

impl Tag {
    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }
}

/// A form of a page, filled in as the page shows it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
    pub files: Vec<String>,
    /// Name, value and words of each button.
    pub buttons: Vec<(String, String, String)>,
    /// Every name that the form asks for, whether it has a value or not.
    pub names: Vec<String>,
}

fn unescape(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    for piece in html.split('<').skip(1) {
        let Some((inside, after)) = piece.split_once('>') else { continue };
        let name: String = inside.chars().take_while(|c| !c.is_whitespace()).collect();
        let mut attributes = BTreeMap::new();
        let mut rest = inside[name.len()..].trim();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let key = rest[..end].to_owned();
            rest = rest[end..].trim_start();
            let mut value = String::new();
            if let Some(quoted) = rest.strip_prefix("=\"") {
                let end = quoted.find('"').unwrap_or(quoted.len());
                value = unescape(&quoted[..end]);
                rest = quoted.get(end + 1..).unwrap_or_default().trim_start();
            }
            attributes.insert(key, value);
        }
        tags.push(Tag { name, attributes, text: unescape(after) });
    }
    tags
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The address of the first link with these words.
#[track_caller]
pub fn link(page: &Reply, text: &str) -> String {
    let all = tags(&page.body);
    let found = all.iter().find(|t| t.name == "a" && words(&t.text).contains(text));
    found.unwrap_or_else(|| panic!("no link {text:?} in\n{}", page.body)).get("href").to_owned()
}

/// The form with a button of these words, as it stands at an address.
#[track_caller]
pub fn form(page: &Reply, address: &str, button: &str) -> Form {
    let all = forms(page, address);
    let found = all.iter().find(|f| f.buttons.iter().any(|(_, _, words)| words.starts_with(button)));
    found.unwrap_or_else(|| panic!("no form with a button {button:?} in\n{}", page.body)).clone()
}

/// Every form of a page.
pub fn forms(page: &Reply, address: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut open = false;
    let mut select: Option<(String, Option<String>)> = None;
    for tag in tags(&page.body) {
        if tag.name == "form" {
            open = true;
            let action = if tag.get("action").is_empty() { address } else { tag.get("action") };
            forms.push(Form { action: action.to_owned(), ..Form::default() });
        }
        let Some(form) = forms.last_mut().filter(|_| open) else { continue };
        let name = tag.get("name").to_owned();
        if matches!(tag.name.as_str(), "input" | "textarea" | "select") && !form.names.contains(&name) {
            form.names.push(name.clone());
        }
        match tag.name.as_str() {
            "/form" => open = false,
            "input" => match tag.get("type") {
                "file" => form.files.push(name),
                "checkbox" | "radio" if !tag.has("checked") => {}
                _ => form.fields.push((name, tag.get("value").to_owned())),
            },
            "textarea" => form.fields.push((name, tag.text.strip_prefix('\n').unwrap_or(&tag.text).to_owned())),
            "select" => select = Some((name, None)),
            "option" if tag.has("selected") => {
                if let Some((_, value)) = &mut select {
                    *value = Some(tag.get("value").to_owned());
                }
            }
            "/select" => {
                if let Some((name, value)) = select.take() {
                    form.fields.push((name, value.unwrap_or_default()));
                }
            }
            "button" if tag.get("type") != "button" => {
                form.buttons.push((name, tag.get("value").to_owned(), words(&tag.text)));
            }
            _ => {}
        }
    }
    forms
}

impl Form {
    /// Puts a value into a field, in place of what was there.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        assert!(self.names.iter().any(|n| n == name), "no field {name}: {:?}", self.names);
        self.fields.retain(|(n, _)| n != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a value: one more tick.
    pub fn tick(&mut self, name: &str, value: &str) -> &mut Self {
        assert!(self.names.iter().any(|n| n == name), "no field {name}: {:?}", self.names);
        if !self.fields.contains(&(name.to_owned(), value.to_owned())) {
            self.fields.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// What is sent when a button is pressed.
    pub fn pressed(&self, button: &str) -> Vec<(String, String)> {
        let mut fields = self.fields.clone();
        let (name, value, _) = self.buttons.iter().find(|(_, _, words)| words.starts_with(button)).unwrap();
        if !name.is_empty() {
            fields.push((name.clone(), value.clone()));
        }
        fields
    }
}
