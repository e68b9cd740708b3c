//! What a command can do, as the registry names it.

/// What a line of the registry can name: the traits of `command.rs`.
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
    note = "add the ability to the line of `{Self}` in shared/commands/src/registry.rs: \
            `slash file::Type: Run Work Complete Press Choose Submit;`, without those that it does not have"
)]
pub trait Can<A> {}

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
