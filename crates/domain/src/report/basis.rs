//! What the figures of a correction are as of: of the edition it corrects, as they were issued, or of now.

use super::{Edition, EditionState};

crate::coded! {
    /// What the figures of a correction are as of.
    FiguresAsOf ("数字口径") {
        /// Figures stay as they were issued; words change, and what is newly put in is counted as of the same entry.
        Issued = "issued", "沿用被更正一版的数字";
        /// All figures are counted anew.
        Now = "now", "按现在的台账重新统计";
    }
}

impl Edition {
    /// The entry at which the figures of a correction's draft stay; `None` where they are told as of now.
    pub fn kept_at(&self) -> Option<i64> {
        let stays = self.state == EditionState::Draft && self.number > 1 && self.as_of_seq > 0;
        stays.then_some(self.as_of_seq)
    }

    /// What the figures of a correction's draft are as of; `None` for a first edition and for what was issued, which
    /// keeps it with its document.
    pub fn figures_as_of(&self) -> Option<FiguresAsOf> {
        let draft = self.state == EditionState::Draft && self.number > 1;
        draft.then_some(if self.kept_at().is_some() { FiguresAsOf::Issued } else { FiguresAsOf::Now })
    }
}
