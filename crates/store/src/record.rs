//! Rows and domain values: which column holds which field, said once a type.

use crate::{Conn, Fault, Row, Val};
use bihuan_domain::calendar::DayKind;
use bihuan_domain::unit::UnitPath;
use bihuan_domain::{Coded, Day, Instant};

/// A domain value that fits one column.
pub trait Field: Sized {
    /// As stored.
    fn to_val(&self) -> Val;
    /// As read.
    ///
    /// # Errors
    /// A fault when the column holds something else: the row was damaged.
    fn from_val(val: &Val) -> Result<Self, Fault>;
}

fn unfit(want: &str, val: &Val) -> Fault {
    Fault::corrupt(format!("a column holds {val:?} where {want} belongs"))
}

impl Field for i64 {
    fn to_val(&self) -> Val {
        Val::Int(*self)
    }
    fn from_val(val: &Val) -> Result<Self, Fault> {
        match val {
            Val::Int(number) => Ok(*number),
            other => Err(unfit("a whole number", other)),
        }
    }
}

impl Field for bool {
    fn to_val(&self) -> Val {
        Val::Int(i64::from(*self))
    }
    fn from_val(val: &Val) -> Result<Self, Fault> {
        i64::from_val(val).map(|number| number != 0)
    }
}

impl Field for String {
    fn to_val(&self) -> Val {
        Val::Text(self.clone())
    }
    fn from_val(val: &Val) -> Result<Self, Fault> {
        match val {
            Val::Text(text) => Ok(text.clone()),
            other => Err(unfit("text", other)),
        }
    }
}

impl<T: Field> Field for Option<T> {
    fn to_val(&self) -> Val {
        self.as_ref().map_or(Val::Null, Field::to_val)
    }
    fn from_val(val: &Val) -> Result<Self, Fault> {
        if *val == Val::Null { Ok(None) } else { T::from_val(val).map(Some) }
    }
}

impl Field for Day {
    fn to_val(&self) -> Val {
        Val::Int(i64::from(self.days()))
    }
    fn from_val(val: &Val) -> Result<Self, Fault> {
        let number = i64::from_val(val)?;
        i32::try_from(number).ok().and_then(Day::from_days).ok_or_else(|| unfit("a day", val))
    }
}

impl Field for Instant {
    fn to_val(&self) -> Val {
        Val::Int(self.micros())
    }
    fn from_val(val: &Val) -> Result<Self, Fault> {
        i64::from_val(val).map(Instant::from_micros)
    }
}

impl Field for UnitPath {
    fn to_val(&self) -> Val {
        Val::Text(self.as_str().to_owned())
    }
    fn from_val(val: &Val) -> Result<Self, Fault> {
        String::from_val(val).map(UnitPath::from_stored)
    }
}

impl Field for DayKind {
    fn to_val(&self) -> Val {
        Val::Text(self.code().to_owned())
    }
    fn from_val(val: &Val) -> Result<Self, Fault> {
        DayKind::from_code(&String::from_val(val)?).ok_or_else(|| unfit("a kind of day", val))
    }
}

macro_rules! id_fields {
    ($($id:ident),+ $(,)?) => {$(
        impl Field for bihuan_domain::id::$id {
            fn to_val(&self) -> Val {
                Val::Int(self.0)
            }
            fn from_val(val: &Val) -> Result<Self, Fault> {
                i64::from_val(val).map(bihuan_domain::id::$id)
            }
        }
    )+};
}
id_fields!(
    UnitId,
    PersonId,
    PostId,
    TenureId,
    AccountId,
    GrantId,
    CampaignId,
    ProblemId,
    MeasureId,
    EvidenceId,
    RequestId,
    LookBackId,
    LedgerImportId,
    ScopeId,
    RequiredActionId,
    ActivityId,
    ExcuseId,
    ReadingId,
    StudyClassId,
    ClassSessionId,
    TextCheckId,
    BreakdownId,
    BreakdownDraftId,
    OfficeWordId,
    TaskId,
    TaskTargetId,
    MilestoneId,
    TaskNoteId,
    TaskEvidenceId,
    SlipId,
    TalkId,
    MusterId,
    ChannelId,
    AlertId,
    ErasureId,
    DrawId,
    InspectionId,
    VisitId,
    FindingId,
    DispatchSeriesId,
    DispatchId,
    DispatchItemId,
    DecisionId,
    WeekPlanId,
    HelpId,
    ReportId,
    EditionId,
    ReportTemplateId,
);

