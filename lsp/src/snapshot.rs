//! One state of a document, for requests: they see what the client had written
//! when it asked, whatever it writes meanwhile. Its script is understood when
//! the first of them needs it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use ropey::Rope;
use tensorlogic_language::checker::Checker;
use tensorlogic_language::configuration::ConfigurationFile;
use tensorlogic_language::diagnostic::Severities;
use tensorlogic_language::files::Disk;
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::Encoding;
use tensorlogic_language::weights::Indexes;
use tower_lsp::ls_types::Uri;

use crate::client::Abilities;
use crate::files::{DocumentFiles, OpenTexts};
use crate::lock::lock;
use crate::runs::Failures;
use crate::script::{Script, Surroundings};
use crate::settings::Settings;

/// What all documents share at one time.
#[derive(Clone)]
pub struct Environment {
    /// What the user has chosen.
    pub settings: Settings,
    /// The units of columns.
    pub encoding: Encoding,
    /// What the client can do.
    pub abilities: Abilities,
    /// The workspace.
    pub root: Option<PathBuf>,
    /// The indexes of weight files.
    pub indexes: Arc<Indexes>,
    /// How the last runs failed.
    pub failures: Failures,
    /// The texts of all open documents.
    pub texts: OpenTexts,
}

impl Environment {
    /// The path of a document; one that was never saved would lie in the
    /// workspace.
    pub fn path(&self, uri: &Uri) -> PathBuf {
        path_of_file(uri).unwrap_or_else(|| self.root.clone().unwrap_or_default().join("untitled.tl"))
    }
}

/// The path of a document that is, or is to be, a file.
pub fn path_of_file(uri: &Uri) -> Option<PathBuf> {
    let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    uri.to_file_path().filter(|_| is_file).map(|path| path.into_owned())
}

/// One state of a document.
pub struct Snapshot {
    /// Which document.
    pub uri: Uri,
    /// The client's number of this state.
    pub version: i32,
    /// Where it lies.
    pub path: PathBuf,
    /// Its text.
    pub text: Rope,
    /// What surrounds it.
    pub environment: Arc<Environment>,
    /// The files that it was understood with.
    pub files: DocumentFiles,
    script: OnceLock<Script>,
    project: OnceLock<Option<ConfigurationFile>>,
    severities: OnceLock<Severities>,
    /// Understands one state after the other.
    checker: Arc<Mutex<Checker>>,
}

impl Snapshot {
    /// The state of a document now, which had another one `before`.
    pub fn new(
        uri: Uri,
        version: i32,
        text: Rope,
        environment: Arc<Environment>,
        before: Option<&Snapshot>,
    ) -> Snapshot {
        let path = environment.path(&uri);
        let known = before.filter(|before| before.path == path).map(|before| before.checker.clone());
        let checker = known.unwrap_or_else(|| Arc::new(Mutex::new(Checker::new(&path))));
        let files = DocumentFiles::new(environment.texts.clone());
        Snapshot {
            uri,
            version,
            path,
            text,
            environment,
            files,
            script: OnceLock::new(),
            project: OnceLock::new(),
            severities: OnceLock::new(),
            checker,
        }
    }

    /// The `tl.toml` that counts for it.
    pub fn project(&self) -> Option<&ConfigurationFile> {
        self.project.get_or_init(|| ConfigurationFile::of_script(&Disk, &self.path)).as_ref()
    }

    /// How severe kinds of problems are: the user's choice, else the project's.
    pub fn severities(&self) -> &Severities {
        self.severities.get_or_init(|| {
            let own = self.environment.settings.severities.clone();
            match self.project() {
                Some(project) => own.or(&project.configuration.severities),
                None => own,
            }
        })
    }

    /// Its script.
    pub fn script(&self) -> &Script {
        self.script.get_or_init(|| {
            let settings = &self.environment.settings;
            let root = self.environment.root.as_deref().unwrap_or(Path::new(""));
            let project = self.project().map(|file| file.configuration.clone()).unwrap_or_default();
            let model = settings.model.as_ref().map(|model| root.join(model)).or(project.model);
            let words = Some(settings.words.as_slice()).filter(|words| !words.is_empty());
            let default_element = match project.dtype.as_deref() {
                Some("f16") => ElementType::Float16,
                _ => ElementType::Float32,
            };
            let indexes = &self.environment.indexes;
            let surroundings =
                Surroundings { files: &self.files, indexes, model: model.as_deref(), words, default_element };
            Script::new(&mut lock(&self.checker), &self.path, self.text.to_string(), &surroundings)
        })
    }
}
