//! `/weather` - the weather now, in the next hours and on the next days.
//!
//! Answered at once if a fresh forecast is known; otherwise the jobs function fetches one. Two
//! buttons refresh the card and turn it from Celsius to Fahrenheit and back.

use discord::{
    Button, Choice, Choices, CommandModel, CommandOption, CreateCommand, CreateOption, Reply, limits,
    options::Focused,
};
use domain::{
    Fault, Refusal, Result,
    weather::{Coordinates, Forecast, Place, Units},
};
use integrations::{Found, Freshness};
use serde::{Deserialize, Serialize};

use crate::{Answer, Command, Complete, Context, JobContext, Press, Run, Visibility, Work, words};

/// Tell the weather at a place
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "weather")]
pub struct Weather {
    /// City or place
    #[command(autocomplete = true, min_length = 2, max_length = 100)]
    place: String,
    /// Celsius or Fahrenheit
    units: Option<Degrees>,
}

/// In which degrees.
#[derive(Clone, Copy, Debug, Default, CommandOption, CreateOption)]
pub enum Degrees {
    /// And kilometres per hour.
    #[default]
    #[option(name = "°C", value = "metric")]
    Celsius,
    /// And miles per hour.
    #[option(name = "°F", value = "imperial")]
    Fahrenheit,
}

/// What a button of the card means: show this place in these units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WeatherAction {
    /// With a fresh forecast.
    Refresh(Shown),
    /// In other units.
    Turn(Shown),
}

/// What a card shows; small enough for a button to remember it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    at: Coordinates,
    units: Units,
    label: String,
}

/// So many bytes of a place's name fit into a button beside the rest.
const LABEL: usize = 52;
/// Fewer letters than this match half the world.
const LETTERS_TO_SEARCH: usize = 3;

impl Command for Weather {
    const REPLY: Visibility = Visibility::Public;
}

impl Run for Weather {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let shown = match Wanted::parse(&self.place) {
            Wanted::Point(at, label) => self.shown(at, label),
            Wanted::Name(name) => {
                let known = cx.bot().weather().known_places(name, cx.say().code(), cx.now()).await;
                match known {
                    Some(places) => self.first_of(places, cx)?,
                    None => return Ok(Answer::Later),
                }
            }
        };
        show_if_known(&shown, cx).await
    }
}

impl Work for Weather {
    async fn work(&self, cx: &JobContext) -> Result<Reply> {
        let shown = match Wanted::parse(&self.place) {
            Wanted::Point(at, label) => self.shown(at, label),
            Wanted::Name(name) => {
                let places = cx.bot().weather().places(name, cx.say().code(), cx.now()).await?;
                self.first_of(places, cx)?
            }
        };
        show(&shown, cx).await
    }
}

impl Complete for Weather {
    async fn complete(focused: &Focused, cx: &Context) -> Result<Choices> {
        let (text, language) = (focused.text.trim(), cx.user_language().code());
        if text.chars().count() < LETTERS_TO_SEARCH {
            return Ok(Choices::new());
        }
        let places = cx.bot().weather().places_while_typing(text, language, cx.now()).await?;
        Ok(places.iter().map(choice).collect())
    }
}

impl Press for Weather {
    type Action = WeatherAction;

    async fn press(action: &WeatherAction, cx: &Context) -> Result<Answer> {
        show_if_known(action.shown(), cx).await
    }

    async fn press_work(action: &WeatherAction, cx: &JobContext) -> Result<Reply> {
        show(action.shown(), cx).await
    }
}

