//! `tl.toml`, in which a project says once what else every command and every
//! editor would have to be told. It lies beside a script or in a folder above it;
//! the nearest one counts. What is wrong in it costs itself only: the rest holds.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::diagnostic::{Severities, did_you_mean};
use crate::files::{Files, SearchPath};

/// What the file is called.
pub const FILE_NAME: &str = "tl.toml";

/// Where a run may compute.
pub const DEVICES: [&str; 3] = ["auto", "cpu", "wgpu"];

/// The element types that a run may use for what names none.
pub const DTYPES: [&str; 2] = ["f32", "f16"];

/// The keys of each section.
const SECTIONS: [(&str, &[&str]); 4] = [
    ("model", &["path"]),
    ("run", &["device", "dtype", "threads", "seed"]),
    ("check", &["severity"]),
    // The layout of scripts has nothing to choose; the name is kept.
    ("fmt", &[]),
];

/// What a project has chosen; everything may be left open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// `[model] path`: the weight file to read names and shapes from.
    pub model: Option<PathBuf>,
    /// `[run] device`: where to compute, one of [`DEVICES`].
    pub device: Option<String>,
    /// `[run] dtype`: the element type of what names none, one of [`DTYPES`].
    pub dtype: Option<String>,
    /// `[run] threads`: how many threads the processor uses.
    pub threads: Option<u16>,
    /// `[run] seed`: where random numbers start.
    pub seed: Option<u64>,
    /// `[check] severity`: how severe kinds of problems are.
    pub severities: Severities,
}

/// The file of a project as it was found.
#[derive(Clone, Debug)]
pub struct ConfigurationFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its text; none if it cannot be read.
    pub text: String,
    /// What it says.
    pub configuration: Configuration,
    /// What is wrong with it, in the order of its text.
    pub faults: Vec<Fault>,
}

/// Something in the file that has no meaning, and is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The bytes at fault.
    pub bytes: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl ConfigurationFile {
    /// The nearest file beside or above a script.
    pub fn of_script(files: &dyn Files, script: &Path) -> Option<ConfigurationFile> {
        let script = std::path::absolute(script).ok()?;
        let path = script.ancestors().skip(1).map(|folder| folder.join(FILE_NAME)).find(|path| files.exists(path))?;
        let read = files.read_text(&path).map_err(|error| error.to_string());
        let read = read.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()));
        Some(match read {
            Ok(text) => ConfigurationFile::new(path, text),
            Err(reason) => {
                let fault = Fault { bytes: 0..0, message: format!("the file cannot be read: {reason}"), help: None };
                let configuration = Configuration::default();
                ConfigurationFile { path, text: String::new(), configuration, faults: vec![fault] }
            }
        })
    }

    /// The file of this text, which lies at `path`.
    pub fn new(path: PathBuf, text: String) -> ConfigurationFile {
        let (table, errors) = DeTable::parse_recoverable(&text);
        let faults = errors.iter().map(|error| Fault {
            bytes: error.span().unwrap_or_default(),
            message: error.message().trim().to_owned(),
            help: None,
        });
        let mut reader =
            Reader { path: &path, text: &text, faults: faults.collect(), configuration: Configuration::default() };
        reader.sections(table.get_ref());
        let Reader { mut faults, configuration, .. } = reader;
        faults.sort_by_key(|fault| fault.bytes.start);
        ConfigurationFile { path, text, configuration, faults }
    }
}

struct Reader<'t> {
    path: &'t Path,
    text: &'t str,
    faults: Vec<Fault>,
    configuration: Configuration,
}

