//! Line charts as inline SVG. Written by hand, because a chart has about forty elements and needs no library.

use maud::{Markup, PreEscaped, html};

/// Sizes of the drawing, in units of its view box.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 34.0;

/// A plot.
pub(super) struct Chart {
    pub(super) title: &'static str,
    /// What it shows: the caption, and part of the label for screen readers.
    pub(super) about: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) lines: Vec<Line>,
    /// Vertical marks: position on the x axis, and label.
    pub(super) marks: Vec<(f64, String)>,
    /// A horizontal limit: position on the y axis, and label.
    pub(super) limit: Option<(f64, &'static str)>,
}

/// A row of points.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
}

/// The range, unit and scale of an axis.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub(super) unit: &'static str,
    from: f64,
    to: f64,
    is_log: bool,
}

impl Axis {
    /// A linear axis from 0 to the next tick at or above the largest value.
    pub(super) fn linear(unit: &'static str, values: impl Iterator<Item = f64>) -> Self {
        let largest = values.fold(0.0, f64::max).max(1.0);
        let step = step(largest);
        Self { unit, from: 0.0, to: (largest / step).ceil() * step, is_log: false }
    }

    /// A linear axis from 0 to exactly `to`.
    pub(super) fn upto(unit: &'static str, to: f64) -> Self {
        Self { unit, from: 0.0, to: to.max(1.0), is_log: false }
    }

    /// A logarithmic axis over all powers of ten that the values need.
    pub(super) fn logarithmic(unit: &'static str, values: impl Iterator<Item = f64> + Clone) -> Self {
        let smallest = values.clone().filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
        let largest = values.fold(0.0, f64::max).max(1.0);
        let from = 10_f64.powf(smallest.min(largest / 10.0).log10().floor());
        Self { unit, from, to: 10_f64.powf(largest.log10().ceil()).max(from * 10.0), is_log: true }
    }

    /// The position of a value, from 0 (start) to 1 (end).
    fn share(&self, value: f64) -> f64 {
        let share = if self.is_log {
            (value.max(self.from) / self.from).ln() / (self.to / self.from).ln()
        } else {
            (value - self.from) / (self.to - self.from)
        };
        share.clamp(0.0, 1.0)
    }

    fn ticks(&self) -> Vec<f64> {
        if self.is_log {
            let powers = (self.to / self.from).log10().round() as i32;
            return (0..=powers).map(|power| self.from * 10_f64.powi(power)).collect();
        }
        let step = step(self.to - self.from);
        (0..)
            .map(|n| self.from + f64::from(n) * step)
            .take_while(|tick| *tick <= self.to + step / 100.0)
            .collect()
    }
}

/// The distance of ticks: 1, 2 or 5 times a power of ten, with four to nine ticks in the range.
fn step(range: f64) -> f64 {
    let power = 10_f64.powf((range / 4.0).log10().floor());
    let rough = range / 4.0 / power;
    power
        * if rough >= 5.0 {
            5.0
        } else if rough >= 2.0 {
            2.0
        } else {
            1.0
        }
}

impl Chart {
    pub(super) fn render(&self) -> Markup {
        html! {
            figure {
                figcaption { h3 { (self.title) } p { (self.about) } }
                svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(format!("{}. {}", self.title, self.about)) {
                    (self.grid())
                    @for (x, what) in &self.marks { (self.mark(*x, what)) }
                    @if let Some((y, why)) = self.limit {
                        line.limit x1=(LEFT) x2=(WIDTH - RIGHT) y1=(self.y(y)) y2=(self.y(y)) {}
                        text.limit-words x=(WIDTH - RIGHT) y=(self.y(y) - 4.0) text-anchor="end" { (why) }
                    }
                    @for (number, line) in self.lines.iter().enumerate() {
                        path class=(format!("line c{number}")) d=(self.path(line)) {}
                    }
                }
                ul.legend {
                    @for (number, line) in self.lines.iter().enumerate() {
                        li {
                            svg viewBox="0 0 28 8" aria-hidden="true" {
                                path class=(format!("line c{number}")) d="M0 4H28" {}
                            }
                            (line.name)
                        }
                    }
                }
            }
        }
    }

