//! The abilities of a command, as named in the registry.

/// An ability in a line of the registry; each is a trait of the same name in `command.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// Answers a command at once.
    Run,
    /// Does the deferred work of a command in the jobs function.
    Work,
    /// Returns the choices of an option with autocomplete.
    Complete,
    /// Has buttons.
    Press,
    /// Has select menus.
    Choose,
    /// Has modals.
    Submit,
}

/// Marks that a command's registry line names an ability. Only the registry implements it, and each
/// ability's trait requires it (`trait Press: Can<ability::Press>`), so an ability that is implemented but
/// not named there does not compile.
#[diagnostic::on_unimplemented(
    message = "`{Self}` implements `{A}`, but its line in the registry does not name it",
    label = "not named in the line of `{Self}`",
    note = "add the ability to the line of `{Self}` in shared/commands/src/registry.rs: \
            `slash file::Type: Run Work Complete Press Choose Submit;`, without those that it does not have"
)]
pub trait Can<A> {}

/// The marker of [`crate::Run`].
#[derive(Debug)]
pub enum Run {}
/// The marker of [`crate::Work`].
#[derive(Debug)]
pub enum Work {}
/// The marker of [`crate::Complete`].
#[derive(Debug)]
pub enum Complete {}
/// The marker of [`crate::Press`].
#[derive(Debug)]
pub enum Press {}
/// The marker of [`crate::Choose`].
#[derive(Debug)]
pub enum Choose {}
/// The marker of [`crate::Submit`].
#[derive(Debug)]
pub enum Submit {}
