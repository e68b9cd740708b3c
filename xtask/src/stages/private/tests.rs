use super::markers::Kind;
use super::*;

const CLEAN: &str = r#"{"fields":{"message":"handled","command":"ping"},"target":"interactions"}"#;
const MARKERS_TXT: &str = "Grace Hopper\nmeet me at nine\n";

/// A temporary folder of logs.
struct Logs(PathBuf);

impl Logs {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("xtask-private-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        for (file, text) in files {
            fs::write(folder.join(file), text).expect("a file");
        }
        Self(folder)
    }

    fn check(&self) -> Result<Vec<Finding>> {
        let (logs, markers) = (log_files(&self.0)?, read_markers(&self.0)?);
        prove(&logs[0], &markers, &self.0.with_extension("canary"))?;
        let mut findings = Vec::new();
        for log in &logs {
            search(log, &markers, &mut findings)?;
        }
        Ok(findings)
    }

    fn refusal(&self) -> String {
        self.check().map(|_| ()).expect_err("a failure").to_string()
    }
}

impl Drop for Logs {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn found_in(line: &str) -> Option<Kind> {
    let markers = Markers::parse("Grace \"Amazing\" Hopper\nGrüße aus Köln\n").expect("markers");
    markers.first_in(line.as_bytes()).map(|hit| hit.kind)
}

#[test]
fn clean_logs_pass() {
    let logs = Logs::new("clean", &[("a.log", CLEAN), ("b.log", CLEAN), (MARKERS_FILE, MARKERS_TXT)]);
    assert!(logs.check().expect("searched").is_empty());
}

#[test]
fn a_token_is_found_in_its_file_and_line() {
    let leak = format!(
        "{CLEAN}\n{{\"url\":\"/webhooks/1/aW50ZXJhY3Rpb246MTIzNDU2\",\"target\":\"hyper\"}}\n{CLEAN}\n"
    );
    let logs = Logs::new("token", &[("a.log", CLEAN), ("b.log", &leak), (MARKERS_FILE, MARKERS_TXT)]);
    let findings = logs.check().expect("searched");
    let shown: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert_eq!(shown, [r#"b.log:2 holds an interaction token; target "hyper", message """#]);
}

#[test]
fn a_persons_words_are_found_and_not_repeated() {
    let leak = r#"{"fields":{"message":"got meet me at nine"},"target":"jobs"}"#;
    let logs = Logs::new("words", &[("a.log", leak), (MARKERS_FILE, MARKERS_TXT)]);
    let findings = logs.check().expect("searched");
    let expected = r#"a.log:1 holds the marker in line 2 of markers.txt; target "jobs", message "got ...""#;
    assert_eq!(findings[0].to_string(), expected);
}

#[test]
fn a_log_that_leaks_still_proves_the_search() {
    let leaks = "Grace Hopper\n".repeat(3);
    let logs = Logs::new("leaks", &[("a.log", &leaks), (MARKERS_FILE, MARKERS_TXT)]);
    assert_eq!(logs.check().expect("both canaries found").len(), 3);
}

#[test]
fn empty_logs_prove_nothing() {
    let logs = Logs::new("empty", &[("a.log", ""), (MARKERS_FILE, MARKERS_TXT)]);
    assert!(logs.refusal().contains("logged nothing"));
}

#[test]
fn logs_without_markers_prove_nothing() {
    let missing = Logs::new("missing", &[("a.log", CLEAN)]);
    assert!(missing.refusal().contains("markers.txt"));
    let empty = Logs::new("no-markers", &[("a.log", CLEAN), (MARKERS_FILE, "\n\n")]);
    assert!(empty.refusal().contains("is empty"));
}

#[test]
fn a_marker_that_would_be_found_by_chance_is_refused() {
    let logs = Logs::new("short", &[("a.log", CLEAN), (MARKERS_FILE, "Grace Hopper\nAda\n")]);
    assert!(logs.refusal().contains("line 2"), "{}", logs.refusal());
}

#[test]
fn a_marker_is_found_however_a_line_quotes_it() {
    let name = r#"Grace "Amazing" Hopper"#;
    let as_debug_of_json =
        in_json_string(&format!("{:?}", format!("{{\"name\":\"{}\"}}", markers::in_json(name))));
    for line in [
        name.to_owned(),
        in_json_string(name),
        in_json_string(&format!("{name:?}")),
        as_debug_of_json,
        "/users?name=Grace%20%22Amazing%22%20Hopper".to_owned(),
        format!("{:?}", name.as_bytes()),
    ] {
        assert_eq!(found_in(&line), Some(Kind::Marker(1)), "{line}");
    }
}

#[test]
fn letters_outside_ascii_are_found_in_bytes_and_text() {
    let bytes = r"Gr\xc3\xbc\xc3\x9fe aus K\xc3\xb6ln".to_owned();
    for line in ["Grüße aus Köln".to_owned(), in_json_string(&bytes), bytes] {
        assert_eq!(found_in(&line), Some(Kind::Marker(2)), "{line}");
    }
}

#[test]
fn base64_is_found_at_each_of_its_offsets() {
    // base64 of `x`, `xy` and `xyz` before the name.
    for line in [
        "eEdyYWNlICJBbWF6aW5nIiBIb3BwZXI=",
        "eHlHcmFjZSAiQW1hemluZyIgSG9wcGVy",
        "eHl6R3JhY2UgIkFtYXppbmciIEhvcHBlcg==",
    ] {
        assert_eq!(found_in(line), Some(Kind::Marker(1)), "{line}");
    }
}

fn in_json_string(text: &str) -> String {
    format!(r#"{{"value":"{}"}}"#, markers::in_json(text))
}
