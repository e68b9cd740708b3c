//! `/weather`: the weather now, in the next hours and on the next days.
//!
//! Answers at once if a fresh forecast is cached; otherwise the jobs function fetches one. Two buttons
//! refresh the embed and switch between Celsius and Fahrenheit. Without a place it shows the weather at the
//! user's home; a user who has set none is asked for it in a modal.

use discord::{
    Choice, Choices, CommandModel, CommandOption, CreateCommand, CreateOption, Embed, EmbedField,
    ModalSubmission, Reply, limits, options::Focused,
};
use domain::{
    Fault, Refusal, Result,
    repeat::Name,
    settings::Feature,
    weather::{Coordinates, Forecast, Place, Sky, SkyGroup, Units},
};
use integrations::{Found, Freshness};
use serde::{Deserialize, Serialize};

use super::home;
use engine::{
    AllowedUser, Answer, Command, Complete, Context, Press, Run, Submit, UpdateMode, Visibility, Work,
};

use crate::{place, upstream};

/// Show the weather at a place
#[derive(Debug, CommandModel, CreateCommand)]
#[command(name = "weather")]
pub struct Weather {
    /// City or place (default: your home)
    #[command(autocomplete = true, min_length = 2, max_length = 100)]
    place: Option<String>,
    /// Celsius or Fahrenheit
    units: Option<Degrees>,
}

/// The units option.
#[derive(Clone, Copy, Debug, Default, CommandOption, CreateOption)]
pub enum Degrees {
    /// Celsius and kilometres per hour.
    #[default]
    #[option(name = "°C", value = "metric")]
    Celsius,
    /// Fahrenheit and miles per hour.
    #[option(name = "°F", value = "imperial")]
    Fahrenheit,
}

/// The action of a button of the embed: show this place in these units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WeatherAction {
    /// Shows a fresh forecast.
    Refresh(Shown),
    /// Switches the units.
    Turn(Shown),
}

/// What the embed shows; small enough for a button's custom id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    at: Coordinates,
    units: Units,
    label: Name,
}

/// The state of the modal: save the home, then show its weather in these units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtHome {
    units: Units,
}

/// How many bytes of a place's name fit into a custom id with the rest.
const MAX_LABEL_LENGTH: usize = 52;
/// In characters. Autocomplete does not search for shorter names, which match too many places.
const MIN_SEARCH_LENGTH: usize = 3;

impl Command for Weather {
    const REPLY: Visibility = Visibility::Public;
    const FEATURE: Option<Feature> = Some(Feature::Weather);

    /// Ephemeral for the user's home, whose location is private.
    fn reply(&self) -> Visibility {
        if self.place.is_some() { Visibility::Public } else { Visibility::Ephemeral }
    }
}

impl Run for Weather {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let units = self.units(cx);
        let shown = match self.wanted() {
            Wanted::Point(at, label) => Shown::new(at, &label, units),
            Wanted::Name(name) => match place::find_cached(name, cx, no_such_place(cx)).await? {
                Some(place) => Shown::of(&place, units),
                None => return Ok(Answer::Later),
            },
            Wanted::Home => match cx.store::<domain::Home>().get(cx.caller.user()?, cx.now()).await? {
                Some(home) => Shown::new(home.at, home.label(), units),
                None => return Ok(Answer::Modal(home::modal::<Self>(None, &AtHome { units }, cx)?)),
            },
        };
        show_if_cached(&shown, cx).await
    }
}

impl Work for Weather {
    async fn work(&self, cx: &Context) -> Result<Reply> {
        let units = self.units(cx);
        let shown = match self.wanted() {
            Wanted::Point(at, label) => Shown::new(at, &label, units),
            Wanted::Name(name) => Shown::of(&place::find(name, cx, no_such_place(cx)).await?, units),
            Wanted::Home => {
                let home = cx.store::<domain::Home>().get(cx.caller.user()?, cx.now()).await?;
                let home = home.ok_or_else(|| Refusal(words::home::none(cx.user_language())))?;
                Shown::new(home.at, home.label(), units)
            }
        };
        show(&shown, cx).await
    }
}

