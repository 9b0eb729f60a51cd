//! The user's settings, section `tensorlogic`, as every editor sends them. A
//! value of a wrong kind is told and leaves its setting as it is by default;
//! settings that belong to the editor's side are passed over.

use std::path::PathBuf;

use serde_json::Value;
use tensorlogic_language::configuration::DEVICES;
use tensorlogic_language::diagnostic::Severities;

/// What the user may choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `model.path`: the weight file to read names and shapes from, whatever a
    /// script says; relative to the workspace.
    pub model: Option<PathBuf>,
    /// `device`: where runs compute.
    pub device: String,
    /// `threads`: how many threads a run's processor uses.
    pub threads: Option<u16>,
    /// `run.arguments`: the words for a script.
    pub words: Vec<String>,
    /// `run.seed`: where a run's random numbers start.
    pub seed: Option<u64>,
    /// `inlayHints.enable`.
    pub inlay_hints: bool,
    /// `diagnostics.severity`, by code.
    pub severities: Severities,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            model: None,
            device: AUTO.into(),
            threads: None,
            words: Vec::new(),
            seed: None,
            inlay_hints: true,
            severities: Severities::default(),
        }
    }
}

/// The device that is as good as none chosen.
pub const AUTO: &str = "auto";

impl Settings {
    /// Reads the section; also gives what is wrong with it.
    pub fn read(section: &Value) -> (Settings, Vec<String>) {
        let mut reader = Reader { section, problems: Vec::new() };
        let default = Settings::default();
        let settings = Settings {
            model: reader.get("model.path", "a path", text).map(PathBuf::from),
            device: reader.get("device", "`auto`, `cpu` or `wgpu`", device).unwrap_or(default.device),
            threads: reader.get("threads", "a whole number from 1 to 65535", threads),
            words: reader.get("run.arguments", "a list of texts", words).unwrap_or_default(),
            seed: reader.get("run.seed", "a whole number, at least 0", Value::as_u64),
            inlay_hints: reader.get("inlayHints.enable", "true or false", Value::as_bool).unwrap_or(true),
            severities: reader.severities(),
        };
        (settings, reader.problems)
    }
}

struct Reader<'v> {
    section: &'v Value,
    problems: Vec<String>,
}

impl Reader<'_> {
    /// The setting at a dotted path; what is absent, null or empty is not set.
    fn get<T>(&mut self, path: &str, wanted: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.value(path)?;
        let found = read(value);
        if found.is_none() {
            self.problems.push(format!("the setting `tensorlogic.{path}` needs {wanted}, found {value}"));
        }
        found
    }

    fn value(&self, path: &str) -> Option<&'_ Value> {
        // Some clients send nested objects, some keys with dots.
        let nested = path.split('.').try_fold(self.section, |value, part| value.get(part));
        let value = nested.or_else(|| self.section.get(path))?;
        let is_set = !value.is_null() && value.as_str() != Some("");
        is_set.then_some(value)
    }

    fn severities(&mut self) -> Severities {
        let path = "diagnostics.severity";
        let object = |value: &Value| value.as_object().cloned();
        let Some(object) = self.get(path, "an object of codes and severities", object) else {
            return Severities::default();
        };
        let mut severities = Severities::default();
        for (name, value) in object {
            match (Severities::code(&name), value.as_str().and_then(Severities::choice)) {
                (Ok(code), Some(severity)) => severities.choose(code, severity),
                (Ok(_), None) => {
                    let wanted = Severities::WORDS;
                    self.problems
                        .push(format!("the setting `tensorlogic.{path}.{name}` needs {wanted}, found {value}"));
                }
                (Err(close), _) => {
                    let meant = close.map(|close| format!("; did you mean `{close}`?")).unwrap_or_default();
                    self.problems.push(format!("the setting `tensorlogic.{path}` has no code `{name}`{meant}"));
                }
            }
        }
        severities
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn device(value: &Value) -> Option<String> {
    text(value).filter(|device| DEVICES.contains(&device.as_str()))
}

fn threads(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|threads| u16::try_from(threads).ok()).filter(|threads| *threads > 0)
}

fn words(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tensorlogic_language::diagnostic::{Code, Severity};

    #[test]
    fn every_setting_is_read() {
        let (settings, problems) = Settings::read(&json!({
            "model": {"path": "models/a.gguf"},
            "device": "cpu",
            "threads": 2,
            "run": {"arguments": ["--tokens", "3"], "seed": 7},
            "inlayHints": {"enable": false},
            "diagnostics": {"severity": {"legacy-syntax": "off", "dtype-mix": "warning"}},
        }));
        assert_eq!(problems, [""; 0]);
        let mut severities = Severities::default();
        severities.choose(Code::LegacySyntax, None);
        severities.choose(Code::DtypeMix, Some(Severity::Warning));
        let expected = Settings {
            model: Some("models/a.gguf".into()),
            device: "cpu".into(),
            threads: Some(2),
            words: vec!["--tokens".into(), "3".into()],
            seed: Some(7),
            inlay_hints: false,
            severities,
        };
        assert_eq!(settings, expected);
    }

    #[test]
    fn what_is_not_set_is_as_by_default() {
        for nothing in [json!(null), json!({}), json!({"model": {"path": ""}, "run": null, "trace": "off"})] {
            assert_eq!(Settings::read(&nothing), (Settings::default(), Vec::new()), "{nothing}");
        }
        assert_eq!(Settings::read(&json!({"run.seed": 3})).0.seed, Some(3), "keys with dots");
    }

    #[test]
    fn a_wrong_kind_is_told() {
        for (section, problem) in [
            (json!({"device": "gpu"}), "the setting `tensorlogic.device` needs `auto`, `cpu` or `wgpu`, found \"gpu\""),
            (json!({"threads": 0}), "the setting `tensorlogic.threads` needs a whole number from 1 to 65535, found 0"),
            (
                json!({"run": {"arguments": "a b"}}),
                "the setting `tensorlogic.run.arguments` needs a list of texts, found \"a b\"",
            ),
            (
                json!({"diagnostics": {"severity": {"dtype-mx": "off"}}}),
                "the setting `tensorlogic.diagnostics.severity` has no code `dtype-mx`; did you mean `dtype-mix`?",
            ),
            (
                json!({"diagnostics": {"severity": {"dtype-mix": 1}}}),
                "the setting `tensorlogic.diagnostics.severity.dtype-mix` needs `error`, `warning`, `hint` or `off`, found 1",
            ),
        ] {
            assert_eq!(Settings::read(&section), (Settings::default(), vec![problem.into()]));
        }
    }
}
