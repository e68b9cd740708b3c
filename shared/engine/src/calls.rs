//! The calls that each function makes of its registry, as tables of function pointers.

use discord::{Choices, CustomId, Reply};
use domain::Result;

use crate::{
    Admitted, Answer, Context, Entry, Registry,
    dispatch::{Called, Input, Started},
};

/// Calls a command by its name, in the interactions function.
type RunCall = for<'a> fn(&str, Input<'a>, Admitted) -> Result<Started<'a, Answer>>;
/// Calls a command by its name, in the jobs function.
type WorkCall = for<'a> fn(&str, Input<'a>, Admitted) -> Result<Started<'a, Reply>>;
/// Calls the command that made a component or a modal.
type ComponentCall<T> = for<'a> fn(CustomId<'a>, Input<'a>, &'a Context) -> Called<'a, T>;

/// The calls of a registry that the interactions function makes.
///
/// This table and [`DeferredCalls`] keep the engine's code free of type parameters: it is compiled once and not for
/// each registry. They are two, so that a function links only the abilities that it calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImmediateCalls {
    pub(crate) find: fn(&str) -> Option<&'static Entry>,
    pub(crate) run: RunCall,
    pub(crate) complete: for<'a> fn(&'a str, Input<'a>, &'a Context) -> Called<'a, Choices>,
    pub(crate) press: ComponentCall<Answer>,
    pub(crate) choose: ComponentCall<Answer>,
    pub(crate) submit: ComponentCall<Answer>,
}

impl ImmediateCalls {
    pub(crate) const fn of<R: Registry>() -> Self {
        Self {
            find: R::find,
            run: R::run,
            complete: R::complete,
            press: R::press,
            choose: R::choose,
            submit: R::submit,
        }
    }
}

/// The calls of a registry that the jobs function makes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeferredCalls {
    pub(crate) find: fn(&str) -> Option<&'static Entry>,
    pub(crate) work: WorkCall,
    pub(crate) press: ComponentCall<Reply>,
    pub(crate) choose: ComponentCall<Reply>,
    pub(crate) submit: ComponentCall<Reply>,
}

impl DeferredCalls {
    pub(crate) const fn of<R: Registry>() -> Self {
        Self {
            find: R::find,
            work: R::work,
            press: R::press_work,
            choose: R::choose_work,
            submit: R::submit_work,
        }
    }
}
