//! The registry: every command, one line each - how it is used, its file, its type, its abilities.
//!
//! `slash` commands are typed; `user` and `message` commands are in the context menus of people and messages. An
//! ability that a command implements and its line does not name does not compile. `engine::commands!` shows what
//! becomes of a line.

/// Expands a macro over all lines: `engine::commands!` here, and `scenarios!` in the end-to-end tests, which makes
/// `mod home;` of a line, whose `SCENARIO` says how members use the command.
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
