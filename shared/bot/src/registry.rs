//! The registry: every command, one line each - how it is used, its file, its type, its abilities.
//!
//! `slash` is typed, `user` and `message` are in the context menus of people and messages.

macro_rules! registry {
    ($then:ident) => {
        $then! {
            slash ping::Ping: Run;
            slash help::Help: Run;
            slash weather::Weather: Run Work Complete Press Submit;
            slash home::Home: Run Press Submit;
            user weather_at_home::WeatherAtHome: Run Work;
            message convert_units::ConvertUnits: Run Press;
            slash settings::Settings: Run Press Choose Submit;
            #[cfg(feature = "rehearsal")]
            slash rehearse::Rehearse: Run Work;
        }
    };
}

pub(crate) use registry;
