//! How alike two segments of paths are spelled, whatever their letter case.

use std::borrow::Cow;

/// Longer texts are no misspellings, and to compare them would cost the product of their lengths.
pub(super) const LONGEST: usize = 64;

/// From where on two segments are spellings of one: `v1` and `v2` are not.
const ALIKE: f64 = 0.6;

/// Which letters a segment has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letters {
    /// A bit for each letter and each digit; one for all that is neither.
    once: u64,
    /// The same of those that it has more than once.
    doubled: u64,
    is_ascii: bool,
}

/// A segment, and which letters it has.
#[derive(Debug)]
pub(super) struct Spelled<'a> {
    text: &'a str,
    letters: Letters,
}

/// Which bit a byte has.
static BITS: [u8; 256] = bits();

const fn bits() -> [u8; 256] {
    let mut bits = [63; 256];
    let mut at = 0;
    while at < 26 {
        bits[(b'a' + at) as usize] = at;
        bits[(b'A' + at) as usize] = at;
        at += 1;
    }
    let mut at = 0;
    while at < 10 {
        bits[(b'0' + at) as usize] = at + 26;
        at += 1;
    }
    bits
}

impl Letters {
    pub(super) fn of(text: &str) -> Self {
        // Longer texts are compared with nothing.
        let looked_at = text.as_bytes().get(..LONGEST + 1).unwrap_or(text.as_bytes());
        let (mut once, mut doubled) = (0, 0);
        for byte in looked_at {
            let bit = 1_u64 << BITS[usize::from(*byte)];
            doubled |= once & bit;
            once |= bit;
        }
        Self { once, doubled, is_ascii: looked_at.is_ascii() }
    }
}

impl<'a> Spelled<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self::with(text, Letters::of(text))
    }

    /// A text whose letters are known.
    pub(super) fn with(text: &'a str, letters: Letters) -> Self {
        Self { text, letters }
    }

    fn is_ascii(&self) -> bool {
        self.letters.is_ascii
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    fn lower(&self) -> Cow<'a, str> {
        self.text.to_lowercase().into()
    }
}

/// How much of two texts is alike, of 1; nothing where that is too little for spellings of one.
pub(super) fn alike(one: &Spelled<'_>, other: &Spelled<'_>) -> Option<f64> {
    let longest = one.text.len().max(other.text.len());
    if !one.is_ascii() || !other.is_ascii() || longest > LONGEST {
        let alike = strsim::normalized_damerau_levenshtein(&one.lower(), &other.lower());
        return (alike >= ALIKE).then_some(alike);
    }
    let of = |slips: usize| if longest == 0 { 1.0 } else { 1.0 - slips as f64 / longest as f64 };
    // Two of five letters are too many. Where it is just so many, it is looked at how they are rounded.
    let are_too_many = |slips: usize| 5 * slips > 2 * longest;
    if are_too_many(one.text.len().abs_diff(other.text.len())) {
        return None;
    }
    if are_too_many(lacks(one, other)) || are_too_many(lacks(other, one)) {
        return None;
    }
    Some(of(slips(one.text.as_bytes(), other.text.as_bytes()))).filter(|alike| *alike >= ALIKE)
}

/// How many slips of two texts there are, if no more than `most`.
pub(super) fn within(one: &Spelled<'_>, other: &Spelled<'_>, most: usize) -> Option<usize> {
    // Most names are told apart by this alone, and a body may have hundreds that are held against all that are known.
    if least(one, other) > most {
        return None;
    }
    Some(distance(one, other)).filter(|distance| *distance <= most)
}

/// How many slips of two texts there are, of the letter case that they have.
pub(super) fn distance(one: &Spelled<'_>, other: &Spelled<'_>) -> usize {
    match one.is_ascii() && other.is_ascii() && one.text.len().max(other.text.len()) <= LONGEST {
        true => slips(one.text.as_bytes(), other.text.as_bytes()),
        false => strsim::damerau_levenshtein(one.text, other.text),
    }
}

/// No fewer slips than so many: one adds or takes one letter, or puts one in the place of another.
fn least(one: &Spelled<'_>, other: &Spelled<'_>) -> usize {
    if one.text.len().max(other.text.len()) > LONGEST {
        return 0;
    }
    let lengths = if one.is_ascii() && other.is_ascii() { one.text.len().abs_diff(other.text.len()) } else { 0 };
    lengths.max(lacks(one, other)).max(lacks(other, one))
}

