//! "Weather at home" in the context menu of a user: the weather at that user's home, if they share it.

use discord::{Reply, TargetUser};
use domain::{Home, Refusal, Result, settings::Feature};

use super::weather::{self, Shown};
use engine::{Answer, Command, Context, OnUser, Run, Work};

/// The user whose weather is shown.
#[derive(Debug)]
pub struct WeatherAtHome {
    of: TargetUser,
}

impl Command for WeatherAtHome {
    const FEATURE: Option<Feature> = Some(Feature::Weather);
}

impl OnUser for WeatherAtHome {
    const NAME: &'static str = "Weather at home";

    fn from_target(target: TargetUser) -> Self {
        Self { of: target }
    }
}

impl Run for WeatherAtHome {
    async fn run(&self, cx: &Context) -> Result<Answer> {
        let home = self.home(cx).await?;
        weather::show_if_cached(&shown(&home, cx), cx).await
    }
}

impl Work for WeatherAtHome {
    async fn work(&self, cx: &Context) -> Result<Reply> {
        let home = self.home(cx).await?;
        weather::show(&shown(&home, cx), cx).await
    }
}

impl WeatherAtHome {
    /// The user's home, if they share it with the caller.
    async fn home(&self, cx: &Context) -> Result<Home> {
        if self.of.is_bot {
            return Err(Refusal(words::home::of_a_bot(cx.user_language())).into());
        }
        let home = cx.store::<Home>().get(self.of.id, cx.now()).await?;
        if self.of.id == cx.caller.user()? {
            return Ok(home.ok_or_else(|| Refusal(words::home::none(cx.user_language())))?);
        }
        let shared = home.filter(|home| home.shared);
        Ok(shared.ok_or_else(|| Refusal(words::home::not_shared(cx.user_language())))?)
    }
}

fn shown(home: &Home, cx: &Context) -> Shown {
    Shown::new(home.at, home.label(), cx.settings.units.unwrap_or_default())
}
