//! Which parts of the document the model took, noted while it is read.
//!
//! A part is identified by the position of the end of its element's name: it is unique, and shows whether a
//! prefix was removed.

use super::cursor::Cursor;

/// As what an element was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// As there, and no more: nil, none, unit.
    Nothing,
    Text,
    Fields,
    Items,
}

/// Parts without an entry were not taken: they were skipped or not even read.
#[derive(Debug, Default)]
pub(super) struct Carried {
    elements: Vec<(usize, Shape)>,
    attributes: Vec<(usize, String)>,
}

impl Carried {
    /// How the element at this position was taken, if it was.
    pub(super) fn shape(&self, place: usize) -> Option<Shape> {
        let at = self.elements.binary_search_by_key(&place, |&(place, _)| place).ok()?;
        Some(self.elements[at].1)
    }

    /// Whether this attribute of the element at this place was taken.
    pub(super) fn has_attribute(&self, place: usize, name: &str) -> bool {
        let first = self.attributes.partition_point(|&(earlier, _)| earlier < place);
        let of_element = self.attributes[first..].iter().take_while(|&&(other, _)| other == place);
        of_element.into_iter().any(|(_, taken)| taken == name)
    }
}

impl Cursor<'_> {
    /// Records, if requested, that the model takes the element just entered.
    #[inline]
    pub(super) fn carry(&mut self, shape: Shape) {
        if self.carried.is_some() {
            self.note(shape);
        }
    }

    /// Records, if requested, that an attribute of the element just entered is taken.
    #[inline]
    pub(super) fn carry_attribute(&mut self, name: &str) {
        if self.carried.is_some() {
            self.note_attribute(name);
        }
    }

    #[cold]
    fn note(&mut self, shape: Shape) {
        let place = self.place();
        if let Some(carried) = &mut self.carried {
            carried.elements.push((place, if self.tag.nil { Shape::Nothing } else { shape }));
        }
    }

    #[cold]
    fn note_attribute(&mut self, name: &str) {
        let place = self.place();
        if let Some(carried) = &mut self.carried {
            carried.attributes.push((place, name.to_owned()));
        }
    }

    /// Notes that the model could not take the text of the element read last: it is reported as unknown.
    pub(super) fn reject_text(&mut self) {
        let last = self.carried.as_mut().and_then(|carried| carried.elements.last_mut());
        if let Some((_, shape)) = last {
            *shape = Shape::Nothing;
        }
    }

    /// Where the name of the element just entered ends; the name is a slice of the document.
    fn place(&self) -> usize {
        let name = self.tag.name;
        name.as_ptr().addr() + name.len() - self.document.as_ptr().addr()
    }
}
