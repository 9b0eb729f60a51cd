//! The corpus reaches the whole grammar. What can be told apart from outside is counted: node
//! kinds and tokens, the fields of every node with the kinds that each may hold, and the
//! reductions of the parse table, which are the productions by their symbol and length.
//! Equally long productions of one symbol count as one; where they differ in a field or in
//! what it holds, that is counted by itself.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tree_sitter::{LogType, Parser, Tree};

/// What the grammar declares and no program reaches without an error, with the reason.
const UNREACHABLE: [(&str, &str); 1] = [(
    "production if_expression of 4",
    "it holds `_before_else`, which tells the scanner where it is and is never produced",
)];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The programs of all corpus cases.
fn corpus() -> Result<Vec<String>> {
    let mut files: Vec<_> = std::fs::read_dir(root().join("test/corpus"))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file)?;
        let mut program: Option<String> = None;
        let mut headers = 0;
        for line in text.split_inclusive('\n') {
            let rule = |mark: char| line.len() > 3 && line.trim_end().chars().all(|c| c == mark);
            if rule('=') {
                headers += 1;
                program = (headers % 2 == 0).then(String::new);
            } else if rule('-') {
                cases.extend(program.take());
            } else if let Some(program) = &mut program {
                program.push_str(line);
            }
        }
    }
    Ok(cases)
}

/// What the corpus reaches, one line for each thing.
fn reached() -> Result<BTreeSet<String>> {
    let found = Arc::new(Mutex::new(BTreeSet::new()));
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_tensorlogic::LANGUAGE.into())?;
    let log = Arc::clone(&found);
    parser.set_logger(Some(Box::new(move |kind, message| {
        if kind != LogType::Parse {
            return;
        }
        if let Some((symbol, count)) =
            message.strip_prefix("reduce sym:").and_then(|rest| rest.split_once(", child_count:"))
        {
            log.lock().unwrap_or_else(PoisonError::into_inner).insert(format!("production {symbol} of {count}"));
        }
    })));
    for case in corpus()? {
        let tree = parser.parse(&case, None).ok_or("the parser was stopped")?;
        collect(&tree, &mut found.lock().unwrap_or_else(PoisonError::into_inner));
    }
    parser.set_logger(None);
    let found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(found)
}

fn collect(tree: &Tree, found: &mut BTreeSet<String>) {
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if !node.is_missing() && !node.is_error() {
            found.insert(format!("kind {}", name(node.kind(), node.is_named())));
            if let (Some(parent), Some(field)) = (node.parent(), cursor.field_name()) {
                found.insert(format!("field {}.{field}: {}", parent.kind(), name(node.kind(), node.is_named())));
            }
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// Tokens are written in quotes.
fn name(kind: &str, named: bool) -> String {
    if named { kind.to_owned() } else { format!("\"{kind}\"") }
}

fn name_of(kind: &Value) -> Option<String> {
    Some(name(kind["type"].as_str()?, kind["named"].as_bool()?))
}

/// What node-types.json declares. A kind with subtypes, such as `expression`, is one kind
/// in a field: one of its subtypes has to be there.
fn declared() -> Result<Vec<(String, Vec<String>)>> {
    let kinds: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(root().join("src/node-types.json"))?)?;
    let mut supertypes = std::collections::BTreeMap::new();
    for kind in &kinds {
        if let (Some(name), Some(subtypes)) = (name_of(kind), kind["subtypes"].as_array()) {
            supertypes.insert(name, subtypes.iter().filter_map(name_of).collect::<Vec<_>>());
        }
    }
    let expand = |kind: &str| {
        let mut all = vec![kind.to_owned()];
        let mut index = 0;
        while index < all.len() {
            all.extend(supertypes.get(&all[index]).into_iter().flatten().cloned());
            index += 1;
        }
        all
    };
    let mut wanted = Vec::new();
    for kind in &kinds {
        let Some(parent) = name_of(kind).filter(|name| !supertypes.contains_key(name)) else { continue };
        wanted.push((format!("kind {parent}"), vec![format!("kind {parent}")]));
        for (field, holds) in kind["fields"].as_object().into_iter().flatten() {
            for child in holds["types"].as_array().into_iter().flatten().filter_map(name_of) {
                let place = format!("field {parent}.{field}");
                let any = expand(&child).iter().map(|kind| format!("{place}: {kind}")).collect();
                wanted.push((format!("{place}: {child}"), any));
            }
        }
    }
    Ok(wanted)
}

/// The reductions of the parse table, with the names that the parser's log gives them.
fn reductions() -> Result<BTreeSet<String>> {
    let source = std::fs::read_to_string(root().join("src/parser.c"))?;
    let names: std::collections::BTreeMap<&str, &str> = source
        .split_once("ts_symbol_names[] = {")
        .and_then(|(_, rest)| rest.split_once("};"))
        .ok_or("parser.c has no symbol names")?
        .0
        .lines()
        .filter_map(|line| line.trim().strip_prefix('[')?.split_once("] = \""))
        .filter_map(|(symbol, name)| Some((symbol, name.strip_suffix("\",")?)))
        .collect();
    let mut found = BTreeSet::new();
    for reduction in source.split(" REDUCE(").skip(1) {
        let mut parts = reduction.split([',', ')']).map(str::trim);
        let (Some(symbol), Some(count)) = (parts.next(), parts.next()) else { continue };
        if let Some(name) = names.get(symbol) {
            found.insert(format!("production {name} of {count}"));
        }
    }
    Ok(found)
}

#[test]
fn the_corpus_reaches_the_whole_grammar() -> Result<()> {
    let found = reached()?;
    let declared = declared()?;
    let reductions = reductions()?;
    assert!(declared.len() > 500 && reductions.len() > 200, "{} and {}", declared.len(), reductions.len());
    let mut missed: Vec<&str> = declared
        .iter()
        .filter(|(_, any)| !any.iter().any(|one| found.contains(one)))
        .map(|(name, _)| &**name)
        .collect();
    missed.extend(reductions.iter().filter(|name| !found.contains(*name)).map(|name| &**name));
    for (name, reason) in UNREACHABLE {
        let before = missed.len();
        missed.retain(|one| *one != name);
        assert!(missed.len() < before, "`{name}` is reached or no longer declared, although {reason}");
    }
    println!("{} kinds, fields and their contents, {} productions", declared.len(), reductions.len());
    assert!(missed.is_empty(), "{} are in no corpus case:\n{}", missed.len(), missed.join("\n"));
    Ok(())
}
