//! Marked changes: what they say is true, and they stay readable.

use proptest::prelude::*;

use super::*;

fn marked(segments: &[Segment]) -> String {
    let piece = |segment: &Segment| match segment {
        Segment::Same(text) => text.clone(),
        Segment::Added(_) => format!("{}[+{}]{}", segment.lead(), segment.body(), segment.gap()),
        Segment::Removed(_) => format!("{}[-{}]{}", segment.lead(), segment.body(), segment.gap()),
    };
    segments.iter().map(piece).collect()
}

fn side(segments: &[Segment], is_kept: impl Fn(&Segment) -> bool) -> String {
    segments.iter().filter(|s| is_kept(s)).map(Segment::text).collect()
}

fn without_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn changes_are_marked_by_words() {
    for (old, new, expected) in [
        ("", "new", "[+new]"),
        ("old", "", "[-old]"),
        ("old", "new", "[-old] [+new]"),
        ("a log of 14 hazards.", "a log of 15 hazards.", "a log of [-14] [+15] hazards."),
        ("it covers 14 hazards.", "it covers 14 hazards. Hazard 7 is new.", "it covers 14 hazards. [+Hazard 7 is new.]"),
        ("the end is here", "the end is", "the end is [-here]"),
        ("same  text\n", "same text", "same text"),
        ("foo .", "foo.", "foo."),
    ] {
        assert_eq!(marked(&words(old, new)), expected, "{old:?} and {new:?}");
    }
}

#[test]
fn a_few_words_between_changes_are_part_of_the_change() {
    assert_eq!(marked(&words("one of the two", "nine of the ten")), "[-one of the two] [+nine of the ten]");
    assert_eq!(marked(&words("one and all of two", "nine and all of ten")), "[-one] [+nine] and all of [-two] [+ten]");
}

#[test]
fn lines_are_marked_as_wholes() {
    assert_eq!(marked(&lines("Smartcard\nPasskey", "Security key\nPasskey")), "[-Smartcard]\n[+Security key]\nPasskey");
}

#[test]
fn long_unchanged_text_is_left_out() {
    let before = "word ".repeat(500);
    let all = words(&format!("{before}old"), &format!("{before}new"));
    let shown = side(&short(&all).unwrap_or_default(), |_| true);
    assert!(shown.contains('…') && shown.ends_with("old new"), "{shown}");
    assert!(shown.len() < LINE * (LINES + 2), "{} characters", shown.len());
    assert_eq!(short(&words("a short text", "another short text")), None);
}

#[test]
fn huge_texts_are_compared_in_bounded_time() {
    let old = (0..60_000).map(|n| format!("{} ", n * 7 % 1009)).collect::<Vec<_>>().concat();
    let new = (0..60_000).map(|n| format!("{} ", n * 11 % 1013)).collect::<Vec<_>>().concat();
    let start = Instant::now();
    let marked = words(&old, &new);
    assert!(start.elapsed() < Duration::from_secs(5), "took {:?}", start.elapsed());
    assert_eq!(side(&marked, |s| !matches!(s, Segment::Removed(_))), new);
}

#[test]
fn beyond_the_bound_what_differs_is_replaced_whole() {
    let text = |of: &str, number: usize| (0..number).map(|n| format!("{of}{n} ")).collect::<Vec<_>>().concat();
    for (words_of_each, is_whole) in [(4_000, false), (MOST, true)] {
        let (old, new) = (text("old", words_of_each), text("new", words_of_each));
        let (old, new) = (format!("It begins so. {old}It ends so."), format!("It begins so. {new}It ends so."));
        let start = Instant::now();
        let marked = words(&old, &new);
        assert!(start.elapsed() < Duration::from_secs(2), "{words_of_each} words took {:?}", start.elapsed());
        assert_eq!(side(&marked, |s| !matches!(s, Segment::Removed(_))), new);
        if is_whole {
            let kinds: Vec<bool> = marked.iter().map(Segment::is_change).collect();
            assert_eq!(kinds, [false, true, true, false]);
        }
    }
    // A megabyte against another one.
    let (old, new) = (text("a", 150_000), text("b", 150_000));
    let start = Instant::now();
    assert_eq!(words(&old, &new).len(), 2);
    assert!(start.elapsed() < Duration::from_secs(2), "took {:?}", start.elapsed());
}

fn some_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![Just("log"), Just("hazard"), Just("a"), Just("é."), Just("(7)"), Just("“x”"), Just("…"), Just("don't")];
    let space = prop_oneof![4 => Just(" "), 1 => Just("\n"), 1 => Just("  \n\t")];
    prop::collection::vec((word, space), 0..40)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, space)| [word, space]).collect())
}

proptest! {
    #[test]
    fn applying_the_changes_to_the_old_text_gives_the_new(old in some_text(), new in some_text()) {
        for marked in [words(&old, &new), lines(&old, &new)] {
            let after = side(&marked, |s| !matches!(s, Segment::Removed(_)));
            let before = side(&marked, |s| !matches!(s, Segment::Added(_)));
            prop_assert_eq!(without_space(&after), without_space(&new));
            prop_assert_eq!(without_space(&before), without_space(&old));
        }
        let marked = words(&old, &new);
        let after = side(&marked, |s| !matches!(s, Segment::Removed(_)));
        prop_assert_eq!(after, new.trim_start());
    }

    #[test]
    fn white_space_alone_is_never_marked(old in some_text(), spaces in prop::collection::vec("[ \n\t]{1,3}", 41)) {
        let new: String = old.split_whitespace().zip(&spaces).flat_map(|(word, space)| [word, space.as_str()]).collect();
        prop_assert!(words(&old, &new).iter().all(|s| !s.is_change()));
        for segment in words(&old, "something else altogether") {
            prop_assert!(!segment.is_change() || !segment.body().is_empty());
        }
    }

    #[test]
    fn every_change_is_in_the_short_text(old in some_text(), new in some_text()) {
        let all = words(&old, &new);
        let changes = |segments: &[Segment]| segments.iter().filter(|s| s.is_change()).cloned().collect::<Vec<_>>();
        if let Some(short) = short(&all) {
            prop_assert_eq!(changes(&short), changes(&all));
        }
    }

    #[test]
    fn any_text_can_be_compared(old in ".{0,200}", new in ".{0,200}") {
        let marked = words(&old, &new);
        let after = side(&marked, |s| !matches!(s, Segment::Removed(_)));
        prop_assert_eq!(after, new.trim_start());
    }
}
