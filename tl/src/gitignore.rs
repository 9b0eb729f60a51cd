//! What git leaves alone: the patterns of `.gitignore` files, those of a folder and of
//! the folders above it up to the root of its repository.
//! Source: `man gitignore`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The patterns that count on the way down a folder.
pub struct Ignored {
    /// The folder as it is named, and where it lies.
    folder: PathBuf,
    real: PathBuf,
    /// Folders from the outermost to the innermost, with the patterns of their files.
    folders: Vec<(PathBuf, Vec<Pattern>)>,
}

struct Pattern {
    /// From the folder of its file on.
    glob: Vec<char>,
    /// Whether it takes back what a pattern before it says.
    keeps: bool,
    only_folders: bool,
}

impl Ignored {
    /// What the folders above this one say.
    pub fn above(folder: &Path) -> Ignored {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let mut ignored = Ignored { folder: folder.to_owned(), real: real.clone(), folders: Vec::new() };
        // Outside of a repository nothing above has a say.
        let Some(root) = real.ancestors().find(|above| above.join(".git").exists()) else { return ignored };
        let mut above: Vec<&Path> = real.ancestors().skip(1).take_while(|above| above.starts_with(root)).collect();
        above.reverse();
        above.into_iter().for_each(|above| ignored.enter(above));
        ignored
    }

    /// Whether a file or a folder is left alone; what a folder says that is not counts
    /// from now on. Folders come before what they hold.
    pub fn covers(&mut self, path: &Path, is_folder: bool) -> bool {
        let Ok(inside) = path.strip_prefix(&self.folder) else { return false };
        let real = self.real.join(inside);
        while self.folders.last().is_some_and(|(folder, _)| !real.starts_with(folder)) {
            self.folders.pop();
        }
        let is_ignored = self.says(&real, is_folder);
        if is_folder && !is_ignored {
            self.enter(&real);
        }
        is_ignored
    }

    /// The nearest file has the last word, and in it the last pattern.
    fn says(&self, path: &Path, is_folder: bool) -> bool {
        let decisive = self.folders.iter().rev().find_map(|(folder, patterns)| {
            let inside: Vec<char> = path.strip_prefix(folder).ok()?.to_string_lossy().replace('\\', "/").chars().collect();
            let fits = |pattern: &&Pattern| (is_folder || !pattern.only_folders) && fits(&pattern.glob, &inside);
            patterns.iter().rev().find(fits)
        });
        decisive.is_some_and(|pattern| !pattern.keeps)
    }

    fn enter(&mut self, folder: &Path) {
        let Ok(text) = std::fs::read_to_string(folder.join(".gitignore")) else { return };
        self.folders.push((folder.to_owned(), text.lines().filter_map(Pattern::of_line).collect()));
    }
}

