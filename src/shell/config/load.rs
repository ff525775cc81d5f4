//! The file read: parsed once by `toml`, which knows line and column of a mistake, checked, and layered by `config` with variables.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::check;
use super::model::Config;
use crate::book::{Complaints, Mistake, language_of, read_whole, text_of};
use crate::language::Language;

/// A configuration, with where it comes from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings, all paths absolute.
    pub config: Config,
    /// The file, absolute.
    pub file: PathBuf,
    /// The text in force: the file's, and what the environment changes.
    pub text: String,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "the configuration {} cannot be read: {cause}\nName it with --config FILE or SETTLED_CONFIG=FILE, or make one: settled init DIR",
        file.display()
    )]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file has mistakes.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))]
    Mistakes(Vec<Mistake>),
    /// A variable of the environment does not fit.
    #[error(
        "the environment does not fit the configuration: {0}\nVariables are named like the keys: SETTLED__MAIL__PORT=587."
    )]
    Environment(String),
}

/// Loads a configuration.
///
/// # Errors
/// When the file cannot be read or has mistakes, or a variable does not fit.
pub fn load(file: &Path) -> Result<Loaded, ConfigError> {
    let bytes = fs::read(file).map_err(|cause| ConfigError::Unreadable { file: file.to_owned(), cause })?;
    let language = language_of(&String::from_utf8_lossy(&bytes));
    let text = text_of(&file.display().to_string(), bytes, language);
    let text = text.map_err(|mistake| ConfigError::Mistakes(vec![*mistake]))?;
    load_with(file, &text, &variables())
}

/// Loads a configuration from its text and variables.
///
/// # Errors
/// When the text has mistakes, or a variable does not fit.
pub fn load_with(file: &Path, text: &str, variables: &BTreeMap<String, String>) -> Result<Loaded, ConfigError> {
    let name = file.display().to_string();
    let language = language_in(text, variables);
    let reading = read_whole::<Config>(&name, text, language);
    let (mut mistakes, written) = (reading.mistakes, reading.value);
    let config = if mistakes.is_empty() && !variables.is_empty() { Some(layered(text, variables)?) } else { written };
    if let Some(config) = &config {
        let told = mistakes.iter().filter_map(|mistake| mistake.place.as_ref()).map(|place| place.line);
        let complaints = Complaints::of(&name, text, language, told).over_which(variables.keys());
        mistakes.extend(check::check(config, complaints));
    }
    let Some(mut config) = config.filter(|_| mistakes.is_empty()) else {
        mistakes.sort_by_key(|mistake| mistake.place.as_ref().map_or(0, |place| place.line));
        return Err(ConfigError::Mistakes(mistakes));
    };
    let file = std::path::absolute(file).map_err(|cause| ConfigError::Unreadable { file: file.to_owned(), cause })?;
    config.owner.language = config.owner.language.of_business_in(config.business.address.country.code());
    config.settle_paths(file.parent().unwrap_or(&file));
    let mut in_force = text.to_owned();
    for (name, value) in variables {
        in_force.push_str(&format!("\n# {name}={value}"));
    }
    Ok(Loaded { config, file, text: in_force })
}

/// Returns the owner's language, as far as a configuration can be read; English where there is none.
pub fn owner_language(file: &Path) -> Language {
    let Ok(bytes) = fs::read(file) else { return Language::En };
    language_in(&String::from_utf8_lossy(&bytes), &variables())
}

/// The variables that change settings.
fn variables() -> BTreeMap<String, String> {
    std::env::vars().filter(|(name, _)| name.starts_with("SETTLED__")).collect()
}

/// Returns the language in which mistakes are told: the owner's, as far as it can be read.
fn language_in(text: &str, variables: &BTreeMap<String, String>) -> Language {
    let of_environment = variables.get("SETTLED__OWNER__LANGUAGE").and_then(|code| Language::by_tag(code));
    of_environment.unwrap_or_else(|| language_of(text))
}

/// Lays the environment over the file.
fn layered(text: &str, variables: &BTreeMap<String, String>) -> Result<Config, ConfigError> {
    let environment = config::Environment::with_prefix("SETTLED")
        .prefix_separator("__")
        .separator("__")
        // Guessing would turn "00123" into 123.
        .try_parsing(false)
        .source(Some(variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect()));
    config::Config::builder()
        .add_source(config::File::from_str(text, config::FileFormat::Toml))
        .add_source(environment)
        .build()
        .and_then(config::Config::try_deserialize)
        .map_err(|error| ConfigError::Environment(error.to_string()))
}