impl Submit for Weather {
    type State = AtHome;
    const ON_SUBMIT: UpdateMode = UpdateMode::Reply(Visibility::Ephemeral);

    async fn submit(state: &AtHome, submission: &ModalSubmission, cx: &Context) -> Result<Answer> {
        match home::move_if_cached(submission, cx).await? {
            Some(home) => show_if_cached(&Shown::new(home.at, home.label(), state.units), cx).await,
            None => Ok(Answer::Later),
        }
    }

    async fn submit_work(state: &AtHome, submission: &ModalSubmission, cx: &Context) -> Result<Reply> {
        let home = home::move_to(submission, cx).await?;
        show(&Shown::new(home.at, home.label(), state.units), cx).await
    }
}

fn no_such_place(cx: &Context) -> impl Fn() -> String {
    let language = cx.user_language();
    move || words::weather::no_such_place(language)
}

impl Complete for Weather {
    async fn complete(focused: &Focused, cx: &Context) -> Result<Choices> {
        let (text, language) = (focused.text.trim(), cx.user_language().code());
        if text.chars().count() < MIN_SEARCH_LENGTH {
            return Ok(Choices::new());
        }
        let places = cx.weather().places_while_typing(text, language, cx.now()).await;
        let places = places.map_err(upstream::autocomplete_error)?;
        Ok(places.iter().map(choice).collect())
    }
}

impl Press for Weather {
    type Action = WeatherAction;
    const ON_PRESS: UpdateMode = UpdateMode::Update;
    const PRESSED_BY: AllowedUser = AllowedUser::Anyone;

    async fn press(action: &WeatherAction, cx: &Context) -> Result<Answer> {
        show_if_cached(action.shown(), cx).await
    }

    async fn press_work(action: &WeatherAction, cx: &Context) -> Result<Reply> {
        show(action.shown(), cx).await
    }
}

/// The place that the user asks for.
enum Wanted<'a> {
    /// A choice of autocomplete. It is not trusted, because users can type the same text.
    Point(Coordinates, Name),
    /// A typed name.
    Name(&'a str),
    /// No place: the user's home.
    Home,
}

impl Weather {
    fn wanted(&self) -> Wanted<'_> {
        let Some(text) = self.place.as_deref() else { return Wanted::Home };
        let chosen = text.split_once(' ').map(|(at, label)| (at, Name::of(label)));
        let chosen = chosen.filter(|(_, label)| !label.is_empty());
        let chosen = chosen.and_then(|(at, label)| Some((at.parse().ok()?, label)));
        chosen.map_or(Wanted::Name(text), |(at, label)| Wanted::Point(at, label))
    }

    /// The units of the option, otherwise those of the guild.
    fn units(&self, cx: &Context) -> Units {
        match self.units {
            Some(Degrees::Celsius) => Units::Metric,
            Some(Degrees::Fahrenheit) => Units::Imperial,
            None => cx.settings.units.unwrap_or_default(),
        }
    }
}

/// The value contains the coordinates, so that an ambiguous name cannot become another place.
fn choice(place: &Place) -> Choice {
    let label = place::label(place);
    let value = limits::clip(&format!("{} {label}", place.at), limits::MAX_CHOICE_LENGTH);
    Choice { name: label.to_string(), value }
}

impl WeatherAction {
    fn shown(&self) -> &Shown {
        match self {
            Self::Refresh(shown) | Self::Turn(shown) => shown,
        }
    }
}

pub(super) async fn show_if_cached(shown: &Shown, cx: &Context) -> Result<Answer> {
    let known = cx.weather().cached_forecast(&shown.place(), cx.now()).await;
    match known.map_err(|fault| upstream::error(fault, cx))? {
        Some(found) => Ok(reply(shown, &found, cx)?.into()),
        None => Ok(Answer::Later),
    }
}