macro_rules! coded_fields {
    ($($coded:path),+ $(,)?) => {$(
        impl Field for $coded {
            fn to_val(&self) -> Val {
                Val::Text(self.code().to_owned())
            }
            fn from_val(val: &Val) -> Result<Self, Fault> {
                let code = String::from_val(val)?;
                <$coded>::from_code(&code).ok_or_else(|| unfit(<$coded as Coded>::NAME, val))
            }
        }
    )+};
}
coded_fields!(
    bihuan_domain::alert::AlertKind,
    bihuan_domain::label::Label,
    bihuan_domain::erasure::ErasureState,
    bihuan_domain::role::Role,
    bihuan_domain::unit::Level,
    bihuan_domain::unit::UnitKind,
    bihuan_domain::unit::reorganise::UnitAction,
    bihuan_domain::campaign::AuthorityBasis,
    bihuan_domain::campaign::CampaignState,
    bihuan_domain::person::AccountState,
    bihuan_domain::colour::Colour,
    bihuan_domain::measure::MeasureState,
    bihuan_domain::evidence::Stage,
    bihuan_domain::request::RequestKind,
    bihuan_domain::request::RequestState,
    bihuan_domain::look_back::LookBackResult,
    bihuan_domain::problem::State,
    bihuan_domain::problem::Outcome,
    bihuan_domain::ledger_import::ImportState,
    bihuan_domain::problem::Flow,
    bihuan_domain::problem::Truth,
    bihuan_domain::problem::PartyRole,
    bihuan_domain::problem::DeedKind,
    bihuan_domain::required_action::SubjectKind,
    bihuan_domain::required_action::ExcuseState,
    bihuan_domain::activity::ActivityState,
    bihuan_domain::activity::Attendance,
    bihuan_domain::office_word::WordKind,
    bihuan_domain::breakdown::DraftState,
    bihuan_domain::task::TaskState,
    bihuan_domain::task::TaskStage,
    bihuan_domain::task::TaskNoteKind,
    bihuan_domain::slip::SlipKind,
    bihuan_domain::slip::SlipState,
    bihuan_domain::slip::SlipVerb,
    bihuan_domain::slip::SubjectKind,
    bihuan_domain::talk::TalkKind,
    bihuan_domain::muster::MusterState,
    bihuan_domain::muster::MusterVerb,
    bihuan_domain::muster::CalledState,
    bihuan_domain::channel::ChannelKind,
    bihuan_domain::draw::DrawPurpose,
    bihuan_domain::draw::DrawMethod,
    bihuan_domain::draw::DrawState,
    bihuan_domain::inspection::InspectionKind,
    bihuan_domain::inspection::InspectionMeans,
    bihuan_domain::inspection::InspectionState,
    bihuan_domain::inspection::VisitKind,
    bihuan_domain::inspection::VisitState,
    bihuan_domain::dispatch::DispatchState,
    bihuan_domain::dispatch::AgendaSource,
    bihuan_domain::dispatch::DecisionState,
    bihuan_domain::help::HelpState,
    bihuan_domain::report::ReportKind,
    bihuan_domain::report::EditionState,
    bihuan_domain::report::FileFormat,
);

/// A type whose values are rows of one table.
pub trait Record: Sized {
    /// The table.
    const TABLE: &'static str;
    /// Its columns, in the order of [`Record::values`].
    const COLUMNS: &'static [&'static str];
    /// The columns of its key.
    const KEY: &'static [&'static str];
    /// Columns that hold personal data: the journal keeps only their digest.
    const PERSONAL: &'static [&'static str];
    /// The values of a row.
    fn values(&self) -> Vec<Val>;
    /// From a row that holds [`Record::COLUMNS`] from column `at` on.
    ///
    /// # Errors
    /// A fault when a column holds what does not belong there.
    fn from_row(row: &Row, at: usize) -> Result<Self, Fault>;

    /// `SELECT … FROM table`, to be followed by a condition.
    fn select() -> String {
        format!("SELECT {} FROM {}", Self::COLUMNS.join(", "), Self::TABLE)
    }

    /// Reads rows by a condition that begins with `WHERE` or `ORDER BY`.
    ///
    /// # Errors
    /// Faults of the database.
    fn load(conn: &mut Conn, condition: &str, args: &[Val]) -> Result<Vec<Self>, Fault> {
        let sql = format!("{} {condition}", Self::select());
        conn.rows(&sql, args)?.iter().map(|row| Self::from_row(row, 0)).collect()
    }

    /// Reads the first row by a condition.
    ///
    /// # Errors
    /// Faults of the database.
    fn find(conn: &mut Conn, condition: &str, args: &[Val]) -> Result<Option<Self>, Fault> {
        let sql = format!("{} {condition}", Self::select());
        conn.first(&sql, args)?.map(|row| Self::from_row(&row, 0)).transpose()
    }
}

/// Says which fields of a type are which columns; field and column bear the same name.
#[macro_export]
macro_rules! record {
    ($type:ty, $table:literal, key [$($key:ident),+], personal [$($personal:ident),*], { $($field:ident),+ $(,)? }) => {
        impl $crate::record::Record for $type {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];
            const KEY: &'static [&'static str] = &[$(stringify!($key)),+];
            const PERSONAL: &'static [&'static str] = &[$(stringify!($personal)),*];
            fn values(&self) -> Vec<$crate::Val> {
                vec![$($crate::record::Field::to_val(&self.$field)),+]
            }
            fn from_row(row: &$crate::Row, at: usize) -> Result<Self, $crate::Fault> {
                let mut column = at;
                $(let $field = $crate::record::Field::from_val(row.val(column)?)?; column += 1;)+
                let _ = column;
                Ok(Self { $($field),+ })
            }
        }
    };
}

/// `($1, $2), ($3, $4)`: places for so many rows of so many columns.
pub(crate) fn places(rows: usize, columns: usize) -> String {
    let row = |at: usize| {
        let numbers: Vec<String> = (1..=columns).map(|n| format!("${}", at * columns + n)).collect();
        format!("({})", numbers.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}