    fn grid(&self) -> Markup {
        html! {
            @for tick in self.y.ticks() {
                line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(self.y(tick)) y2=(self.y(tick)) {}
                text x=(LEFT - 6.0) y=(self.y(tick) + 4.0) text-anchor="end" { (told(tick)) }
            }
            @for tick in self.x.ticks() {
                line.grid x1=(self.x(tick)) x2=(self.x(tick)) y1=(TOP) y2=(HEIGHT - BOTTOM) {}
                text x=(self.x(tick)) y=(HEIGHT - BOTTOM + 15.0) text-anchor="middle" { (told(tick)) }
            }
            text.unit x=(LEFT - 6.0) y=(HEIGHT - 4.0) text-anchor="end" { (self.y.unit) }
            text.unit x=(WIDTH - RIGHT) y=(HEIGHT - 4.0) text-anchor="end" { (self.x.unit) }
        }
    }

    fn mark(&self, x: f64, what: &str) -> Markup {
        html! {
            line.mark x1=(self.x(x)) x2=(self.x(x)) y1=(TOP) y2=(HEIGHT - BOTTOM) {}
            text.mark-words x=(self.x(x) + 5.0) y=(TOP + 11.0) { (what) }
        }
    }

    fn path(&self, line: &Line) -> PreEscaped<String> {
        let point = |(x, y): &(f64, f64)| format!("{:.1} {:.1}", self.x(*x), self.y(*y));
        let points: Vec<_> = line.points.iter().map(point).collect();
        PreEscaped(if points.is_empty() { String::new() } else { format!("M{}", points.join("L")) })
    }

    fn x(&self, value: f64) -> f64 {
        round(LEFT + self.x.share(value) * (WIDTH - LEFT - RIGHT))
    }

    fn y(&self, value: f64) -> f64 {
        round(HEIGHT - BOTTOM - self.y.share(value) * (HEIGHT - TOP - BOTTOM))
    }
}

fn round(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}

/// Up to three decimals without trailing zeros: 1000, 0.5.
fn told(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_every_value_and_their_ticks_are_round() {
        let axis = Axis::linear("%", [3.0, 183.0].into_iter());
        assert_eq!((axis.share(0.0), axis.to), (0.0, 200.0));
        assert_eq!(axis.ticks(), [0.0, 50.0, 100.0, 150.0, 200.0]);
        let axis = Axis::logarithmic("ms", [0.4, 30.0].into_iter());
        let ticks: Vec<_> = axis.ticks().into_iter().map(told).collect();
        assert_eq!(ticks, ["0.1", "1", "10", "100"]);
        assert!((axis.share(10.0) - 2.0 / 3.0).abs() < 1e-9);
        let nothing = Axis::logarithmic("ms", std::iter::empty());
        assert!(nothing.share(5.0).is_finite() && nothing.ticks().len() > 1);
    }

    #[test]
    fn a_chart_names_what_it_shows() {
        let chart = Chart {
            title: "Latency",
            about: "By second.".to_owned(),
            x: Axis::upto("s", 2.0),
            y: Axis::linear("ms", [4.0].into_iter()),
            lines: vec![Line { name: "p<95".to_owned(), points: vec![(0.0, 0.0), (2.0, 4.0)] }],
            marks: vec![(1.0, "500/s".to_owned())],
            limit: None,
        };
        let svg = chart.render().into_string();
        assert!(svg.contains("aria-label=\"Latency. By second.\"") && svg.contains("p&lt;95"), "{svg}");
        assert!(svg.contains("d=\"M52.0 206.0L580.0 12.0\""), "{svg}");
    }
}
