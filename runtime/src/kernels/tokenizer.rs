//! Tokenizers: see the catalogue's family of the same name.

use std::sync::{Arc, Mutex, PoisonError};

use tensorlogic_language::catalogue::tokenizer as family;
use tensorlogic_language::diagnostic::Code;

use super::arguments::Arguments;
use super::model::find;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tokenizer::{Tokenizer, TokenizerError};
use crate::value::{TokenizerValue, Value};

/// Runs one builtin on tokenizers.
pub fn call(which: family::Tokenizer, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    match which {
        family::Tokenizer::LoadTokenizer => return Ok(load(context, arguments)?),
        family::Tokenizer::IntToTokenids => return Ok(Value::Tokens(Arc::new(arguments.token_ids(0)?))),
        _ => {}
    }
    let handle = match arguments.value(0) {
        Value::Tokenizer(handle) => handle,
        other => return Err(arguments.wrong(0, "a Tokenizer", &other.describe()).into()),
    };
    let tokenizer = &handle.tokenizer;
    Ok(match which {
        family::Tokenizer::LoadTokenizer | family::Tokenizer::IntToTokenids | family::Tokenizer::Tokenize => {
            let add_special = arguments.flag(2, true)?;
            Value::Tokens(Arc::new(tokenizer.encode(arguments.string(1)?, add_special).map_err(failure)?))
        }
        family::Tokenizer::DetokenizeIncremental => {
            Value::string(tokenizer.decode(&arguments.token_ids(1)?, false).map_err(failure)?)
        }
        family::Tokenizer::Detokenize | family::Tokenizer::DetokenizeSingle => {
            let skip_special = arguments.flag(2, true)?;
            Value::string(tokenizer.decode(&arguments.token_ids(1)?, skip_special).map_err(failure)?)
        }
        family::Tokenizer::DecodeStream => {
            // A stream left in the middle of a call begins anew by itself.
            let mut stream = handle.stream.lock().unwrap_or_else(PoisonError::into_inner);
            Value::string(stream.push(&arguments.token_ids(1)?).map_err(failure)?)
        }
        family::Tokenizer::EosId => Value::Integer(special(tokenizer.eos_id(), "ends")?),
        family::Tokenizer::BosId => Value::Integer(special(tokenizer.bos_id(), "begins")?),
    })
}

fn load(context: &Context, arguments: &Arguments) -> Result<Value, Failure> {
    let tokenizer = match arguments.value(0) {
        Value::Model(model) => Tokenizer::from_gguf(model.file().index(), model.file().bytes())
            .map_err(|error| failure(error).note(format!("the model is {}", model.path().display())))?,
        _ => {
            let path = find(context, "tokenizer", arguments.string(0)?)?;
            Tokenizer::load(path).map_err(failure)?
        }
    };
    let stream = Mutex::new(tokenizer.stream());
    Ok(Value::Tokenizer(Arc::new(TokenizerValue { tokenizer: Arc::new(tokenizer), stream })))
}

fn special(id: Option<u32>, does: &str) -> Result<i64, Failure> {
    id.map(i64::from).ok_or_else(|| Failure::runtime(format!("the tokenizer has no token that {does} a text")))
}

fn failure(error: TokenizerError) -> Failure {
    match error {
        TokenizerError::UnknownId { .. } => {
            Failure::new(Code::IndexOutOfRange, error.to_string()).help("use the tokenizer that belongs to the model")
        }
        TokenizerError::WrongKind { .. } => Failure::runtime(error.to_string())
            .help("pass a tokenizer.json, a .gguf file with a vocabulary or a loaded model"),
        _ => Failure::runtime(error.to_string()),
    }
}
