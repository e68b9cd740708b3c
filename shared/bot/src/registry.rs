//! The registry: every command, one line each - how it is used, its file, its type, its abilities.
//!
//! `slash` is typed, `user` and `message` are in the context menus of people and messages.
//!
//! A line is expanded where one thing of every command is needed: by `commands!` of `dispatch.rs` in
//! `commands/mod.rs`, by `words!` in `words/mod.rs`, and by `scenarios!` in the end-to-end tests. An ability that
//! a command implements and its line does not name does not compile: see [`Can`].

/// Expands a macro over all lines. The tests do it too; what they find behind `cfg` is a feature of this crate.
///
/// This is what becomes of `slash home::Home: Run Press Submit;` by `commands!`, in `commands/mod.rs`:
///
/// ```ignore
/// pub mod home;
/// use home::Home;
///
/// impl Named for Home {
///     const NAME: &'static str = kinds::slash::name::<Home>(); // "home", as its derive says
/// }
///
/// // Without these, `impl Run for Home` and the others do not compile.
/// impl Can<ability::Run> for Home {}
/// impl Can<ability::Press> for Home {}
/// impl Can<ability::Submit> for Home {}
///
/// pub const COMMANDS: &[Entry] = &[
///     Entry {
///         abilities: &[Ability::Run, Ability::Press, Ability::Submit],
///         press: Some(Uses { on_use: <Home as Press>::ON_PRESS, by: <Home as Press>::PRESSED_BY }),
///         submit: Some(Uses { on_use: <Home as Submit>::ON_SUBMIT, by: UsedBy::Invoker }),
///         ..entry::<Home>(kinds::slash::KIND, kinds::slash::definition::<Home>) // from `impl Command for Home`
///     },
///     // and those of the other lines
/// ];
///
/// const _: () = assert!(is_runnable(&[Ability::Run, Ability::Press, Ability::Submit]), "...");
/// const _: () = assert!(is_free_of_settings(Home::CLASS, Home::REPLY, Home::FEATURE), "...");
///
/// pub fn run<'a>(name: &str, input: Input<'a>, caller: Caller) -> Result<Started<'a, Answer>> {
///     // the lines before that name Run
///     if name == <Home as Named>::NAME {
///         return dispatch::run::<Home>(kinds::slash::read, input, caller);
///     }
///     // the lines after, and then by `dispatch::later` those that name Work
///     Err(dispatch::unknown_command().into())
/// }
///
/// pub fn work<'a>(name: &str, input: Input<'a>, caller: Caller) -> Result<Started<'a, Reply>> {
///     // by `dispatch::work` the lines that name Work; then those that name Run:
///     if name == <Home as Named>::NAME {
///         return dispatch::run_late::<Home>(kinds::slash::read, input, caller);
///     }
///     Err(dispatch::unknown_command().into())
/// }
///
/// // It does not name Complete, so nothing of it is in `complete`; nor Choose, so nothing in `choose`.
///
/// pub fn press<'a>(id: CustomId<'a>, input: Input<'a>, cx: &'a Context) -> Called<'a, Answer> {
///     if id.command == <Home as Named>::NAME {
///         return dispatch::press::<Home>(id, input, cx);
///     }
///     dispatch::unknown()
/// }
///
/// // `press_work`, `submit` and `submit_work` are like `press`.
/// ```
///
/// By `words!`, in `words/mod.rs`: `pub mod home;`, whose `GERMAN` joins the translations. By `scenarios!`, in
/// `tests/e2e/scenarios/mod.rs`: `mod home;`, whose `SCENARIO` joins those of the others.
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
