//! The invariants of ARCHITECTURE.md: who may import whom, and what stands in
//! one place only.

use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::{Trials, folders, tool};

/// One trial for each invariant.
pub fn trials() -> Trials {
    let trial = |name: &str, check: fn() -> Result<(), Failed>| Trial::test(format!("architecture: {name}"), check);
    Ok(vec![
        trial("packages import only what lies below them", packages_point_down),
        trial("only the runtime knows burn, only the server knows its protocol", outside_packages_have_one_user),
        trial("nothing inside of the language points back", language_modules_point_down),
        trial("only the syntax module knows the parser and its node kinds", node_kinds_stay_in_syntax),
        trial("every family of builtins has its kernels", families_have_kernels),
    ])
}

/// Each package and what it may import. `tests` starts `tl` as a process; the
/// server starts the runtime as one.
const PACKAGES: &[(&str, &[&str])] = &[
    ("tree-sitter-tensorlogic", &[]),
    ("tensorlogic-language", &["tree-sitter-tensorlogic"]),
    ("tensorlogic-runtime", &["tensorlogic-language"]),
    ("tensorlogic-lsp", &["tensorlogic-language"]),
    ("tl", &["tensorlogic-language", "tensorlogic-runtime", "tensorlogic-lsp"]),
    ("tensorlogic-tests", &["tensorlogic-language", "tensorlogic-runtime"]),
];

/// What comes from outside and may be known in one package only; a name stands
/// for everything that begins with it and a dash.
const ONE_USER: &[(&str, &str)] = &[
    ("burn", "tensorlogic-runtime"),
    ("cubecl", "tensorlogic-runtime"),
    ("wgpu", "tensorlogic-runtime"),
    ("tokenizers", "tensorlogic-runtime"),
    ("tokio", "tensorlogic-lsp"),
    ("tower-lsp", "tensorlogic-lsp"),
    ("tower-lsp-server", "tensorlogic-lsp"),
    ("clap", "tl"),
];

/// The modules of the language from the ground up; one may use those of the
/// lines above its own.
const LANGUAGE: &[&[&str]] = &[
    &["source", "files"],
    &["size"],
    &["shape"],
    &["diagnostic"],
    &["syntax", "catalogue", "gguf", "safetensors", "event", "configuration"],
    &["program", "format", "weights"],
    &["inference"],
    &["checker"],
];

/// Known knots. A mismatch of shapes carries the code that a problem will have.
const LANGUAGE_KNOTS: &[(&str, &str)] = &[("shape", "diagnostic::Code")];

fn packages_point_down() -> Result<(), Failed> {
    for (package, dependencies) in packages()? {
        let Some((_, allowed)) = PACKAGES.iter().find(|(known, _)| *known == package) else {
            return Err(format!("the package `{package}` has no place in the picture").into());
        };
        for dependency in dependencies {
            let is_ours = PACKAGES.iter().any(|(known, _)| *known == dependency);
            if is_ours && !allowed.contains(&&*dependency) {
                return Err(format!("`{package}` must not import `{dependency}`").into());
            }
        }
    }
    Ok(())
}

