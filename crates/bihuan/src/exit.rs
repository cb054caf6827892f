//! Exit codes, documented in `docs/operating/commands.md`.

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
}

impl From<bihuan_store::Fault> for Failure {
    fn from(fault: bihuan_store::Fault) -> Self {
        Failure::Fault(fault.to_string())
    }
}

impl From<bihuan_app::Error> for Failure {
    fn from(error: bihuan_app::Error) -> Self {
        match &error {
            bihuan_app::Error::Refused(refusal) => {
                Failure::Refused(format!("{} {}", refusal.sentence, refusal.hint))
            }
            bihuan_app::Error::Invalid(_) | bihuan_app::Error::NotFound | bihuan_app::Error::Conflict(_) => {
                Failure::Input(error.to_string())
            }
            bihuan_app::Error::Fault(_) => Failure::Fault(error.to_string()),
        }
    }
}

/// Says on standard error why, and gives the code.
pub fn code(result: Result<(), Failure>) -> ExitCode {
    let Err(failure) = result else { return ExitCode::SUCCESS };
    eprintln!("错误：{failure}");
    ExitCode::from(match failure {
        Failure::Fault(_) => 1,
        Failure::Input(_) => 2,
        Failure::Check(_) => 3,
        Failure::Refused(_) => 4,
    })
}
