//! `model.safetensors.index.json`: which file of a divided model holds which tensor.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::SafetensorsError;

/// Which file holds which tensor.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ShardMap {
    weight_map: BTreeMap<String, String>,
}

impl ShardMap {
    /// Reads the text of the file. Other files are named, never folders: a map
    /// leads nowhere but to the files beside it.
    pub fn read(json: &[u8]) -> Result<ShardMap, SafetensorsError> {
        let map: ShardMap = serde_json::from_slice(json).map_err(SafetensorsError::json)?;
        if let Some(file) = map.weight_map.values().find(|file| !is_plain(file)) {
            return Err(SafetensorsError::Json { reason: format!("`{}` is no name of a file", file.escape_debug()) });
        }
        Ok(map)
    }

    /// The files, each once, in the order of their names.
    pub fn files(&self) -> BTreeSet<&str> {
        self.weight_map.values().map(String::as_str).collect()
    }

    /// The names of the tensors with the file of each.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &str)> {
        self.weight_map.iter().map(|(name, file)| (name.as_str(), file.as_str()))
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0'])
}
