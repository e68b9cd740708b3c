//! The horizontal axis of a timeline. Idle time is shortened: otherwise a job that waits a minute for its next
//! receive would leave no room for steps of milliseconds.

/// An idle time is drawn as at most 1/20 of all busy time.
const BUSY_TO_IDLE_RATIO: i64 = 20;

#[derive(Debug)]
pub(super) struct Axis {
    /// Busy times in order and without overlap: from, to, and the position of `from` on the axis.
    spans: Vec<(i64, i64, i64)>,
    end: i64,
}

impl Axis {
    pub(super) fn of(spans: impl Iterator<Item = (i64, i64)>) -> Self {
        let mut given: Vec<(i64, i64)> = spans.chain([(0, 0)]).collect();
        given.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::new();
        for (from, to) in given {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        let longest = (merged.iter().map(|(from, to)| to - from).sum::<i64>() / BUSY_TO_IDLE_RATIO).max(1);
        let (mut spans, mut end, mut before) = (Vec::new(), 0, 0);
        for (from, to) in merged {
            let at = end + (from - before).min(longest);
            spans.push((from, to, at));
            (end, before) = (at + to - from, to);
        }
        Self { spans, end: end.max(1) }
    }

    /// The position, 0 to 1000, of a moment at which something began or ended.
    pub(super) fn at(&self, moment: i64) -> i64 {
        let span = self.spans.iter().rev().find(|(from, ..)| *from <= moment);
        let stands = span.map_or(0, |(from, to, at)| at + moment.min(*to) - from);
        stands * 1_000 / self.end
    }
}

#[cfg(test)]
mod tests {
    use super::Axis;

    #[test]
    fn what_was_done_keeps_its_proportions_and_waits_are_shortened() {
        let axis = Axis::of([(0, 100), (50, 200), (60_000_000, 60_000_200)].into_iter());
        // 400 µs busy, and an idle time of a twentieth of that.
        assert_eq!([0, 100, 200].map(|at| axis.at(at)), [0, 238, 476]);
        assert_eq!([60_000_000, 60_000_200].map(|at| axis.at(at)), [523, 1_000]);
    }
}
