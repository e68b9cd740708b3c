//! `/forecast`: the weather, which a guild can turn off; its place has autocomplete.

use discord::{Choice, Choices, CommandModel, CreateCommand, options::Focused};
use domain::{Fault, Refusal, Result, settings::Feature};
use steward_engine::{Answer, Command, Complete, Context, Run, Visibility};

use super::act::pause;

/// Tells the weather
#[derive(CommandModel, CreateCommand)]
#[command(name = "forecast")]
pub struct Forecast {
    /// Where
    #[command(autocomplete = true)]
    place: String,
}

impl Command for Forecast {
    const REPLY: Visibility = Visibility::Public;
    const FEATURE: Option<Feature> = Some(Feature::Weather);
}

impl Run for Forecast {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let places = cx.weather().places(&self.place, "en", cx.now()).await.map_err(fault)?;
        let place = places.first().ok_or_else(|| Refusal("no such place".to_owned()))?;
        let found = cx.weather().forecast(place, cx.now()).await.map_err(fault)?;
        Ok(format!("{}: {:?}", place.name, found.freshness).into())
    }
}

impl Complete for Forecast {
    async fn complete(focused: &Focused, _: &Context) -> Result<Choices> {
        match focused.text.as_str() {
            "slow" => pause(Some(5_000)).await,
            "fail" => return Err(Fault::new("forecast", "as asked").into()),
            "refuse" => return Err(Refusal("no".to_owned()).into()),
            _ => {}
        }
        let name = format!("{} {}", focused.name, focused.text);
        Ok(vec![Choice { value: name.clone(), name }])
    }
}

fn fault(fault: integrations::Fault) -> Fault {
    Fault::new("open-meteo", fault.to_string())
}
