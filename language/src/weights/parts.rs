//! The names of a model that is divided among several files, as llama.cpp and
//! Hugging Face give them: `NAME-00002-of-00005.gguf`.

use std::path::{Path, PathBuf};

/// What the name of one file says of all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PartName {
    folder: PathBuf,
    prefix: String,
    extension: String,
    /// The number of this file, from 1.
    pub(super) number: u64,
    /// How many files there are.
    pub(super) count: u64,
}

impl PartName {
    /// What this path says, if it is the name of a part.
    pub(super) fn of(path: &Path) -> Option<PartName> {
        let extension = path.extension()?.to_str()?;
        let (rest, count) = path.file_stem()?.to_str()?.rsplit_once("-of-")?;
        let (prefix, number) = rest.rsplit_once('-')?;
        let five_digits = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
        if !five_digits(number) || !five_digits(count) {
            return None;
        }
        let (number, count) = (number.parse().ok()?, count.parse().ok()?);
        (1..=count).contains(&number).then(|| PartName {
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            prefix: prefix.to_owned(),
            extension: extension.to_owned(),
            number,
            count,
        })
    }

    /// The paths of all parts in their order.
    pub(super) fn all(&self) -> impl Iterator<Item = PathBuf> {
        let PartName { folder, prefix, extension, count, .. } = self;
        (1..=*count).map(move |number| folder.join(format!("{prefix}-{number:05}-of-{count:05}.{extension}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_leads_to_all_of_them() {
        let name = PartName::of(Path::new("models/a-b-00002-of-00003.gguf")).unwrap();
        assert_eq!((name.number, name.count), (2, 3));
        let all: Vec<PathBuf> = name.all().collect();
        assert_eq!(all[0], Path::new("models/a-b-00001-of-00003.gguf"));
        assert_eq!((all.len(), all[2].as_path()), (3, Path::new("models/a-b-00003-of-00003.gguf")));
        for whole in ["a.gguf", "a-1-of-2.gguf", "a-00003-of-00002.gguf", "a-00000-of-00002.gguf", "00001-of-00002"] {
            assert_eq!(PartName::of(Path::new(whole)), None, "{whole}");
        }
    }
}