impl Reader<'_> {
    fn sections(&mut self, table: &DeTable) {
        for (name, value) in table {
            let known = SECTIONS.iter().find(|(section, _)| section == name.get_ref());
            match (known, value.get_ref()) {
                (Some((section, keys)), DeValue::Table(entries)) => self.section(section, keys, entries),
                (Some((section, _)), _) => self.needs(section, "a section of its own", value),
                (None, _) => {
                    let message = format!("there is no section `[{}]`", name.get_ref());
                    self.unknown(name, message, &SECTIONS.map(|(section, _)| section));
                }
            }
        }
    }

    fn section(&mut self, section: &str, keys: &[&'static str], entries: &DeTable) {
        for (key, value) in entries {
            let name = key.get_ref().as_ref();
            match (section, name) {
                ("model", "path") => self.configuration.model = self.model(value),
                ("run", "device") => self.configuration.device = self.one_of(name, &DEVICES, value),
                ("run", "dtype") => self.configuration.dtype = self.one_of(name, &DTYPES, value),
                ("run", "threads") => {
                    let threads = number(value).and_then(|n| u16::try_from(n).ok()).filter(|n| *n > 0);
                    self.configuration.threads = self.needed(name, "a whole number from 1 to 65535", value, threads);
                }
                ("run", "seed") => {
                    self.configuration.seed = self.needed(name, "a whole number, at least 0", value, number(value));
                }
                ("check", "severity") => match value.get_ref() {
                    DeValue::Table(choices) => self.severities(choices),
                    _ => self.needs(name, "a code behind it, as in `severity.lost-update = \"error\"`", value),
                },
                _ => self.unknown(key, format!("`[{section}]` has no key `{name}`"), keys),
            }
        }
    }

    fn severities(&mut self, choices: &DeTable) {
        for (code, value) in choices {
            let name = code.get_ref();
            let choice = value.get_ref().as_str().and_then(Severities::choice);
            match (Severities::code(name), choice) {
                (Ok(code), Some(severity)) => self.configuration.severities.choose(code, severity),
                (Ok(_), None) => self.needs(name, Severities::WORDS, value),
                (Err(close), _) => {
                    let help = match close {
                        Some(close) => format!("did you mean `{close}`?"),
                        None => "run `tl explain` to see every code".to_owned(),
                    };
                    self.fault(code.span(), format!("there is no code `{name}`"), help);
                }
            }
        }
    }

    /// A relative path begins where the file lies.
    fn model(&mut self, value: &Spanned<DeValue>) -> Option<PathBuf> {
        let name = value.get_ref().as_str().filter(|name| !name.is_empty());
        let name = self.needed("path", "the path of a weight file", value, name)?;
        SearchPath::of_script(self.path).candidates(name).into_iter().next()
    }

    fn one_of(&mut self, key: &str, words: &[&str], value: &Spanned<DeValue>) -> Option<String> {
        let word = value.get_ref().as_str().filter(|word| words.contains(word)).map(str::to_owned);
        let (last, first) = words.split_last()?;
        let first = first.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        self.needed(key, &format!("{first} or `{last}`"), value, word)
    }

    /// What was found, or a fault that says what is needed.
    fn needed<T>(&mut self, key: &str, wanted: &str, value: &Spanned<DeValue>, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.needs(key, wanted, value);
        }
        found
    }

    fn needs(&mut self, key: &str, wanted: &str, value: &Spanned<DeValue>) {
        let bytes = value.span();
        let found = self.text.get(bytes.clone()).unwrap_or_default().lines().next().unwrap_or_default();
        let message = format!("`{key}` needs {wanted}, found `{found}`");
        self.faults.push(Fault { bytes, message, help: None });
    }

    fn unknown(&mut self, key: &Spanned<DeString>, message: String, known: &[&'static str]) {
        let help = match did_you_mean(key.get_ref(), known.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None if known.is_empty() => "remove it".to_owned(),
            None => {
                format!("choose one of {}", known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "))
            }
        };
        self.fault(key.span(), message, help);
    }

    fn fault(&mut self, bytes: Range<usize>, message: String, help: String) {
        self.faults.push(Fault { bytes, message, help: Some(help) });
    }
}

/// A whole number that is not below 0.
fn number(value: &Spanned<DeValue>) -> Option<u64> {
    let integer = value.get_ref().as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Severity};

    fn read(text: &str) -> ConfigurationFile {
        ConfigurationFile::new(PathBuf::from("/project/tl.toml"), text.to_owned())
    }

    /// The faults, as the text at fault, what is said of it and the advice.
    #[track_caller]
    fn check_faults(text: &str, expected: &[(&str, &str)]) {
        let file = read(text);
        let told = file.faults.iter().map(|fault| {
            let help = fault.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
            (&text[fault.bytes.clone()], format!("{}{help}", fault.message))
        });
        let told: Vec<(&str, String)> = told.collect();
        let told: Vec<(&str, &str)> = told.iter().map(|(part, message)| (*part, message.as_str())).collect();
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn everything_may_be_chosen() {
        let file = read(
            "[model]\npath = \"weights/a.gguf\"\n\n[run]\ndevice = \"cpu\"\ndtype = \"f16\"\nthreads = 2\nseed = 0x10\n\n\
             [check]\nseverity.lost-update = \"error\"\nseverity.dtype-mix = \"off\"\n\n[fmt]\n",
        );
        assert_eq!(file.faults, []);
        let mut severities = Severities::default();
        severities.choose(Code::LostUpdate, Some(Severity::Error));
        severities.choose(Code::DtypeMix, None);
        let expected = Configuration {
            model: Some("/project/weights/a.gguf".into()),
            device: Some("cpu".into()),
            dtype: Some("f16".into()),
            threads: Some(2),
            seed: Some(16),
            severities,
        };
        assert_eq!(file.configuration, expected);
        assert_eq!(read("").configuration, Configuration::default());
        assert_eq!(
            read("[check.severity]\ndtype-mix = \"off\"").configuration.severities.of(Code::DtypeMix, Severity::Hint),
            None
        );
    }

    #[test]
    fn what_has_no_meaning_is_named() {
        check_faults("[rum]\nseed = 1", &[("rum", "there is no section `[rum]`; did you mean `run`?")]);
        check_faults(
            "seed = 1",
            &[("seed", "there is no section `[seed]`; choose one of `model`, `run`, `check`, `fmt`")],
        );
        check_faults("run = 1", &[("1", "`run` needs a section of its own, found `1`")]);
        check_faults("[run]\ndevise = \"cpu\"", &[("devise", "`[run]` has no key `devise`; did you mean `device`?")]);
        check_faults("[fmt]\nwidth = 3", &[("width", "`[fmt]` has no key `width`; remove it")]);
        check_faults(
            "[run]\ndevice = \"gpu\"",
            &[("\"gpu\"", "`device` needs `auto`, `cpu` or `wgpu`, found `\"gpu\"`")],
        );
        check_faults("[run]\nthreads = 0", &[("0", "`threads` needs a whole number from 1 to 65535, found `0`")]);
        check_faults("[run]\nseed = -1", &[("-1", "`seed` needs a whole number, at least 0, found `-1`")]);
        check_faults("[model]\npath = 3", &[("3", "`path` needs the path of a weight file, found `3`")]);
        check_faults(
            "[check]\nseverity.lost-updat = \"off\"\nseverity.no-effect = \"loud\"",
            &[
                ("lost-updat", "there is no code `lost-updat`; did you mean `lost-update`?"),
                ("\"loud\"", "`no-effect` needs `error`, `warning`, `hint` or `off`, found `\"loud\"`"),
            ],
        );
    }

    #[test]
    fn a_fault_costs_itself_only() {
        let file = read(
            "[run]\nthreads = 0\nseed = 7\ndevice = cpu\n[check]\nseverity.no-such = \"off\"\nseverity.no-effect = \"off\"\n",
        );
        assert_eq!(file.faults.len(), 3, "{:#?}", file.faults);
        assert_eq!(file.configuration.seed, Some(7));
        assert_eq!(file.configuration.severities.of(Code::NoEffect, Severity::Warning), None);
    }
}
