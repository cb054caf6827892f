//! An index in memory: which of very many texts may be alike with this one.

use std::collections::HashMap;

use super::signature::{BANDS, Signature, band_key};

/// Most texts looked at for one query. Copies of one set phrase by the hundred thousand must not stop the
/// others; the newest are looked at first.
pub const MAX_CANDIDATES: usize = 20_000;

/// "No text": end of a chain.
const NONE: u32 = u32::MAX;
/// Smallest table of chain heads per band.
const MIN_HEADS: usize = 16;

/// A text found by [`Index::query`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// The number under which the text was put in.
    pub id: i64,
    /// Estimated likeness, 0 to 1; confirm with [`super::likeness`] on the words.
    pub likeness: f64,
}

/// Signatures of many texts, found by their bands. 280 to 400 bytes a text; one million texts answer a query
/// in well under five milliseconds. A text put in again under the same id replaces the earlier one.
#[derive(Clone, Debug)]
pub struct Index {
    ids: Vec<i64>,
    signatures: Vec<Signature>,
    /// For each text and band the next text with the same slot.
    next: Vec<[u32; BANDS]>,
    /// For each band and slot the newest text; a power of two of slots per band.
    heads: Vec<u32>,
    slots: usize,
    places: HashMap<i64, u32>,
    /// Places whose text was replaced or removed.
    gone: Vec<bool>,
}

impl Default for Index {
    fn default() -> Self {
        Self::new()
    }
}

impl Index {
    /// An empty index.
    pub fn new() -> Self {
        Self {
            ids: Vec::new(),
            signatures: Vec::new(),
            next: Vec::new(),
            heads: vec![NONE; MIN_HEADS * BANDS],
            slots: MIN_HEADS,
            places: HashMap::new(),
            gone: Vec::new(),
        }
    }

    /// Number of texts in the index.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether the index holds no text.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Puts a text in. A text without content is kept out, since it is like no other.
    pub fn insert(&mut self, id: i64, signature: Signature) {
        self.remove(id);
        if signature.is_empty() || self.ids.len() >= NONE as usize {
            return;
        }
        if self.ids.len() >= self.slots {
            self.grow();
        }
        let place = self.ids.len() as u32;
        self.ids.push(id);
        self.signatures.push(signature);
        self.next.push([NONE; BANDS]);
        self.gone.push(false);
        self.places.insert(id, place);
        self.link(place);
    }

    /// Takes a text out; tells whether it was there.
    pub fn remove(&mut self, id: i64) -> bool {
        match self.places.remove(&id) {
            Some(place) => {
                self.gone[place as usize] = true;
                true
            }
            None => false,
        }
    }

    /// Texts whose estimated likeness is at least `least`, most alike first, at most `limit` of them.
    pub fn query(&self, signature: &Signature, least: f64, limit: usize) -> Vec<Found> {
        if signature.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<Found> = self
            .candidates(signature)
            .into_iter()
            .map(|place| {
                let place = place as usize;
                Found { id: self.ids[place], likeness: signature.likeness(&self.signatures[place]) }
            })
            .filter(|f| f.likeness >= least)
            .collect();
        found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.id.cmp(&b.id)));
        found.truncate(limit);
        found
    }

    /// Places of the texts that share a band, each once.
    fn candidates(&self, signature: &Signature) -> Vec<u32> {
        let mut places = Vec::new();
        let per_band = MAX_CANDIDATES / BANDS;
        for band in 0..BANDS {
            let wanted = signature.band(band);
            let mut place = self.heads[self.slot(signature, band)];
            let mut taken = 0;
            while place != NONE && taken < per_band {
                let at = place as usize;
                if self.signatures[at].band(band) == wanted && !self.gone[at] {
                    places.push(place);
                    taken += 1;
                }
                place = self.next[at][band];
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    fn slot(&self, signature: &Signature, band: usize) -> usize {
        band * self.slots + (band_key(signature, band) as usize & (self.slots - 1))
    }

    fn link(&mut self, place: u32) {
        let signature = self.signatures[place as usize];
        for band in 0..BANDS {
            let slot = self.slot(&signature, band);
            self.next[place as usize][band] = std::mem::replace(&mut self.heads[slot], place);
        }
    }

    /// Makes room: drops what was replaced when that is half or more, doubles the slots otherwise.
    fn grow(&mut self) {
        if self.places.len() * 2 <= self.ids.len() {
            let kept: Vec<usize> = (0..self.ids.len()).filter(|&at| !self.gone[at]).collect();
            self.ids = kept.iter().map(|&at| self.ids[at]).collect();
            self.signatures = kept.iter().map(|&at| self.signatures[at]).collect();
            self.next = vec![[NONE; BANDS]; kept.len()];
            self.gone = vec![false; kept.len()];
            self.places = self.ids.iter().zip(0..).map(|(&id, place)| (id, place)).collect();
        } else {
            self.slots *= 2;
        }
        self.heads = vec![NONE; self.slots * BANDS];
        for place in 0..self.ids.len() {
            self.link(place as u32);
        }
    }
}
