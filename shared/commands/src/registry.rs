//! The registry: one line per command, with its kind, file, type and abilities.
//!
//! `slash` is a slash command; `user` and `message` are in the context menus of users and messages. It is a
//! compile error to implement an ability without naming it here. See `engine::commands!` for the expansion
//! of a line.

/// Expands a macro over all lines: `engine::commands!` here, and `scenarios!` in the end-to-end tests. That
/// one turns a line into `mod home;`, whose `SCENARIO` uses the command as members do.
#[macro_export]
macro_rules! registry {
    ($($then:tt)+) => {
        $($then)+! {
            slash ping::Ping: Run;
            slash help::Help: Run;
            slash weather::Weather: Run Work Complete Press Submit;
            slash home::Home: Run Press Submit;
            user weather_at_home::WeatherAtHome: Run Work;
            message convert_units::ConvertUnits: Run Press;
            slash settings::Settings: Run Press Choose Submit;
        }
    };
}
