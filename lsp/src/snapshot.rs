//! One state of a document, for requests: they see what the client had written
//! when it asked, whatever it writes meanwhile. Its script is understood when
//! the first of them needs it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ropey::Rope;
use tensorlogic_language::source::Encoding;
use tensorlogic_language::weights::Indexes;
use tower_lsp::ls_types::Uri;

use crate::client::Abilities;
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
}

impl Environment {
    /// The path of a document; one that was never saved would lie in the
    /// workspace.
    pub fn path(&self, uri: &Uri) -> PathBuf {
        let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
        let path = uri.to_file_path().filter(|_| is_file).map(|path| path.into_owned());
        path.unwrap_or_else(|| self.root.clone().unwrap_or_default().join("untitled.tl"))
    }
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
    script: OnceLock<Script>,
}

impl Snapshot {
    /// The state of a document now.
    pub fn new(uri: Uri, version: i32, text: Rope, environment: Arc<Environment>) -> Snapshot {
        let path = environment.path(&uri);
        Snapshot { uri, version, path, text, environment, script: OnceLock::new() }
    }

    /// Its script.
    pub fn script(&self) -> &Script {
        self.script.get_or_init(|| {
            let settings = &self.environment.settings;
            let root = self.environment.root.as_deref().unwrap_or(Path::new(""));
            let model = settings.model.as_ref().map(|model| root.join(model));
            let words = Some(settings.words.as_slice()).filter(|words| !words.is_empty());
            let surroundings = Surroundings { indexes: &self.environment.indexes, model: model.as_deref(), words };
            Script::new(&self.path, self.text.to_string(), &surroundings)
        })
    }
}