impl Pattern {
    fn of_line(line: &str) -> Option<Pattern> {
        let line = line.trim_end_matches('\r');
        // A blank at the end counts only behind a backslash.
        let line = match line.trim_end_matches(' ') {
            short if short.ends_with('\\') && short.len() < line.len() => &line[..=short.len()],
            short => short,
        };
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (keeps, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (only_folders, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
        // A pattern with a slash inside begins at the folder; any other fits anywhere.
        let glob = match line.strip_prefix('/') {
            Some(rest) => rest.to_owned(),
            None if line.contains('/') => line.to_owned(),
            None => format!("**/{line}"),
        };
        Some(Pattern { glob: glob.chars().collect(), keeps, only_folders })
    }
}

/// Whether a pattern fits a whole path.
fn fits(glob: &[char], path: &[char]) -> bool {
    from(glob, path, &mut HashSet::new())
}

/// The same for the rest of a pattern and of a path, without those that are known not
/// to fit.
fn from(glob: &[char], path: &[char], misfits: &mut HashSet<(usize, usize)>) -> bool {
    let key = (glob.len(), path.len());
    if misfits.contains(&key) {
        return false;
    }
    let literally = |sign: &char, rest: &[char], misfits: &mut HashSet<(usize, usize)>| {
        path.first() == Some(sign) && from(rest, &path[1..], misfits)
    };
    let found = match glob {
        [] => path.is_empty(),
        ['*', '*'] => !path.is_empty(),
        ['*', '*', '/', rest @ ..] => {
            let behind = path.iter().enumerate().filter(|(_, sign)| **sign == '/').map(|(at, _)| at + 1);
            std::iter::once(0).chain(behind).any(|at| from(rest, &path[at..], misfits))
        }
        ['*', rest @ ..] => {
            let end = path.iter().position(|sign| *sign == '/').unwrap_or(path.len());
            (0..=end).any(|at| from(rest, &path[at..], misfits))
        }
        ['?', rest @ ..] => path.first().is_some_and(|sign| *sign != '/') && from(rest, &path[1..], misfits),
        ['[', rest @ ..] => match (class(rest), path.first()) {
            (Some((class, behind)), Some(sign)) => {
                *sign != '/' && class.holds(*sign) && from(behind, &path[1..], misfits)
            }
            (Some(_), None) => false,
            (None, _) => literally(&'[', rest, misfits),
        },
        ['\\', sign, rest @ ..] | [sign, rest @ ..] => literally(sign, rest, misfits),
    };
    if !found {
        misfits.insert(key);
    }
    found
}

/// `[a-z]`, `[!a-z]`.
struct Class<'g> {
    signs: &'g [char],
    is_opposite: bool,
}

/// The class behind `[`, and what follows it.
fn class(glob: &[char]) -> Option<(Class<'_>, &[char])> {
    let (is_opposite, inside) = match glob {
        ['!' | '^', rest @ ..] => (true, rest),
        _ => (false, glob),
    };
    // A bracket that comes first is one of the signs.
    let end = inside.iter().skip(1).position(|sign| *sign == ']')? + 1;
    Some((Class { signs: &inside[..end], is_opposite }, &inside[end + 1..]))
}

impl Class<'_> {
    fn holds(&self, sign: char) -> bool {
        let mut signs = self.signs;
        let mut found = false;
        while let [first, rest @ ..] = signs {
            signs = match rest {
                ['-', last, behind @ ..] => {
                    found |= (*first..=*last).contains(&sign);
                    behind
                }
                _ => {
                    found |= *first == sign;
                    rest
                }
            };
        }
        found != self.is_opposite
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a line of a `.gitignore` covers a file beside or below it.
    fn covers(line: &str, path: &str) -> bool {
        let pattern = Pattern::of_line(line).unwrap_or_else(|| panic!("{line} is no pattern"));
        fits(&pattern.glob, &path.chars().collect::<Vec<_>>())
    }

    #[test]
    fn patterns_fit_as_git_says() {
        for (line, path) in [
            ("old.tl", "old.tl"),
            ("old.tl", "a/b/old.tl"),
            ("*.tl", "a/b.tl"),
            ("/old.tl", "old.tl"),
            ("a/*.tl", "a/b.tl"),
            ("**/b/*.tl", "b/c.tl"),
            ("a/**", "a/b/c.tl"),
            ("a/**/c.tl", "a/c.tl"),
            ("a/**/c.tl", "a/b/b/c.tl"),
            ("draft-?.tl", "draft-1.tl"),
            ("draft-[0-9a].tl", "draft-a.tl"),
            ("draft-[!0-9].tl", "draft-x.tl"),
            ("[]x].tl", "].tl"),
            ("[.tl", "[.tl"),
            ("\\#notes", "#notes"),
            ("kept\\ ", "kept "),
            ("cut  ", "cut"),
        ] {
            assert!(covers(line, path), "{line} covers {path}");
        }
        for (line, path) in [
            ("/old.tl", "a/old.tl"),
            ("a/*.tl", "a/b/c.tl"),
            ("a/*.tl", "b/a/c.tl"),
            ("a/**", "a"),
            ("draft-?.tl", "draft-/.tl"),
            ("draft-[0-9].tl", "draft-x.tl"),
            ("draft-[!0-9].tl", "draft-1.tl"),
            ("*.tl", "a.tlx"),
        ] {
            assert!(!covers(line, path), "{line} covers {path}");
        }
        assert!(Pattern::of_line("# words").is_none() && Pattern::of_line("   ").is_none());
    }

    #[test]
    fn a_pattern_of_many_stars_takes_no_time() {
        assert!(!covers(&"*a".repeat(60), &"a".repeat(400).replace("aaa", "aab")));
    }
}
