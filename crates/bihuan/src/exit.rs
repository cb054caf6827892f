//! Exit codes, documented in `docs/operating/commands.md`.

use bihuan_store::Fault;
use std::process::ExitCode;

/// Why a command ends without having done its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The input is wrong: a file, an option, a value. Exit code 2.
    #[error("{0}")]
    Input(String),
    /// What was checked does not hold: a broken chain, a drifted figure, a faulty template. Exit code 3.
    #[error("{0}")]
    Check(String),
    /// A rule says no. Exit code 4.
    #[error("{0}")]
    Refused(String),
    /// Something broke. Exit code 1.
    #[error("{0}")]
    Fault(String),
    /// Nobody reads what is printed any more. Exit code 0: whoever takes the first lines has what they wanted.
    #[error("接收结果的程序已经结束")]
    Unheard,
}

impl From<bihuan_store::Fault> for Failure {
    fn from(fault: bihuan_store::Fault) -> Self {
        let sentence = crate::words::fault(&fault);
        match &fault {
            Fault::Io { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe => Failure::Unheard,
            Fault::BadConfig { .. } => Failure::Input(sentence),
            _ => Failure::Fault(sentence),
        }
    }
}

impl From<bihuan_app::Error> for Failure {
    fn from(error: bihuan_app::Error) -> Self {
        match error {
            bihuan_app::Error::Refused(refusal) => {
                Failure::Refused(format!("{} {}", refusal.sentence, refusal.hint))
            }
            bihuan_app::Error::Invalid(_) | bihuan_app::Error::NotFound | bihuan_app::Error::Conflict(_) => {
                Failure::Input(error.to_string())
            }
            bihuan_app::Error::Fault(fault) => fault.into(),
        }
    }
}

/// Says on standard error why, and gives the code.
pub fn code(result: Result<(), Failure>) -> ExitCode {
    let Err(failure) = result else { return ExitCode::SUCCESS };
    if matches!(failure, Failure::Unheard) {
        return ExitCode::SUCCESS;
    }
    eprintln!("错误：{failure}");
    ExitCode::from(match failure {
        Failure::Unheard => 0,
        Failure::Fault(_) => 1,
        Failure::Input(_) => 2,
        Failure::Check(_) => 3,
        Failure::Refused(_) => 4,
    })
}

/// Help was asked for, or the options are wrong: prints it, and gives the code.
pub fn usage(error: &clap::Error) -> ExitCode {
    let (text, is_help) = crate::usage::told(error);
    if is_help {
        print!("{text}");
        return ExitCode::SUCCESS;
    }
    eprint!("{text}");
    ExitCode::from(2)
}
