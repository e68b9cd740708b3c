//! The registry: every command, one line each - how it is used, its file, its type, its abilities.
//!
//! `slash` is typed, `user` and `message` are in the context menus of people and messages.
//!
//! A line is expanded where one thing of every command is needed: by `commands!` in `dispatch.rs`, where a
//! comment shows what becomes of one line, by `words!` in `words/mod.rs`, and by `scenarios!` in the
//! end-to-end tests. An ability that a command implements and its line does not name does not compile: see [`Can`].

/// Expands a macro over all lines. The tests do it too; what they find behind `cfg` is a feature of this crate.
#[macro_export]
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

/// What a line can name: the traits of `command.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// Answers at once.
    Run,
    /// Does its work in the jobs function.
    Work,
    /// Completes an option that is being typed.
    Complete,
    /// Has buttons.
    Press,
    /// Has menus.
    Choose,
    /// Has forms.
    Submit,
}

/// Says that a command's line names an ability. Only the registry implements it, and the trait of each ability
/// asks for it (`trait Press: Can<ability::Press>`), so that nothing is implemented that is never called.
#[diagnostic::on_unimplemented(
    message = "`{Self}` implements `{A}`, but its line in the registry does not name it",
    label = "not named in the line of `{Self}`",
    note = "add the ability to the line of `{Self}` in shared/bot/src/registry.rs: \
            `slash file::Type: Run Work Complete Press Choose Submit;`, without those that it does not have"
)]
pub trait Can<A> {}

/// The abilities as types, for [`Can`].
pub mod ability {
    /// [`crate::Run`]
    #[derive(Debug)]
    pub enum Run {}
    /// [`crate::Work`]
    #[derive(Debug)]
    pub enum Work {}
    /// [`crate::Complete`]
    #[derive(Debug)]
    pub enum Complete {}
    /// [`crate::Press`]
    #[derive(Debug)]
    pub enum Press {}
    /// [`crate::Choose`]
    #[derive(Debug)]
    pub enum Choose {}
    /// [`crate::Submit`]
    #[derive(Debug)]
    pub enum Submit {}
}