/// Which place is meant: one that was chosen from the list, or a name that was typed.
enum Wanted<'a> {
    Point(Coordinates, &'a str),
    Name(&'a str),
}

impl<'a> Wanted<'a> {
    fn parse(text: &'a str) -> Self {
        let chosen = text.split_once(' ').filter(|(_, label)| !label.is_empty());
        let chosen = chosen.and_then(|(at, label)| Some((at.parse().ok()?, label)));
        chosen.map_or(Self::Name(text), |(at, label)| Self::Point(at, label))
    }
}

/// The list's values carry the coordinates, so that the same name cannot become another place.
fn choice(place: &Place) -> Choice {
    let name = label(place);
    let value = limits::clip(&format!("{} {name}", place.at), limits::CHOICE);
    Choice { name, value }
}

fn label(place: &Place) -> String {
    let parts = [Some(&place.name), place.region.as_ref(), place.country.as_ref()];
    let mut parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.dedup();
    parts.join(", ")
}

impl Weather {
    fn first_of(&self, places: Vec<Place>, cx: &Context) -> Result<Shown> {
        match places.first() {
            Some(place) => Ok(self.shown(place.at, &label(place))),
            None => Err(Refusal(words::weather::no_such_place(cx.user_language())).into()),
        }
    }

    fn shown(&self, at: Coordinates, label: &str) -> Shown {
        let units = match self.units.unwrap_or_default() {
            Degrees::Celsius => Units::Metric,
            Degrees::Fahrenheit => Units::Imperial,
        };
        Shown { at, units, label: label[..label.floor_char_boundary(LABEL)].to_owned() }
    }
}

impl WeatherAction {
    fn shown(&self) -> &Shown {
        match self {
            Self::Refresh(shown) | Self::Turn(shown) => shown,
        }
    }
}

async fn show_if_known(shown: &Shown, cx: &Context) -> Result<Answer> {
    match cx.bot().weather().known_forecast(&shown.place(), cx.now()).await {
        Some(found) if found.freshness == Freshness::Fresh => Ok(card(shown, &found, cx)?.into()),
        // A stale one is shown only if Open-Meteo has been asked in vain.
        _ => Ok(Answer::Later),
    }
}

async fn show(shown: &Shown, cx: &Context) -> Result<Reply> {
    let found = cx.bot().weather().forecast(&shown.place(), cx.now()).await?;
    Ok(card(shown, &found, cx)?)
}

impl Shown {
    fn place(&self) -> Place {
        Place { name: self.label.clone(), region: None, country: None, at: self.at, time_zone: None }
    }

    fn in_other_units(&self) -> Self {
        let units = match self.units {
            Units::Metric => Units::Imperial,
            Units::Imperial => Units::Metric,
        };
        Self { units, ..self.clone() }
    }
}

fn card(shown: &Shown, found: &Found<Forecast>, cx: &Context) -> Result<Reply, Fault> {
    let age = match found.freshness {
        Freshness::Fresh => None,
        Freshness::Stale { age } => Some(age),
    };
    let card = words::weather::card(cx.say(), &shown.label, shown.units, &found.value, age, cx.now());
    let other = shown.in_other_units();
    let turn = words::weather::turn_to(other.units);
    let buttons = vec![
        button(words::weather::refresh(cx.say()), "🔄", &WeatherAction::Refresh(shown.clone()))?,
        button(turn.to_owned(), "", &WeatherAction::Turn(other))?,
    ];
    Ok(Reply { cards: vec![card], buttons, ..Reply::default() })
}

fn button(label: String, emoji: &'static str, action: &WeatherAction) -> Result<Button, Fault> {
    Button::new(label, emoji, Weather::NAME, Weather::VERSION, action)
        .map_err(|over| Fault::new("weather", over.what))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str, region: Option<&str>, country: Option<&str>) -> Place {
        Place {
            name: name.to_owned(),
            region: region.map(str::to_owned),
            country: country.map(str::to_owned),
            at: Coordinates::from_hundredths(-9_000, -18_000).unwrap(),
            time_zone: None,
        }
    }

    #[test]
    fn a_chosen_place_is_the_one_that_was_shown() {
        let choice = choice(&place("Paris", Some("Île-de-France"), Some("France")));
        assert_eq!(choice.name, "Paris, Île-de-France, France");
        let Wanted::Point(at, label) = Wanted::parse(&choice.value) else { panic!("{}", choice.value) };
        assert_eq!((at.latitude(), at.longitude(), label), (-9_000, -18_000, "Paris, Île-de-France, France"));
        assert!(matches!(Wanted::parse("New York"), Wanted::Name("New York")));
    }

    #[test]
    fn a_city_that_is_its_own_region_is_named_once() {
        assert_eq!(label(&place("Berlin", Some("Berlin"), Some("Germany"))), "Berlin, Germany");
    }

    #[test]
    fn the_longest_name_fits_into_a_button() {
        let weather = Weather { place: String::new(), units: Some(Degrees::Fahrenheit) };
        let at = Coordinates::from_hundredths(-9_000, -18_000).unwrap();
        let shown = weather.shown(at, &"ß".repeat(200));
        assert!(button(String::new(), "", &WeatherAction::Turn(shown)).is_ok());
    }
}
