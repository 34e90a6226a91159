//! What a fixture asks of a component. Each option that our macro takes is taken out; what is left, it does not take.

use std::fmt;

use serde_json::{Map, Value};

/// Words or HTML that a template shows as they are.
#[derive(Clone, Debug, Default)]
pub struct Words(pub String);

impl Words {
    /// Words, escaped.
    pub fn text(text: &str) -> Self {
        Self(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Words {}

/// The options of a fixture, or of a part of one.
#[derive(Debug)]
pub struct Options(Map<String, Value>);

impl Options {
    pub fn new(context: &Value) -> Self {
        Self(context.as_object().cloned().unwrap_or_default())
    }

    /// The value of an option by its path, such as `label.size`.
    fn take(&mut self, path: &str) -> Option<Value> {
        let Some((first, rest)) = path.split_once('.') else {
            return self.0.remove(path).filter(|value| !value.is_null());
        };
        let part = self.0.get_mut(first)?.as_object_mut()?;
        let mut inner = Self(std::mem::take(part));
        let value = inner.take(rest);
        if inner.0.is_empty() {
            self.0.remove(first);
        } else {
            self.0.insert(first.to_owned(), Value::Object(inner.0));
        }
        value
    }

    /// A text, or a number; empty when it is not given.
    pub fn text(&mut self, path: &str) -> String {
        match self.take(path) {
            Some(Value::String(text)) => text,
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    pub fn number(&mut self, path: &str) -> usize {
        self.text(path).parse().unwrap_or_default()
    }

    pub fn is(&mut self, path: &str) -> bool {
        self.take(path) == Some(Value::Bool(true))
    }

    /// Whether something was said, and what.
    pub fn said(&mut self, path: &str) -> Option<bool> {
        self.take(path).and_then(|value| value.as_bool())
    }

    /// Whether an option that is on by itself is switched off.
    pub fn is_off(&mut self, path: &str) -> bool {
        let mut parts = path.split('.');
        let first = parts.next().and_then(|name| self.0.get(name));
        let is_off = parts.fold(first, |value, name| value?.get(name)) == Some(&Value::Bool(false));
        if is_off {
            self.take(path);
        }
        is_off
    }

    /// Words that are given as they are, or as `text` or `html` of a part.
    pub fn words(&mut self, path: &str) -> Words {
        match self.take(path) {
            Some(Value::String(text)) => Words::text(&text),
            Some(Value::Object(part)) => {
                let mut part = Self(part);
                let words = part.content();
                if !part.0.is_empty() {
                    self.0.insert(path.to_owned(), Value::Object(part.0));
                }
                words
            }
            Some(Value::Bool(true)) => {
                self.0.insert(format!("{path} without words"), Value::Null);
                Words::default()
            }
            _ => Words::default(),
        }
    }

    /// The words of a label or legend, its size, and whether it is the heading of the page.
    pub fn label(&mut self, path: &str) -> (Words, String, bool) {
        match self.take(path) {
            Some(Value::String(text)) => (Words::text(&text), String::new(), false),
            Some(Value::Object(part)) => {
                let mut part = Self(part);
                let found = part.own_label();
                if let Some(name) = part.left() {
                    self.0.insert(format!("{path}.{name}"), Value::Null);
                }
                found
            }
            _ => Default::default(),
        }
    }

    /// The same, when these options are a label's own.
    pub fn own_label(&mut self) -> (Words, String, bool) {
        let (mut words, mut size) = (self.content(), self.text("size"));
        let heading = match self.take("heading") {
            Some(Value::String(text)) => {
                words = Words::text(&text);
                true
            }
            Some(Value::Object(part)) => {
                let mut part = Self(part);
                words = if words.is_empty() { part.content() } else { words };
                size = if size.is_empty() { part.text("size") } else { size };
                let level = part.text("level");
                if let Some(name) = part.left().or_else(|| (!["", "1"].contains(&level.as_str())).then(|| "level".to_owned())) {
                    self.0.insert(format!("heading.{name}"), Value::Null);
                }
                true
            }
            other => other == Some(Value::Bool(true)),
        };
        (words, size, heading)
    }

    /// A list of texts.
    pub fn list(&mut self, path: &str) -> Vec<String> {
        let Some(Value::Array(all)) = self.take(path) else { return Vec::new() };
        all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub fn is_text(&self, name: &str, expected: &str) -> bool {
        self.0.get(name).and_then(Value::as_str) == Some(expected)
    }

    pub fn drop(&mut self, path: &str) {
        self.take(path);
    }

    pub fn is_list(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(Value::is_array)
    }

    /// The words of a component whose content is `text` or `html`.
    pub fn content(&mut self) -> Words {
        let html = self.text("html");
        let text = self.text("text");
        if html.is_empty() { Words::text(&text) } else { Words(html) }
    }

    /// Each part of a list; those that are false or nothing are left out, as the package does.
    pub fn each<T>(&mut self, path: &str, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let Some(Value::Array(parts)) = self.take(path) else { return Vec::new() };
        let mut all = Vec::new();
        for part in parts.iter().filter(|part| part.is_object()) {
            let mut options = Self::new(part);
            all.push(read(&mut options));
            if let Some(name) = options.left() {
                self.0.insert(format!("{path}[].{name}"), Value::Null);
            }
        }
        all
    }

    /// The first option that nobody took.
    pub fn left(&self) -> Option<String> {
        self.0.iter().find_map(|(name, value)| match value {
            Value::Object(part) if part.is_empty() => None,
            Value::Object(part) => Self(part.clone()).left().map(|inner| format!("{name}.{inner}")),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Some(name.clone()),
        })
    }
}
