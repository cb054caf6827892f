//! Settings of the installation that are kept in the database: name and value.

use crate::{Conn, Fault, vals};

/// The value of a setting.
///
/// # Errors
/// Faults of the database.
pub fn get(conn: &mut Conn, name: &str) -> Result<Option<String>, Fault> {
    conn.first("SELECT value FROM setting WHERE name = $1", &vals![name])?.map(|row| row.text(0)).transpose()
}

/// Sets a setting.
///
/// # Errors
/// Faults of the database.
pub fn set(conn: &mut Conn, name: &str, value: &str) -> Result<(), Fault> {
    conn.exec(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &vals![name, value],
    )?;
    Ok(())
}

/// Takes a setting away.
///
/// # Errors
/// Faults of the database.
pub fn remove(conn: &mut Conn, name: &str) -> Result<(), Fault> {
    conn.exec("DELETE FROM setting WHERE name = $1", &vals![name])?;
    Ok(())
}
