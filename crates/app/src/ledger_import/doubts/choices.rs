//! What a person may choose to answer a doubt: groups, checking units, a unit they type.

use super::units::expand_group;
use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Unit, UnitKind, UnitPath};
use bihuan_domain::unit_match::{Group, GroupKind, Match};
use bihuan_store::{Conn, ledger as store};

/// Groups a person may choose for a wording, with their codes.
pub const GROUP_CHOICES: [(&str, &str, GroupKind); 7] = [
    ("counties", "各县（市、区）", GroupKind::Counties),
    ("townships", "各乡镇（街道）", GroupKind::Townships),
    ("villages", "各村（社区）", GroupKind::Villages),
    ("village_branches", "各村支部", GroupKind::VillageBranches),
    ("branches", "各党支部", GroupKind::Branches),
    ("departments", "本级各部门", GroupKind::Departments),
    ("all", "全部下级单位", GroupKind::All),
];

/// Most units offered as checking ones.
const CHECKERS_MAX: usize = 200;

/// Units that usually check: the registering one, those beside it, the one above.
pub fn checkers(conn: &mut Conn, unit: &Unit, today: Day) -> Result<Vec<Unit>, Error> {
    let mut line = store::units(conn, &unit.path.units())?;
    line.reverse();
    let mut found: Vec<Unit> = line.iter().take(2).cloned().collect();
    for above in line.iter().take(2) {
        found.extend(store::children(conn, above.id)?);
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|one| one.is_open_on(today) && one.kind != UnitKind::Branch && seen.insert(one.id));
    found.sort_by_key(|one| {
        (one.kind == UnitKind::Territory && one.id != unit.id, one.path.depth(), one.official_order)
    });
    found.truncate(CHECKERS_MAX);
    Ok(found)
}

impl App {
    /// The unit a person typed, for an import registered by `home`: its name, short name, or a part only it bears.
    ///
    /// # Errors
    /// `Invalid` for `field` when none or several are meant.
    pub fn unit_as_typed(
        &self,
        ctx: &Context,
        home: UnitId,
        field: &str,
        text: &str,
    ) -> Result<UnitId, Error> {
        self.db.read(|conn| {
            let index = self.unit_index(conn, ctx.today())?;
            match index.lookup(text, Some(home)) {
                Match::Sure(id, _) => return Ok(id),
                Match::Doubtful(guesses) if guesses.len() == 1 => return Ok(guesses[0].unit_id),
                _ => {}
            }
            let root = crate::context::unit(conn, home)?.path.units().first().copied().map(UnitPath::root);
            let found = store::find_units(conn, &root.unwrap_or_default(), text, 4)?;
            match found.as_slice() {
                [only] => Ok(only.id),
                [] => {
                    Err(Error::invalid(field, format!("没有找到单位“{text}”，请填写单位树中的全称或简称。")))
                }
                several => {
                    let names: Vec<&str> = several.iter().map(|unit| unit.name.as_str()).collect();
                    Err(Error::invalid(
                        field,
                        format!("“{text}”可能是{}等多个单位，请填写全称。", names.join("、")),
                    ))
                }
            }
        })
    }

    /// The scope of a group a person chose, below the territory of the registering unit.
    ///
    /// # Errors
    /// `Invalid` when there is no such group or it reaches nobody.
    pub fn group_as_chosen(
        &self,
        ctx: &Context,
        home: UnitId,
        field: &str,
        code: &str,
    ) -> Result<Scope, Error> {
        let kind = GROUP_CHOICES.iter().find(|(have, ..)| *have == code).map(|(.., kind)| *kind);
        let kind = kind.ok_or_else(|| Error::invalid(field, "请选择一组单位。"))?;
        self.db.read(|conn| {
            let unit = crate::context::unit(conn, home)?;
            let group = Group { kind, within: None, level: None, needs_person: false };
            match expand_group(conn, &unit, &group, ctx.today())? {
                Some((scope, _)) => Ok(scope),
                None => Err(Error::invalid(field, "这一组在本地区没有单位，请换一个选择。")),
            }
        })
    }
}