/// How many letters of a text another one lacks, at least: those that it has more than once count twice.
fn lacks(text: &Spelled<'_>, of: &Spelled<'_>) -> usize {
    let (text, of) = (text.letters, of.letters);
    let more = [of.once & !text.once, of.doubled & !text.doubled];
    more.map(|letters| (letters & !(1 << 63)).count_ones() as usize).iter().sum()
}

/// The distance of Damerau and Levenshtein of two ASCII texts of at most `LONGEST` bytes, whatever their letter case.
fn slips(one: &[u8], other: &[u8]) -> usize {
    // The ends that they share count nothing.
    let same = |(one, other): &(&u8, &u8)| one.eq_ignore_ascii_case(other);
    let start = one.iter().zip(other).take_while(same).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(same).count();
    let (one, other) = (&one[..one.len() - end], &other[..other.len() - end]);
    if one.is_empty() || other.is_empty() {
        return one.len().max(other.len());
    }
    let (width, most) = (other.len() + 2, one.len() + other.len());
    let mut costs = vec![0; (one.len() + 2) * width];
    costs[0] = most;
    for row in 0..=one.len() {
        costs[(row + 1) * width] = most;
        costs[(row + 1) * width + 1] = row;
    }
    for column in 0..=other.len() {
        costs[column + 1] = most;
        costs[width + column + 1] = column;
    }
    // The last row that a letter stood in.
    let mut rows = [0_usize; 128];
    for row in 1..=one.len() {
        let letter = one[row - 1].to_ascii_lowercase();
        // The last column in which it stood.
        let mut last = 0;
        for column in 1..=other.len() {
            let beside = other[column - 1].to_ascii_lowercase();
            let met = rows[usize::from(beside & 0x7f)];
            let swapped = costs[met * width + last] + (row - met - 1) + 1 + (column - last - 1);
            let is_same = letter == beside;
            let kept = costs[row * width + column] + usize::from(!is_same);
            let (more, less) = (costs[(row + 1) * width + column] + 1, costs[row * width + column + 1] + 1);
            costs[(row + 1) * width + column + 1] = kept.min(more).min(less).min(swapped);
            if is_same {
                last = column;
            }
        }
        rows[usize::from(letter & 0x7f)] = row;
    }
    costs[(one.len() + 1) * width + other.len() + 1]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same by the library, of any two texts.
    fn naive(one: &str, other: &str) -> Option<f64> {
        let alike = strsim::normalized_damerau_levenshtein(&one.to_lowercase(), &other.to_lowercase());
        (alike >= ALIKE).then_some(alike)
    }

    proptest! {
        #[test]
        fn two_texts_are_as_alike_as_the_library_says(
            one in "[a-dA-D1_é-]{0,12}|[ -~]{0,70}",
            // What lies behind a text is spelled like it.
            edits in prop::collection::vec((0..12_usize, prop::option::of("[a-dA-D1_Éß]")), 0..5),
            other in prop::option::of("[a-dA-D1_-]{0,12}"),
        ) {
            let mut letters: Vec<String> = one.chars().map(String::from).collect();
            for (at, edit) in edits {
                match edit {
                    Some(letter) => letters.insert(at.min(letters.len()), letter),
                    None if at + 1 < letters.len() => letters.swap(at, at + 1),
                    None => drop(letters.pop()),
                }
            }
            let other = other.unwrap_or(letters.concat());
            prop_assert_eq!(alike(&Spelled::new(&one), &Spelled::new(&other)), naive(&one, &other));
            if one.is_ascii() && other.is_ascii() && one.len().max(other.len()) <= LONGEST {
                let distance = strsim::damerau_levenshtein(&one.to_lowercase(), &other.to_lowercase());
                prop_assert_eq!(slips(one.as_bytes(), other.as_bytes()), distance);
            }
            let (one, other) = (one.to_lowercase(), other.to_lowercase());
            let distance = strsim::damerau_levenshtein(&one, &other);
            for most in 0..5 {
                let within = within(&Spelled::new(&one), &Spelled::new(&other), most);
                prop_assert_eq!(within, Some(distance).filter(|distance| *distance <= most));
            }
        }
    }
}