pub(super) async fn show(shown: &Shown, cx: &Context) -> Result<Reply> {
    let found = cx.weather().forecast(&shown.place(), cx.now()).await;
    Ok(reply(shown, &found.map_err(|fault| upstream::error(fault, cx))?, cx)?)
}

impl Shown {
    pub(super) fn new(at: Coordinates, label: &Name, units: Units) -> Self {
        Self { at, units, label: label.within(MAX_LABEL_LENGTH) }
    }

    fn of(place: &Place, units: Units) -> Self {
        Self::new(place.at, &place::label(place), units)
    }

    fn place(&self) -> Place {
        Place { name: self.label.to_string(), region: None, country: None, at: self.at, time_zone: None }
    }

    fn in_other_units(&self) -> Self {
        let units = match self.units {
            Units::Metric => Units::Imperial,
            Units::Imperial => Units::Metric,
        };
        Self { units, ..self.clone() }
    }
}

fn reply(shown: &Shown, found: &Found<Forecast>, cx: &Context) -> Result<Reply, Fault> {
    let age = match found.freshness {
        Freshness::Fresh => None,
        Freshness::Stale { age } => Some(age),
    };
    let texts =
        words::weather::embed_texts(cx.language(), &shown.label, shown.units, &found.value, age, cx.now());
    let field = |(name, value)| EmbedField { name, value, inline: true };
    let embed = Embed {
        title: texts.title,
        description: texts.description,
        color: Some(color(found.value.now.sky)),
        fields: texts.fields.into_iter().map(field).collect(),
        footer: texts.footer,
    };
    let other = shown.in_other_units();
    let turn = words::weather::turn_to(other.units);
    let refresh = words::weather::refresh(cx.language());
    let buttons = vec![
        cx.button::<Weather>(refresh, &WeatherAction::Refresh(shown.clone()))?.with_emoji("🔄"),
        cx.button::<Weather>(turn, &WeatherAction::Turn(other))?,
    ];
    Ok(Reply { embeds: vec![embed], buttons, ..Reply::default() })
}

fn color(sky: Sky) -> u32 {
    match sky.group() {
        SkyGroup::Clear | SkyGroup::PartlyCloudy => 0xF5_B7_31,
        SkyGroup::Overcast | SkyGroup::Fog => 0x8E_99_A4,
        SkyGroup::Drizzle | SkyGroup::Rain | SkyGroup::Showers => 0x3A_7B_D5,
        SkyGroup::Ice | SkyGroup::Snow => 0xA8_D8_EA,
        SkyGroup::Thunderstorm => 0x6C_4A_B6,
    }
}

#[cfg(test)]
mod tests {
    use discord::custom_id;

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
        let weather = |place: &str| Weather { place: Some(place.to_owned()), units: None };
        let chosen = weather(&choice.value);
        let Wanted::Point(at, label) = chosen.wanted() else { panic!("{}", choice.value) };
        assert_eq!(
            (at.latitude(), at.longitude(), label.as_str()),
            (-9_000, -18_000, "Paris, Île-de-France, France")
        );
        assert!(matches!(weather("New York").wanted(), Wanted::Name("New York")));
    }

    #[test]
    fn what_is_typed_like_a_chosen_place_says_nothing_but_a_name() {
        let weather = |place: &str| Weather { place: Some(place.to_owned()), units: None };
        let typed = weather("4886:235 Paris @everyone discord.gg/abc\u{202e} (Texas)");
        let Wanted::Point(_, label) = typed.wanted() else { panic!("it has coordinates") };
        assert_eq!(label.as_str(), "Paris (Texas)");
        assert!(matches!(weather("4886:235 @everyone").wanted(), Wanted::Name(_)), "no name is left");
    }

    #[test]
    fn the_longest_name_fits_into_a_button() {
        let at = Coordinates::from_hundredths(-9_000, -18_000).unwrap();
        let shown = Shown::new(at, &Name::of(&"ß".repeat(200)), Units::Imperial);
        let written = custom_id::create("weather", 1, None, &WeatherAction::Turn(shown)).unwrap();
        assert!(written.stored_state.is_none());
    }
}