fn outside_packages_have_one_user() -> Result<(), Failed> {
    for (package, dependencies) in packages()? {
        for dependency in dependencies {
            let is = |outside: &str| {
                dependency.strip_prefix(outside).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            };
            match ONE_USER.iter().find(|(outside, _)| is(outside)) {
                Some((_, user)) if *user != package => {
                    return Err(format!("`{package}` imports `{dependency}`, only `{user}` may").into());
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Every package of the workspace with what its manifest imports.
fn packages() -> Result<Vec<(String, Vec<String>)>, Failed> {
    let mut cargo = tool::prepared(Path::new(env!("CARGO")));
    cargo.args(["metadata", "--no-deps", "--format-version", "1", "--offline"]);
    let metadata: Value = serde_json::from_str(&tool::finish(&mut cargo)?.expect_code(0)?.output)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let packages = list(&metadata["packages"]);
    Ok(packages.iter().map(|it| (name(it), list(&it["dependencies"]).iter().map(name).collect())).collect())
}

fn language_modules_point_down() -> Result<(), Failed> {
    let folder = folders::file("language/src");
    let mut wrong = Vec::new();
    for path in folders::find(&folder, "rs")? {
        let inside = path.strip_prefix(&folder).unwrap_or(&path);
        let module = inside.iter().next().map(|first| Path::new(first).with_extension("")).unwrap_or_default();
        let module = module.to_string_lossy();
        if module == "lib" {
            continue;
        }
        let level = level(&module).ok_or_else(|| format!("`{module}` has no place in the order of the modules"))?;
        for used in uses_of_crate(&code(&path)?) {
            let target = used.split("::").next().unwrap_or_default();
            let below = self::level(target).is_some_and(|target| target < level);
            let knot = LANGUAGE_KNOTS.contains(&(&*module, &*used));
            if target != module && !below && !knot {
                wrong.push(format!("{}: `{module}` must not use `{used}`", inside.display()));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn level(module: &str) -> Option<usize> {
    LANGUAGE.iter().position(|modules| modules.contains(&module))
}

/// The text of a file without the lines that are comments.
fn code(path: &Path) -> Result<String, Failed> {
    let text = folders::read(path)?;
    Ok(text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"))
}

/// What follows each `crate::`: up to two names, or the names in braces.
fn uses_of_crate(code: &str) -> Vec<String> {
    let mut uses = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        let rest = &code[at + found.len()..];
        match rest.strip_prefix('{') {
            None => uses.push(path_of(rest)),
            Some(group) => {
                let mut depth = 1;
                let mut start = 0;
                for (at, character) in group.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 1 => {}
                        _ => continue,
                    }
                    if (character == ',' && depth == 1) || depth == 0 {
                        uses.push(path_of(group[start..at].trim_start()));
                        start = at + 1;
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
        }
    }
    uses.retain(|used| !used.is_empty());
    uses
}

/// The first two names of a path.
fn path_of(text: &str) -> String {
    let path = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').next().unwrap_or_default();
    path.split("::").filter(|name| !name.is_empty()).take(2).collect::<Vec<_>>().join("::")
}

fn node_kinds_stay_in_syntax() -> Result<(), Failed> {
    let types: Value =
        serde_json::from_str(&folders::read(&folders::file("tree-sitter-tensorlogic/src/node-types.json"))?)?;
    let kinds: Vec<String> = types
        .as_array()
        .ok_or("node-types.json is no list")?
        .iter()
        .filter(|kind| kind["named"] == true)
        .filter_map(|kind| kind["type"].as_str())
        // A kind without an underscore is a word that other texts contain as well.
        .filter(|kind| kind.contains('_'))
        .map(|kind| format!("\"{kind}\""))
        .collect();
    let mut wrong = Vec::new();
    for package in ["language", "runtime", "lsp", "tl"] {
        let folder = folders::file(package).join("src");
        if !folder.exists() {
            continue;
        }
        for path in folders::find(&folder, "rs")? {
            if path.starts_with(folders::file("language/src/syntax")) {
                continue;
            }
            let code = code(&path)?;
            let known = kinds.iter().map(String::as_str).chain(["tree_sitter"]);
            wrong.extend(known.filter(|word| code.contains(word)).map(|word| format!("{}: {word}", path.display())));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn families_have_kernels() -> Result<(), Failed> {
    let catalogue = folders::file("language/src/catalogue");
    let text = folders::read(&catalogue.join("mod.rs"))?;
    let (_, list) = text.split_once("\nfamilies! {").ok_or("catalogue/mod.rs has no list of families")?;
    let (list, _) = list.split_once("\n}").ok_or("the list of families does not end")?;
    let families: Vec<&str> =
        list.lines().filter_map(|line| line.trim().split_once("::")).map(|(name, _)| name).collect();
    if families.is_empty() {
        return Err("the list of families is empty".into());
    }
    for family in families {
        for folder in [&catalogue, &folders::file("runtime/src/kernels")] {
            let path = folder.join(family).with_extension("rs");
            if !path.exists() {
                return Err(format!("the family `{family}` has no {}", path.display()).into());
            }
        }
    }
    Ok(())
}
