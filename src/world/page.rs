//! Paging over an ordered list.

/// A window on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many rows to pass over.
    pub offset: usize,
    /// How many rows to take at most.
    pub limit: usize,
}

impl Page {
    /// The rows of this window and the number of all rows, each looked at once.
    ///
    /// For a filtered list, whose total is known only by walking it.
    pub(crate) fn of<T>(self, rows: impl Iterator<Item = T>) -> (Vec<T>, usize) {
        let mut total = 0;
        let mut window = Vec::new();
        for row in rows {
            if total >= self.offset && window.len() < self.limit {
                window.push(row);
            }
            total += 1;
        }
        (window, total)
    }

    /// The rows of this window alone; nothing behind it is walked.
    pub(crate) fn take<T>(self, rows: impl Iterator<Item = T>) -> Vec<T> {
        rows.skip(self.offset).take(self.limit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_all_and_keeps_the_window() {
        let page = Page { offset: 2, limit: 2 };
        assert_eq!(page.of(0..5), (vec![2, 3], 5));
        assert_eq!(page.take(0..5), [2, 3]);
    }

    #[test]
    fn beyond_the_end_is_empty_with_the_true_total() {
        assert_eq!(Page { offset: 9, limit: 2 }.of(0..5), (vec![], 5));
    }
}
